#include "kangqu/store/jobs.hpp"

#include "job_row.hpp"
#include <algorithm>
#include <chrono>

namespace kangqu::store {

namespace {

// Rows of jobs by id: those that are open, those that ended; their inputs and progress; open jobs
// by kind and key.
constexpr std::string_view kOpen = "job";
constexpr std::string_view kEnded = "job.ended";
constexpr std::string_view kInput = "job.input";
constexpr std::string_view kProgress = "job.progress";
constexpr std::string_view kKey = "job.key";
// Waiting is cut into pieces of this length, since leases and due times pass without a signal.
constexpr std::int64_t kLongestSleepMs = 1'000;

std::string KeyOf(const JobRequest& request) {
    return request.kind + "\n" + request.key;
}

core::Error NoSuchJob(const std::string& id) {
    return core::MakeError(core::ErrorCode::kNotFound, "job " + id);
}

core::Error WrongState(const Job& job) {
    return core::MakeError(core::ErrorCode::kJobState, job.id, std::string(NameOf(job.state)));
}

core::Status CheckRequest(const JobRequest& request) {
    const auto& schedule = request.schedule;
    if (request.kind.empty() || request.max_attempts < 1 || schedule.every_ms < 0 ||
        (schedule.minute_of_day && (*schedule.minute_of_day < 0 || *schedule.minute_of_day >= 1440)
        )) {
        return core::MakeError(core::ErrorCode::kInvalidArgument, "job", request.kind);
    }
    if (request.input.size() > kMaxJobInputBytes) {
        return core::MakeError(
            core::ErrorCode::kTooLarge,
            std::to_string(request.input.size()),
            std::to_string(kMaxJobInputBytes)
        );
    }
    return {};
}

// Input and progress of `job`.
core::Status Complete(Reader& reader, Job& job) {
    KQ_ASSIGN(auto input, reader.GetValue(kInput, job.id));
    job.request.input = input.value_or("");
    KQ_ASSIGN(auto progress, reader.GetValue(kProgress, job.id));
    return progress ? ParseProgressRow(job.id, std::move(*progress), job) : core::Status();
}

core::Status RemoveRows(Writer& writer, std::string_view id) {
    for (const std::string_view space : {kEnded, kInput, kProgress}) {
        KQ_TRY(writer.RemoveValue(space, id));
    }
    return {};
}

}  // namespace

core::Result<std::unique_ptr<Jobs>> Jobs::Open(Store& store, const core::Clock& clock) {
    std::unique_ptr<Jobs> jobs(new Jobs(store, clock));
    KQ_TRY(jobs->Load());
    return jobs;
}

core::Status Jobs::Load() {
    {
        KQ_ASSIGN(const auto reader, store_.Read());
        core::Status parsed;
        KQ_TRY(reader->ScanValues(kOpen, [&](std::string_view id, std::string_view row) {
            Entry entry;
            std::string wish;
            parsed = ParseJobRow(id, std::string(row), entry.job, wish);
            entry.wish = wish == "paused"      ? Wish::kPause
                         : wish == "cancelled" ? Wish::kCancel
                                               : Wish::kNone;
            open_.emplace(id, std::move(entry));
            return parsed.ok();
        }));
        KQ_TRY(parsed);
        KQ_TRY(reader->ScanValues(kEnded, [&](std::string_view id, std::string_view) {
            ended_.emplace(id);
            return true;
        }));
    }
    open_count_ = open_.size();
    // Whoever worked on these died with the program before.
    std::vector<std::string> running;
    for (const auto& [id, entry] : open_) {
        if (entry.job.state == JobState::kRunning) {
            running.push_back(id);
        }
    }
    for (const std::string& id : running) {
        KQ_TRY(StopAsWished(open_.at(id)));
    }
    return {};
}

core::Result<std::string> Jobs::Add(JobRequest request) {
    std::string id;
    const auto written = store_.Write([&](Writer& writer) -> core::Status {
        KQ_ASSIGN(id, Stage(writer, request));
        return {};
    });
    KQ_TRY(written);
    KQ_TRY(Adopt(id));
    return id;
}

core::Result<std::string> Jobs::Stage(Writer& writer, const JobRequest& request) {
    KQ_TRY(CheckRequest(request));
    if (!request.key.empty()) {
        KQ_ASSIGN(auto there, writer.GetValue(kKey, KeyOf(request)));
        if (there) {
            return std::move(*there);
        }
    }
    if (open_count_ >= kMaxOpenJobs) {
        return core::MakeError(core::ErrorCode::kBusy);
    }
    Job job;
    job.id = ids_.Next();
    job.request = request;
    job.created = clock_.Now();
    KQ_TRY(writer.PutValue(kOpen, job.id, JobRow(job, "")));
    if (!request.input.empty()) {
        KQ_TRY(writer.PutValue(kInput, job.id, request.input));
    }
    if (!request.key.empty()) {
        KQ_TRY(writer.PutValue(kKey, KeyOf(request), job.id));
    }
    return job.id;
}

core::Status Jobs::Adopt(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (open_.contains(id)) {
        return {};
    }
    KQ_ASSIGN(const auto reader, store_.Read());
    KQ_ASSIGN(auto row, reader->GetValue(kOpen, id));
    if (!row) {
        return ended_.contains(id) ? core::Status() : NoSuchJob(id);
    }
    Entry entry;
    std::string wish;
    KQ_TRY(ParseJobRow(id, std::move(*row), entry.job, wish));
    open_.emplace(id, std::move(entry));
    open_count_ = open_.size();
    changed_.notify_all();
    return {};
}

core::Status Jobs::Save(const Entry& changed) {
    const std::string_view wish = changed.wish == Wish::kPause    ? "paused"
                                  : changed.wish == Wish::kCancel ? "cancelled"
                                                                  : "";
    KQ_TRY(store_.Write([&](Writer& writer) {
        return writer.PutValue(kOpen, changed.job.id, JobRow(changed.job, wish));
    }));
    open_.at(changed.job.id) = changed;
    changed_.notify_all();
    return {};
}

core::Status Jobs::End(const Entry& entry, JobState state) {
    Job job = entry.job;
    job.state = state;
    job.ended = clock_.Now();
    std::string oldest;
    if (ended_.size() >= kMaxEndedJobs) {
        oldest = *ended_.begin();
    }
    const auto written = store_.Write([&](Writer& writer) -> core::Status {
        if (!oldest.empty()) {
            KQ_TRY(RemoveRows(writer, oldest));
        }
        if (!job.request.key.empty()) {
            KQ_TRY(writer.RemoveValue(kKey, KeyOf(job.request)));
        }
        KQ_TRY(writer.RemoveValue(kOpen, job.id));
        return writer.PutValue(kEnded, job.id, JobRow(job, ""));
    });
    KQ_TRY(written);
    ended_.erase(oldest);
    ended_.insert(job.id);
    open_.erase(job.id);
    open_count_ = open_.size();
    changed_.notify_all();
    return {};
}

core::Status Jobs::WaitAgain(const Entry& entry, core::InstantMs due) {
    Entry changed = entry;
    changed.job.state = JobState::kWaiting;
    changed.job.request.due = due;
    changed.wish = Wish::kNone;
    changed.token = 0;
    return Save(changed);
}

core::Status Jobs::StopAsWished(const Entry& entry) {
    if (entry.wish == Wish::kCancel) {
        return End(entry, JobState::kCancelled);
    }
    if (entry.wish == Wish::kNone) {
        return WaitAgain(entry, entry.job.request.due);
    }
    Entry changed = entry;
    changed.job.state = JobState::kPaused;
    changed.wish = Wish::kNone;
    changed.token = 0;
    return Save(changed);
}

core::Status Jobs::ExpireLeases(core::InstantMs now) {
    std::vector<std::string> late;
    for (const auto& [id, entry] : open_) {
        if (entry.token != 0 && entry.lease_until <= now) {
            late.push_back(id);
        }
    }
    for (const std::string& id : late) {
        Entry entry = open_.at(id);
        entry.token = 0;
        entry.job.error = "lease ran out";
        const bool last = entry.job.attempts >= entry.job.request.max_attempts;
        KQ_TRY(
            last && entry.wish == Wish::kNone ? End(entry, JobState::kDead) : StopAsWished(entry)
        );
    }
    return {};
}

Jobs::Entry* Jobs::NextDue(std::span<const std::string_view> kinds, core::InstantMs now) {
    Entry* next = nullptr;
    for (auto& [id, entry] : open_) {
        const bool mine =
            std::find(kinds.begin(), kinds.end(), entry.job.request.kind) != kinds.end();
        if (entry.job.state != JobState::kWaiting || entry.job.request.due > now || !mine) {
            continue;
        }
        if (next == nullptr || entry.job.request.due < next->job.request.due) {
            next = &entry;
        }
    }
    return next;
}

core::Result<std::optional<ClaimedJob>>
Jobs::Claim(std::span<const std::string_view> kinds, std::int64_t lease_ms) {
    const std::lock_guard lock(mutex_);
    const core::InstantMs now = clock_.Now();
    KQ_TRY(ExpireLeases(now));
    const Entry* const next = NextDue(kinds, now);
    if (next == nullptr) {
        return std::optional<ClaimedJob>();
    }
    Entry changed = *next;
    changed.job.state = JobState::kRunning;
    changed.job.started = now;
    ++changed.job.attempts;
    changed.token = ++last_token_;
    changed.lease_ms = std::max<std::int64_t>(lease_ms, 1);
    changed.lease_until = now + changed.lease_ms;
    KQ_TRY(Save(changed));
    ClaimedJob claimed{changed.job, {changed.job.id, changed.token, changed.lease_until}};
    KQ_ASSIGN(const auto reader, store_.Read());
    KQ_TRY(Complete(*reader, claimed.job));
    return std::optional(std::move(claimed));
}

bool Jobs::WaitForWork(std::span<const std::string_view> kinds, std::int64_t timeout_ms) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::milliseconds(timeout_ms);
    std::unique_lock lock(mutex_);
    const std::int64_t wakes = wakes_;
    for (;;) {
        const core::InstantMs now = clock_.Now();
        const bool late = std::any_of(open_.begin(), open_.end(), [&](const auto& one) {
            return one.second.token != 0 && one.second.lease_until <= now;
        });
        if (late || NextDue(kinds, now) != nullptr) {
            return true;
        }
        if (Clock::now() >= end || wakes_ != wakes) {
            return false;
        }
        const auto piece = Clock::now() + std::chrono::milliseconds(kLongestSleepMs);
        changed_.wait_until(lock, std::min(end, piece));
    }
}

