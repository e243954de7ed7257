#include "ucum/compiled.hpp"
#include <array>
#include <cmath>
#include <cstdio>

namespace kangqu::terminology::ucum {

namespace {

// How the value of a special unit follows from a ratio, and back. Temperatures have a zero point in
// their own degrees instead. NaN where a function is not defined.
struct Law {
    const char* zero = nullptr;
    long double (*apply)(long double) = nullptr;
    long double (*invert)(long double) = nullptr;
};

// Minus the logarithm to a base.
template <int base>
constexpr Law Potency() {
    return {
        nullptr,
        [](long double ratio) {
            return -std::log(ratio) / std::log(static_cast<long double>(base));
        },
        [](long double value) {
            return std::exp(-value * std::log(static_cast<long double>(base)));
        }};
}
constexpr Law kNegativeLog10 = {
    nullptr,
    [](long double ratio) { return -std::log10(ratio); },
    [](long double value) {
        return std::pow(10.0L, -value);
    }};

const Law& LawOf(Function function) {
    static constexpr std::array<Law, 15> kLaws = {{
        {},
        {"273.15"},
        {"459.67"},
        {"218.52"},
        {nullptr,
         [](long double ratio) { return std::tan(ratio) * 100; },
         [](long double value) {
             return std::atan(value / 100);
         }},
        kNegativeLog10,
        Potency<100>(),
        Potency<1000>(),
        Potency<50'000>(),
        kNegativeLog10,
        {nullptr,
         [](long double ratio) { return std::log(ratio); },
         [](long double value) {
             return std::exp(value);
         }},
        {nullptr,
         [](long double ratio) { return std::log10(ratio); },
         [](long double value) {
             return std::pow(10.0L, value);
         }},
        {nullptr,
         [](long double ratio) { return 2 * std::log10(ratio); },
         [](long double value) {
             return std::pow(10.0L, value / 2);
         }},
        {nullptr,
         [](long double ratio) { return std::log2(ratio); },
         [](long double value) {
             return std::exp2(value);
         }},
        {nullptr,
         [](long double ratio) { return std::sqrt(ratio); },
         [](long double value) {
             return value * value;
         }},
    }};
    return kLaws.at(static_cast<std::size_t>(function));
}

// Floating point as a decimal of all its digits.
std::optional<Rational> FromFloating(long double value) {
    if (!std::isfinite(value)) {
        return std::nullopt;
    }
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.18Le", value);
    return Rational::Parse(text.data());
}

}  // namespace

bool IsExact(Function function) {
    return function == Function::kNone || LawOf(function).zero != nullptr;
}

std::optional<Rational> ToBase(const Rational& value, const Compiled& unit) {
    if (unit.function == Function::kNone) {
        return Times(value, unit.factor);
    }
    const Rational argument = Times(value, unit.scale);
    const Law& law = LawOf(unit.function);
    if (law.zero != nullptr) {
        return Times(Plus(argument, *Rational::Parse(law.zero)), unit.factor);
    }
    const auto ratio = FromFloating(law.invert(ToLongDouble(argument)));
    return ratio ? std::optional(Times(*ratio, unit.factor)) : std::nullopt;
}

std::optional<Rational> FromBase(const Rational& value, const Compiled& unit) {
    const Rational ratio = Over(value, unit.factor);
    if (unit.function == Function::kNone) {
        return ratio;
    }
    const Law& law = LawOf(unit.function);
    if (law.zero != nullptr) {
        return Over(Minus(ratio, *Rational::Parse(law.zero)), unit.scale);
    }
    const auto argument = FromFloating(law.apply(ToLongDouble(ratio)));
    return argument ? std::optional(Over(*argument, unit.scale)) : std::nullopt;
}

}  // namespace kangqu::terminology::ucum
