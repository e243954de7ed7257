#pragma once

#include "kangqu/store/store.hpp"

#include "body_codec.hpp"
#include "folder_lock.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/sessions.hpp"
#include "sqlite/writes.hpp"
#include "training.hpp"
#include "write_queue.hpp"
#include <memory>
#include <string>
#include <vector>

namespace kangqu::store::sqlite {

// The groups of the queue as transactions of the writing connection, and what the writer does
// between them: checkpoints and the training of dictionaries.
class SqliteGroups final : public GroupTarget {
public:
    SqliteGroups(
        Connection& connection,
        BodyCodec& codec,
        const core::Clock& clock,
        Writes& writes
    );
    ~SqliteGroups() override;

    core::Status Begin() override;
    core::Status Run(const Work& work) override;
    bool lost() const override { return lost_ || !connection_.in_transaction(); }
    Position position() const override { return writes_.position(); }
    core::Status Finish() override;
    core::Status Commit() override;
    void Rollback() override;
    void Rest(bool idle) override;

private:
    core::Status Repair();
    void Checkpoint();
    core::Status Train();

    Connection& connection_;
    BodyCodec& codec_;
    const core::Clock& clock_;
    Writes& writes_;
    bool lost_ = false;
    bool suspect_ = false;
    int wal_pages_ = 0;
    Training training_;
};

class SqliteStore final : public Store {
public:
    static core::Result<std::unique_ptr<Store>> Open(StoreOptions options);
    ~SqliteStore() override;

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
    explicit SqliteStore(StoreOptions options) : options_(std::move(options)) {}
    core::Status Start();
    std::string path() const { return options_.folder + "/kangqu.db"; }

    StoreOptions options_;
    // In the order of their making; each uses only those above it.
    std::unique_ptr<FolderLock> lock_;
    BodyCodec codec_;
    std::unique_ptr<Connection> writing_;
    std::vector<PlacedTable> tables_;
    std::unique_ptr<ReaderPool> readers_;
    std::unique_ptr<Writes> writes_;
    std::unique_ptr<SqliteGroups> groups_;
    std::unique_ptr<FeedPosition> position_;
    std::unique_ptr<WriteQueue> queue_;
};

// Faults of a snapshot, the first hundred.
core::Result<std::vector<std::string>>
CheckFile(Connection& connection, const BodyCodec& codec, const std::vector<PlacedTable>& tables);

}  // namespace kangqu::store::sqlite