void Jobs::WakeAll() {
    const std::lock_guard lock(mutex_);
    ++wakes_;
    changed_.notify_all();
}

core::Result<Jobs::Entry*> Jobs::Held(const JobLease& lease) {
    const auto found = open_.find(lease.id);
    if (found == open_.end() || lease.token == 0 || found->second.token != lease.token) {
        return core::MakeError(core::ErrorCode::kJobLost, lease.id);
    }
    return &found->second;
}

core::Result<JobSignal> Jobs::SignalOf(const JobLease& lease) const {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(lease.id);
    if (found == open_.end() || lease.token == 0 || found->second.token != lease.token) {
        return core::MakeError(core::ErrorCode::kJobLost, lease.id);
    }
    switch (found->second.wish) {
        case Wish::kPause:
            return JobSignal::kPause;
        case Wish::kCancel:
            return JobSignal::kCancel;
        case Wish::kNone:
            break;
    }
    return JobSignal::kGoOn;
}

core::Status
Jobs::SaveProgress(Writer& writer, const JobLease& lease, const JobProgress& progress) {
    return writer.PutValue(kProgress, lease.id, ProgressRow(progress));
}

core::Result<JobSignal> Jobs::Report(JobLease& lease, const JobProgress& progress) {
    {
        const std::lock_guard lock(mutex_);
        KQ_ASSIGN(Entry * entry, Held(lease));
        Entry changed = *entry;
        // What got on was not the fault of the attempts before.
        const bool counted = changed.job.attempts > 1;
        changed.job.attempts = 1;
        changed.lease_until = clock_.Now() + changed.lease_ms;
        KQ_TRY(store_.Write([&](Writer& writer) { return SaveProgress(writer, lease, progress); }));
        if (counted) {
            KQ_TRY(Save(changed));
        }
        *entry = changed;
        lease.until = changed.lease_until;
    }
    return SignalOf(lease);
}

