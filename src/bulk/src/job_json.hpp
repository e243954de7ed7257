#pragma once

#include "kangqu/bulk/jobs.hpp"

#include <string>
#include <string_view>

namespace kangqu::bulk {

// A job as the text of its row.
std::string WriteJob(const Job& job);
core::Result<Job> ReadJob(std::string_view text);

}  // namespace kangqu::bulk
