#include "sqlite/reads.hpp"

#include <algorithm>
#include <limits>

namespace kangqu::store::sqlite {

namespace {

#define KQ_VERSION_COLUMNS \
    "v.change, v.home, v.key, v.type, v.id, v.version, v.updated, v.method, v.body"

constexpr std::string_view kFind =
    "SELECT i.home, i.key, c.version, c.deleted FROM ids i"
    " LEFT JOIN current c ON c.home = i.home AND c.key = i.key"
    " WHERE i.type = ?1 AND i.id = ?2";
constexpr std::string_view kCurrent = "SELECT " KQ_VERSION_COLUMNS
                                      " FROM current c JOIN version v ON v.change = c.change"
                                      " WHERE c.home = ?1 AND c.key = ?2";
constexpr std::string_view kAtChange =
    "SELECT " KQ_VERSION_COLUMNS " FROM version v WHERE v.change = ?1";
constexpr std::string_view kAtVersion =
    "SELECT change FROM superseded WHERE home = ?1 AND key = ?2 AND version = ?3";
constexpr std::string_view kHistory = "SELECT " KQ_VERSION_COLUMNS
                                      " FROM superseded s JOIN version v ON v.change = s.change"
                                      " WHERE s.home = ?1 AND s.key = ?2 AND s.change < ?3"
                                      " ORDER BY s.version DESC LIMIT ?4";
constexpr std::string_view kTypeHistory =
    "SELECT " KQ_VERSION_COLUMNS
    " FROM version v WHERE v.type = ?1 AND v.change < ?2 ORDER BY v.change DESC LIMIT ?3";
constexpr std::string_view kAllHistory = "SELECT " KQ_VERSION_COLUMNS
                                         " FROM version v WHERE v.change < ?1"
                                         " ORDER BY v.change DESC LIMIT ?2";
constexpr std::string_view kFeed =
    "SELECT " KQ_VERSION_COLUMNS " FROM version v WHERE v.change > ?1 ORDER BY v.change LIMIT ?2";
constexpr std::string_view kScanHome =
    "SELECT type, key, change FROM current WHERE home = ?1 AND deleted = 0";

std::int64_t Before(Position before) {
    return before <= 0 ? std::numeric_limits<std::int64_t>::max() : before;
}

SqlValue ValueOf(const Statement& statement, int column) {
    switch (statement.Kind(column)) {
        case SQLITE_INTEGER:
            return statement.Integer(column);
        case SQLITE_FLOAT:
            return statement.Real(column);
        case SQLITE_NULL:
            return std::monostate();
        default:
            return statement.Bytes(column);
    }
}

void BindValue(Statement& statement, int index, const SqlValue& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value); integer != nullptr) {
        statement.Bind(index, *integer);
    } else if (const auto* real = std::get_if<double>(&value); real != nullptr) {
        statement.Bind(index, *real);
    } else if (const auto* text = std::get_if<std::string_view>(&value); text != nullptr) {
        statement.Bind(index, *text);
    } else {
        statement.BindNull(index);
    }
}

}  // namespace

void PackedId::BindTo(Statement& statement, int index) const {
    if (uuid_) {
        statement.BindBlob(index, std::string_view(uuid_->data(), uuid_->size()));
    } else {
        statement.Bind(index, id_);
    }
}

core::Result<std::int64_t> Reads::Interned(std::string_view text) {
    KQ_ASSIGN(
        Statement statement, connection_.Prepare("SELECT number FROM interned WHERE text = ?1")
    );
    statement.Bind(1, text);
    KQ_ASSIGN(const bool found, statement.Step());
    return found ? statement.Integer(0) : 0;
}

core::Result<std::string> Reads::TextOf(std::int64_t number) {
    const auto known = texts_.find(number);
    if (known != texts_.end()) {
        return known->second;
    }
    KQ_ASSIGN(
        Statement statement, connection_.Prepare("SELECT text FROM interned WHERE number = ?1")
    );
    statement.Bind(1, number);
    KQ_ASSIGN(const bool found, statement.Step());
    if (!found) {
        return core::MakeError(
            core::ErrorCode::kStoreCorrupt, "interned " + std::to_string(number) + " is missing"
        );
    }
    std::string text(statement.Bytes(0));
    texts_.emplace(number, text);
    return text;
}

