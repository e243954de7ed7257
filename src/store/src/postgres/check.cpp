#include "postgres/pending.hpp"
#include "postgres/postgres_store.hpp"
#include "row_code.hpp"
#include <map>
#include <string>

namespace kangqu::store::postgres {

namespace {

constexpr std::size_t kMostFaults = 100;
constexpr std::int64_t kPage = 2'000;

using Faults = std::vector<std::string>;

// Every answer of these is a fault.
constexpr std::string_view kRules[] = {
    "SELECT 'current: record ' || c.key || ' points to a change that is not its own'"
    " FROM current c LEFT JOIN version v ON v.home = c.home AND v.change = c.change"
    " WHERE v.change IS NULL OR v.key <> c.key OR v.version <> c.version OR v.type <> c.type"
    " OR CASE WHEN v.method = 3 THEN 1 ELSE 0 END <> c.deleted",
    "SELECT 'superseded: version ' || s.version || ' of record ' || s.key || ' is not its own'"
    " FROM superseded s LEFT JOIN version v ON v.home = s.home AND v.change = s.change"
    " WHERE v.change IS NULL OR v.key <> s.key OR v.version <> s.version",
    "SELECT 'version: ' || (SELECT count(*) FROM version) || ' versions, but ' ||"
    " (SELECT count(*) FROM current) || ' current and ' || (SELECT count(*) FROM superseded) ||"
    " ' superseded' WHERE (SELECT count(*) FROM version) <> (SELECT count(*) FROM current) +"
    " (SELECT count(*) FROM superseded)",
    "SELECT 'ids: record ' || c.key || ' is not where its id says' FROM current c"
    " JOIN version v ON v.home = c.home AND v.change = c.change"
    " LEFT JOIN ids i ON i.type = v.type AND i.id = v.id"
    " WHERE i.key IS NULL OR i.key <> c.key OR i.home <> c.home",
    "SELECT 'feed: ' || count(*) || ' changes up to ' || max(change) FROM version"
    " HAVING count(*) <> coalesce(max(change), 0)",
    "SELECT 'feed: time falls at change ' || b.change FROM version a"
    " JOIN version b ON b.change = a.change + 1 WHERE b.updated < a.updated",
    "SELECT 'writer: stands at change ' || w.change || ', the feed at ' || coalesce(f.last, 0)"
    " FROM writer w, (SELECT max(change) AS last FROM version) f"
    " WHERE w.change <> coalesce(f.last, 0)",
};

class DatabaseCheck {
public:
    DatabaseCheck(
        Connection& connection,
        const BodyCodec& codec,
        const std::vector<PlacedTable>& tables
    )
        : connection_(connection), codec_(codec), tables_(tables), seen_(tables.size()) {
        for (const PlacedTable& placed : tables) {
            arrays_.emplace_back(placed.table);
        }
    }

    core::Result<Faults> Run() {
        for (const std::string_view rule : kRules) {
            KQ_ASSIGN(const Rows rows, connection_.Run(rule, Params()));
            for (int row = 0; row < rows.size(); ++row) {
                Note(std::string(rows.Bytes(row, 0)));
            }
        }
        KQ_TRY(Versions());
        KQ_TRY(Count());
        return faults_;
    }

private:
    void Note(std::string fault) {
        if (faults_.size() < kMostFaults) {
            faults_.push_back(std::move(fault));
        }
    }

    core::Status Versions() {
        for (Position last = 0;;) {
            KQ_ASSIGN(
                const Rows rows,
                connection_.Run(
                    "SELECT v.change, v.method, v.body, v.rows, v.home, v.key, c.change FROM"
                    " version v LEFT JOIN current c ON c.home = v.home AND c.key = v.key AND"
                    " c.change = v.change WHERE v.change > ? ORDER BY v.change LIMIT ?",
                    Params().Add(last).Add(kPage)
                )
            );
            if (rows.size() == 0) {
                break;
            }
            for (int row = 0; row < rows.size(); ++row) {
                KQ_TRY(OneVersion(rows, row));
            }
            last = rows.Integer(rows.size() - 1, 0);
            for (std::size_t i = 0; i < tables_.size(); ++i) {
                KQ_TRY(AskFor(i));
            }
        }
        return {};
    }

    core::Status OneVersion(const Rows& rows, int row) {
        const std::string change = "change " + std::to_string(rows.Integer(row, 0)) + ": ";
        const bool deletion = rows.Integer(row, 1) == static_cast<std::int64_t>(Method::kDelete);
        if (deletion != rows.IsNull(row, 2)) {
            Note(change + "body of a deletion, or none of a version");
        } else if (!deletion) {
            const auto body = codec_.Unpack(rows.Bytes(row, 2));
            if (!body.ok()) {
                Note(change + body.error().Line());
            }
        }
        const auto list = UnpackRows(rows.Bytes(row, 3));
        if (!list.ok()) {
            Note(change + "list of index rows");
            return {};
        }
        if (rows.IsNull(row, 6)) {
            return {};
        }
        for (const std::string& one : list.value()) {
            std::string_view bytes = one;
            const auto number = TakeInteger(bytes);
            for (std::size_t i = 0; i < tables_.size(); ++i) {
                if (tables_[i].number == number) {
                    ++seen_[i];
                    KQ_TRY(arrays_[i].Add(bytes, rows.Integer(row, 4), rows.Integer(row, 5)));
                }
            }
        }
        return {};
    }

    core::Status AskFor(std::size_t table) {
        if (arrays_[table].size() == 0) {
            return {};
        }
        const std::string& name = tables_[table].table.name;
        KQ_ASSIGN(
            const Rows missing,
            connection_.Run(MissingRowsSql(tables_[table].table), arrays_[table].ToParams())
        );
        for (int row = 0; row < missing.size(); ++row) {
            Note(
                "index: a row of record " + std::to_string(missing.Integer(row, 0)) +
                " is missing in " + name
            );
        }
        arrays_[table].Clear();
        return {};
    }

    core::Status Count() {
        for (std::size_t i = 0; i < tables_.size(); ++i) {
            const std::string& name = tables_[i].table.name;
            KQ_ASSIGN(
                const std::int64_t count, connection_.Number("SELECT count(*) FROM " + Quoted(name))
            );
            if (count != seen_[i]) {
                Note(
                    "index: " + name + " has " + std::to_string(count) + " rows, the records say " +
                    std::to_string(seen_[i])
                );
            }
        }
        return {};
    }

    Connection& connection_;
    const BodyCodec& codec_;
    const std::vector<PlacedTable>& tables_;
    std::vector<std::int64_t> seen_;
    std::vector<RowArrays> arrays_;
    Faults faults_;
};

}  // namespace

core::Result<std::vector<std::string>> CheckDatabase(
    Connection& connection,
    const BodyCodec& codec,
    const std::vector<PlacedTable>& tables
) {
    return DatabaseCheck(connection, codec, tables).Run();
}

}  // namespace kangqu::store::postgres
