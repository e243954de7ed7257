#include "postgres/writes.hpp"

#include "row_code.hpp"
#include "write_limits.hpp"
#include <algorithm>

namespace kangqu::store::postgres {

namespace {

// Remembered placements, versions and texts; above it a memory starts again.
constexpr std::size_t kMaxRemembered = 1'000'000;

core::Error Wrong(const std::string& what) {
    return core::MakeError(core::ErrorCode::kInternal, what);
}

constexpr std::string_view kBegin = "BEGIN";
constexpr std::string_view kSave = "SAVEPOINT unit";
constexpr std::string_view kEnd = "SELECT kq_end_group(?1, ?2, ?3, ?4, ?5)";

}  // namespace

std::uint64_t TextKey(std::string_view text) noexcept {
    return PresenceFilter::HashOf(text, 0);
}

std::uint64_t IdKey(std::int64_t type, std::string_view packed_id) noexcept {
    return PresenceFilter::HashOf(packed_id, static_cast<std::uint64_t>(type) + 1);
}

Writes::Writes(
    Connection& connection,
    const BodyCodec& codec,
    const std::vector<PlacedTable>& tables,
    PresenceFilter& filter,
    const Counters& counters
)
    : connection_(connection),
      codec_(codec),
      tables_(tables),
      reads_(connection, codec, seen_texts_),
      filter_(filter),
      pending_(tables),
      state_(counters) {}

core::Status Writes::Prepare() {
    KQ_TRY(pending_.Prepare(connection_));
    KQ_TRY(connection_.Ready(kBegin, Params()));
    KQ_TRY(connection_.Ready(kSave, Params()));
    const std::int64_t none = 0;
    return connection_.Ready(kEnd, Params().Add(none).Add(none).Add(none).Add(none).Add(none));
}

void Writes::BeginGroup(core::InstantMs now) {
    // The time of changes never falls, whatever the machine's clock does.
    state_.updated = std::max(state_.updated, now);
    now_ = state_.updated;
    group_start_ = state_;
    begun_ = false;
    wrote_ = false;
}

core::Status Writes::Send(const Pending::Mark& mark) {
    if (!begun_) {
        KQ_TRY(connection_.Queue(kBegin, Params()));
        begun_ = true;
        wrote_ = true;
    }
    return pending_.Queue(connection_, mark);
}

core::Status Writes::Settle() {
    // A question that fails must not take the transaction with it, hence the savepoint in front.
    if (pending_.empty() && (!begun_ || saved_)) {
        return {};
    }
    // What units before this one wrote stays when this one fails, so it is sent before the
    // savepoint.
    core::Status sent = Send(saved_ ? Pending::Mark() : unit_pending_);
    if (sent.ok() && !saved_) {
        sent = connection_.Queue(kSave, Params());
        saved_ = sent.ok();
    }
    if (sent.ok()) {
        sent = pending_.Queue(connection_, pending_.mark());
    }
    unit_pending_ = Pending::Mark();
    // The pipeline is closed whatever happened; the first failure is told.
    const core::Status flushed = connection_.Flush();
    return sent.ok() ? flushed : sent;
}

core::Status Writes::FinishGroup() {
    if (!begun_ && pending_.empty()) {
        return {};
    }
    core::Status sent = Send(pending_.mark());
    if (sent.ok()) {
        Params params;
        params.Add(state_.epoch).Add(state_.change).Add(state_.key);
        params.Add(state_.text).Add(state_.updated);
        sent = connection_.Queue(kEnd, params);
    }
    const core::Status flushed = connection_.Flush();
    return sent.ok() ? flushed : sent;
}

core::Status Writes::CommitGroup() {
    if (begun_) {
        KQ_TRY(connection_.Execute("COMMIT"));
        ++state_.groups;
    }
    pending_.Clear();
    places_.Keep(kMaxRemembered);
    newest_.Keep(kMaxRemembered);
    texts_.Keep(kMaxRemembered);
    return {};
}

void Writes::RollbackGroup() {
    if (connection_.alive() && connection_.in_transaction()) {
        // Nothing to be done about an error: the transaction is never committed.
        (void)connection_.Execute("ROLLBACK");
    }
    pending_.Clear();
    places_.ReturnTo(0);
    newest_.ReturnTo(0);
    texts_.ReturnTo(0);
    seen_texts_.Clear();
    state_ = group_start_;
}

void Writes::BeginUnit() {
    unit_start_ = state_;
    unit_pending_ = pending_.mark();
    unit_places_ = places_.mark();
    unit_newest_ = newest_.mark();
    unit_texts_ = texts_.mark();
    saved_ = false;
}

core::Status Writes::KeepUnit() {
    return saved_ ? connection_.Execute("RELEASE unit") : core::Status();
}

core::Status Writes::DropUnit() {
    pending_.ReturnTo(unit_pending_);
    places_.ReturnTo(unit_places_);
    newest_.ReturnTo(unit_newest_);
    texts_.ReturnTo(unit_texts_);
    seen_texts_.Clear();
    state_ = unit_start_;
    return saved_ ? connection_.Execute("ROLLBACK TO unit; RELEASE unit") : core::Status();
}

core::Result<std::int64_t> Writes::Interned(std::string_view text) {
    if (const auto* const known = texts_.Find(std::string(text)); known != nullptr) {
        return *known;
    }
    if (!filter_.MayHold(TextKey(text))) {
        return std::int64_t{0};
    }
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run("SELECT number FROM interned WHERE text = ?", Params().Add(text))
    );
    const std::int64_t number = rows.size() == 0 ? 0 : rows.Integer(0, 0);
    if (number != 0) {
        texts_.Set(std::string(text), number);
    }
    return number;
}

