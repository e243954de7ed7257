#include "postgres/postgres_store.hpp"
#include "sqlite/sqlite_store.hpp"

namespace kangqu::store {

namespace {

core::Error NoCopies() {
    return core::MakeError(core::ErrorCode::kNotSupported, "copies");
}

}  // namespace

core::Status Writer::AdoptText(std::int64_t, std::string_view) {
    return NoCopies();
}
core::Status Writer::AdoptId(std::string_view, std::string_view, Home, RecordKey) {
    return NoCopies();
}
core::Status Writer::AdoptVersion(const Version&, std::string_view) {
    return NoCopies();
}
core::Status Writer::AdoptLack(std::string_view, Position) {
    return NoCopies();
}
core::Status Writer::RebuildRows() {
    return NoCopies();
}

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
