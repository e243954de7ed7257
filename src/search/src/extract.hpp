#pragma once

#include "kangqu/search/index.hpp"

#include "interval.hpp"
#include "parameters.hpp"

namespace kangqu::search {

// Marks rows of a string parameter that no sender wrote (pinyin of a name); :exact passes them by.
constexpr std::string_view kDerivedOriginal = "\x01";
// Longest text kept for a string parameter, in code points; longer ones are found by their start.
constexpr std::size_t kMaxStringPoints = 120;

// All rows of `parameter` that `resource` has, appended to `out`; dates go to `intervals` instead.
void Extract(
    const Parameter& parameter,
    std::uint16_t number,
    core::JsonNode resource,
    std::vector<PreparedIndex::Row>& out,
    std::vector<Interval>& intervals
);

// Version suffix of a canonical cut off: "http://x|1.0" -> "http://x".
std::string_view WithoutVersion(std::string_view canonical) noexcept;

}  // namespace kangqu::search
