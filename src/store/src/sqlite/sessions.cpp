#include "sqlite/sessions.hpp"

#include <mutex>

namespace kangqu::store::sqlite {

namespace {

constexpr std::size_t kMaxIdle = 32;
constexpr const char* kReaderCache = "PRAGMA cache_size=-16384";

class SnapshotSession final : public ReadingSession<Reader, Reads> {
public:
    SnapshotSession(ReaderPool& pool, ReadingConnection connection, Position position)
        : ReadingSession(*connection.reads),
          pool_(pool),
          connection_(std::move(connection)),
          position_(position) {}
    ~SnapshotSession() override {
        // A transaction that only read cannot fail to end in a way that matters.
        (void)connection_.connection->Execute("ROLLBACK");
        pool_.TakeBack(std::move(connection_));
    }
    SnapshotSession(const SnapshotSession&) = delete;
    SnapshotSession& operator=(const SnapshotSession&) = delete;

    Position position() const override { return position_; }

private:
    ReaderPool& pool_;
    ReadingConnection connection_;
    Position position_;
};

}  // namespace

ReaderPool::~ReaderPool() {
    KQ_CHECK(lent_ == 0, "a Reader outlives its Store");
}

core::Result<ReadingConnection> ReaderPool::Lend() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            ReadingConnection connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
    }
    ReadingConnection made;
    KQ_ASSIGN(made.connection, Connection::Open(path_, true));
    KQ_TRY(made.connection->Execute(kReaderCache));
    made.reads = std::make_unique<Reads>(*made.connection, codec_, statement_ms_);
    return made;
}

core::Result<std::unique_ptr<Reader>> ReaderPool::Begin() {
    KQ_ASSIGN(ReadingConnection connection, Lend());
    KQ_TRY(connection.connection->Execute("BEGIN"));
    // The first read takes the snapshot; it also tells where it stands.
    KQ_ASSIGN(
        const Position position, connection.connection->Number("SELECT max(change) FROM version")
    );
    {
        const std::lock_guard lock(mutex_);
        ++lent_;
    }
    return std::unique_ptr<Reader>(
        std::make_unique<SnapshotSession>(*this, std::move(connection), position)
    );
}

void ReaderPool::TakeBack(ReadingConnection connection) {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (idle_.size() < kMaxIdle) {
        idle_.push_back(std::move(connection));
    }
}

}  // namespace kangqu::store::sqlite
