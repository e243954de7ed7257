#include "sqlite/sqlite_store.hpp"

#include <filesystem>
#include <fstream>
#include <mutex>
#include <system_error>

namespace kangqu::store::sqlite {

namespace {

// Chosen by measurement, see docs/adr/0002-store-schema.md.
constexpr const char* kFilePragmas =
    "PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=WAL";
constexpr const char* kWriterPragmas =
    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-262144";

// Memory statistics cost a global lock at each allocation.
void ConfigureOnce() {
    static std::once_flag once;
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

core::Status CheckDurable(Connection& connection) {
    KQ_ASSIGN(const std::int64_t synchronous, connection.Number("PRAGMA synchronous"));
    KQ_ASSIGN(Statement journal, connection.Prepare("PRAGMA journal_mode"));
    KQ_ASSIGN(const bool row, journal.Step());
    constexpr std::int64_t kFull = 2;
    if (synchronous < kFull || !row || journal.Bytes(0) != "wal") {
        return core::MakeError(core::ErrorCode::kStoreIo, "the file cannot be written durably");
    }
    return {};
}

// Writing into blocks that the log already has is flushed faster than growing it. What lies behind
// the last frame is never read, so zeros may stand there.
core::Status PreGrow(const std::string& log) {
    constexpr std::uintmax_t kBytes = std::uintmax_t{8} << 20U;
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(log, failed);
    if (failed || size >= kBytes) {
        return {};
    }
    {
        std::ofstream file(log, std::ios::binary | std::ios::app);
        file << std::string(static_cast<std::size_t>(kBytes - size), '\0');
        if (!file.flush()) {
            // Not a fault yet: the first write that needs the space will tell.
            return {};
        }
    }
    return SyncFile(log);
}

core::Status LoadDictionaries(Connection& connection, BodyCodec& codec) {
    KQ_ASSIGN(Statement all, connection.Prepare("SELECT number, body FROM dictionary"));
    for (;;) {
        KQ_ASSIGN(const bool row, all.Step());
        if (!row) {
            return {};
        }
        KQ_TRY(codec.AddDictionary(all.Integer(0), all.Bytes(1)));
    }
}

}  // namespace

core::Result<std::unique_ptr<Store>> SqliteStore::Open(StoreOptions options) {
    KQ_CHECK(options.clock != nullptr, "a store needs a clock");
    ConfigureOnce();
    std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(options)));
    KQ_TRY(store->Start());
    return std::unique_ptr<Store>(std::move(store));
}

core::Status SqliteStore::Start() {
    KQ_ASSIGN(lock_, FolderLock::Take(options_.folder));
    KQ_ASSIGN(writing_, Connection::Open(path(), false));
    KQ_TRY(writing_->Execute(kFilePragmas));
    KQ_TRY(writing_->Execute(kWriterPragmas));
    // The log keeps its size between runs: blocks once there are flushed faster than new ones.
    int keep = 1;
    sqlite3_file_control(writing_->handle(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    KQ_TRY(CheckDurable(*writing_));
    KQ_TRY(Migrate(*writing_));
    KQ_ASSIGN(tables_, PlaceIndexTables(*writing_, options_.index_tables));
    KQ_TRY(LoadDictionaries(*writing_, codec_));
    KQ_TRY(PreGrow(path() + "-wal"));
    KQ_TRY(SyncFolder(options_.folder));
    readers_ = std::make_unique<ReaderPool>(path(), options_.statement_ms, codec_);
    KQ_ASSIGN(writes_, Writes::Open(*writing_, codec_, tables_));
    groups_ = std::make_unique<SqliteGroups>(*writing_, codec_, *options_.clock, *writes_);
    position_ = std::make_unique<FeedPosition>(writes_->position());
    queue_ = std::make_unique<WriteQueue>(
        *groups_, *position_, options_.group_limit, options_.queue_limit
    );
    return {};
}

SqliteStore::~SqliteStore() {
    // The writing connection closes last and so takes the log into the file.
    queue_.reset();
    groups_.reset();
    writes_.reset();
    readers_.reset();
}

std::vector<IndexState> SqliteStore::index_states() const {
    std::vector<IndexState> states;
    for (const PlacedTable& placed : tables_) {
        states.push_back({placed.table.name, placed.since, placed.number});
    }
    return states;
}

core::Result<std::vector<std::string>> SqliteStore::Check() {
    KQ_ASSIGN(const std::unique_ptr<Connection> connection, Connection::Open(path(), true));
    KQ_TRY(connection->Execute("BEGIN"));
    auto faults = CheckFile(*connection, codec_, tables_);
    KQ_TRY(connection->Execute("ROLLBACK"));
    return faults;
}

core::Status SqliteStore::Repair() {
    KQ_TRY(Write([](Writer& writer) { return writer.RebuildRows(); }));
    return {};
}

}  // namespace kangqu::store::sqlite