core::Result<std::int64_t> Writes::Intern(std::string_view text) {
    KQ_ASSIGN(std::int64_t number, Interned(text));
    if (number != 0) {
        return number;
    }
    KQ_TRY(CheckSize(text.size(), kMaxTextBytes));
    number = ++state_.text;
    pending_.texts.push_back({number, std::string(text)});
    texts_.Set(std::string(text), number);
    filter_.Add(TextKey(text));
    return number;
}

core::Result<std::optional<Writes::Place>>
Writes::FindPlace(std::int64_t type, std::string_view id) {
    std::string packed = PackedId(id);
    const std::uint64_t key = IdKey(type, packed);
    const std::pair name(type, std::move(packed));
    if (const Place* const known = places_.Find(name); known != nullptr) {
        return std::optional(*known);
    }
    if (!filter_.MayHold(key)) {
        return std::optional<Place>();
    }
    KQ_ASSIGN(const auto found, reads_.FindPlace(type, id));
    if (!found) {
        return std::optional<Place>();
    }
    const Place place{found->home, found->key};
    places_.Set(name, place);
    return std::optional(place);
}

core::Result<std::optional<Placement>> Writes::Find(std::string_view type, std::string_view id) {
    KQ_ASSIGN(const std::int64_t number, Interned(type));
    if (number == 0) {
        return std::optional<Placement>();
    }
    KQ_ASSIGN(const auto place, FindPlace(number, id));
    if (!place) {
        return std::optional<Placement>();
    }
    KQ_ASSIGN(const Newest newest, FindNewest(place->home, place->key));
    return std::optional(Placement{place->key, place->home, newest.version, newest.deleted});
}

core::Result<Writes::Newest> Writes::FindNewest(Home home, RecordKey key) {
    if (const Newest* const known = newest_.Find(key); known != nullptr) {
        return *known;
    }
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run(
            "SELECT change, version, deleted FROM current WHERE home = ? AND key = ?",
            Params().Add(home).Add(key)
        )
    );
    Newest newest;
    if (rows.size() == 1) {
        newest = {true, rows.Integer(0, 0), rows.Integer(0, 1), rows.Integer(0, 2) != 0};
    }
    newest_.Set(key, newest);
    return newest;
}

core::Result<Placement> Writes::Reserve(std::string_view type, std::string_view id, Home home) {
    KQ_TRY(CheckSize(id.size(), kMaxIdBytes));
    KQ_ASSIGN(const std::int64_t number, Intern(type));
    KQ_ASSIGN(const auto found, FindPlace(number, id));
    Placement placement;
    if (found) {
        KQ_ASSIGN(const Newest newest, FindNewest(found->home, found->key));
        placement = {found->key, found->home, newest.version, newest.deleted};
    } else {
        placement.key = ++state_.key;
        newest_.Set(placement.key, Newest());
    }
    const Home wanted = home == 0 ? placement.key : home;
    if (found && (placement.version != 0 || placement.home == wanted)) {
        return placement;
    }
    placement.home = wanted;
    std::string packed = PackedId(id);
    filter_.Add(IdKey(number, packed));
    pending_.ids.push_back({number, packed, placement.home, placement.key});
    places_.Set({number, std::move(packed)}, {placement.home, placement.key});
    return placement;
}

const PendingVersion* Writes::Waiting(Position change) const {
    const auto found = std::lower_bound(
        pending_.versions.begin(),
        pending_.versions.end(),
        change,
        [](const PendingVersion& version, Position at) { return version.facts.change < at; }
    );
    return found == pending_.versions.end() || found->facts.change != change ? nullptr : &*found;
}

