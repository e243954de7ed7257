#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/jobs.hpp"

#include <string>
#include <string_view>

namespace kangqu::store {

// A job's row as it is kept, without input and progress. `wish` is the state a running job was
// asked to stop in, or empty.
std::string JobRow(const Job& job, std::string_view wish);
core::Status ParseJobRow(std::string_view id, std::string row, Job& job, std::string& wish);

std::string ProgressRow(const JobProgress& progress);
core::Status ParseProgressRow(std::string_view id, std::string row, Job& job);

// The first time after `now` at which a job of `schedule` runs.
core::InstantMs NextRun(const JobSchedule& schedule, core::InstantMs now) noexcept;
// How long after failed attempt number `attempts` the next one begins.
std::int64_t RetryDelay(int attempts) noexcept;

}  // namespace kangqu::store
