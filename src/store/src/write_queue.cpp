#include "write_queue.hpp"

#include <algorithm>
#include <functional>
#include <semaphore>

namespace kangqu::store {

namespace {

using SteadyClock = std::chrono::steady_clock;

// A group takes no more units after this long, so that a bulk load does not hold up single writes.
constexpr std::chrono::milliseconds kLongestCollecting{200};
constexpr std::size_t kFlushesKept = 1000;

}  // namespace

void FeedPosition::Advance(Position position) {
    const std::lock_guard lock(mutex_);
    position_ = std::max(position_, position);
    moved_.notify_all();
}

Position FeedPosition::get() const {
    const std::lock_guard lock(mutex_);
    return position_;
}

Position FeedPosition::WaitPast(Position after, int timeout_ms) const {
    std::unique_lock lock(mutex_);
    moved_.wait_for(lock, std::chrono::milliseconds(std::max(timeout_ms, 0)), [&] {
        return position_ > after;
    });
    return position_;
}

WriteQueue::WriteQueue(
    GroupTarget& target,
    FeedPosition& position,
    int group_limit,
    int queue_limit
)
    : target_(target),
      position_(position),
      group_limit_(static_cast<std::size_t>(std::max(group_limit, 1))),
      queue_limit_(static_cast<std::size_t>(std::max(queue_limit, 1))),
      thread_([this] { Loop(); }) {}

WriteQueue::~WriteQueue() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
    thread_.join();
}

core::Result<Position> WriteQueue::Submit(const Work& work) {
    KQ_CHECK(std::this_thread::get_id() != thread_.get_id(), "Write inside a unit of work");
    std::binary_semaphore done(0);
    core::Result<Position> result = Position{0};
    SubmitLater(
        [&work](Writer& writer) { return work(writer); },
        [&](core::Result<Position> outcome) {
            result = std::move(outcome);
            done.release();
        }
    );
    done.acquire();
    return result;
}

void WriteQueue::SubmitLater(Work work, std::function<void(core::Result<Position>)> done) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() < queue_limit_ && !stopping_) {
            waiting_.push_back({std::move(work), std::move(done), Position{0}, false});
            arrived_.notify_one();
            return;
        }
    }
    done(core::MakeError(core::ErrorCode::kBusy));
}

bool WriteQueue::TakeNext(std::vector<Job>& group, bool first) {
    std::unique_lock lock(mutex_);
    if (first) {
        if (waiting_.empty() && !stopping_) {
            lock.unlock();
            target_.Rest(true);
            lock.lock();
        }
        arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    }
    if (waiting_.empty()) {
        return false;
    }
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    return true;
}

void WriteQueue::Loop() {
    std::vector<Job> group;
    while (TakeNext(group, true)) {
        RunGroup(group);
        group.clear();
        target_.Rest(false);
    }
}

void WriteQueue::RunUnit(Job& job) {
    const Position before = target_.position();
    const core::Status done = target_.Run(job.work);
    if (!done.ok()) {
        job.failed = true;
        job.result = done.error();
        return;
    }
    const Position after = target_.position();
    job.result = after == before ? Position{0} : after;
}

core::Status WriteQueue::RunUnits(std::vector<Job>& group) {
    const auto start = SteadyClock::now();
    do {
        Job& job = group.back();
        RunUnit(job);
        if (target_.lost()) {
            return job.failed ? job.result.error()
                              : core::MakeError(core::ErrorCode::kStoreIo, "transaction lost");
        }
    } while (group.size() < group_limit_ && SteadyClock::now() - start < kLongestCollecting &&
             TakeNext(group, false));
    return {};
}

void WriteQueue::RunGroup(std::vector<Job>& group) {
    core::Status outcome = target_.Begin();
    const bool begun = outcome.ok();
    if (outcome.ok()) {
        outcome = RunUnits(group);
    }
    if (outcome.ok()) {
        outcome = target_.Finish();
    }
    if (outcome.ok()) {
        const auto flush = SteadyClock::now();
        outcome = target_.Commit();
        const std::chrono::duration<double, std::milli> took = SteadyClock::now() - flush;
        if (outcome.ok()) {
            Count(group.size(), took.count());
        }
    }
    if (!outcome.ok() && begun) {
        target_.Rollback();
    }
    Answer(group, outcome);
}

void WriteQueue::Answer(std::vector<Job>& group, const core::Status& outcome) {
    const Position committed = target_.position();
    if (outcome.ok()) {
        position_.Advance(committed);
    }
    for (Job& job : group) {
        if (!outcome.ok()) {
            job.result = outcome.error();
        } else if (!job.failed && job.result.value() == 0) {
            job.result = committed;
        }
        job.done(std::move(job.result));
    }
}

void WriteQueue::Count(std::size_t units, double flush_ms) {
    const std::lock_guard lock(figures_mutex_);
    if (flush_ms_.size() < kFlushesKept) {
        flush_ms_.push_back(flush_ms);
    } else {
        flush_ms_[static_cast<std::size_t>(commits_) % kFlushesKept] = flush_ms;
    }
    ++commits_;
    units_ += static_cast<std::int64_t>(units);
}

StoreFigures WriteQueue::figures() const {
    StoreFigures figures;
    std::vector<double> flushes;
    {
        const std::lock_guard lock(figures_mutex_);
        figures.commits = commits_;
        figures.units = units_;
        flushes = flush_ms_;
    }
    if (!flushes.empty()) {
        std::sort(flushes.begin(), flushes.end());
        figures.flush_ms_median = flushes[flushes.size() / 2];
        figures.flush_ms_p99 = flushes[flushes.size() * 99 / 100];
    }
    return figures;
}

}  // namespace kangqu::store
