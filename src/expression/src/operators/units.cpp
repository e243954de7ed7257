#include "units.hpp"

#include "kangqu/terminology/ucum.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace kangqu::expression {

namespace {

using core::Decimal;

std::string_view UcumOf(const Quantity& quantity) {
    struct Row {
        std::string_view word;
        std::string_view code;
    };
    constexpr std::array<Row, 8> kRows = {{
        {"year", "a"},
        {"month", "mo"},
        {"week", "wk"},
        {"day", "d"},
        {"hour", "h"},
        {"minute", "min"},
        {"second", "s"},
        {"millisecond", "ms"},
    }};
    if (quantity.calendar) {
        for (const Row& row : kRows) {
            if (row.word == quantity.unit) {
                return row.code;
            }
        }
    }
    return quantity.unit;
}

bool IsLongCalendar(const Quantity& quantity) {
    return quantity.calendar && (quantity.unit == "year" || quantity.unit == "month");
}

// A calendar year or month as 365 or 30 days, the way equivalence takes them.
Quantity InDays(Quantity quantity) {
    if (IsLongCalendar(quantity)) {
        const auto days = quantity.value.Times(Decimal(quantity.unit == "year" ? 365 : 30));
        quantity.value = days.value_or(quantity.value);
        quantity.unit = "day";
    }
    return quantity;
}

}  // namespace

bool SameDimension(const Quantity& a, const Quantity& b) {
    const std::string_view left = UcumOf(a);
    const std::string_view right = UcumOf(b);
    if (left == right) {
        return true;
    }
    const auto x = terminology::FindUnit(left);
    const auto y = terminology::FindUnit(right);
    return x.ok() && y.ok() && x->ComparableWith(*y);
}

std::optional<std::partial_ordering>
CompareQuantities(const Quantity& a, const Quantity& b, bool definite) {
    if (a.unit == b.unit && a.calendar == b.calendar) {
        return std::partial_ordering(a.value <=> b.value);
    }
    // Years and months convert among themselves by the calendar, to nothing else exactly.
    if (IsLongCalendar(a) && IsLongCalendar(b)) {
        const auto months = [](const Quantity& quantity) {
            return quantity.unit == "year" ? quantity.value.Times(Decimal(12)) : quantity.value;
        };
        const auto x = months(a);
        const auto y = months(b);
        return x && y ? std::optional(std::partial_ordering(*x <=> *y)) : std::nullopt;
    }
    if (definite && IsLongCalendar(a) != IsLongCalendar(b)) {
        return std::nullopt;
    }
    if (a.calendar && b.calendar && IsLongCalendar(a) != IsLongCalendar(b)) {
        return CompareQuantities(InDays(a), InDays(b), definite);
    }
    const std::string_view left = UcumOf(a);
    const std::string_view right = UcumOf(b);
    if (left == right) {
        return std::partial_ordering(a.value <=> b.value);
    }
    const auto order = terminology::CompareQuantities(a.value, left, b.value, right);
    return order.ok() && *order ? std::optional(std::partial_ordering(**order)) : std::nullopt;
}

std::optional<Decimal>
ConvertUnit(const Decimal& value, std::string_view from, std::string_view to) {
    if (from == to) {
        return value;
    }
    const auto number = terminology::ConvertQuantity(value, from, to);
    return number.ok() ? std::optional(*number) : std::nullopt;
}

std::optional<std::string> UnitProduct(std::string_view a, std::string_view b, bool divide) {
    const auto left = terminology::FindUnit(a);
    const auto right = terminology::FindUnit(b);
    if (!left.ok() || !right.ok()) {
        return std::nullopt;
    }
    const auto unit = divide ? left->Over(*right) : left->Times(*right);
    return unit.ok() ? std::optional(unit->text()) : std::nullopt;
}

std::optional<core::TimeUnit> TimeUnitOf(const Quantity& quantity) {
    constexpr std::array<std::string_view, 8> kWords = {
        "year", "month", "week", "day", "hour", "minute", "second", "millisecond"};
    constexpr std::array<std::string_view, 8> kCodes = {"", "", "wk", "d", "h", "min", "s", "ms"};
    for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (quantity.unit == kWords[i] ||
            (!quantity.calendar && !kCodes[i].empty() && quantity.unit == kCodes[i])) {
            return static_cast<core::TimeUnit>(i);
        }
    }
    return std::nullopt;
}

}  // namespace kangqu::expression
