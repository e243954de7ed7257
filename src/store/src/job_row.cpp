#include "job_row.hpp"

#include "kangqu/core/json.hpp"

#include <algorithm>
#include <array>

namespace kangqu::store {

namespace {

constexpr std::array<std::string_view, 6> kStates =
    {"waiting", "running", "paused", "done", "dead", "cancelled"};
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;

core::Error Damaged(std::string_view id) {
    return core::MakeError(core::ErrorCode::kStoreCorrupt, "job " + std::string(id));
}

std::int64_t Number(core::JsonNode node) {
    return node.integer().value_or(0);
}

}  // namespace

std::string_view NameOf(JobState state) noexcept {
    return kStates[static_cast<std::size_t>(state)];
}

std::string JobRow(const Job& job, std::string_view wish) {
    std::string row;
    core::JsonWriter json(row);
    const JobRequest& request = job.request;
    json.BeginObject()
        .Field("kind", request.kind)
        .Field("owner", request.owner)
        .Field("key", request.key)
        .Field("due", request.due)
        .Field("max_attempts", std::int64_t{request.max_attempts})
        .Field("every_ms", request.schedule.every_ms)
        .Field("minute_of_day", std::int64_t{request.schedule.minute_of_day.value_or(-1)})
        .Field("state", NameOf(job.state))
        .Field("created", job.created)
        .Field("started", job.started)
        .Field("ended", job.ended)
        .Field("attempts", std::int64_t{job.attempts})
        .Field("result", job.result)
        .Field("error", job.error)
        .Field("wish", wish)
        .EndObject();
    return row;
}

core::Status ParseJobRow(std::string_view id, std::string row, Job& job, std::string& wish) {
    const auto document = core::JsonDocument::Parse(std::move(row));
    if (!document.ok()) {
        return Damaged(id);
    }
    const core::JsonNode root = document.value()->root();
    const auto state = std::find(kStates.begin(), kStates.end(), root["state"].text());
    if (state == kStates.end()) {
        return Damaged(id);
    }
    job.id = id;
    job.state = static_cast<JobState>(state - kStates.begin());
    JobRequest& request = job.request;
    request.kind = root["kind"].text();
    request.owner = root["owner"].text();
    request.key = root["key"].text();
    request.due = Number(root["due"]);
    request.max_attempts = static_cast<int>(Number(root["max_attempts"]));
    request.schedule.every_ms = Number(root["every_ms"]);
    const auto minute = static_cast<int>(Number(root["minute_of_day"]));
    if (minute >= 0) {
        request.schedule.minute_of_day = minute;
    }
    job.created = Number(root["created"]);
    job.started = Number(root["started"]);
    job.ended = Number(root["ended"]);
    job.attempts = static_cast<int>(Number(root["attempts"]));
    job.result = root["result"].text();
    job.error = root["error"].text();
    wish = root["wish"].text();
    return {};
}

std::string ProgressRow(const JobProgress& progress) {
    std::string row;
    core::JsonWriter(row)
        .BeginObject()
        .Field("done", progress.done)
        .Field("total", progress.total)
        .Field("state", progress.state)
        .EndObject();
    return row;
}

core::Status ParseProgressRow(std::string_view id, std::string row, Job& job) {
    const auto document = core::JsonDocument::Parse(std::move(row));
    if (!document.ok()) {
        return Damaged(id);
    }
    const core::JsonNode root = document.value()->root();
    job.done = Number(root["done"]);
    job.total = Number(root["total"]);
    job.progress = root["state"].text();
    return {};
}

core::InstantMs NextRun(const JobSchedule& schedule, core::InstantMs now) noexcept {
    if (!schedule.minute_of_day) {
        return now + schedule.every_ms;
    }
    const std::int64_t offset = core::kChinaOffsetMinutes * kMinuteMs;
    const std::int64_t local = now + offset;
    const std::int64_t today = local - ((local % kDayMs) + kDayMs) % kDayMs;
    const core::InstantMs at = today + *schedule.minute_of_day * kMinuteMs - offset;
    return at > now ? at : at + kDayMs;
}

std::int64_t RetryDelay(int attempts) noexcept {
    std::int64_t delay = kFirstRetryMs;
    for (int i = 1; i < attempts && delay < kLongestRetryMs; ++i) {
        delay *= 2;
    }
    return std::min(delay, kLongestRetryMs);
}

}  // namespace kangqu::store
