#include "units.hpp"

#include "kangqu/terminology/ucum.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace kangqu::expression {

namespace {

using core::Decimal;

struct Factor {
    std::string atom;
    int power = 1;
};

// "kg/m2", "10*3/uL", "mg.m-2", "/min": atoms with their powers; annotations in braces count as 1.
std::optional<std::vector<Factor>> FactorsOf(std::string_view unit) {
    std::vector<Factor> out;
    std::size_t at = 0;
    int sign = 1;
    while (at < unit.size()) {
        if (unit[at] == '/' || unit[at] == '.') {
            sign = unit[at] == '/' ? -1 : 1;
            ++at;
            continue;
        }
        const std::size_t start = at;
        int depth = 0;
        while (at < unit.size() && (depth > 0 || (unit[at] != '/' && unit[at] != '.'))) {
            depth += unit[at] == '[' || unit[at] == '{' ? 1 : 0;
            depth -= unit[at] == ']' || unit[at] == '}' ? 1 : 0;
            ++at;
        }
        std::string_view part = unit.substr(start, at - start);
        if (const std::size_t brace = part.find('{'); brace != std::string_view::npos) {
            part = part.substr(0, brace);
        }
        if (part.empty() || part == "1") {
            continue;
        }
        std::size_t tail = part.size();
        while (tail > 0 && part[tail - 1] >= '0' && part[tail - 1] <= '9') {
            --tail;
        }
        const std::size_t digits = tail;
        if (tail > 0 && tail < part.size() && (part[tail - 1] == '-' || part[tail - 1] == '+')) {
            --tail;
        }
        if (tail == 0 || part.size() - digits > 2) {
            return std::nullopt;
        }
        int power = 0;
        for (const char c : part.substr(digits)) {
            power = power * 10 + (c - '0');
        }
        power = digits == part.size() ? 1 : part[tail] == '-' ? -power : power;
        out.push_back({std::string(part.substr(0, tail)), sign * power});
    }
    return out;
}

struct CalendarCode {
    std::string_view word;
    std::string_view code;
};
// Calendar words from the week down are as long as the UCUM unit, whatever the date.
constexpr auto kCalendarCodes = std::to_array<CalendarCode>({
    {"year", "a"},
    {"month", "mo"},
    {"week", "wk"},
    {"day", "d"},
    {"hour", "h"},
    {"minute", "min"},
    {"second", "s"},
    {"millisecond", "ms"},
});

// The UCUM code of a unit that may be a calendar word.
std::string_view CodeOf(std::string_view unit) {
    for (const CalendarCode& row : kCalendarCodes) {
        if (row.word == unit) {
            return row.code;
        }
    }
    return unit;
}

bool IsLongWord(std::string_view unit) {
    return unit == "year" || unit == "month";
}
bool IsLongCalendar(const Quantity& quantity) {
    return quantity.calendar && IsLongWord(quantity.unit);
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

// Years and months by the calendar; nothing for anything else.
std::optional<Decimal>
ConvertLong(const Decimal& value, std::string_view from, std::string_view to) {
    if (from == "year" && to == "month") {
        return value.Times(Decimal(12));
    }
    return from == "month" && to == "year" ? value.Over(Decimal(12)) : std::nullopt;
}

}  // namespace

bool SameDimension(const Quantity& a, const Quantity& b) {
    const std::string_view left = CodeOf(a.unit);
    const std::string_view right = CodeOf(b.unit);
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
    const std::string_view left = a.calendar ? CodeOf(a.unit) : a.unit;
    const std::string_view right = b.calendar ? CodeOf(b.unit) : b.unit;
    if (left == right) {
        return std::partial_ordering(a.value <=> b.value);
    }
    const auto x = terminology::FindUnit(left);
    const auto y = terminology::FindUnit(right);
    if (!x.ok() || !y.ok()) {
        return std::nullopt;
    }
    const auto order = terminology::CompareQuantities(a.value, *x, b.value, *y);
    return order.ok() && *order ? std::optional(std::partial_ordering(**order)) : std::nullopt;
}

std::optional<Decimal>
ConvertUnit(const Decimal& value, std::string_view from, std::string_view to) {
    if (from == to) {
        return value;
    }
    if (IsLongWord(from) || IsLongWord(to)) {
        return ConvertLong(value, from, to);
    }
    const auto number = terminology::ConvertQuantity(value, CodeOf(from), CodeOf(to));
    return number.ok() ? std::optional(*number) : std::nullopt;
}

std::optional<std::string> UnitProduct(std::string_view a, std::string_view b, bool divide) {
    auto left = FactorsOf(a);
    const auto right = FactorsOf(b);
    if (!left || !right) {
        return std::nullopt;
    }
    for (Factor factor : *right) {
        factor.power = divide ? -factor.power : factor.power;
        const auto found = std::find_if(left->begin(), left->end(), [&](const Factor& mine) {
            return mine.atom == factor.atom;
        });
        if (found == left->end()) {
            left->push_back(factor);
        } else {
            found->power += factor.power;
        }
    }
    std::string out;
    for (const bool above : {true, false}) {
        for (const Factor& factor : *left) {
            if (factor.power == 0 || (factor.power > 0) != above) {
                continue;
            }
            const int power = std::abs(factor.power);
            out += above ? (out.empty() ? "" : ".") : "/";
            out += factor.atom + (power == 1 ? "" : std::to_string(power));
        }
    }
    return out.empty() ? "1" : out;
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
