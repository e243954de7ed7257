#include "postgres/reads.hpp"

#include "id_code.hpp"
#include <algorithm>
#include <limits>
#include <tuple>

namespace kangqu::store::postgres {

namespace {

#define KQ_VERSION_COLUMNS \
    "v.change, v.home, v.key, v.type, v.id, v.version, v.updated, v.method, v.body"

constexpr std::string_view kFind =
    "SELECT i.home, i.key, c.version, c.deleted FROM ids i"
    " LEFT JOIN current c ON c.home = i.home AND c.key = i.key"
    " WHERE i.type = ?1 AND i.id = ?2";
constexpr std::string_view kCurrent =
    "SELECT " KQ_VERSION_COLUMNS
    " FROM current c JOIN version v ON v.home = c.home AND v.change = c.change"
    " WHERE c.home = ?1 AND c.key = ?2";
constexpr std::string_view kAtVersion =
    "SELECT " KQ_VERSION_COLUMNS
    " FROM superseded s JOIN version v ON v.home = s.home AND v.change = s.change"
    " WHERE s.home = ?1 AND s.key = ?2 AND s.version = ?3";
constexpr std::string_view kHistory =
    "SELECT " KQ_VERSION_COLUMNS
    " FROM superseded s JOIN version v ON v.home = s.home AND v.change = s.change"
    " WHERE s.home = ?1 AND s.key = ?2 AND s.change < ?3 ORDER BY s.version DESC LIMIT ?4";
constexpr std::string_view kTypeHistory =
    "SELECT " KQ_VERSION_COLUMNS
    " FROM version v WHERE v.type = ?1 AND v.change < ?2 ORDER BY v.change DESC LIMIT ?3";
constexpr std::string_view kAllHistory = "SELECT " KQ_VERSION_COLUMNS
                                         " FROM version v WHERE v.change < ?1"
                                         " ORDER BY v.change DESC LIMIT ?2";
constexpr std::string_view kFeed =
    "SELECT " KQ_VERSION_COLUMNS " FROM version v WHERE v.change > ?1 ORDER BY v.change LIMIT ?2";
constexpr std::string_view kScanHome =
    "SELECT " KQ_VERSION_COLUMNS
    " FROM current c JOIN version v ON v.home = c.home AND v.change = c.change"
    " WHERE c.home = ?1 AND c.deleted = 0";

std::int64_t Before(Position before) {
    return before <= 0 ? std::numeric_limits<std::int64_t>::max() : before;
}

Params ParamsOf(std::span<const SqlValue> binds) {
    Params params;
    for (const SqlValue& value : binds) {
        if (const auto* integer = std::get_if<std::int64_t>(&value); integer != nullptr) {
            params.Add(*integer);
        } else if (const auto* real = std::get_if<double>(&value); real != nullptr) {
            params.Add(*real);
        } else if (const auto* text = std::get_if<std::string_view>(&value); text != nullptr) {
            params.Add(*text);
        } else {
            params.AddNull();
        }
    }
    return params;
}

// The writer's session may write, so what it is asked is looked at.
bool IsQuestion(std::string_view sql) {
    return sql.starts_with("SELECT") || sql.starts_with("WITH");
}

std::string UnpackedId(std::string_view bytes) {
    const bool uuid = bytes.size() == 17 && bytes.front() == '\0';
    return UnpackId(uuid ? bytes.substr(1) : bytes, uuid);
}

}  // namespace

std::string PackedId(std::string_view id) {
    const auto uuid = PackUuid(id);
    if (!uuid) {
        return std::string(id);
    }
    return std::string(1, '\0') + std::string(uuid->data(), uuid->size());
}

core::Result<std::int64_t> Reads::Interned(std::string_view text) {
    const std::int64_t known = texts_.NumberOf(text);
    if (known != 0) {
        return known;
    }
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run("SELECT number FROM interned WHERE text = ?", Params().Add(text))
    );
    if (rows.size() == 0) {
        return std::int64_t{0};
    }
    const std::int64_t number = rows.Integer(0, 0);
    texts_.Add(number, text);
    return number;
}

