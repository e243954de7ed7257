#pragma once

#include "kangqu/search/index.hpp"

#include "interval.hpp"
#include "parameters.hpp"

namespace kangqu::search {

// Marks rows of a string parameter that no sender wrote, the reading of a name and its initials;
// :exact passes them by.
constexpr std::string_view kReadingOriginal = "\x01";
constexpr std::string_view kInitialsOriginal = "\x02";
// Longest text kept for a string parameter, in code points; longer ones are found by their start.
constexpr std::size_t kMaxStringPoints = 120;

constexpr std::string_view kUcum = "http://unitsofmeasure.org";

// What the unit of a quantity's row is. Each stands in a range of its own in the unit column.
enum class UnitKind : std::uint8_t {
    kWritten,    // the code, or the unit's text where there is no code
    kAlias,      // the unit's text beside a code
    kSystem,     // system and code, where there are no canonical units
    kCanonical,  // canonical units
};
// What the second part of a composite is; stands in Row::low of a row of the pair table.
enum class PairKind : std::int64_t { kPlace, kAmount, kCode, kReference };
constexpr std::int64_t kUnitRange = std::int64_t{1} << 40U;
constexpr std::int64_t UnitColumn(UnitKind kind, std::int64_t number) noexcept {
    return static_cast<std::int64_t>(kind) * kUnitRange + number;
}
// A canonical value without the noise of its conversion.
double Rounded(double value) noexcept;

// The rows of one token, quantity or reference found at a place, for a parameter or a composite's
// part.
void ExtractValue(
    fhir::SearchKind kind,
    core::JsonNode value,
    fhir::TypeNumber leaf,
    const Knowledge& knowledge,
    std::uint16_t parameter,
    std::vector<PreparedIndex::Row>& out
);

// All rows of `parameter` that `resource` has, appended to `out`; dates go to `intervals` instead.
void Extract(
    const Parameter& parameter,
    std::uint16_t number,
    core::JsonNode resource,
    const Knowledge& knowledge,
    std::vector<PreparedIndex::Row>& out,
    std::vector<Interval>& intervals
);

// Rows of a composite: each value of the first part with each of the others.
void ExtractParts(
    const Parameter& parameter,
    std::uint16_t number,
    core::JsonNode resource,
    const Knowledge& knowledge,
    std::vector<PreparedIndex::Row>& out
);

// Version suffix of a canonical cut off: "http://x|1.0" -> "http://x".
std::string_view WithoutVersion(std::string_view canonical) noexcept;

}  // namespace kangqu::search
