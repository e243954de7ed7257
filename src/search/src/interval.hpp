#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/definitions.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kangqu::search {

// What a date stands for: [low, high) in milliseconds.
struct Interval {
    core::InstantMs low = 0;
    core::InstantMs high = 0;
    friend bool operator==(const Interval&, const Interval&) = default;
};

// Open ends of a period; far outside the years 1 to 9999.
constexpr core::InstantMs kFarPast = -100'000'000'000'000;
constexpr core::InstantMs kFarFuture = 1'000'000'000'000'000;

// A FHIR date, dateTime or instant of any precision; seconds and zone may be missing as in search
// values. Without a zone: China Standard Time.
std::optional<Interval> IntervalOf(std::string_view text) noexcept;

// What an element of a date type stands for: one interval, several for a Timing.
std::vector<Interval> IntervalsOf(core::JsonNode value, fhir::TypeNumber type);

// Length classes of a record's own date. The first three have a fixed length, so (class, low) says
// everything and no date row is kept. The next have their rows, and all their dates lie within the
// class's length behind the place; kLong has no bound; kNone has no date of its own.
enum class Span : std::uint8_t {
    kMillisecond,
    kSecond,
    kDay,
    kWithinDay,
    kWithinMonth,
    kWithinYear,
    kLong,
    kNone
};
constexpr std::array<std::int64_t, 6> kSpanMs =
    {1, 1'000, 86'400'000, 86'400'000, 31 * 86'400'000LL, 366 * 86'400'000LL};
constexpr bool IsFixed(Span span) noexcept {
    return span <= Span::kDay;
}
constexpr bool HasDateRows(Span span) noexcept {
    return span > Span::kDay && span < Span::kNone;
}

// How a search value is compared (http://hl7.org/fhir/R4/search.html#prefix).
enum class Prefix : std::uint8_t { kEq, kNe, kGt, kLt, kGe, kLe, kSa, kEb, kAp };

// The rule of `prefix` for a target and a searched interval.
bool Holds(Prefix prefix, Interval target, Interval searched) noexcept;

}  // namespace kangqu::search
