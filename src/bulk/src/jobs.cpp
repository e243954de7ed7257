#include "kangqu/bulk/jobs.hpp"

#include "job_json.hpp"
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kangqu::bulk {

using core::ErrorCode;
using core::MakeError;

namespace {

constexpr std::string_view kSpace = "bulk";
// How often the thread looks for work and for what is to be swept, when nobody wakes it.
constexpr std::chrono::seconds kLookEvery{30};

}  // namespace

Jobs::Jobs(Services services) : services_(std::move(services)) {}

Jobs::~Jobs() {
    Stop();
}

core::Status Jobs::Start() {
    KQ_TRY(All());
    thread_ = std::thread([this] { Run(); });
    return {};
}

void Jobs::Stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

core::Status Jobs::Save(const Job& job) {
    const std::string text = WriteJob(job);
    KQ_TRY(services_.records.store().Write([&](store::Writer& writer) {
        return writer.PutValue(kSpace, job.id, text);
    }));
    return {};
}

core::Result<std::optional<Job>> Jobs::Load(std::string_view id) const {
    KQ_ASSIGN(const auto reader, services_.records.store().Read());
    KQ_ASSIGN(const auto text, reader->GetValue(kSpace, id));
    if (!text) {
        return std::optional<Job>();
    }
    KQ_ASSIGN(Job job, ReadJob(*text));
    return std::optional<Job>(std::move(job));
}

core::Result<std::vector<Job>> Jobs::All() const {
    KQ_ASSIGN(const auto reader, services_.records.store().Read());
    std::vector<std::string> texts;
    KQ_TRY(reader->ScanValues(kSpace, [&](std::string_view, std::string_view value) {
        texts.emplace_back(value);
        return true;
    }));
    std::vector<Job> jobs;
    for (const std::string& text : texts) {
        KQ_ASSIGN(Job job, ReadJob(text));
        jobs.push_back(std::move(job));
    }
    // Ids rise with time, so this is the order of their coming.
    std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.id < b.id; });
    return jobs;
}

core::Result<std::string> Jobs::Submit(Job job) {
    KQ_ASSIGN(const auto jobs, All());
    const auto waiting = std::count_if(jobs.begin(), jobs.end(), [](const Job& one) {
        return one.status == Job::Status::kWaiting || one.status == Job::Status::kRunning;
    });
    if (static_cast<std::size_t>(waiting) >= kMaxJobs) {
        return MakeError(ErrorCode::kBusy);
    }
    job.id = services_.ids.Next();
    job.begun = services_.clock.Now();
    job.export_plan.until = job.begun;
    KQ_TRY(Save(job));
    {
        const std::lock_guard lock(mutex_);
        ++submitted_;
    }
    wake_.notify_all();
    return job.id;
}

core::Result<Job> Jobs::Find(std::string_view id, std::string_view owner) const {
    KQ_ASSIGN(auto job, Load(id));
    if (!job || job->owner != owner) {
        return MakeError(ErrorCode::kNotFound, std::string(id));
    }
    return std::move(*job);
}

core::Status Jobs::Remove(std::string_view id, std::string_view owner) {
    KQ_ASSIGN(const Job job, Find(id, owner));
    {
        const std::lock_guard lock(mutex_);
        cancelled_ = cancelled_ || running_ == job.id;
    }
    KQ_TRY(services_.records.store().Write([&](store::Writer& writer) {
        return writer.RemoveValue(kSpace, job.id);
    }));
    std::error_code ignored;
    std::filesystem::remove_all(services_.folder + "/" + job.id, ignored);
    return {};
}

