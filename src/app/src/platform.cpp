#include "kangqu/app/platform.hpp"

#include <filesystem>

namespace kangqu::app {

core::Result<std::string> DataFolder(const std::string& data, const std::string& database) {
    const bool postgres =
        database.starts_with("postgresql://") || database.starts_with("postgres://");
    if (database.empty() || postgres) {
        return data;
    }
    constexpr std::string_view kSqlite = "sqlite:";
    const std::filesystem::path file(
        database.starts_with(kSqlite) ? database.substr(kSqlite.size()) : std::string()
    );
    if (file.filename() != "kangqu.db") {
        return core::MakeError(
            core::ErrorCode::kInvalidArgument,
            "--database",
            "sqlite:DIR/kangqu.db, postgresql://HOST/DATABASE"
        );
    }
    return file.has_parent_path() ? file.parent_path().string() : std::string(".");
}

std::string SocketOf(const std::string& folder) {
    return folder + "/kangqu.sock";
}

core::Result<std::unique_ptr<Platform>>
Platform::Open(const std::string& data, const std::string& database) {
    KQ_ASSIGN(const std::string folder, DataFolder(data, database));
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return core::MakeError(core::ErrorCode::kFileUnwritable, folder, error.message());
    }
    std::unique_ptr<Platform> platform(new Platform());
    platform->folder_ = folder;
    KQ_ASSIGN(platform->indexer_, search::Indexer::Make());
    store::StoreOptions options;
    options.folder = folder;
    options.database = database.starts_with("sqlite:") ? std::string() : database;
    options.index_tables = search::IndexTables();
    options.clock = &platform->clock_;
    KQ_ASSIGN(platform->store_, store::Store::Open(std::move(options)));
    platform->records_ =
        std::make_unique<records::Records>(*platform->store_, *platform->indexer_, platform->ids_);
    return platform;
}

}  // namespace kangqu::app
