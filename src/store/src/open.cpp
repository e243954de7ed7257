#include "postgres/postgres_store.hpp"
#include "sqlite/sqlite_store.hpp"

namespace kangqu::store {

core::Result<std::unique_ptr<Store>> Store::Open(StoreOptions options) {
    constexpr std::string_view kSqlite = "sqlite:";
    constexpr std::string_view kFile = "/kangqu.db";
    const std::string_view database = options.database;
    if (database.starts_with("postgresql://") || database.starts_with("postgres://")) {
        return postgres::PostgresStore::Open(std::move(options));
    }
    if (database.empty()) {
        return sqlite::SqliteStore::Open(std::move(options));
    }
    if (!database.starts_with(kSqlite) || !database.ends_with(kFile)) {
        return core::MakeError(
            core::ErrorCode::kInvalidArgument,
            "database",
            "sqlite:FOLDER/kangqu.db, postgresql://HOST/DATABASE"
        );
    }
    // The folder is the file's: lock, socket and database lie side by side.
    options.folder =
        database.substr(kSqlite.size(), database.size() - kSqlite.size() - kFile.size());
    options.database.clear();
    return sqlite::SqliteStore::Open(std::move(options));
}

}  // namespace kangqu::store
