#include "postgres/postgres_store.hpp"

#include <charconv>
#include <chrono>

namespace kangqu::store::postgres {

namespace {

// Sessions lent and idle; the server's own limit is 100 unless changed.
constexpr int kMaxLent = 64;
constexpr std::size_t kMaxIdle = 32;
constexpr std::chrono::seconds kWaitForSession{5};
constexpr const char* kBegin =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT change FROM writer";

class SnapshotSession final : public ReadingSession<Reader, Reads> {
public:
    SnapshotSession(
        ReaderPool& pool,
        std::unique_ptr<Connection> connection,
        std::unique_ptr<Reads> reads,
        Position position
    )
        : ReadingSession(*reads),
          pool_(pool),
          connection_(std::move(connection)),
          reads_(std::move(reads)),
          position_(position) {}
    ~SnapshotSession() override {
        if (connection_->alive()) {
            // A transaction that only read cannot fail to end in a way that matters.
            (void)connection_->Execute("ROLLBACK");
        }
        pool_.TakeBack(std::move(connection_));
    }
    SnapshotSession(const SnapshotSession&) = delete;
    SnapshotSession& operator=(const SnapshotSession&) = delete;

    Position position() const override { return position_; }

private:
    ReaderPool& pool_;
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<Reads> reads_;
    Position position_;
};

}  // namespace

ReaderPool::~ReaderPool() {
    KQ_CHECK(lent_ == 0, "a Reader outlives its Store");
}

core::Result<std::unique_ptr<Connection>> ReaderPool::Lend(bool fresh) {
    if (!fresh) {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            std::unique_ptr<Connection> connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
    }
    return Connection::Open(url_, {.statement_ms = statement_ms_});
}

core::Result<std::unique_ptr<Reader>> ReaderPool::BeginOn(std::unique_ptr<Connection> connection) {
    KQ_ASSIGN(const std::string text, connection->Text(kBegin));
    Position position = 0;
    std::from_chars(text.data(), text.data() + text.size(), position);
    auto reads = std::make_unique<Reads>(*connection, codec_, texts_);
    return std::unique_ptr<Reader>(
        std::make_unique<SnapshotSession>(*this, std::move(connection), std::move(reads), position)
    );
}

core::Result<std::unique_ptr<Reader>> ReaderPool::Begin() {
    {
        std::unique_lock lock(mutex_);
        if (!returned_.wait_for(lock, kWaitForSession, [this] { return lent_ < kMaxLent; })) {
            return core::MakeError(core::ErrorCode::kBusy);
        }
        ++lent_;
    }
    core::Result<std::unique_ptr<Reader>> reader = std::unique_ptr<Reader>();
    // An idle session may have died with a restart of the server; a new one tells how things are.
    for (const bool fresh : {false, true}) {
        auto connection = Lend(fresh);
        reader = connection.ok() ? BeginOn(std::move(connection).value())
                                 : core::Result<std::unique_ptr<Reader>>(connection.error());
        if (reader.ok()) {
            return reader;
        }
    }
    const std::lock_guard lock(mutex_);
    --lent_;
    returned_.notify_one();
    return reader;
}

void ReaderPool::TakeBack(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (connection->alive() && !connection->in_transaction() && idle_.size() < kMaxIdle) {
        idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
}

core::Result<std::unique_ptr<Store>> PostgresStore::Open(StoreOptions options) {
    KQ_CHECK(options.clock != nullptr, "a store needs a clock");
    std::unique_ptr<PostgresStore> store(new PostgresStore(std::move(options)));
    KQ_TRY(store->Start());
    return std::unique_ptr<Store>(std::move(store));
}

core::Status PostgresStore::Start() {
    if (!options_.folder.empty()) {
        KQ_ASSIGN(lock_, FolderLock::Take(options_.folder));
    }
    groups_ = std::make_unique<PostgresGroups>(
        options_.database, codec_, *options_.clock, options_.index_tables
    );
    KQ_TRY(groups_->Start());
    readers_ = std::make_unique<ReaderPool>(options_.database, options_.statement_ms, codec_);
    position_ = std::make_unique<FeedPosition>(groups_->position());
    queue_ = std::make_unique<WriteQueue>(
        *groups_, *position_, options_.group_limit, options_.queue_limit
    );
    return {};
}

PostgresStore::~PostgresStore() {
    queue_.reset();
    readers_.reset();
    groups_.reset();
}

std::vector<IndexState> PostgresStore::index_states() const {
    std::vector<IndexState> states;
    for (const PlacedTable& placed : groups_->tables()) {
        states.push_back({placed.table.name, placed.since, placed.number});
    }
    return states;
}

core::Result<std::vector<std::string>> PostgresStore::Check() {
    KQ_ASSIGN(const auto connection, Connection::Open(options_.database, Patience()));
    KQ_TRY(connection->Execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    return CheckDatabase(*connection, codec_, groups_->tables());
}

core::Status PostgresStore::Repair() {
    KQ_TRY(Write([](Writer& writer) { return writer.RebuildRows(); }));
    return {};
}

}  // namespace kangqu::store::postgres
