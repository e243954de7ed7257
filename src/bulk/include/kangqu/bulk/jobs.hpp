#pragma once

#include "kangqu/bulk/export.hpp"
#include "kangqu/bulk/import.hpp"
#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/records/records.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace kangqu::bulk {

// Most jobs that wait or run at one time, and how long what a finished one left is kept.
constexpr std::size_t kMaxJobs = 64;
constexpr std::int64_t kKeepMs = std::int64_t{24} * 3600 * 1000;

struct Job {
    std::string id;
    enum class Kind : std::uint8_t { kExport, kImport } kind = Kind::kExport;
    enum class Status : std::uint8_t {
        kWaiting,
        kRunning,
        kDone,
        kFailed
    } status = Status::kWaiting;
    // Who asked: the caller's own text, handed back to find his Restriction when the job runs.
    std::string owner;
    std::string request;  // the URL that began it
    core::InstantMs begun = 0;
    core::InstantMs ended = 0;
    std::optional<core::Error> error;
    ExportPlan export_plan;
    ExportState export_state;
    ImportPlan import_plan;
    ImportState import_state;
};

// Exports and imports that run behind the requests that began them, one after another. Each is a
// row in the store with its checkpoint: what a stop or a crash interrupts goes on at the next
// Start, from the last finished file. Thread-safe.
class Jobs {
public:
    struct Services {
        records::Records& records;
        core::IdSource& ids;
        const core::Clock& clock;
        std::string folder;  // each job has a folder of its own below
        // What the owner may read and write at this moment.
        std::function<core::Result<search::Restriction>(const std::string& owner)> restriction;
        Fetch fetch;
        std::function<void(std::string_view)> log;
    };
    explicit Jobs(Services services);
    // Stops.
    ~Jobs();
    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;

    // Takes up what the last run left.
    core::Status Start();
    // Returns when the running job has reached its next safe point.
    void Stop();

    // The new job's id, after it is in the store. kBusy when too many wait.
    core::Result<std::string> Submit(Job job);
    // A job of this owner; kNotFound for anybody else's.
    core::Result<Job> Find(std::string_view id, std::string_view owner) const;
    // Ends it and takes its files away.
    core::Status Remove(std::string_view id, std::string_view owner);
    // A file of a finished job of this owner.
    core::Result<std::string>
    ReadFile(std::string_view id, std::string_view owner, std::string_view name) const;

private:
    void Run();
    void RunOne(Job job);
    core::Status Work(Job& job);
    core::Status Save(const Job& job);
    core::Result<std::optional<Job>> Load(std::string_view id) const;
    core::Result<std::vector<Job>> All() const;
    void Sweep();
    bool Removed(const std::string& id) const;
    bool Interrupted(const std::string& id) const;

    Services services_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::uint64_t submitted_ = 0;
    std::string running_;  // id of the job at work
    bool cancelled_ = false;
    std::thread thread_;
};

}  // namespace kangqu::bulk
