#include "postgres/schema.hpp"

#include "migration.hpp"
#include <algorithm>

namespace kangqu::store::postgres {

namespace {

std::string_view TypeOf(IndexColumn::Type type) {
    switch (type) {
        case IndexColumn::Type::kInteger:
            return "bigint";
        case IndexColumn::Type::kReal:
            return "double precision";
        case IndexColumn::Type::kText:
            break;
    }
    return "text COLLATE \"C\"";
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
                      "home bigint NOT NULL, key bigint NOT NULL, PRIMARY KEY (" + ListOf(names) +
                      "));";
    int number = 0;
    for (const auto& order : table.orders) {
        sql += "CREATE INDEX " + Quoted(table.name + "_order_" + std::to_string(++number)) +
               " ON " + Quoted(table.name) + " (" + ListOf(order) + ");";
    }
    return sql;
}

core::Result<PlacedTable> PlaceOne(Connection& connection, const IndexTable& table) {
    const std::string definition = DefinitionOf(table);
    PlacedTable placed{table, 0, 0};
    KQ_ASSIGN(
        const Rows found,
        connection.Run(
            "SELECT number, definition, since FROM index_table WHERE name = ?",
            Params().Add(std::string_view(table.name))
        )
    );
    if (found.size() == 1 && found.Bytes(0, 1) == definition) {
        placed.number = found.Integer(0, 0);
        placed.since = found.Integer(0, 2);
        return placed;
    }
    const std::string drop = found.size() == 0 ? std::string()
                                               : "DROP TABLE " + Quoted(table.name) +
                                                     "; DELETE FROM index_table WHERE name = '" +
                                                     table.name + "';";
    // Numbers of dropped definitions still stand in old versions, so they are not given again.
    KQ_ASSIGN(
        const std::int64_t last,
        connection.Number("SELECT value FROM counter WHERE name = 'index_table'")
    );
    KQ_ASSIGN(placed.since, connection.Number("SELECT change FROM writer"));
    placed.number = last + 1;
    const std::string number = std::to_string(placed.number);
    KQ_TRY(InTransaction(
        connection,
        drop + definition + "INSERT INTO counter VALUES ('index_table', " + number +
            ") ON CONFLICT (name) DO UPDATE SET value = excluded.value;" +
            "INSERT INTO index_table VALUES (" + number + ", '" + table.name + "', $kq$" +
            definition + "$kq$, " + std::to_string(placed.since) + ");"
    ));
    return placed;
}

}  // namespace

core::Status InTransaction(Connection& connection, const std::string& sql) {
    core::Status done = connection.Execute("BEGIN;" + sql + ";COMMIT");
    if (!done.ok() && connection.alive() && connection.in_transaction()) {
        // The first error is the one worth telling.
        (void)connection.Execute("ROLLBACK");
    }
    return done;
}

core::Status PlaceSchema(Connection& connection) {
    const auto there = connection.Text("SELECT current_schema() IS NOT NULL");
    KQ_TRY(there);
    if (there.value() == "t") {
        return {};
    }
    KQ_ASSIGN(const std::string name, connection.Text("SHOW search_path"));
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || letter == '_' ||
               (letter >= '0' && letter <= '9');
    });
    if (!plain) {
        return core::MakeError(core::ErrorCode::kInvalidArgument, "search_path", name);
    }
    return connection.Execute("CREATE SCHEMA IF NOT EXISTS " + Quoted(name));
}

core::Status Migrate(Connection& connection) {
    KQ_TRY(connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL)")
    );
    KQ_ASSIGN(
        const std::int64_t found, connection.Number("SELECT max(version) FROM schema_version")
    );
    const auto newest = static_cast<std::int64_t>(Migrations().size());
    if (found > newest) {
        return core::MakeError(
            core::ErrorCode::kStoreTooNew, std::to_string(found), std::to_string(newest)
        );
    }
    for (const Migration& migration : Migrations()) {
        if (migration.number > found) {
            KQ_TRY(InTransaction(
                connection,
                std::string(migration.sql) + ";INSERT INTO schema_version VALUES (" +
                    std::to_string(migration.number) + ")"
            ));
        }
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

}  // namespace kangqu::store::postgres