core::Result<std::string> Reads::TextOf(std::int64_t number) {
    std::string known = texts_.TextOf(number);
    if (!known.empty()) {
        return known;
    }
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run("SELECT text FROM interned WHERE number = ?", Params().Add(number))
    );
    if (rows.size() == 0) {
        return core::MakeError(
            core::ErrorCode::kStoreCorrupt, "interned " + std::to_string(number) + " is missing"
        );
    }
    std::string text(rows.Bytes(0, 0));
    texts_.Add(number, text);
    return text;
}

core::Result<std::optional<Placement>> Reads::FindPlace(std::int64_t type, std::string_view id) {
    const std::string packed = PackedId(id);
    KQ_ASSIGN(const Rows rows, connection_.Run(kFind, Params().Add(type).AddBytes(packed)));
    if (rows.size() == 0) {
        return std::optional<Placement>();
    }
    Placement placement;
    placement.home = rows.Integer(0, 0);
    placement.key = rows.Integer(0, 1);
    placement.version = rows.Integer(0, 2);
    placement.deleted = rows.Integer(0, 3) != 0;
    return std::optional(placement);
}

core::Result<std::optional<Placement>> Reads::Find(std::string_view type, std::string_view id) {
    KQ_ASSIGN(const std::int64_t number, Interned(type));
    return number == 0 ? std::optional<Placement>() : FindPlace(number, id);
}

core::Result<Version> Reads::Take(const Rows& rows, int row) {
    Version version;
    version.change = rows.Integer(row, 0);
    version.home = rows.Integer(row, 1);
    version.key = rows.Integer(row, 2);
    KQ_ASSIGN(version.type, TextOf(rows.Integer(row, 3)));
    version.id = UnpackedId(rows.Bytes(row, 4));
    version.version = rows.Integer(row, 5);
    version.updated = rows.Integer(row, 6);
    const std::int64_t method = rows.Integer(row, 7);
    if (method < 1 || method > 3) {
        return core::MakeError(
            core::ErrorCode::kStoreCorrupt, "method of change " + std::to_string(version.change)
        );
    }
    version.method = static_cast<Method>(method);
    if (rows.IsNull(row, 8)) {
        return version;
    }
    auto body = codec_.Unpack(rows.Bytes(row, 8));
    if (!body.ok()) {
        return core::At(
            std::move(body).error(),
            version.type + "/" + version.id + "/_history/" + std::to_string(version.version)
        );
    }
    version.body = std::move(body).value();
    return version;
}

core::Result<std::vector<Version>> Reads::TakeAll(const Rows& rows) {
    std::vector<Version> versions;
    versions.reserve(static_cast<std::size_t>(rows.size()));
    for (int row = 0; row < rows.size(); ++row) {
        KQ_ASSIGN(Version version, Take(rows, row));
        versions.push_back(std::move(version));
    }
    return versions;
}

core::Result<std::optional<Version>> Reads::TakeOne(core::Result<Rows> rows) {
    KQ_TRY(rows);
    if (rows.value().size() == 0) {
        return std::optional<Version>();
    }
    KQ_ASSIGN(Version version, Take(rows.value(), 0));
    return std::optional(std::move(version));
}

core::Result<std::optional<Version>> Reads::Current(Home home, RecordKey key) {
    return TakeOne(connection_.Run(kCurrent, Params().Add(home).Add(key)));
}

core::Result<std::optional<Version>>
Reads::AtVersion(Home home, RecordKey key, std::int64_t version) {
    KQ_ASSIGN(std::optional<Version> newest, Current(home, key));
    if (!newest || newest->version <= version) {
        return newest && newest->version == version ? std::move(newest) : std::nullopt;
    }
    return TakeOne(connection_.Run(kAtVersion, Params().Add(home).Add(key).Add(version)));
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
    const auto room = static_cast<std::int64_t>(limit) - static_cast<std::int64_t>(versions.size());
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run(kHistory, Params().Add(home).Add(key).Add(Before(before)).Add(room))
    );
    KQ_ASSIGN(std::vector<Version> older, TakeAll(rows));
    std::move(older.begin(), older.end(), std::back_inserter(versions));
    return versions;
}