core::Result<std::string> Writes::RowsOf(const Newest& newest, Home home) {
    for (auto row = pending_.reindexed.rbegin(); row != pending_.reindexed.rend(); ++row) {
        if (row->change == newest.change) {
            return row->rows;
        }
    }
    if (const PendingVersion* const waiting = Waiting(newest.change); waiting != nullptr) {
        return waiting->rows;
    }
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run(
            "SELECT rows FROM version WHERE change = ? AND home = ?",
            Params().Add(newest.change).Add(home)
        )
    );
    return rows.size() == 0 ? std::string() : std::string(rows.Bytes(0, 0));
}

core::Status Writes::ReplaceRows(
    const Placement& placement,
    const Newest& before,
    const std::vector<std::string>& after
) {
    std::vector<std::string> old;
    if (before.exists) {
        KQ_ASSIGN(const std::string packed, RowsOf(before, placement.home));
        KQ_ASSIGN(old, UnpackRows(packed));
    }
    const auto note = [&](const std::string& row, bool insert) {
        pending_.rows.push_back({row, placement.home, placement.key, insert});
    };
    CompareRows(
        old,
        after,
        [&](const std::string& row) { note(row, false); },
        [&](const std::string& row) { note(row, true); }
    );
    return {};
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
    KQ_ASSIGN(const std::int64_t number, Intern(type));
    KQ_ASSIGN(const Newest before, FindNewest(placement.home, placement.key));
    KQ_ASSIGN(const std::vector<std::string> encoded, EncodeRows(tables_, placement, rows));
    Version facts;
    facts.change = state_.change + 1;
    facts.home = placement.home;
    facts.key = placement.key;
    facts.type = type;
    facts.id = id;
    facts.version = before.version + 1;
    facts.updated = now_;
    facts.method = method;
    KQ_TRY(Append(std::move(facts), body, before, number, encoded));
    return before.version + 1;
}

core::Status Writes::Append(
    Version facts,
    std::string_view body,
    const Newest& before,
    std::int64_t type,
    const std::vector<std::string>& rows
) {
    PendingVersion version;
    version.type = type;
    version.id = PackedId(facts.id);
    const bool deletes = facts.method == Method::kDelete;
    if (!deletes) {
        KQ_TRY(codec_.Pack(body, version.body.emplace()));
    }
    version.rows = PackRows(rows);
    const Placement placement{facts.key, facts.home, facts.version, deletes};
    KQ_TRY(ReplaceRows(placement, before, rows));
    state_.change = facts.change;
    if (before.exists) {
        pending_.superseded.push_back({facts.home, facts.key, before.version, before.change});
    }
    pending_.current.push_back(
        {facts.home, facts.key, type, facts.change, facts.version, deletes ? 1 : 0}
    );
    newest_.Set(facts.key, {true, facts.change, facts.version, deletes});
    version.facts = std::move(facts);
    pending_.versions.push_back(std::move(version));
    return {};
}

core::Status Writes::RebuildRows() {
    constexpr std::int64_t kPage = 5'000;
    KQ_TRY(Settle());
    if (!begun_) {
        KQ_TRY(connection_.Execute("BEGIN"));
        begun_ = true;
        wrote_ = true;
    }
    for (const PlacedTable& placed : tables_) {
        KQ_TRY(connection_.Execute("DELETE FROM " + Quoted(placed.table.name)));
    }
    for (Position last = 0;;) {
        KQ_ASSIGN(
            const Rows page,
            connection_.Run(
                "SELECT v.change, v.home, v.key, v.rows FROM version v JOIN current c"
                " ON c.home = v.home AND c.key = v.key AND c.change = v.change"
                " WHERE v.change > ? ORDER BY v.change LIMIT ?",
                Params().Add(last).Add(kPage)
            )
        );
        if (page.size() == 0) {
            return {};
        }
        for (int at = 0; at < page.size(); ++at) {
            KQ_ASSIGN(const std::vector<std::string> list, UnpackRows(page.Bytes(at, 3)));
            for (const std::string& row : list) {
                pending_.rows.push_back({row, page.Integer(at, 1), page.Integer(at, 2), true});
            }
        }
        last = page.Integer(page.size() - 1, 0);
        KQ_TRY(Settle());
    }
}

core::Status Writes::AdoptText(std::int64_t number, std::string_view text) {
    pending_.texts.push_back({number, std::string(text)});
    texts_.Set(std::string(text), number);
    filter_.Add(TextKey(text));
    state_.text = std::max(state_.text, number);
    return {};
}

core::Status Writes::AdoptId(std::string_view type, std::string_view id, Home home, RecordKey key) {
    KQ_ASSIGN(const std::int64_t number, Intern(type));
    std::string packed = PackedId(id);
    filter_.Add(IdKey(number, packed));
    pending_.ids.push_back({number, packed, home, key});
    places_.Set({number, std::move(packed)}, {home, key});
    state_.key = std::max(state_.key, key);
    return {};
}

