#include "units.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace kangqu::expression {

namespace {

using core::Decimal;

// Exponents of metre, gram, second, mole, kelvin, candela, coulomb, radian.
constexpr std::size_t kBases = 8;
using Dimension = std::array<int, kBases>;

// mantissa * 10^exponent of the product of the bases.
struct Measure {
    Decimal mantissa = Decimal(1);
    int exponent = 0;
    Dimension dimension{};
};

struct Atom {
    std::string_view code;
    bool metric;
    std::string_view mantissa;
    int exponent;
    Dimension dimension;
};
// Values from the published UCUM table.
constexpr std::array<Atom, 40> kAtoms = {{
    {"m", true, "1", 0, {1}},
    {"g", true, "1", 0, {0, 1}},
    {"s", true, "1", 0, {0, 0, 1}},
    {"mol", true, "1", 0, {0, 0, 0, 1}},
    {"K", true, "1", 0, {0, 0, 0, 0, 1}},
    {"cd", true, "1", 0, {0, 0, 0, 0, 0, 1}},
    {"C", true, "1", 0, {0, 0, 0, 0, 0, 0, 1}},
    {"rad", true, "1", 0, {0, 0, 0, 0, 0, 0, 0, 1}},
    {"L", true, "1", -3, {3}},
    {"l", true, "1", -3, {3}},
    {"Hz", true, "1", 0, {0, 0, -1}},
    {"N", true, "1", 3, {1, 1, -2}},
    {"Pa", true, "1", 3, {-1, 1, -2}},
    {"J", true, "1", 3, {2, 1, -2}},
    {"W", true, "1", 3, {2, 1, -3}},
    {"A", true, "1", 0, {0, 0, -1, 0, 0, 0, 1}},
    {"V", true, "1", 3, {2, 1, -2, 0, 0, 0, -1}},
    {"Bq", true, "1", 0, {0, 0, -1}},
    {"bar", true, "1", 8, {-1, 1, -2}},
    {"eq", true, "1", 0, {0, 0, 0, 1}},
    {"cal", true, "4.184", 3, {2, 1, -2}},
    {"m[Hg]", true, "133322.387", 3, {-1, 1, -2}},
    {"m[H2O]", true, "9806.65", 3, {-1, 1, -2}},
    {"t", true, "1", 6, {0, 1}},
    {"min", false, "6", 1, {0, 0, 1}},
    {"h", false, "36", 2, {0, 0, 1}},
    {"d", false, "864", 2, {0, 0, 1}},
    {"wk", false, "6048", 2, {0, 0, 1}},
    {"mo", false, "26298", 2, {0, 0, 1}},
    {"a", false, "315576", 2, {0, 0, 1}},
    {"[in_i]", false, "254", -4, {1}},
    {"[ft_i]", false, "3048", -4, {1}},
    {"[mi_i]", false, "1609344", -3, {1}},
    {"[lb_av]", false, "45359237", -5, {0, 1}},
    {"[oz_av]", false, "28349523125", -9, {0, 1}},
    {"%", false, "1", -2, {}},
    {"deg", false, "1745329252", -11, {0, 0, 0, 0, 0, 0, 0, 1}},
    {"10*", false, "1", 1, {}},
    {"10^", false, "1", 1, {}},
    {"1", false, "1", 0, {}},
}};

struct Prefix {
    std::string_view code;
    int exponent;
};
constexpr std::array<Prefix, 16> kPrefixes = {{
    {"da", 1},
    {"Y", 24},
    {"P", 15},
    {"T", 12},
    {"G", 9},
    {"M", 6},
    {"k", 3},
    {"h", 2},
    {"d", -1},
    {"c", -2},
    {"m", -3},
    {"u", -6},
    {"n", -9},
    {"p", -12},
    {"f", -15},
    {"a", -18},
}};

std::optional<Measure> AtomMeasure(std::string_view code) {
    const auto make = [](const Atom& atom, int shift) {
        return Measure{*Decimal::Parse(atom.mantissa), atom.exponent + shift, atom.dimension};
    };
    for (const Atom& atom : kAtoms) {
        if (atom.code == code) {
            return make(atom, 0);
        }
    }
    for (const Prefix& prefix : kPrefixes) {
        if (!code.starts_with(prefix.code)) {
            continue;
        }
        for (const Atom& atom : kAtoms) {
            if (atom.metric && atom.code == code.substr(prefix.code.size())) {
                return make(atom, prefix.exponent);
            }
        }
    }
    return std::nullopt;
}

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

std::optional<Measure> MeasureOf(std::string_view unit) {
    const auto factors = FactorsOf(unit);
    if (!factors) {
        return std::nullopt;
    }
    Measure out;
    for (const Factor& factor : *factors) {
        const auto atom = AtomMeasure(factor.atom);
        if (!atom) {
            return std::nullopt;
        }
        const auto power = atom->mantissa.Power(Decimal(factor.power));
        const auto product = power ? out.mantissa.Times(*power) : std::nullopt;
        if (!product) {
            return std::nullopt;
        }
        out.mantissa = *product;
        out.exponent += atom->exponent * factor.power;
        for (std::size_t i = 0; i < kBases; ++i) {
            out.dimension[i] += atom->dimension[i] * factor.power;
        }
    }
    return out;
}

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

// value * 10^shift; nothing when it does not fit.
std::optional<Decimal> Shift(const Decimal& value, int shift) {
    if (shift < 0) {
        const auto step = Decimal::Of(1, std::min(-shift, Decimal::kMaxScale));
        return step ? value.Times(*step) : std::nullopt;
    }
    const auto ten = Decimal(10).Power(Decimal(shift));
    return ten ? value.Times(*ten) : std::nullopt;
}

}  // namespace

bool SameDimension(const Quantity& a, const Quantity& b) {
    const std::string_view left = UcumOf(a);
    const std::string_view right = UcumOf(b);
    if (left == right) {
        return true;
    }
    const auto x = MeasureOf(left);
    const auto y = MeasureOf(right);
    return x && y && x->dimension == y->dimension;
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
    const auto x = MeasureOf(left);
    const auto y = MeasureOf(right);
    if (!x || !y || x->dimension != y->dimension) {
        return std::nullopt;
    }
    // In steps of the smaller power of ten nothing is rounded away.
    const int least = std::min(x->exponent, y->exponent);
    const auto p = a.value.Times(x->mantissa);
    const auto q = b.value.Times(y->mantissa);
    const auto shifted_p = p ? Shift(*p, x->exponent - least) : std::nullopt;
    const auto shifted_q = q ? Shift(*q, y->exponent - least) : std::nullopt;
    if (!shifted_p || !shifted_q) {
        return std::nullopt;
    }
    return std::partial_ordering(*shifted_p <=> *shifted_q);
}

std::optional<Decimal>
ConvertUnit(const Decimal& value, std::string_view from, std::string_view to) {
    if (from == to) {
        return value;
    }
    const auto x = MeasureOf(from);
    const auto y = MeasureOf(to);
    if (!x || !y || x->dimension != y->dimension) {
        return std::nullopt;
    }
    const int shift = x->exponent - y->exponent;
    auto number = value.Times(x->mantissa);
    number = number && shift > 0 ? Shift(*number, shift) : number;
    number = number ? number->Over(y->mantissa) : std::nullopt;
    return number && shift < 0 ? Shift(*number, shift) : number;
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
