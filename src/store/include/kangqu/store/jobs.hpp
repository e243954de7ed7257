#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store {

// Jobs that may be open (waiting, running, paused) at a time; more are refused with kBusy.
constexpr std::size_t kMaxOpenJobs = 10'000;
// Ended jobs kept to be looked at; the oldest go first.
constexpr std::size_t kMaxEndedJobs = 10'000;
constexpr std::size_t kMaxJobInputBytes = std::size_t{4} << 20U;
constexpr int kDefaultJobAttempts = 5;
// A failed attempt is repeated after this long, twice as long each time, up to the longest.
constexpr std::int64_t kFirstRetryMs = 2'000;
constexpr std::int64_t kLongestRetryMs = 3'600'000;

enum class JobState : std::uint8_t { kWaiting, kRunning, kPaused, kDone, kDead, kCancelled };
// "waiting", "running", "paused", "done", "dead", "cancelled".
std::string_view NameOf(JobState state) noexcept;

// When a job runs again by itself: every so often, or once a day at a minute of the day in China.
struct JobSchedule {
    std::int64_t every_ms = 0;
    std::optional<int> minute_of_day = {};
    bool repeats() const noexcept { return every_ms > 0 || minute_of_day.has_value(); }
};

struct JobRequest {
    std::string kind = {};   // who can do it: "export", "reindex"
    std::string owner = {};  // who asked for it, as the caller names people
    std::string input = {};  // the kind's own text
    // A second job of the same kind and key is not made while one is open; "" for none.
    std::string key = {};
    core::InstantMs due = 0;  // not before; 0 at once
    int max_attempts = kDefaultJobAttempts;
    JobSchedule schedule = {};
};

struct Job {
    std::string id;  // sorts by time of making
    JobRequest request;
    JobState state = JobState::kWaiting;
    core::InstantMs created = 0;
    core::InstantMs started = 0;  // of the last attempt
    core::InstantMs ended = 0;
    int attempts = 0;      // since the last progress
    std::string progress;  // what the kind needs to go on where it was
    std::int64_t done = 0;
    std::int64_t total = 0;  // 0: not known
    std::string result;      // of the last run that ended well
    std::string error;       // of the last attempt that failed
};

// The right to work on a job until `until`, as given by Claim.
struct JobLease {
    std::string id;
    std::int64_t token = 0;
    core::InstantMs until = 0;
};
struct ClaimedJob {
    Job job;
    JobLease lease;
};
// What the worker is asked to do at its next report.
enum class JobSignal : std::uint8_t { kGoOn, kPause, kCancel };

struct JobProgress {
    std::string state;
    std::int64_t done = 0;
    std::int64_t total = 0;
};

// Work that outlives a request and a restart. Rows lie in the store, so a job, its progress and its
// outcome are as durable as records; leases live in memory, since a store has one owner: whatever
// ran when the program died waits again after Open and goes on from its last progress. A job may
// therefore be done twice up to its last progress. Thread-safe; only Stage and SaveProgress may be
// called inside a unit of work.
class Jobs {
public:
    // Both must outlive the object.
    static core::Result<std::unique_ptr<Jobs>> Open(Store& store, const core::Clock& clock);

    // The id of the new job, or of the open one with the same kind and key.
    core::Result<std::string> Add(JobRequest request);
    // The same as part of a unit; call Adopt with the id when the unit is committed.
    core::Result<std::string> Stage(Writer& writer, const JobRequest& request);
    core::Status Adopt(const std::string& id);

    // The due job of one of `kinds` that has waited longest, or nothing.
    core::Result<std::optional<ClaimedJob>>
    Claim(std::span<const std::string_view> kinds, std::int64_t lease_ms);
    // Waits until a job of `kinds` can be claimed, at most `timeout_ms`; false when none.
    bool WaitForWork(std::span<const std::string_view> kinds, std::int64_t timeout_ms);
    // Wakes everybody in WaitForWork, for a stop.
    void WakeAll();

    // Saves progress and renews the lease for as long as it was. kJobLost when it is no longer
    // held.
    core::Result<JobSignal> Report(JobLease& lease, const JobProgress& progress);
    // The same as part of a unit, so that progress and what was done are there together or neither;
    // renews nothing.
    static core::Status
    SaveProgress(Writer& writer, const JobLease& lease, const JobProgress& progress);
    // What the worker is asked to do; kJobLost as above.
    core::Result<JobSignal> SignalOf(const JobLease& lease) const;

    // A scheduled job waits for its next time after Finish and after its last failed attempt; any
    // other one is done or dead.
    core::Status Finish(const JobLease& lease, std::string_view result);
    core::Status Fail(const JobLease& lease, std::string_view error, bool may_retry);
    // Gives the job back undone: paused or cancelled when that was asked, else waiting; the attempt
    // does not count.
    core::Status Release(const JobLease& lease);

    // A running job stops at its worker's next report.
    core::Status Pause(const std::string& id);
    core::Status Resume(const std::string& id);
    core::Status Cancel(const std::string& id);
    // A dead or cancelled job waits again, from its last progress.
    core::Status Retry(const std::string& id);
    core::Status Remove(const std::string& id);  // of an ended job

    core::Result<std::optional<Job>> Find(const std::string& id);
    // Newest first; kind and owner "" for any.
    core::Result<std::vector<Job>>
    List(std::string_view kind, std::string_view owner, std::size_t limit);

private:
    enum class Wish : std::uint8_t { kNone, kPause, kCancel };
    struct Entry {
        Job job;  // without input and progress
        Wish wish = Wish::kNone;
        std::int64_t token = 0;  // of the lease, 0 for none
        core::InstantMs lease_until = 0;
        std::int64_t lease_ms = 0;
    };
    using Entries = std::map<std::string, Entry, std::less<>>;

    Jobs(Store& store, const core::Clock& clock) : store_(store), clock_(clock), ids_(clock) {}
    core::Status Load();
    core::Result<Entry*> Held(const JobLease& lease);
    core::Result<Entry*> OpenJob(const std::string& id);
    Entry* NextDue(std::span<const std::string_view> kinds, core::InstantMs now);
    // These write through to the store before memory changes.
    core::Status Save(const Entry& changed);
    core::Status End(const Entry& entry, JobState state);
    core::Status WaitAgain(const Entry& entry, core::InstantMs due);
    core::Status StopAsWished(const Entry& entry);
    core::Status ExpireLeases(core::InstantMs now);

    Store& store_;
    const core::Clock& clock_;
    core::IdSource ids_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Entries open_;
    std::atomic<std::size_t> open_count_ = 0;
    std::set<std::string, std::less<>> ended_;
    std::int64_t last_token_ = 0;
    std::int64_t wakes_ = 0;
};

}  // namespace kangqu::store
