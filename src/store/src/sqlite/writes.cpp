#include "sqlite/writes.hpp"

#include "row_code.hpp"
#include "write_limits.hpp"
#include <algorithm>

namespace kangqu::store::sqlite {

namespace {

// Interned texts kept in memory; above it the cache starts again.
constexpr std::size_t kMaxTexts = 500'000;
core::Error Wrong(const std::string& what) {
    return core::MakeError(core::ErrorCode::kInternal, what);
}

}  // namespace

Writes::Writes(
    Connection& connection,
    const BodyCodec& codec,
    const std::vector<PlacedTable>& tables
)
    : connection_(connection),
      codec_(codec),
      tables_(tables),
      reads_(connection, codec, 0),
      rows_(connection, tables) {}

core::Result<std::unique_ptr<Writes>> Writes::Open(
    Connection& connection,
    const BodyCodec& codec,
    const std::vector<PlacedTable>& tables
) {
    std::unique_ptr<Writes> writes(new Writes(connection, codec, tables));
    KQ_TRY(writes->Prepare());
    KQ_ASSIGN(writes->state_.change, connection.Number("SELECT max(change) FROM version"));
    KQ_ASSIGN(
        writes->state_.updated,
        connection.Number("SELECT updated FROM version ORDER BY change DESC LIMIT 1")
    );
    KQ_ASSIGN(
        writes->state_.key, connection.Number("SELECT value FROM counter WHERE name = 'key'")
    );
    return writes;
}

core::Status Writes::Prepare() {
    struct Row {
        Statement* statement;
        std::string_view sql;
    };
    Statements& s = statements_;
    const Row rows[] = {
        {&s.find_id,
         "SELECT i.home, i.key, c.version, c.deleted FROM ids i"
         " LEFT JOIN current c ON c.home = i.home AND c.key = i.key"
         " WHERE i.type = ?1 AND i.id = ?2"},
        {&s.insert_id, "INSERT INTO ids (type, id, home, key) VALUES (?1, ?2, ?3, ?4)"},
        {&s.move_id, "UPDATE ids SET home = ?3 WHERE type = ?1 AND id = ?2"},
        {&s.find_current, "SELECT change, version FROM current WHERE home = ?1 AND key = ?2"},
        {&s.insert_current,
         "INSERT INTO current (home, key, type, change, version, deleted)"
         " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
        {&s.update_current,
         "UPDATE current SET change = ?4, version = ?5, deleted = ?6"
         " WHERE home = ?1 AND key = ?2 AND type = ?3"},
        {&s.insert_version,
         "INSERT INTO version (change, home, key, type, id, version, updated, method, body, rows)"
         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
        {&s.insert_superseded,
         "INSERT INTO superseded (home, key, version, change) VALUES (?1, ?2, ?3, ?4)"},
        {&s.update_rows, "UPDATE version SET rows = ?2 WHERE change = ?1"},
        {&s.rows_of, "SELECT rows FROM version WHERE change = ?1"},
        {&s.find_text, "SELECT number FROM interned WHERE text = ?1"},
        {&s.insert_text, "INSERT INTO interned (text) VALUES (?1)"},
        {&s.put_value, "INSERT OR REPLACE INTO value (space, key, value) VALUES (?1, ?2, ?3)"},
        {&s.remove_value, "DELETE FROM value WHERE space = ?1 AND key = ?2"},
        {&s.put_counter, "INSERT OR REPLACE INTO counter (name, value) VALUES ('key', ?1)"},
        {&s.begin, "BEGIN IMMEDIATE"},
        {&s.commit, "COMMIT"},
        {&s.begin_unit, "SAVEPOINT unit"},
        {&s.keep_unit, "RELEASE unit"},
        {&s.undo_unit, "ROLLBACK TO unit"},
    };
    for (const Row& row : rows) {
        KQ_ASSIGN(*row.statement, connection_.Prepare(row.sql));
    }
    return {};
}

core::Status Writes::BeginGroup(core::InstantMs now) {
    KQ_TRY(statements_.begin.Run());
    // The time of changes never falls, whatever the machine's clock does.
    state_.updated = std::max(state_.updated, now);
    now_ = state_.updated;
    group_start_ = state_;
    new_texts_.clear();
    return {};
}

core::Status Writes::FinishGroup() {
    KQ_TRY(rows_.Flush());
    if (state_.key != group_start_.key) {
        statements_.put_counter.Bind(1, state_.key);
        KQ_TRY(statements_.put_counter.Run());
    }
    return {};
}

core::Status Writes::CommitGroup() {
    KQ_TRY(statements_.commit.Run());
    rows_.Clear();
    new_texts_.clear();
    return {};
}

void Writes::RollbackGroup() {
    if (connection_.in_transaction()) {
        // Nothing to be done about an error: the transaction is never committed.
        (void)connection_.Execute("ROLLBACK");
    }
    ForgetTexts(0);
    rows_.Clear();
    state_ = group_start_;
}

core::Status Writes::BeginUnit() {
    unit_start_ = state_;
    unit_rows_ = rows_.mark();
    unit_texts_ = new_texts_.size();
    return statements_.begin_unit.Run();
}

core::Status Writes::KeepUnit() {
    return statements_.keep_unit.Run();
}

core::Status Writes::DropUnit() {
    rows_.ReturnTo(unit_rows_);
    ForgetTexts(unit_texts_);
    state_ = unit_start_;
    KQ_TRY(statements_.undo_unit.Run());
    return statements_.keep_unit.Run();
}

void Writes::ForgetTexts(std::size_t from) {
    for (std::size_t i = from; i < new_texts_.size(); ++i) {
        texts_.erase(new_texts_[i]);
    }
    new_texts_.resize(std::min(from, new_texts_.size()));
    reads_.Forget();
}

core::Result<std::int64_t> Writes::Intern(std::string_view text) {
    const auto known = texts_.find(text);
    if (known != texts_.end()) {
        return known->second;
    }
    KQ_TRY(CheckSize(text.size(), kMaxTextBytes));
    if (texts_.size() >= kMaxTexts) {
        texts_.clear();
    }
    Statement& find = statements_.find_text;
    find.Bind(1, text);
    KQ_ASSIGN(const bool found, find.Step());
    std::int64_t number = found ? find.Integer(0) : 0;
    find.Reset();
    if (!found) {
        statements_.insert_text.Bind(1, text);
        KQ_TRY(statements_.insert_text.Run());
        number = sqlite3_last_insert_rowid(connection_.handle());
        new_texts_.emplace_back(text);
    }
    texts_.emplace(text, number);
    return number;
}

core::Result<Placement> Writes::Reserve(std::string_view type, std::string_view id, Home home) {
    KQ_TRY(CheckSize(id.size(), kMaxIdBytes));
    KQ_ASSIGN(const std::int64_t number, Intern(type));
    const PackedId packed(id);
    Statement& find = statements_.find_id;
    find.Bind(1, number);
    packed.BindTo(find, 2);
    KQ_ASSIGN(const bool found, find.Step());
    Placement placement;
    if (found) {
        placement = {find.Integer(1), find.Integer(0), find.Integer(2), find.Integer(3) != 0};
    }
    find.Reset();
    if (!found) {
        placement.key = ++state_.key;
    }
    const Home wanted = home == 0 ? placement.key : home;
    if (found && (placement.version != 0 || placement.home == wanted)) {
        return placement;
    }
    placement.home = wanted;
    Statement& write = found ? statements_.move_id : statements_.insert_id;
    write.Bind(1, number).Bind(3, placement.home);
    packed.BindTo(write, 2);
    if (!found) {
        write.Bind(4, placement.key);
    }
    KQ_TRY(write.Run());
    return placement;
}

core::Result<Writes::Newest> Writes::FindNewest(Home home, RecordKey key) {
    Statement& find = statements_.find_current;
    find.Bind(1, home).Bind(2, key);
    Newest newest;
    KQ_ASSIGN(newest.exists, find.Step());
    if (newest.exists) {
        newest.change = find.Integer(0);
        newest.version = find.Integer(1);
    }
    find.Reset();
    return newest;
}

core::Status Writes::ReplaceRows(
    const Placement& placement,
    const Newest& before,
    const std::vector<std::string>& after
) {
    std::vector<std::string> old;
    if (before.exists) {
        Statement& find = statements_.rows_of;
        find.Bind(1, before.change);
        KQ_ASSIGN(const bool found, find.Step());
        core::Result<std::vector<std::string>> unpacked =
            UnpackRows(found ? find.Bytes(0) : std::string_view());
        find.Reset();
        KQ_ASSIGN(old, std::move(unpacked));
    }
    CompareRows(
        old,
        after,
        [&](const std::string& row) { rows_.Remove(row, placement.home, placement.key); },
        [&](const std::string& row) { rows_.Add(row, placement.home, placement.key); }
    );
    return {};
}

core::Status Writes::AppendVersion(
    const Placement& placement,
    const Newest& before,
    Method method,
    std::int64_t type,
    std::string_view id
) {
    const PackedId packed(id);
    Statement& insert = statements_.insert_version;
    insert.Bind(1, state_.change).Bind(2, placement.home).Bind(3, placement.key).Bind(4, type);
    packed.BindTo(insert, 5);
    insert.Bind(6, before.version + 1).Bind(7, now_).Bind(8, static_cast<std::int64_t>(method));
    if (method == Method::kDelete) {
        insert.BindNull(9);
    } else {
        insert.BindBlob(9, packed_body_);
    }
    if (packed_rows_.empty()) {
        insert.BindNull(10);
    } else {
        insert.BindBlob(10, packed_rows_);
    }
    return insert.Run();
}

core::Status Writes::PointCurrent(
    const Placement& placement,
    const Newest& before,
    Method method,
    std::int64_t type
) {
    if (before.exists) {
        Statement& keep = statements_.insert_superseded;
        keep.Bind(1, placement.home).Bind(2, placement.key);
        keep.Bind(3, before.version).Bind(4, before.change);
        KQ_TRY(keep.Run());
    }
    Statement& write = before.exists ? statements_.update_current : statements_.insert_current;
    write.Bind(1, placement.home).Bind(2, placement.key).Bind(3, type).Bind(4, state_.change);
    write.Bind(5, before.version + 1);
    write.Bind(6, static_cast<std::int64_t>(method == Method::kDelete ? 1 : 0));
    return write.Run();
}

core::Result<std::int64_t> Writes::Put(
    const Placement& placement,
    Method method,
    std::string_view type,
    std::string_view id,
    std::string_view body,
    std::span<const IndexRow> rows
) {
    KQ_TRY(CheckPut(placement, state_.key, method, body, rows));
    const bool deletes = method == Method::kDelete;
    KQ_ASSIGN(const std::int64_t number, Intern(type));
    KQ_ASSIGN(const Newest before, FindNewest(placement.home, placement.key));
    KQ_ASSIGN(const std::vector<std::string> encoded, EncodeRows(tables_, placement, rows));
    if (!deletes) {
        KQ_TRY(codec_.Pack(body, packed_body_));
    }
    packed_rows_ = PackRows(encoded);
    ++state_.change;
    KQ_TRY(Append(placement, before, method, number, id, encoded));
    return before.version + 1;
}

core::Status Writes::Append(
    const Placement& placement,
    const Newest& before,
    Method method,
    std::int64_t type,
    std::string_view id,
    const std::vector<std::string>& rows
) {
    KQ_TRY(AppendVersion(placement, before, method, type, id));
    KQ_TRY(PointCurrent(placement, before, method, type));
    return ReplaceRows(placement, before, rows);
}

core::Status Writes::RebuildRows() {
    KQ_TRY(rows_.Flush());
    for (const PlacedTable& placed : tables_) {
        KQ_TRY(connection_.Execute("DELETE FROM " + Quoted(placed.table.name)));
    }
    KQ_ASSIGN(
        Statement all,
        connection_.Prepare(
            "SELECT c.home, c.key, v.rows FROM current c JOIN version v ON v.change = c.change"
            " WHERE v.rows IS NOT NULL"
        )
    );
    for (;;) {
        KQ_ASSIGN(const bool more, all.Step());
        if (!more) {
            return rows_.Flush();
        }
        KQ_ASSIGN(const std::vector<std::string> list, UnpackRows(all.Bytes(2)));
        for (const std::string& row : list) {
            rows_.Add(row, all.Integer(0), all.Integer(1));
        }
    }
}

core::Status Writes::AdoptText(std::int64_t number, std::string_view text) {
    KQ_ASSIGN(
        Statement insert, connection_.Prepare("INSERT INTO interned (number, text) VALUES (?1, ?2)")
    );
    insert.Bind(1, number).Bind(2, text);
    return insert.Run();
}

core::Status Writes::AdoptId(std::string_view type, std::string_view id, Home home, RecordKey key) {
    KQ_ASSIGN(const std::int64_t number, Intern(type));
    const PackedId packed(id);
    Statement& insert = statements_.insert_id;
    insert.Bind(1, number).Bind(3, home).Bind(4, key);
    packed.BindTo(insert, 2);
    state_.key = std::max(state_.key, key);
    return insert.Run();
}

core::Status Writes::AdoptVersion(const Version& version, std::string_view rows) {
    const Placement placement{version.key, version.home, version.version, false};
    if (version.version == 1) {
        KQ_TRY(AdoptId(version.type, version.id, version.home, version.key));
    }
    KQ_ASSIGN(const std::int64_t type, Intern(version.type));
    KQ_ASSIGN(const Newest before, FindNewest(version.home, version.key));
    if (version.change != state_.change + 1 || version.version != before.version + 1) {
        return Wrong("change " + std::to_string(version.change) + " is out of order");
    }
    KQ_ASSIGN(const std::vector<std::string> list, UnpackRows(rows));
    if (version.method != Method::kDelete) {
        KQ_TRY(codec_.Pack(version.body, packed_body_));
    }
    packed_rows_ = rows;
    state_.change = version.change;
    now_ = version.updated;
    state_.updated = std::max(state_.updated, version.updated);
    return Append(placement, before, version.method, type, version.id, list);
}

core::Status Writes::AdoptLack(std::string_view table, Position upto) {
    KQ_ASSIGN(
        Statement update, connection_.Prepare("UPDATE index_table SET since = ?2 WHERE name = ?1")
    );
    update.Bind(1, table).Bind(2, upto);
    return update.Run();
}

core::Status Writes::Reindex(const Placement& placement, std::span<const IndexRow> rows) {
    KQ_ASSIGN(const Newest before, FindNewest(placement.home, placement.key));
    if (!before.exists) {
        return Wrong("Reindex needs a written record");
    }
    KQ_ASSIGN(const std::vector<std::string> encoded, EncodeRows(tables_, placement, rows));
    KQ_TRY(ReplaceRows(placement, before, encoded));
    packed_rows_ = PackRows(encoded);
    statements_.update_rows.Bind(1, before.change).BindBlob(2, packed_rows_);
    return statements_.update_rows.Run();
}

core::Status
Writes::PutValue(std::string_view space, std::string_view key, std::string_view value) {
    KQ_TRY(CheckSize(value.size(), kMaxValueBytes));
    statements_.put_value.Bind(1, space).Bind(2, key).BindBlob(3, value);
    return statements_.put_value.Run();
}

core::Status Writes::RemoveValue(std::string_view space, std::string_view key) {
    statements_.remove_value.Bind(1, space).Bind(2, key);
    return statements_.remove_value.Run();
}

}  // namespace kangqu::store::sqlite
