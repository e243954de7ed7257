#include "kangqu/core/temporal.hpp"

#include <algorithm>

namespace kangqu::core {

namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::int64_t kMsPerMinute = 60'000;
constexpr std::int64_t kFirstMs = -62'135'596'800'000;  // 0001-01-01
constexpr std::int64_t kEndMs = 253'402'300'800'000;    // 10000-01-01

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}

constexpr std::int64_t UnitMs(Precision part) noexcept {
    switch (part) {
        case Precision::kYear:
        case Precision::kMonth:
        case Precision::kDay:
            return kMsPerDay;
        case Precision::kHour:
            return 3'600'000;
        case Precision::kMinute:
            return kMsPerMinute;
        case Precision::kSecond:
            return 1000;
        case Precision::kMillisecond:
            return 1;
    }
    return 1;
}

// Months since year 0 of a local time.
std::int64_t MonthsOf(std::int64_t local_ms) noexcept {
    const CivilDate date = CivilOf(FloorDivide(local_ms, kMsPerDay));
    return std::int64_t{12} * date.year + date.month - 1;
}

std::int64_t StartOfMonth(std::int64_t months) noexcept {
    const auto year = static_cast<int>(FloorDivide(months, 12));
    return DaysOf({year, static_cast<int>(months - std::int64_t{12} * year) + 1, 1}) * kMsPerDay;
}

// Number of the year, month, day, hour ... that `local_ms` lies in.
std::int64_t KeyAt(std::int64_t local_ms, Precision part) noexcept {
    if (part == Precision::kYear) {
        return FloorDivide(MonthsOf(local_ms), 12);
    }
    if (part == Precision::kMonth) {
        return MonthsOf(local_ms);
    }
    return FloorDivide(local_ms, UnitMs(part));
}

// First ms behind the year, month, day ... of `part` that begins at `local_ms`.
std::int64_t EndOfUnit(std::int64_t local_ms, Precision part) noexcept {
    if (part == Precision::kYear) {
        return StartOfMonth(MonthsOf(local_ms) + 12);
    }
    if (part == Precision::kMonth) {
        return StartOfMonth(MonthsOf(local_ms) + 1);
    }
    return local_ms + UnitMs(part);
}

bool KnowsTimeOfDay(const Temporal& value) noexcept {
    return value.kind == TemporalKind::kDateTime && value.precision >= Precision::kHour;
}

}  // namespace

Temporal Temporal::OfDate(CivilDate date) noexcept {
    Temporal out;
    out.local_ms = DaysOf(date) * kMsPerDay;
    return out;
}

Temporal Temporal::OfInstant(InstantMs instant, int offset) noexcept {
    Temporal out;
    out.local_ms = instant + offset * kMsPerMinute;
    out.offset_minutes = static_cast<std::int16_t>(offset);
    out.kind = TemporalKind::kDateTime;
    out.precision = Precision::kMillisecond;
    out.has_offset = true;
    return out;
}

std::optional<int> Temporal::Component(Precision part) const noexcept {
    const bool date_part = part <= Precision::kDay;
    if (part > precision || (kind == TemporalKind::kTime && date_part)) {
        return std::nullopt;
    }
    if (date_part) {
        const CivilDate date = CivilOf(FloorDivide(local_ms, kMsPerDay));
        return part == Precision::kYear    ? date.year
               : part == Precision::kMonth ? date.month
                                           : date.day;
    }
    const std::int64_t of_day = local_ms - FloorDivide(local_ms, kMsPerDay) * kMsPerDay;
    const std::int64_t wrap = part == Precision::kHour          ? 24
                              : part == Precision::kMillisecond ? 1000
                                                                : 60;
    return static_cast<int>(of_day / UnitMs(part) % wrap);
}

Temporal Temporal::AtOffset(int offset) const noexcept {
    if (!KnowsTimeOfDay(*this)) {
        return *this;
    }
    Temporal out = *this;
    out.local_ms += (offset - (has_offset ? offset_minutes : offset)) * kMsPerMinute;
    out.offset_minutes = static_cast<std::int16_t>(offset);
    out.has_offset = true;
    return out;
}

std::int64_t Temporal::LowMs(int default_offset) const noexcept {
    if (kind == TemporalKind::kTime) {
        return local_ms;
    }
    return local_ms - (has_offset ? offset_minutes : default_offset) * kMsPerMinute;
}

std::int64_t Temporal::HighMs(int default_offset) const noexcept {
    return LowMs(default_offset) + (EndOfUnit(local_ms, precision) - local_ms) - 1;
}

