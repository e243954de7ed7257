#include "sqlite/schema.hpp"

namespace kangqu::store::sqlite {

namespace {

// "KQ" 0x4B51 and the kind of file.
constexpr std::int64_t kApplicationId = 0x4B51'0001;
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
    KQ_TRY(CheckTables(wanted));
    std::vector<PlacedTable> placed;
    for (const IndexTable& table : wanted) {
        KQ_ASSIGN(PlacedTable one, PlaceOne(connection, table));
        placed.push_back(std::move(one));
    }
    return placed;
}

}  // namespace kangqu::store::sqlite