core::Status Jobs::Finish(const JobLease& lease, std::string_view result) {
    const std::lock_guard lock(mutex_);
    KQ_ASSIGN(const Entry* held, Held(lease));
    Entry entry = *held;
    entry.job.result = result;
    entry.job.error.clear();
    if (!entry.job.request.schedule.repeats() || entry.wish == Wish::kCancel) {
        return End(entry, JobState::kDone);
    }
    entry.job.attempts = 0;
    entry.job.ended = clock_.Now();
    KQ_TRY(store_.Write([&](Writer& writer) { return writer.RemoveValue(kProgress, lease.id); }));
    entry.job.request.due = NextRun(entry.job.request.schedule, entry.job.ended);
    return StopAsWished(entry);
}

core::Status Jobs::Fail(const JobLease& lease, std::string_view error, bool may_retry) {
    const std::lock_guard lock(mutex_);
    KQ_ASSIGN(const Entry* held, Held(lease));
    Entry entry = *held;
    entry.job.error = error;
    const core::InstantMs now = clock_.Now();
    if (entry.wish != Wish::kNone) {
        return StopAsWished(entry);
    }
    if (may_retry && entry.job.attempts < entry.job.request.max_attempts) {
        return WaitAgain(entry, now + RetryDelay(entry.job.attempts));
    }
    if (entry.job.request.schedule.repeats()) {
        entry.job.attempts = 0;
        return WaitAgain(entry, NextRun(entry.job.request.schedule, now));
    }
    return End(entry, JobState::kDead);
}