Temporal Temporal::CutTo(Precision part) const noexcept {
    if (part >= precision) {
        return *this;
    }
    Temporal out = *this;
    out.precision = part;
    const std::int64_t key = KeyAt(local_ms, part);
    out.local_ms = part == Precision::kYear    ? StartOfMonth(key * 12)
                   : part == Precision::kMonth ? StartOfMonth(key)
                                               : key * UnitMs(part);
    if (part <= Precision::kDay) {
        out.has_offset = false;
        out.offset_minutes = 0;
    }
    return out;
}

Temporal Temporal::Lowest(Precision part) const noexcept {
    Temporal out = *this;
    out.precision = std::max(precision, part);
    return out;
}

Temporal Temporal::Highest(Precision part) const noexcept {
    if (part <= precision) {
        return *this;
    }
    Temporal out = *this;
    out.precision = part;
    const std::int64_t last = EndOfUnit(local_ms, precision) - 1;
    const std::int64_t key = KeyAt(last, part);
    out.local_ms = part == Precision::kMonth ? StartOfMonth(key) : key * UnitMs(part);
    return out;
}

Temporal Temporal::ToDate() const noexcept {
    Temporal out = CutTo(Precision::kDay);
    out.kind = TemporalKind::kDate;
    return out;
}

Temporal Temporal::ToDateTime() const noexcept {
    Temporal out = *this;
    out.kind = TemporalKind::kDateTime;
    return out;
}

namespace {

std::optional<std::int64_t> PlusMonths(std::int64_t local_ms, std::int64_t months) noexcept {
    const std::int64_t days = FloorDivide(local_ms, kMsPerDay);
    const CivilDate date = CivilOf(days);
    std::int64_t target = 0;
    if (__builtin_add_overflow(std::int64_t{12} * date.year + date.month - 1, months, &target) ||
        target < 12 || target >= std::int64_t{12} * 10000) {
        return std::nullopt;
    }
    const auto year = static_cast<int>(target / 12);
    const auto month = static_cast<int>(target % 12) + 1;
    const int day = std::min(date.day, DaysInMonth(year, month));
    return DaysOf({year, month, day}) * kMsPerDay + (local_ms - days * kMsPerDay);
}

// Milliseconds of the units of fixed length; 0 for years and months.
std::int64_t FixedMs(TimeUnit unit) noexcept {
    switch (unit) {
        case TimeUnit::kYear:
        case TimeUnit::kMonth:
            return 0;
        case TimeUnit::kWeek:
            return 7 * kMsPerDay;
        case TimeUnit::kDay:
            return kMsPerDay;
        case TimeUnit::kHour:
            return 3'600'000;
        case TimeUnit::kMinute:
            return kMsPerMinute;
        case TimeUnit::kSecond:
            return 1000;
        case TimeUnit::kMillisecond:
            return 1;
    }
    return 0;
}

// Whole months that a value of year or month precision moves by.
std::int64_t CoarseMonths(std::int64_t amount, TimeUnit unit, Precision precision) noexcept {
    std::int64_t months = 0;
    if (unit == TimeUnit::kYear) {
        months = amount * 12;
    } else if (unit == TimeUnit::kMonth) {
        months = amount;
    } else {
        const std::int64_t days = amount / std::max<std::int64_t>(1, kMsPerDay / FixedMs(unit)) *
                                  std::max<std::int64_t>(1, FixedMs(unit) / kMsPerDay);
        months = precision == Precision::kYear ? days / 365 * 12 : days / 30;
    }
    return precision == Precision::kYear ? months / 12 * 12 : months;
}

}  // namespace

std::optional<Temporal> Temporal::Plus(std::int64_t amount, TimeUnit unit) const noexcept {
    constexpr std::int64_t kMost = 400'000'000'000'000;  // more ms than there are
    if (amount > kMost || amount < -kMost) {
        return std::nullopt;
    }
    Temporal out = *this;
    if (kind == TemporalKind::kTime) {
        if (unit <= TimeUnit::kDay) {
            return std::nullopt;
        }
        const std::int64_t step = UnitMs(precision);
        const std::int64_t by = amount % kMsPerDay * FixedMs(unit) / step * step;
        out.local_ms = ((local_ms + by) % kMsPerDay + kMsPerDay) % kMsPerDay;
        return out;
    }
    if (FixedMs(unit) == 0 || precision <= Precision::kMonth) {
        const auto moved = PlusMonths(
            local_ms,
            precision <= Precision::kMonth ? CoarseMonths(amount, unit, precision)
            : unit == TimeUnit::kYear      ? amount * 12
                                           : amount
        );
        if (!moved) {
            return std::nullopt;
        }
        out.local_ms = *moved;
        return out;
    }
    std::int64_t by = 0;
    if (__builtin_mul_overflow(amount, FixedMs(unit), &by)) {
        return std::nullopt;
    }
    by = by / UnitMs(precision) * UnitMs(precision);
    if (by > kMost || by < -kMost || local_ms + by < kFirstMs || local_ms + by >= kEndMs) {
        return std::nullopt;
    }
    out.local_ms += by;
    return out;
}

