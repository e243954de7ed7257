#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/plan/target.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::plan {

// What computes a target: a row of a pack's bindings.tsv.
struct Binding {
    std::string target;   // the name as the reader gives it
    std::string measure;  // id of the measure, or empty
    std::string reason;   // why it is not computed, or empty
    std::optional<KnownValue> baseline;
    std::string baseline_source;
};

// Most rows of one table.
constexpr std::size_t kMaxBindings = 10000;

// Reads the table: lines of `#` are comments, the first other line is the header (target, measure,
// reason, baseline_year, baseline_value, baseline_source, in any order), columns are separated by
// tabs. Fails with kPackInvalid, naming `pack` and the line, when a column is unknown or missing,
// a row has neither measure nor reason or both, a number is none, or a target occurs twice.
core::Result<std::vector<Binding>> ReadBindings(std::string_view text, std::string_view pack);

}  // namespace kangqu::plan