core::Status Writes::AdoptVersion(const Version& version, std::string_view rows) {
    if (version.version == 1) {
        KQ_TRY(AdoptId(version.type, version.id, version.home, version.key));
        newest_.Set(version.key, Newest());
    }
    KQ_ASSIGN(const std::int64_t type, Intern(version.type));
    KQ_ASSIGN(const Newest before, FindNewest(version.home, version.key));
    if (version.change != state_.change + 1 || version.version != before.version + 1) {
        return Wrong("change " + std::to_string(version.change) + " is out of order");
    }
    KQ_ASSIGN(const std::vector<std::string> list, UnpackRows(rows));
    state_.updated = std::max(state_.updated, version.updated);
    Version facts = version;
    facts.body.clear();
    return Append(std::move(facts), version.body, before, type, list);
}

core::Status Writes::AdoptLack(std::string_view table, Position upto) {
    KQ_TRY(Settle());
    KQ_TRY(connection_.Run(
        "UPDATE index_table SET since = ? WHERE name = ?", Params().Add(upto).Add(table)
    ));
    return {};
}

core::Status Writes::Reindex(const Placement& placement, std::span<const IndexRow> rows) {
    KQ_ASSIGN(const Newest before, FindNewest(placement.home, placement.key));
    if (!before.exists) {
        return Wrong("Reindex needs a written record");
    }
    KQ_ASSIGN(const std::vector<std::string> encoded, EncodeRows(tables_, placement, rows));
    KQ_TRY(ReplaceRows(placement, before, encoded));
    pending_.reindexed.push_back({before.change, placement.home, PackRows(encoded)});
    return {};
}

core::Status
Writes::PutValue(std::string_view space, std::string_view key, std::string_view value) {
    KQ_TRY(CheckSize(value.size(), kMaxValueBytes));
    pending_.values.push_back({std::string(space), std::string(key), std::string(value)});
    return {};
}

core::Status Writes::RemoveValue(std::string_view space, std::string_view key) {
    pending_.values.push_back({std::string(space), std::string(key), std::nullopt});
    return {};
}

core::Result<std::optional<std::string>>
Writes::GetValue(std::string_view space, std::string_view key) {
    for (auto row = pending_.values.rbegin(); row != pending_.values.rend(); ++row) {
        if (row->space == space && row->key == key) {
            return row->value;
        }
    }
    return reads_.GetValue(space, key);
}

core::Result<std::optional<Version>> Writes::Current(Home home, RecordKey key) {
    KQ_ASSIGN(const Newest newest, FindNewest(home, key));
    if (!newest.exists) {
        return std::optional<Version>();
    }
    const PendingVersion* const waiting = Waiting(newest.change);
    if (waiting == nullptr) {
        return reads_.Current(home, key);
    }
    Version version = waiting->facts;
    if (waiting->body) {
        KQ_ASSIGN(version.body, codec_.Unpack(*waiting->body));
    }
    return std::optional(std::move(version));
}

core::Result<std::optional<Version>>
Writes::AtVersion(Home home, RecordKey key, std::int64_t version) {
    KQ_TRY(Settle());
    return reads_.AtVersion(home, key, version);
}

core::Result<std::vector<Version>>
Writes::History(Home home, RecordKey key, Position before, int limit) {
    KQ_TRY(Settle());
    return reads_.History(home, key, before, limit);
}

core::Result<std::vector<Version>>
Writes::TypeHistory(std::string_view type, Position before, int limit) {
    KQ_TRY(Settle());
    return reads_.TypeHistory(type, before, limit);
}

core::Status Writes::ScanHome(Home home, const std::function<bool(const Version&)>& visit) {
    KQ_TRY(Settle());
    return reads_.ScanHome(home, visit);
}

core::Result<std::vector<Version>> Writes::Feed(Position after, int limit) {
    KQ_TRY(Settle());
    return reads_.Feed(after, limit);
}

core::Result<std::vector<Home>> Writes::ChangedHomes(Position after, Position upto) {
    KQ_TRY(Settle());
    return reads_.ChangedHomes(after, upto);
}

core::Status Writes::Query(
    std::string_view sql,
    std::span<const SqlValue> binds,
    const std::function<bool(std::span<const SqlValue>)>& row
) {
    KQ_TRY(Settle());
    return reads_.Query(sql, binds, row);
}

core::Status Writes::ScanValues(
    std::string_view space,
    const std::function<bool(std::string_view key, std::string_view value)>& visit
) {
    KQ_TRY(Settle());
    return reads_.ScanValues(space, visit);
}

}  // namespace kangqu::store::postgres
