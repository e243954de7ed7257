#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::core {

// Milliseconds since 1970-01-01T00:00:00Z.
using InstantMs = std::int64_t;

// The one time zone of the product: China Standard Time, no daylight saving.
constexpr int kChinaOffsetMinutes = 8 * 60;

// Where the time comes from. Passed in by whoever builds an object; tests pass a fixed one.
// Implementations are safe to call from any thread.
class Clock {
public:
    virtual ~Clock() = default;
    virtual InstantMs Now() const = 0;
};

class SystemClock final : public Clock {
public:
    InstantMs Now() const override;
};

class FixedClock final : public Clock {
public:
    explicit FixedClock(InstantMs now) : now_(now) {}
    InstantMs Now() const override { return now_; }

private:
    InstantMs now_;
};

// Days since 1970-01-01 of a proleptic Gregorian date, and back. Months and days count from 1.
struct CivilDate {
    int year = 1970;
    int month = 1;
    int day = 1;
    friend auto operator<=>(const CivilDate&, const CivilDate&) = default;
};
std::int64_t DaysOf(CivilDate date) noexcept;
CivilDate CivilOf(std::int64_t days) noexcept;
bool IsValid(CivilDate date) noexcept;
int DaysInMonth(int year, int month) noexcept;
// The calendar date in China at `instant`.
CivilDate ChinaDate(InstantMs instant) noexcept;

// "2026-11-22"
std::string FormatDate(CivilDate date);
// Exactly YYYY-MM-DD and a date that exists.
std::optional<CivilDate> ParseDate(std::string_view text) noexcept;
// "2026-11-22T14:00:26.123+08:00", the form of FHIR `instant`.
std::string FormatInstant(InstantMs instant, int offset_minutes = kChinaOffsetMinutes);
// FHIR `instant` or a full `dateTime` with zone; nothing when it is neither.
std::optional<InstantMs> ParseInstant(std::string_view text) noexcept;

// Completed years between birth and `on` (0 before the first birthday); the 29th of February has
// its birthday on the 1st of March in common years (Civil Code article 200, day counting of
// 民法典).
int AgeInYears(CivilDate birth, CivilDate on) noexcept;

}  // namespace kangqu::core