core::Result<std::optional<Placement>> Reads::Find(std::string_view type, std::string_view id) {
    KQ_ASSIGN(const std::int64_t number, Interned(type));
    if (number == 0) {
        return std::optional<Placement>();
    }
    const PackedId packed(id);
    KQ_ASSIGN(Statement statement, connection_.Prepare(kFind));
    statement.Bind(1, number);
    packed.BindTo(statement, 2);
    KQ_ASSIGN(const bool found, statement.Step());
    if (!found) {
        return std::optional<Placement>();
    }
    Placement placement;
    placement.home = statement.Integer(0);
    placement.key = statement.Integer(1);
    placement.version = statement.Integer(2);
    placement.deleted = statement.Integer(3) != 0;
    return std::optional(placement);
}

core::Result<Version> Reads::Take(Statement& statement) {
    Version version;
    version.change = statement.Integer(0);
    version.home = statement.Integer(1);
    version.key = statement.Integer(2);
    KQ_ASSIGN(version.type, TextOf(statement.Integer(3)));
    version.id = UnpackId(statement.Bytes(4), statement.Kind(4) == SQLITE_BLOB);
    version.version = statement.Integer(5);
    version.updated = statement.Integer(6);
    const std::int64_t method = statement.Integer(7);
    if (method < 1 || method > 3) {
        return core::MakeError(
            core::ErrorCode::kStoreCorrupt, "method of change " + std::to_string(version.change)
        );
    }
    version.method = static_cast<Method>(method);
    if (statement.Kind(8) == SQLITE_NULL) {
        return version;
    }
    auto body = codec_.Unpack(statement.Bytes(8));
    if (!body.ok()) {
        return core::At(
            std::move(body).error(),
            version.type + "/" + version.id + "/_history/" + std::to_string(version.version)
        );
    }
    version.body = std::move(body).value();
    return version;
}

core::Result<std::vector<Version>> Reads::TakeAll(Statement& statement) {
    std::vector<Version> versions;
    for (;;) {
        KQ_ASSIGN(const bool row, statement.Step());
        if (!row) {
            return versions;
        }
        KQ_ASSIGN(Version version, Take(statement));
        versions.push_back(std::move(version));
    }
}

core::Result<std::optional<Version>> Reads::AtChange(Position change) {
    KQ_ASSIGN(Statement statement, connection_.Prepare(kAtChange));
    statement.Bind(1, change);
    KQ_ASSIGN(const bool found, statement.Step());
    if (!found) {
        return std::optional<Version>();
    }
    KQ_ASSIGN(Version version, Take(statement));
    return std::optional(std::move(version));
}

core::Result<std::optional<Version>> Reads::Current(Home home, RecordKey key) {
    KQ_ASSIGN(Statement statement, connection_.Prepare(kCurrent));
    statement.Bind(1, home).Bind(2, key);
    KQ_ASSIGN(const bool found, statement.Step());
    if (!found) {
        return std::optional<Version>();
    }
    KQ_ASSIGN(Version version, Take(statement));
    return std::optional(std::move(version));
}

core::Result<std::optional<Version>>
Reads::AtVersion(Home home, RecordKey key, std::int64_t version) {
    KQ_ASSIGN(std::optional<Version> newest, Current(home, key));
    if (!newest || newest->version <= version) {
        return newest && newest->version == version ? std::move(newest) : std::nullopt;
    }
    KQ_ASSIGN(Statement statement, connection_.Prepare(kAtVersion));
    statement.Bind(1, home).Bind(2, key).Bind(3, version);
    KQ_ASSIGN(const bool found, statement.Step());
    return found ? AtChange(statement.Integer(0)) : std::optional<Version>();
}

core::Result<std::vector<Version>>
Reads::History(Home home, RecordKey key, Position before, int limit) {
    KQ_ASSIGN(std::optional<Version> newest, Current(home, key));
    std::vector<Version> versions;
    if (!newest || limit <= 0) {
        return versions;
    }
    if (newest->change < Before(before)) {
        versions.push_back(std::move(*newest));
    }
    KQ_ASSIGN(Statement statement, connection_.Prepare(kHistory));
    statement.Bind(1, home).Bind(2, key).Bind(3, Before(before));
    statement.Bind(
        4, static_cast<std::int64_t>(limit) - static_cast<std::int64_t>(versions.size())
    );
    KQ_ASSIGN(std::vector<Version> older, TakeAll(statement));
    std::move(older.begin(), older.end(), std::back_inserter(versions));
    return versions;
}

core::Result<std::vector<Version>>
Reads::TypeHistory(std::string_view type, Position before, int limit) {
    if (limit <= 0) {
        return std::vector<Version>();
    }
    if (type.empty()) {
        KQ_ASSIGN(Statement statement, connection_.Prepare(kAllHistory));
        statement.Bind(1, Before(before)).Bind(2, static_cast<std::int64_t>(limit));
        return TakeAll(statement);
    }
    KQ_ASSIGN(const std::int64_t number, Interned(type));
    KQ_ASSIGN(Statement statement, connection_.Prepare(kTypeHistory));
    statement.Bind(1, number).Bind(2, Before(before)).Bind(3, static_cast<std::int64_t>(limit));
    return TakeAll(statement);
}

