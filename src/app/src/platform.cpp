#include "kangqu/app/platform.hpp"

#include <filesystem>

namespace kangqu::app {

core::Result<std::string> DataFolder(const std::string& data, const std::string& database) {
    if (database.empty()) {
        return data;
    }
    constexpr std::string_view kSqlite = "sqlite:";
    if (!database.starts_with(kSqlite)) {
        return core::MakeError(core::ErrorCode::kNotSupported, "--database " + database);
    }
    const std::filesystem::path file(database.substr(kSqlite.size()));
    if (file.filename() != "kangqu.db") {
        return core::MakeError(
            core::ErrorCode::kInvalidArgument, "--database", "sqlite:DIR/kangqu.db"
        );
    }
    return file.has_parent_path() ? file.parent_path().string() : std::string(".");
}

std::string SocketOf(const std::string& folder) {
    return folder + "/kangqu.sock";
}

core::Result<std::unique_ptr<Platform>> Platform::Open(const std::string& folder) {
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
    options.index_tables = search::IndexTables();
    options.clock = &platform->clock_;
    KQ_ASSIGN(platform->store_, store::Store::Open(std::move(options)));
    platform->records_ =
        std::make_unique<records::Records>(*platform->store_, *platform->indexer_, platform->ids_);
    return platform;
}

}  // namespace kangqu::app
