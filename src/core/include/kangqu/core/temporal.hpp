#pragma once

#include "kangqu/core/clock.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kangqu::core {

enum class TemporalKind : std::uint8_t { kDate, kDateTime, kTime };
// How far a date or time is known; ordered from coarse to fine.
enum class Precision : std::uint8_t { kYear, kMonth, kDay, kHour, kMinute, kSecond, kMillisecond };
enum class TimeUnit : std::uint8_t {
    kYear,
    kMonth,
    kWeek,
    kDay,
    kHour,
    kMinute,
    kSecond,
    kMillisecond
};

// A date, a date with time, or a time of day, known to some precision ("2026", "2026-11",
// "2026-11-22T14"). What is not known makes comparisons uncertain, never wrong: they answer
// nothing. A dateTime without an offset takes the one an evaluation passes in. Two words; years
// 0001 to 9999.
struct Temporal {
    // The earliest moment it can mean, in ms of local time since 1970-01-01 (or since midnight).
    std::int64_t local_ms = 0;
    std::int16_t offset_minutes = 0;
    TemporalKind kind = TemporalKind::kDate;
    Precision precision = Precision::kDay;
    bool has_offset = false;

    // "2026", "2026-11", "2026-11-22".
    static std::optional<Temporal> ParseDate(std::string_view text) noexcept;
    // A date, optionally followed by T and a time, optionally with zone ("2026-11-22T", "2026T").
    static std::optional<Temporal> ParseDateTime(std::string_view text) noexcept;
    // "14", "14:30", "14:30:15", "14:30:15.25", without T and zone.
    static std::optional<Temporal> ParseTime(std::string_view text) noexcept;
    static Temporal OfDate(CivilDate date) noexcept;
    // Full precision, with offset.
    static Temporal OfInstant(InstantMs instant, int offset_minutes) noexcept;

    // The form it is written in: "2026-11", "2026-11-22T14:30:00.000+08:00", "14:30".
    std::string ToString() const;

    // Year, month, day, hour, minute, second or millisecond; nothing when not known.
    std::optional<int> Component(Precision part) const noexcept;
    // Earliest and latest moment in UTC ms (time of day: ms since midnight).
    std::int64_t LowMs(int default_offset) const noexcept;
    std::int64_t HighMs(int default_offset) const noexcept;
    // Local time at another offset; unchanged when it has no time of day.
    Temporal AtOffset(int offset) const noexcept;
    // Cut to `part` when known finer.
    Temporal CutTo(Precision part) const noexcept;
    // Earliest or latest value of finer precision `part`.
    Temporal Lowest(Precision part) const noexcept;
    Temporal Highest(Precision part) const noexcept;
    // The date of a dateTime (at most day precision), and a dateTime of the same precision.
    Temporal ToDate() const noexcept;
    Temporal ToDateTime() const noexcept;

    // Moves by whole units. Coarser values move by the whole units they know (2026 + 13 months is
    // 2027); the 31st becomes the last day of a shorter month; times of day wrap round. Nothing
    // outside the years 0001 to 9999.
    std::optional<Temporal> Plus(std::int64_t amount, TimeUnit unit) const noexcept;
};

// Order of a and b looking no finer than `limit`; nothing when it depends on what is not known.
// Seconds and milliseconds count as one precision unless `limit` cuts between them. Dates compare
// with dateTimes as dateTimes of day precision; times of day only with times of day (else nothing).
std::optional<std::strong_ordering> CompareTemporal(
    const Temporal& a,
    const Temporal& b,
    int default_offset,
    Precision limit = Precision::kMillisecond
) noexcept;

// A count that may depend on what is not known: every value from low to high is possible.
struct UncertainCount {
    std::int64_t low = 0;
    std::int64_t high = 0;
};
// Completed units from a to b, and boundaries crossed from a to b; negative when b is earlier.
// Nothing for a time of day against a date.
std::optional<UncertainCount>
DurationBetween(const Temporal& a, const Temporal& b, TimeUnit unit, int default_offset) noexcept;
std::optional<UncertainCount>
DifferenceBetween(const Temporal& a, const Temporal& b, TimeUnit unit, int default_offset) noexcept;

}  // namespace kangqu::core
