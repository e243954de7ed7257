#pragma once

#include "kangqu/store/store.hpp"

#include "body_codec.hpp"
#include "folder_lock.hpp"
#include "placed_table.hpp"
#include "postgres/connection.hpp"
#include "postgres/filter_fill.hpp"
#include "postgres/reads.hpp"
#include "postgres/writes.hpp"
#include "reading_session.hpp"
#include "text_cache.hpp"
#include "training.hpp"
#include "write_queue.hpp"
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kangqu::store::postgres {

// The groups of the queue as transactions of the one session that holds the right to write. A lost
// session is taken up again at the next group; a group whose commit was cut off is looked up, and
// only what the server has is acknowledged.
class PostgresGroups final : public GroupTarget {
public:
    PostgresGroups(
        std::string url,
        BodyCodec& codec,
        const core::Clock& clock,
        const std::vector<IndexTable>& wanted
    )
        : url_(std::move(url)), codec_(codec), clock_(clock), wanted_(wanted) {}

    // Takes the right to write, migrates, places the tables.
    core::Status Start();
    const std::vector<PlacedTable>& tables() const { return tables_; }

    core::Status Begin() override;
    core::Status Run(const Work& work) override;
    bool lost() const override { return lost_; }
    Position position() const override { return writes_ ? writes_->position() : last_position_; }
    core::Status Finish() override;
    core::Status Commit() override;
    void Rollback() override { writes_->RollbackGroup(); }
    void Rest(bool idle) override;

private:
    core::Status Connect();
    core::Status Reconnect();
    core::Status LoadDictionaries();
    core::Status Train();

    const std::string url_;
    BodyCodec& codec_;
    const core::Clock& clock_;
    const std::vector<IndexTable>& wanted_;
    std::vector<PlacedTable> tables_;
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<FilterFill> fill_;
    std::unique_ptr<Writes> writes_;
    Counters found_;  // what the last Connect found
    int session_ = 0;
    Position last_position_ = 0;
    bool lost_ = false;
    bool fenced_ = false;  // another program took the right to write
    Training training_;
    Position analyzed_at_ = 0;
};

// Idle reading sessions.
class ReaderPool {
public:
    ReaderPool(std::string url, int statement_ms, const BodyCodec& codec)
        : url_(std::move(url)), statement_ms_(statement_ms), codec_(codec) {}
    ~ReaderPool();
    ReaderPool(const ReaderPool&) = delete;
    ReaderPool& operator=(const ReaderPool&) = delete;

    // A session over the newest snapshot; it must die before the pool.
    core::Result<std::unique_ptr<Reader>> Begin();
    void TakeBack(std::unique_ptr<Connection> connection);
    TextCache& texts() { return texts_; }

private:
    core::Result<std::unique_ptr<Connection>> Lend(bool fresh);
    core::Result<std::unique_ptr<Reader>> BeginOn(std::unique_ptr<Connection> connection);

    const std::string url_;
    const int statement_ms_;
    const BodyCodec& codec_;
    TextCache texts_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> idle_;
    int lent_ = 0;
};

class PostgresStore final : public Store {
public:
    static core::Result<std::unique_ptr<Store>> Open(StoreOptions options);
    ~PostgresStore() override;

    core::Result<std::unique_ptr<Reader>> Read() override { return readers_->Begin(); }
    core::Result<Position> Write(const std::function<core::Status(Writer&)>& work) override {
        return queue_->Submit(work);
    }
    void WriteLater(
        std::function<core::Status(Writer&)> work,
        std::function<void(core::Result<Position>)> done
    ) override {
        queue_->SubmitLater(std::move(work), std::move(done));
    }
    Position position() const override { return position_->get(); }
    Position WaitForChange(Position after, int timeout_ms) override {
        return position_->WaitPast(after, timeout_ms);
    }
    StoreFigures figures() const override { return queue_->figures(); }
    std::vector<IndexState> index_states() const override;
    const std::vector<IndexTable>& index_tables() const override { return options_.index_tables; }
    core::Result<std::vector<std::string>> Check() override;
    core::Status Repair() override;

private:
    explicit PostgresStore(StoreOptions options) : options_(std::move(options)) {}
    core::Status Start();

    StoreOptions options_;
    // In the order of their making; each uses only those above it.
    std::unique_ptr<FolderLock> lock_;
    BodyCodec codec_;
    std::unique_ptr<PostgresGroups> groups_;
    std::unique_ptr<ReaderPool> readers_;
    std::unique_ptr<FeedPosition> position_;
    std::unique_ptr<WriteQueue> queue_;
};

// Faults of what `connection` sees, the first hundred.
core::Result<std::vector<std::string>> CheckDatabase(
    Connection& connection,
    const BodyCodec& codec,
    const std::vector<PlacedTable>& tables
);

}  // namespace kangqu::store::postgres
