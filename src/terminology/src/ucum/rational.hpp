#pragma once

#include "kangqu/core/decimal.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <boost/multiprecision/cpp_int.hpp>

namespace kangqu::terminology::ucum {

using Integer = boost::multiprecision::cpp_int;

// numerator / denominator * 10^exponent, exact. In lowest terms after every operation; the
// denominator is positive and zero has denominator 1 and exponent 0.
struct Rational {
    Integer numerator = 1;
    Integer denominator = 1;
    int exponent = 0;

    static Rational Of(const core::Decimal& value);
    // "-12.50", "1e-40": at most kMaxNumberDigits digits, exponent within kMaxNumberExponent.
    static std::optional<Rational> Parse(std::string_view text);

    bool zero() const { return numerator == 0; }
    friend bool operator==(const Rational&, const Rational&) = default;
};

constexpr std::size_t kMaxNumberDigits = 200;
constexpr int kMaxNumberExponent = 2000;
// Longest numerator or denominator of a unit's factor.
constexpr unsigned kMaxFactorBits = 16'384;

Rational Times(const Rational& a, const Rational& b);
// `b` is not zero.
Rational Over(const Rational& a, const Rational& b);
Rational Plus(const Rational& a, const Rational& b);
Rational Minus(const Rational& a, const Rational& b);
// Nothing when the result would have more than kMaxFactorBits.
std::optional<Rational> Power(const Rational& base, int power);
// Sign of a - b.
int Compare(const Rational& a, const Rational& b);
// Too long to be worked with further.
bool TooLong(const Rational& value);

// All digits when there are at most `exact_digits`, else rounded to `digits` (half away from
// zero); with an exponent for what would need many zeros.
std::string ToText(const Rational& value, int exact_digits = 40, int digits = 30);
// Exact or rounded to 28 significant digits; nothing when it does not fit.
std::optional<core::Decimal> ToDecimal(const Rational& value);
long double ToLongDouble(const Rational& value);

}  // namespace kangqu::terminology::ucum
