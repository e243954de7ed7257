#include "row_code.hpp"
#include "sqlite/sqlite_store.hpp"
#include <string>

namespace kangqu::store::sqlite {

namespace {

constexpr std::size_t kMostFaults = 100;

using Faults = std::vector<std::string>;

// Adds the first column of every row of `sql`.
core::Status Collect(Connection& connection, std::string_view sql, Faults& faults) {
    KQ_ASSIGN(Statement statement, connection.Prepare(sql));
    while (faults.size() < kMostFaults) {
        KQ_ASSIGN(const bool row, statement.Step());
        if (!row) {
            break;
        }
        if (statement.Bytes(0) != "ok") {
            faults.emplace_back(statement.Bytes(0));
        }
    }
    return {};
}

// Every answer of these is a fault.
constexpr std::string_view kRules[] = {
    "PRAGMA integrity_check(100)",
    "SELECT 'current: record ' || c.key || ' points to a change that is not its own'"
    " FROM current c LEFT JOIN version v ON v.change = c.change WHERE v.change IS NULL"
    " OR v.home <> c.home OR v.key <> c.key OR v.version <> c.version OR v.type <> c.type"
    " OR (v.method = 3) <> c.deleted",
    "SELECT 'superseded: version ' || s.version || ' of record ' || s.key || ' is not its own'"
    " FROM superseded s LEFT JOIN version v ON v.change = s.change WHERE v.change IS NULL"
    " OR v.home <> s.home OR v.key <> s.key OR v.version <> s.version",
    "SELECT 'version: ' || (SELECT count(*) FROM version) || ' versions, but ' ||"
    " (SELECT count(*) FROM current) || ' current and ' || (SELECT count(*) FROM superseded) ||"
    " ' superseded' WHERE (SELECT count(*) FROM version) <> (SELECT count(*) FROM current) +"
    " (SELECT count(*) FROM superseded)",
    "SELECT 'ids: record ' || c.key || ' is not where its id says' FROM current c"
    " JOIN version v ON v.change = c.change LEFT JOIN ids i ON i.type = v.type AND i.id = v.id"
    " WHERE i.key IS NULL OR i.key <> c.key OR i.home <> c.home",
    "SELECT 'feed: ' || count(*) || ' changes up to ' || max(change) FROM version"
    " HAVING count(*) <> coalesce(max(change), 0)",
    "SELECT 'feed: time falls at change ' || b.change FROM version a"
    " JOIN version b ON b.change = a.change + 1 WHERE b.updated < a.updated",
};

core::Status CheckBodies(Connection& connection, const BodyCodec& codec, Faults& faults) {
    KQ_ASSIGN(Statement all, connection.Prepare("SELECT change, method, body, rows FROM version"));
    while (faults.size() < kMostFaults) {
        KQ_ASSIGN(const bool row, all.Step());
        if (!row) {
            break;
        }
        const std::string change = "change " + std::to_string(all.Integer(0)) + ": ";
        const bool deletion = all.Integer(1) == static_cast<std::int64_t>(Method::kDelete);
        if (deletion != (all.Kind(2) == SQLITE_NULL)) {
            faults.push_back(change + "body of a deletion, or none of a version");
        } else if (!deletion) {
            const auto body = codec.Unpack(all.Bytes(2));
            if (!body.ok()) {
                faults.push_back(change + body.error().Line());
            }
        }
        if (!UnpackRows(all.Bytes(3)).ok()) {
            faults.push_back(change + "list of index rows");
        }
    }
    return {};
}

// Looks up what the current versions say is in the index tables.
class RowCheck {
public:
    RowCheck(Connection& connection, const std::vector<PlacedTable>& tables, Faults& faults)
        : connection_(connection), tables_(tables), faults_(faults), seen_(tables.size()) {}

    core::Status Run() {
        {
            KQ_ASSIGN(
                Statement all,
                connection_.Prepare(
                    "SELECT c.home, c.key, v.rows FROM current c JOIN version v ON v.change ="
                    " c.change WHERE v.rows IS NOT NULL"
                )
            );
            while (faults_.size() < kMostFaults) {
                KQ_ASSIGN(const bool more, all.Step());
                if (!more) {
                    break;
                }
                KQ_ASSIGN(const auto rows, UnpackRows(all.Bytes(2)));
                for (const std::string& row : rows) {
                    KQ_TRY(Find(row, all.Integer(0), all.Integer(1)));
                }
            }
        }
        return Count();
    }

private:
    core::Status Find(std::string_view row, Home home, RecordKey key) {
        const auto number = TakeInteger(row);
        for (std::size_t i = 0; i < tables_.size(); ++i) {
            const IndexTable& table = tables_[i].table;
            if (tables_[i].number != number) {
                continue;
            }
            ++seen_[i];
            KQ_ASSIGN(
                Statement find,
                connection_.Prepare("SELECT 1 FROM \"" + table.name + "\" WHERE " + WhereRow(table))
            );
            KQ_TRY(BindRow(find, table, row, home, key, texts_));
            KQ_ASSIGN(const bool found, find.Step());
            if (!found) {
                faults_.push_back(
                    "index: a row of record " + std::to_string(key) + " is missing in " + table.name
                );
            }
        }
        return {};
    }

    core::Status Count() {
        for (std::size_t i = 0; i < tables_.size() && faults_.size() < kMostFaults; ++i) {
            const std::string& name = tables_[i].table.name;
            KQ_ASSIGN(
                const std::int64_t count,
                connection_.Number("SELECT count(*) FROM \"" + name + "\"")
            );
            if (count != seen_[i]) {
                faults_.push_back(
                    "index: " + name + " has " + std::to_string(count) + " rows, the records say " +
                    std::to_string(seen_[i])
                );
            }
        }
        return {};
    }

    Connection& connection_;
    const std::vector<PlacedTable>& tables_;
    Faults& faults_;
    std::vector<std::int64_t> seen_;
    std::vector<std::string> texts_;
};

}  // namespace

core::Result<std::vector<std::string>>
CheckFile(Connection& connection, const BodyCodec& codec, const std::vector<PlacedTable>& tables) {
    Faults faults;
    const auto note = [&](const core::Status& done) {
        if (!done.ok()) {
            faults.push_back(done.error().Line());
        }
    };
    for (const std::string_view rule : kRules) {
        note(Collect(connection, rule, faults));
    }
    note(CheckBodies(connection, codec, faults));
    note(RowCheck(connection, tables, faults).Run());
    return faults;
}

}  // namespace kangqu::store::sqlite