core::Status Reads::ScanHome(Home home, const std::function<bool(const Version&)>& visit) {
    struct Row {
        std::string type;
        RecordKey key = 0;
        Position change = 0;
    };
    std::vector<Row> rows;
    {
        KQ_ASSIGN(Statement statement, connection_.Prepare(kScanHome));
        statement.Bind(1, home);
        for (;;) {
            KQ_ASSIGN(const bool row, statement.Step());
            if (!row) {
                break;
            }
            KQ_ASSIGN(std::string type, TextOf(statement.Integer(0)));
            rows.push_back({std::move(type), statement.Integer(1), statement.Integer(2)});
        }
    }
    std::sort(rows.begin(), rows.end(), [](const Row& left, const Row& right) {
        return std::tie(left.type, left.key) < std::tie(right.type, right.key);
    });
    for (const Row& row : rows) {
        KQ_ASSIGN(const std::optional<Version> version, AtChange(row.change));
        if (!version) {
            return core::MakeError(
                core::ErrorCode::kStoreCorrupt,
                "change " + std::to_string(row.change) + " is missing"
            );
        }
        if (!visit(*version)) {
            break;
        }
    }
    return {};
}

core::Result<std::vector<Version>> Reads::Feed(Position after, int limit) {
    if (limit <= 0) {
        return std::vector<Version>();
    }
    KQ_ASSIGN(Statement statement, connection_.Prepare(kFeed));
    statement.Bind(1, after).Bind(2, static_cast<std::int64_t>(limit));
    return TakeAll(statement);
}

core::Result<std::vector<Home>> Reads::ChangedHomes(Position after, Position upto) {
    KQ_ASSIGN(
        Statement statement,
        connection_.Prepare(
            "SELECT DISTINCT home FROM version WHERE change > ?1 AND change <= ?2 ORDER BY home"
        )
    );
    statement.Bind(1, after).Bind(2, upto);
    std::vector<Home> homes;
    for (;;) {
        KQ_ASSIGN(const bool row, statement.Step());
        if (!row) {
            return homes;
        }
        homes.push_back(statement.Integer(0));
    }
}

core::Status Reads::Query(
    std::string_view sql,
    std::span<const SqlValue> binds,
    const std::function<bool(std::span<const SqlValue>)>& row
) {
    const Connection::TimeLimit limit(connection_, statement_ms_);
    KQ_ASSIGN(Statement statement, connection_.Prepare(sql));
    if (!statement.reads_only()) {
        return core::MakeError(core::ErrorCode::kInternal, "Query may only read");
    }
    if (statement.parameters() > static_cast<int>(binds.size())) {
        return core::MakeError(core::ErrorCode::kInternal, "Query lacks values");
    }
    for (int i = 0; i < statement.parameters(); ++i) {
        BindValue(statement, i + 1, binds[static_cast<std::size_t>(i)]);
    }
    std::vector<SqlValue> values(static_cast<std::size_t>(statement.columns()));
    for (;;) {
        KQ_ASSIGN(const bool more, statement.Step());
        if (!more) {
            return {};
        }
        for (int i = 0; i < statement.columns(); ++i) {
            values[static_cast<std::size_t>(i)] = ValueOf(statement, i);
        }
        if (!row(values)) {
            return {};
        }
    }
}

core::Result<std::optional<std::string>>
Reads::GetValue(std::string_view space, std::string_view key) {
    KQ_ASSIGN(
        Statement statement,
        connection_.Prepare("SELECT value FROM value WHERE space = ?1 AND key = ?2")
    );
    statement.Bind(1, space).Bind(2, key);
    KQ_ASSIGN(const bool found, statement.Step());
    return found ? std::optional(std::string(statement.Bytes(0))) : std::nullopt;
}

core::Status Reads::ScanValues(
    std::string_view space,
    const std::function<bool(std::string_view key, std::string_view value)>& visit
) {
    KQ_ASSIGN(
        Statement statement,
        connection_.Prepare("SELECT key, value FROM value WHERE space = ?1 ORDER BY key")
    );
    statement.Bind(1, space);
    for (;;) {
        KQ_ASSIGN(const bool row, statement.Step());
        if (!row || !visit(statement.Bytes(0), statement.Bytes(1))) {
            return {};
        }
    }
}

}  // namespace kangqu::store::sqlite
