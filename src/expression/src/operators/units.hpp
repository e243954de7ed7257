#pragma once

#include "kangqu/core/decimal.hpp"
#include "kangqu/core/temporal.hpp"
#include "kangqu/expression/value.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::expression {

// Units are those of UCUM and the calendar words, which are kept apart: a year of the calendar is
// not 365.25 days. A unit that is neither compares only with itself.

// Order of two quantities; nothing when their units are of different kinds. `definite` false lets a
// calendar year or month stand for the UCUM one, as equivalence does.
std::optional<std::partial_ordering>
CompareQuantities(const Quantity& a, const Quantity& b, bool definite);
bool SameDimension(const Quantity& a, const Quantity& b);
// `value` of `from` in units of `to`.
std::optional<core::Decimal>
ConvertUnit(const core::Decimal& value, std::string_view from, std::string_view to);
// Unit of a product or quotient; "1" when all cancels.
std::optional<std::string> UnitProduct(std::string_view a, std::string_view b, bool divide);
// The unit of time a quantity counts: calendar words always, UCUM codes for all but (definite)
// years and months.
std::optional<core::TimeUnit> TimeUnitOf(const Quantity& quantity);

}  // namespace kangqu::expression
