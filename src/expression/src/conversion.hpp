#pragma once

#include "evaluation.hpp"
#include <string>

namespace kangqu::expression {

// `value` as a System value of `kind`; null when it cannot be.
Value ConvertValue(Evaluation& evaluation, const Value& value, Kind kind);
// How toString shows it; nothing for kinds that have no text.
std::optional<std::string> TextOf(const Value& value);

// The time of day of a dateTime that is known to the hour at least.
core::Temporal TimeOfDay(const core::Temporal& moment);

}  // namespace kangqu::expression