core::Result<std::vector<Version>>
Reads::TypeHistory(std::string_view type, Position before, int limit) {
    if (limit <= 0) {
        return std::vector<Version>();
    }
    const auto most = static_cast<std::int64_t>(limit);
    if (type.empty()) {
        KQ_ASSIGN(
            const Rows rows, connection_.Run(kAllHistory, Params().Add(Before(before)).Add(most))
        );
        return TakeAll(rows);
    }
    KQ_ASSIGN(const std::int64_t number, Interned(type));
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run(kTypeHistory, Params().Add(number).Add(Before(before)).Add(most))
    );
    return TakeAll(rows);
}

core::Status Reads::ScanHome(Home home, const std::function<bool(const Version&)>& visit) {
    KQ_ASSIGN(const Rows rows, connection_.Run(kScanHome, Params().Add(home)));
    KQ_ASSIGN(std::vector<Version> versions, TakeAll(rows));
    std::sort(versions.begin(), versions.end(), [](const Version& left, const Version& right) {
        return std::tie(left.type, left.key) < std::tie(right.type, right.key);
    });
    for (const Version& version : versions) {
        if (!visit(version)) {
            break;
        }
    }
    return {};
}

core::Result<std::vector<Version>> Reads::Feed(Position after, int limit) {
    if (limit <= 0) {
        return std::vector<Version>();
    }
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run(kFeed, Params().Add(after).Add(static_cast<std::int64_t>(limit)))
    );
    return TakeAll(rows);
}

core::Result<std::vector<Home>> Reads::ChangedHomes(Position after, Position upto) {
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run(
            "SELECT DISTINCT home FROM version WHERE change > ?1 AND change <= ?2 ORDER BY home",
            Params().Add(after).Add(upto)
        )
    );
    std::vector<Home> homes;
    for (int row = 0; row < rows.size(); ++row) {
        homes.push_back(rows.Integer(row, 0));
    }
    return homes;
}

core::Status Reads::Query(
    std::string_view sql,
    std::span<const SqlValue> binds,
    const std::function<bool(std::span<const SqlValue>)>& row
) {
    if (!IsQuestion(sql)) {
        return core::MakeError(core::ErrorCode::kInternal, "Query may only read");
    }
    KQ_ASSIGN(const Rows rows, connection_.Run(sql, ParamsOf(binds)));
    std::vector<SqlValue> values(static_cast<std::size_t>(rows.columns()));
    for (int at = 0; at < rows.size(); ++at) {
        for (int column = 0; column < rows.columns(); ++column) {
            values[static_cast<std::size_t>(column)] = rows.Value(at, column);
        }
        if (!row(values)) {
            break;
        }
    }
    return {};
}

core::Result<std::optional<std::string>>
Reads::GetValue(std::string_view space, std::string_view key) {
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run(
            "SELECT value FROM value WHERE space = ? AND key = ?", Params().Add(space).Add(key)
        )
    );
    return rows.size() == 0 ? std::nullopt : std::optional(std::string(rows.Bytes(0, 0)));
}

core::Status Reads::ScanValues(
    std::string_view space,
    const std::function<bool(std::string_view key, std::string_view value)>& visit
) {
    KQ_ASSIGN(
        const Rows rows,
        connection_.Run(
            "SELECT key, value FROM value WHERE space = ? ORDER BY key", Params().Add(space)
        )
    );
    for (int row = 0; row < rows.size(); ++row) {
        if (!visit(rows.Bytes(row, 0), rows.Bytes(row, 1))) {
            break;
        }
    }
    return {};
}

}  // namespace kangqu::store::postgres