std::optional<std::strong_ordering> CompareTemporal(
    const Temporal& a,
    const Temporal& b,
    int default_offset,
    Precision limit
) noexcept {
    if ((a.kind == TemporalKind::kTime) != (b.kind == TemporalKind::kTime)) {
        return std::nullopt;
    }
    const Temporal x = a.AtOffset(default_offset);
    const Temporal y = b.AtOffset(default_offset);
    const Precision common = std::min({x.precision, y.precision, limit});
    const bool both_seconds = x.precision >= Precision::kSecond &&
                              y.precision >= Precision::kSecond && limit == Precision::kMillisecond;
    const Precision part = both_seconds ? Precision::kMillisecond : common;
    const std::int64_t left = KeyAt(x.local_ms, part);
    const std::int64_t right = KeyAt(y.local_ms, part);
    if (left != right) {
        return left < right ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    if (both_seconds || common == limit || x.precision == y.precision) {
        return std::strong_ordering::equal;
    }
    return std::nullopt;
}

namespace {

std::int64_t CompletedUnits(std::int64_t a, std::int64_t b, TimeUnit unit) noexcept {
    if (a > b) {
        return -CompletedUnits(b, a, unit);
    }
    if (FixedMs(unit) != 0) {
        return (b - a) / FixedMs(unit);
    }
    const CivilDate from = CivilOf(FloorDivide(a, kMsPerDay));
    const CivilDate to = CivilOf(FloorDivide(b, kMsPerDay));
    std::int64_t months = std::int64_t{12} * (to.year - from.year) + to.month - from.month;
    const std::int64_t a_of_day = a - FloorDivide(a, kMsPerDay) * kMsPerDay;
    const std::int64_t b_of_day = b - FloorDivide(b, kMsPerDay) * kMsPerDay;
    if (to.day < from.day || (to.day == from.day && b_of_day < a_of_day)) {
        --months;
    }
    return unit == TimeUnit::kYear ? months / 12 : months;
}

std::int64_t Boundaries(std::int64_t a, std::int64_t b, TimeUnit unit) noexcept {
    switch (unit) {
        case TimeUnit::kYear:
            return KeyAt(b, Precision::kYear) - KeyAt(a, Precision::kYear);
        case TimeUnit::kMonth:
            return KeyAt(b, Precision::kMonth) - KeyAt(a, Precision::kMonth);
        case TimeUnit::kWeek:
            // Weeks begin on Sunday; 1970-01-01 was a Thursday.
            return FloorDivide(FloorDivide(b, kMsPerDay) + 4, 7) -
                   FloorDivide(FloorDivide(a, kMsPerDay) + 4, 7);
        case TimeUnit::kDay:
        case TimeUnit::kHour:
        case TimeUnit::kMinute:
        case TimeUnit::kSecond:
        case TimeUnit::kMillisecond:
            break;
    }
    return FloorDivide(b, FixedMs(unit)) - FloorDivide(a, FixedMs(unit));
}

// The earliest and the latest count over everything a and b can mean.
template <class Count>
std::optional<UncertainCount>
CountBetween(const Temporal& a, const Temporal& b, int default_offset, Count count) noexcept {
    if ((a.kind == TemporalKind::kTime) != (b.kind == TemporalKind::kTime)) {
        return std::nullopt;
    }
    const Temporal x = a.AtOffset(default_offset);
    const Temporal y = b.AtOffset(default_offset);
    // Two values of one precision count from start to start: 2026-01 to 2026-03 is two months.
    if (x.precision == y.precision) {
        const std::int64_t exact = count(x.local_ms, y.local_ms);
        if (count(x.local_ms, EndOfUnit(y.local_ms, y.precision) - 1) == exact ||
            x.precision >= Precision::kDay) {
            return UncertainCount{exact, exact};
        }
    }
    const std::int64_t x_last = EndOfUnit(x.local_ms, x.precision) - 1;
    const std::int64_t y_last = EndOfUnit(y.local_ms, y.precision) - 1;
    return UncertainCount{count(x_last, y.local_ms), count(x.local_ms, y_last)};
}

}  // namespace

std::optional<UncertainCount>
DurationBetween(const Temporal& a, const Temporal& b, TimeUnit unit, int default_offset) noexcept {
    return CountBetween(a, b, default_offset, [unit](std::int64_t from, std::int64_t to) {
        return CompletedUnits(from, to, unit);
    });
}

std::optional<UncertainCount> DifferenceBetween(
    const Temporal& a,
    const Temporal& b,
    TimeUnit unit,
    int default_offset
) noexcept {
    return CountBetween(a, b, default_offset, [unit](std::int64_t from, std::int64_t to) {
        return Boundaries(from, to, unit);
    });
}

}  // namespace kangqu::core
