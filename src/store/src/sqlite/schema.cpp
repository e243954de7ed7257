#include "sqlite/schema.hpp"

#include <algorithm>
#include <array>

namespace kangqu::store::sqlite {

namespace {

// "KQ" 0x4B51 and the kind of file.
constexpr std::int64_t kApplicationId = 0x4B51'0001;
constexpr std::array<std::string_view, 10> kOwnTables = {
    "counter",
    "interned",
    "ids",
    "version",
    "current",
    "value",
    "home",
    "index_table",
    "dictionary",
    "superseded"};
constexpr std::size_t kMaxNameBytes = 60;

bool IsName(std::string_view name) {
    return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '_' &&
           std::all_of(name.begin(), name.end(), [](char letter) {
               return (letter >= 'a' && letter <= 'z') || letter == '_' ||
                      (letter >= '0' && letter <= '9');
           });
}

core::Error WrongTable(const IndexTable& table, const std::string& why) {
    return core::MakeError(core::ErrorCode::kInvalidArgument, "index_tables." + table.name, why);
}

core::Status CheckTable(const IndexTable& table) {
    const bool own =
        std::find(kOwnTables.begin(), kOwnTables.end(), table.name) != kOwnTables.end();
    if (!IsName(table.name) || own || table.name.starts_with("sqlite")) {
        return WrongTable(table, "name");
    }
    if (table.columns.empty()) {
        return WrongTable(table, "no columns");
    }
    std::vector<std::string> names = {"home", "key"};
    for (const IndexColumn& column : table.columns) {
        if (!IsName(column.name) ||
            std::find(names.begin(), names.end(), column.name) != names.end()) {
            return WrongTable(table, "column " + column.name);
        }
        names.push_back(column.name);
    }
    for (const auto& order : table.orders) {
        for (const std::string& column : order) {
            if (std::find(names.begin(), names.end(), column) == names.end()) {
                return WrongTable(table, "order by unknown column " + column);
            }
        }
    }
    return {};
}

std::string_view TypeOf(IndexColumn::Type type) {
    switch (type) {
        case IndexColumn::Type::kInteger:
            return "INTEGER";
        case IndexColumn::Type::kReal:
            return "REAL";
        case IndexColumn::Type::kText:
            break;
    }
    return "TEXT";
}

std::string Quoted(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

std::string ListOf(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + Quoted(name);
    }
    return list;
}

// The SQL that makes the table, which is also what tells whether a definition changed.
std::string DefinitionOf(const IndexTable& table) {
    std::string columns;
    std::vector<std::string> names;
    for (const IndexColumn& column : table.columns) {
        columns += Quoted(column.name) + " " + std::string(TypeOf(column.type)) + " NOT NULL, ";
        names.push_back(column.name);
    }
    names.insert(names.end(), {"home", "key"});
    std::string sql = "CREATE TABLE " + Quoted(table.name) + " (" + columns +
                      "home INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (" + ListOf(names) +
                      ")) WITHOUT ROWID;";
    int number = 0;
    for (const auto& order : table.orders) {
        sql += "CREATE INDEX " + Quoted(table.name + "_order_" + std::to_string(++number)) +
               " ON " + Quoted(table.name) + " (" + ListOf(order) + ");";
    }
    return sql;
}

core::Status InTransaction(Connection& connection, const std::string& sql) {
    KQ_TRY(connection.Execute("BEGIN IMMEDIATE"));
    core::Status done = connection.Execute(sql);
    if (done.ok()) {
        done = connection.Execute("COMMIT");
    }
    if (!done.ok() && connection.in_transaction()) {
        // The first error is the one worth telling.
        (void)connection.Execute("ROLLBACK");
    }
    return done;
}

core::Result<PlacedTable> PlaceOne(Connection& connection, const IndexTable& table) {
    KQ_TRY(CheckTable(table));
    const std::string definition = DefinitionOf(table);
    PlacedTable placed{table, 0, 0};
    std::string drop;
    {
        KQ_ASSIGN(
            Statement find,
            connection.Prepare("SELECT number, definition, since FROM index_table WHERE name = ?1")
        );
        find.Bind(1, std::string_view(table.name));
        KQ_ASSIGN(const bool exists, find.Step());
        if (exists && find.Bytes(1) == definition) {
            placed.number = find.Integer(0);
            placed.since = find.Integer(2);
            return placed;
        }
        if (exists) {
            drop = "DROP TABLE " + Quoted(table.name) + "; DELETE FROM index_table WHERE name = '" +
                   table.name + "';";
        }
    }
    // Numbers of dropped definitions still stand in old versions, so they are not given again.
    KQ_ASSIGN(
        const std::int64_t last,
        connection.Number("SELECT value FROM counter WHERE name = 'index_table'")
    );
    KQ_ASSIGN(placed.since, connection.Number("SELECT max(change) FROM version"));
    placed.number = last + 1;
    const std::string number = std::to_string(placed.number);
    KQ_TRY(InTransaction(
        connection,
        drop + definition + "INSERT OR REPLACE INTO counter VALUES ('index_table', " + number +
            "); INSERT INTO index_table VALUES (" + number + ", '" + table.name + "', '" +
            definition + "', " + std::to_string(placed.since) + ");"
    ));
    return placed;
}

}  // namespace

core::Status Migrate(Connection& connection) {
    KQ_ASSIGN(const std::int64_t found, connection.Number("PRAGMA user_version"));
    KQ_ASSIGN(const std::int64_t application, connection.Number("PRAGMA application_id"));
    const auto newest = static_cast<std::int64_t>(Migrations().size());
    if (found > 0 && application != kApplicationId) {
        return core::MakeError(core::ErrorCode::kStoreCorrupt, "kangqu.db is not a store");
    }
    if (found > newest) {
        return core::MakeError(
            core::ErrorCode::kStoreTooNew, std::to_string(found), std::to_string(newest)
        );
    }
    for (const Migration& migration : Migrations()) {
        if (migration.number <= found) {
            continue;
        }
        KQ_TRY(InTransaction(
            connection,
            std::string(migration.sql) +
                ";PRAGMA application_id = " + std::to_string(kApplicationId) +
                "; PRAGMA user_version = " + std::to_string(migration.number) + ";"
        ));
    }
    return {};
}

core::Result<std::vector<PlacedTable>>
PlaceIndexTables(Connection& connection, const std::vector<IndexTable>& wanted) {
    std::vector<PlacedTable> placed;
    for (const IndexTable& table : wanted) {
        const bool twice = std::any_of(placed.begin(), placed.end(), [&](const PlacedTable& other) {
            return other.table.name == table.name;
        });
        if (twice) {
            return WrongTable(table, "described twice");
        }
        KQ_ASSIGN(PlacedTable one, PlaceOne(connection, table));
        placed.push_back(std::move(one));
    }
    return placed;
}

}  // namespace kangqu::store::sqlite