core::Status Jobs::Release(const JobLease& lease) {
    const std::lock_guard lock(mutex_);
    KQ_ASSIGN(const Entry* held, Held(lease));
    Entry entry = *held;
    --entry.job.attempts;
    return StopAsWished(entry);
}

core::Result<Jobs::Entry*> Jobs::OpenJob(const std::string& id) {
    const auto found = open_.find(id);
    if (found != open_.end()) {
        return &found->second;
    }
    if (!ended_.contains(id)) {
        return NoSuchJob(id);
    }
    return core::MakeError(core::ErrorCode::kJobState, id, "ended");
}

core::Status Jobs::Pause(const std::string& id) {
    const std::lock_guard lock(mutex_);
    KQ_ASSIGN(const Entry* found, OpenJob(id));
    Entry changed = *found;
    if (changed.job.state == JobState::kRunning) {
        changed.wish = Wish::kPause;
    } else {
        changed.job.state = JobState::kPaused;
    }
    return Save(changed);
}

core::Status Jobs::Resume(const std::string& id) {
    const std::lock_guard lock(mutex_);
    KQ_ASSIGN(const Entry* found, OpenJob(id));
    Entry changed = *found;
    if (changed.job.state == JobState::kPaused) {
        changed.job.state = JobState::kWaiting;
    } else if (changed.wish == Wish::kPause) {
        changed.wish = Wish::kNone;
    } else {
        return WrongState(changed.job);
    }
    return Save(changed);
}