core::Result<std::string>
Jobs::ReadFile(std::string_view id, std::string_view owner, std::string_view name) const {
    KQ_ASSIGN(const Job job, Find(id, owner));
    const auto& files = job.export_state.files;
    const bool known = (!job.import_state.errors.empty() && name == job.import_state.errors) ||
                       std::any_of(files.begin(), files.end(), [&](const ExportFile& file) {
                           return file.name == name;
                       });
    if (!known || job.status != Job::Status::kDone) {
        return MakeError(ErrorCode::kNotFound, std::string(name));
    }
    const std::string path = services_.folder + "/" + job.id + "/" + std::string(name);
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return MakeError(ErrorCode::kNotFound, std::string(name));
    }
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

bool Jobs::Removed(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return cancelled_ && running_ == id;
}

bool Jobs::Interrupted(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return stopping_ || (cancelled_ && running_ == id);
}

core::Status Jobs::Work(Job& job) {
    KQ_ASSIGN(const auto restriction, services_.restriction(job.owner));
    const std::string folder = services_.folder + "/" + job.id;
    const auto stop = [&] {
        return Interrupted(job.id);
    };
    // A job that was removed meanwhile must not come back with its checkpoint.
    const auto save = [&]() -> core::Status {
        return Removed(job.id) ? core::Status{} : Save(job);
    };
    if (job.kind == Job::Kind::kExport) {
        return RunExport(
            services_.records,
            restriction,
            job.export_plan,
            folder,
            job.export_state,
            [&](const ExportState&) { return save(); },
            stop
        );
    }
    return RunImport(
        services_.records,
        restriction,
        job.import_plan,
        services_.fetch,
        folder,
        job.import_state,
        [&](const ImportState&) { return save(); },
        stop
    );
}

void Jobs::RunOne(Job job) {
    {
        const std::lock_guard lock(mutex_);
        running_ = job.id;
        cancelled_ = false;
    }
    job.status = Job::Status::kRunning;
    core::Status outcome = Save(job);
    if (outcome.ok()) {
        outcome = Work(job);
    }
    const bool interrupted = Interrupted(job.id);
    if (!interrupted || !outcome.ok()) {
        job.status = outcome.ok() ? Job::Status::kDone : Job::Status::kFailed;
        job.ended = services_.clock.Now();
        if (!outcome.ok()) {
            job.error = outcome.error();
            services_.log("bulk job " + job.id + ": " + outcome.error().Line());
        }
    }
    if (!interrupted) {
        const core::Status saved = Save(job);
        if (!saved.ok()) {
            services_.log("bulk job " + job.id + ": " + saved.error().Line());
        }
    }
    const std::lock_guard lock(mutex_);
    if (cancelled_) {
        std::error_code ignored;
        std::filesystem::remove_all(services_.folder + "/" + job.id, ignored);
    }
    running_.clear();
}

// Takes away what finished jobs left longer than kKeepMs ago.
void Jobs::Sweep() {
    const auto jobs = All();
    if (!jobs.ok()) {
        return;
    }
    for (const Job& job : *jobs) {
        if (job.ended != 0 && services_.clock.Now() - job.ended > kKeepMs) {
            const core::Status removed = Remove(job.id, job.owner);
            if (!removed.ok()) {
                services_.log("bulk job " + job.id + ": " + removed.error().Line());
            }
        }
    }
}

void Jobs::Run() {
    while (true) {
        std::uint64_t seen = 0;
        {
            const std::lock_guard lock(mutex_);
            seen = submitted_;
        }
        Sweep();
        const auto jobs = All();
        const Job* next = nullptr;
        if (jobs.ok()) {
            for (const Job& job : *jobs) {
                const bool open =
                    job.status == Job::Status::kWaiting || job.status == Job::Status::kRunning;
                next = next == nullptr && open ? &job : next;
            }
        }
        if (next != nullptr) {
            RunOne(*next);
        }
        std::unique_lock lock(mutex_);
        if (!stopping_ && next == nullptr) {
            wake_.wait_for(lock, kLookEvery, [&] { return stopping_ || submitted_ != seen; });
        }
        if (stopping_) {
            return;
        }
    }
}

}  // namespace kangqu::bulk
