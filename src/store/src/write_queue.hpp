#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

namespace kangqu::store {

using Work = std::function<core::Status(Writer&)>;

// What a driver gives to the queue: one transaction at a time, always on the queue's thread.
class GroupTarget {
public:
    virtual ~GroupTarget() = default;
    virtual core::Status Begin() = 0;
    // Runs one unit in its own savepoint; a failed one leaves no trace in the group.
    virtual core::Status Run(const Work& work) = 0;
    // True when the transaction itself is lost, so that nothing of the group can be kept.
    virtual bool lost() const = 0;
    virtual Position position() const = 0;
    // Writes what still waits in memory, then Commit returns after the flush. After a failure of
    // either nothing of the group is kept.
    virtual core::Status Finish() = 0;
    virtual core::Status Commit() = 0;
    virtual void Rollback() = 0;
    // Work between groups; `idle` when nobody waits.
    virtual void Rest(bool idle) = 0;
};

// The last committed change, and waiting for the next.
class FeedPosition {
public:
    explicit FeedPosition(Position position) : position_(position) {}
    void Advance(Position position);
    Position get() const;
    Position WaitPast(Position after, int timeout_ms) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable moved_;
    Position position_;
};

// Collects what waits and commits it together: one thread, one group at a time. A caller sleeps
// until the flush that covers its unit.
class WriteQueue {
public:
    // `target` and `position` must outlive the queue.
    WriteQueue(GroupTarget& target, FeedPosition& position, int group_limit, int queue_limit);
    // Finishes what waits.
    ~WriteQueue();
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;

    // Sleeps until the flush that covers `work`.
    core::Result<Position> Submit(const Work& work);
    // Returns at once; `done` is called once, on the queue's thread, or on the caller's when there
    // is no room.
    void SubmitLater(Work work, std::function<void(core::Result<Position>)> done);
    StoreFigures figures() const;

private:
    struct Job {
        Work work;
        std::function<void(core::Result<Position>)> done;
        core::Result<Position> result = Position{0};
        bool failed = false;
    };

    void Loop();
    bool TakeNext(std::vector<Job>& group, bool first);
    void RunGroup(std::vector<Job>& group);
    core::Status RunUnits(std::vector<Job>& group);
    void RunUnit(Job& job);
    void Answer(std::vector<Job>& group, const core::Status& outcome);
    void Count(std::size_t units, double flush_ms);

    GroupTarget& target_;
    FeedPosition& position_;
    const std::size_t group_limit_;
    const std::size_t queue_limit_;

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Job> waiting_;
    bool stopping_ = false;

    mutable std::mutex figures_mutex_;
    std::int64_t commits_ = 0;
    std::int64_t units_ = 0;
    std::vector<double> flush_ms_;

    std::thread thread_;
};

}  // namespace kangqu::store