core::Status Jobs::Cancel(const std::string& id) {
    const std::lock_guard lock(mutex_);
    KQ_ASSIGN(const Entry* found, OpenJob(id));
    if (found->job.state != JobState::kRunning) {
        const Entry entry = *found;
        return End(entry, JobState::kCancelled);
    }
    Entry changed = *found;
    changed.wish = Wish::kCancel;
    return Save(changed);
}

core::Status Jobs::Retry(const std::string& id) {
    const std::lock_guard lock(mutex_);
    Entry entry;
    {
        KQ_ASSIGN(const auto reader, store_.Read());
        KQ_ASSIGN(auto row, reader->GetValue(kEnded, id));
        if (!row) {
            return NoSuchJob(id);
        }
        std::string wish;
        KQ_TRY(ParseJobRow(id, std::move(*row), entry.job, wish));
    }
    if (entry.job.state == JobState::kDone) {
        return WrongState(entry.job);
    }
    entry.job.state = JobState::kWaiting;
    entry.job.attempts = 0;
    entry.job.ended = 0;
    const auto written = store_.Write([&](Writer& writer) -> core::Status {
        if (!entry.job.request.key.empty()) {
            KQ_ASSIGN(const auto there, writer.GetValue(kKey, KeyOf(entry.job.request)));
            if (there) {
                return core::MakeError(core::ErrorCode::kJobState, *there, "open");
            }
            KQ_TRY(writer.PutValue(kKey, KeyOf(entry.job.request), id));
        }
        KQ_TRY(writer.RemoveValue(kEnded, id));
        return writer.PutValue(kOpen, id, JobRow(entry.job, ""));
    });
    KQ_TRY(written);
    ended_.erase(id);
    open_.emplace(id, std::move(entry));
    open_count_ = open_.size();
    changed_.notify_all();
    return {};
}

core::Status Jobs::Remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto open = open_.find(id);
    if (open != open_.end()) {
        return WrongState(open->second.job);
    }
    if (!ended_.contains(id)) {
        return NoSuchJob(id);
    }
    KQ_TRY(store_.Write([&](Writer& writer) { return RemoveRows(writer, id); }));
    ended_.erase(id);
    return {};
}

core::Result<std::optional<Job>> Jobs::Find(const std::string& id) {
    KQ_ASSIGN(const auto reader, store_.Read());
    for (const std::string_view space : {kOpen, kEnded}) {
        KQ_ASSIGN(auto row, reader->GetValue(space, id));
        if (row) {
            Job job;
            std::string wish;
            KQ_TRY(ParseJobRow(id, std::move(*row), job, wish));
            KQ_TRY(Complete(*reader, job));
            return std::optional(std::move(job));
        }
    }
    return std::optional<Job>();
}

core::Result<std::vector<Job>>
Jobs::List(std::string_view kind, std::string_view owner, std::size_t limit) {
    KQ_ASSIGN(const auto reader, store_.Read());
    std::vector<Job> jobs;
    core::Status parsed;
    for (const std::string_view space : {kOpen, kEnded}) {
        KQ_TRY(reader->ScanValues(space, [&](std::string_view id, std::string_view row) {
            Job job;
            std::string wish;
            parsed = ParseJobRow(id, std::string(row), job, wish);
            const JobRequest& request = job.request;
            if ((kind.empty() || request.kind == kind) &&
                (owner.empty() || request.owner == owner)) {
                jobs.push_back(std::move(job));
            }
            return parsed.ok();
        }));
        KQ_TRY(parsed);
    }
    std::sort(jobs.begin(), jobs.end(), [](const Job& left, const Job& right) {
        return left.id > right.id;
    });
    jobs.resize(std::min(jobs.size(), limit));
    for (Job& job : jobs) {
        KQ_TRY(Complete(*reader, job));
    }
    return jobs;
}

}  // namespace kangqu::store
