#include "ucum/rational.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>
#include <cstdlib>

namespace kangqu::terminology::ucum {

namespace {

Integer Ten(int power) {
    return boost::multiprecision::pow(Integer(10), static_cast<unsigned>(power));
}

Rational Reduced(Integer numerator, Integer denominator, int exponent) {
    if (numerator == 0) {
        return {0, 1, 0};
    }
    if (denominator != 1) {
        const Integer common = boost::multiprecision::gcd(numerator, denominator);
        if (common != 1) {
            numerator /= common;
            denominator /= common;
        }
    }
    // Powers of ten belong to the exponent, so that what is written differently compares equal.
    while (numerator % 10 == 0) {
        numerator /= 10;
        ++exponent;
    }
    while (denominator % 10 == 0) {
        denominator /= 10;
        --exponent;
    }
    return {std::move(numerator), std::move(denominator), exponent};
}

unsigned Bits(const Integer& value) {
    return value == 0 ? 0U : static_cast<unsigned>(msb(Integer(abs(value)))) + 1U;
}

// Digits of |numerator| / denominator with the power of ten of the last one, rounded to `digits`
// unless it ends within `exact_digits`.
struct Digits {
    std::string text;
    int exponent = 0;
};
Digits DigitsOf(const Rational& value, int exact_digits, int digits) {
    const Integer magnitude = boost::multiprecision::abs(value.numerator);
    // A quotient of so many digits behind the point is either exact or long enough to be rounded.
    const auto length = [](const Integer& number) {
        return static_cast<int>(Bits(number)) * 1234 / 4096 + 1;
    };
    const int behind =
        std::max(0, exact_digits + 2 + length(value.denominator) - length(magnitude));
    Integer quotient;
    Integer rest;
    boost::multiprecision::divide_qr(
        Integer(magnitude * Ten(behind)), value.denominator, quotient, rest
    );
    Digits out{quotient.str(), value.exponent - behind};
    const auto strip = [&out] {
        const std::size_t last = out.text.find_last_not_of('0');
        out.exponent += static_cast<int>(out.text.size() - last - 1);
        out.text.resize(last + 1);
    };
    if (rest == 0) {
        strip();
        if (out.text.size() <= static_cast<std::size_t>(exact_digits)) {
            return out;
        }
    }
    const int drop = static_cast<int>(out.text.size()) - digits;
    if (drop > 0) {
        Integer kept(out.text.substr(0, static_cast<std::size_t>(digits)));
        kept += out.text[static_cast<std::size_t>(digits)] >= '5' ? 1 : 0;
        out = {kept.str(), out.exponent + drop};
    }
    strip();
    return out;
}

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}

// The exponent behind "e"; nothing when it is not one or out of range.
std::optional<int> ParseExponent(std::string_view text) {
    const bool minus = text.starts_with('-');
    text.remove_prefix(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
    if (text.empty() || text.size() > 4 || !std::all_of(text.begin(), text.end(), IsDigit)) {
        return std::nullopt;
    }
    const int value = std::atoi(std::string(text).c_str());
    return value > kMaxNumberExponent ? std::nullopt : std::optional(minus ? -value : value);
}

}  // namespace

Rational Rational::Of(const core::Decimal& value) {
    Integer units = value.high_word();
    units *= Integer(1) << 64;
    units += value.low_word();
    return Reduced(std::move(units), 1, -value.scale());
}

std::optional<Rational> Rational::Parse(std::string_view text) {
    const bool minus = text.starts_with('-');
    text.remove_prefix(minus || text.starts_with('+') ? 1 : 0);
    int exponent = 0;
    if (const std::size_t at = text.find_first_of("eE"); at != std::string_view::npos) {
        const auto written = ParseExponent(text.substr(at + 1));
        if (!written) {
            return std::nullopt;
        }
        exponent = *written;
        text = text.substr(0, at);
    }
    std::string digits;
    bool point = false;
    for (const char c : text) {
        if (c == '.' && !point && !digits.empty()) {
            point = true;
        } else if (IsDigit(c) && digits.size() < kMaxNumberDigits) {
            digits.push_back(c);
            exponent -= point ? 1 : 0;
        } else {
            return std::nullopt;
        }
    }
    if (digits.empty() || text.ends_with('.')) {
        return std::nullopt;
    }
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    Integer number(digits);
    return Reduced(minus ? Integer(-number) : number, 1, exponent);
}

Rational Times(const Rational& a, const Rational& b) {
    return Reduced(
        a.numerator * b.numerator, a.denominator * b.denominator, a.exponent + b.exponent
    );
}

Rational Over(const Rational& a, const Rational& b) {
    KQ_CHECK(!b.zero(), "the divisor is zero");
    Integer numerator = a.numerator * b.denominator;
    Integer denominator = a.denominator * b.numerator;
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    return Reduced(std::move(numerator), std::move(denominator), a.exponent - b.exponent);
}

Rational Plus(const Rational& a, const Rational& b) {
    const int least = std::min(a.exponent, b.exponent);
    return Reduced(
        a.numerator * Ten(a.exponent - least) * b.denominator +
            b.numerator * Ten(b.exponent - least) * a.denominator,
        a.denominator * b.denominator,
        least
    );
}

Rational Minus(const Rational& a, const Rational& b) {
    Rational negative = b;
    negative.numerator = -negative.numerator;
    return Plus(a, negative);
}

std::optional<Rational> Power(const Rational& base, int power) {
    if (power < 0) {
        return base.zero() ? std::nullopt : Power(Over(Rational{}, base), -power);
    }
    const unsigned times = static_cast<unsigned>(power);
    const unsigned bits = std::max(Bits(base.numerator), Bits(base.denominator));
    if (bits > 1 && bits * times > kMaxFactorBits) {
        return std::nullopt;
    }
    return Reduced(
        boost::multiprecision::pow(base.numerator, times),
        boost::multiprecision::pow(base.denominator, times),
        base.exponent * power
    );
}

int Compare(const Rational& a, const Rational& b) {
    return Minus(a, b).numerator.sign();
}

bool TooLong(const Rational& value) {
    return Bits(value.numerator) > kMaxFactorBits || Bits(value.denominator) > kMaxFactorBits ||
           std::abs(value.exponent) > 10 * kMaxNumberExponent;
}

std::string ToText(const Rational& value, int exact_digits, int digits) {
    if (value.zero()) {
        return "0";
    }
    constexpr int kPlainZeros = 12;
    Digits found = DigitsOf(value, exact_digits, digits);
    const int size = static_cast<int>(found.text.size());
    std::string out = value.numerator < 0 ? "-" : "";
    // Power of ten of the first digit.
    const int lead = found.exponent + size - 1;
    if (lead < -kPlainZeros || found.exponent > kPlainZeros) {
        out += found.text.substr(0, 1);
        out += size > 1 ? "." + found.text.substr(1) : "";
        return out + "e" + std::to_string(lead);
    }
    if (found.exponent >= 0) {
        return out + found.text + std::string(static_cast<std::size_t>(found.exponent), '0');
    }
    if (lead < 0) {
        return out + "0." + std::string(static_cast<std::size_t>(-lead - 1), '0') + found.text;
    }
    found.text.insert(static_cast<std::size_t>(lead + 1), 1, '.');
    return out + found.text;
}

std::optional<core::Decimal> ToDecimal(const Rational& value) {
    if (value.zero()) {
        return core::Decimal();
    }
    Digits found = DigitsOf(value, 36, 28);
    const int lead = found.exponent + static_cast<int>(found.text.size()) - 1;
    if (lead >= core::Decimal::kMaxIntegerDigits) {
        return std::nullopt;
    }
    // Behind the point there is room for kMaxScale digits.
    const int over = -found.exponent - core::Decimal::kMaxScale;
    if (over > 0) {
        const int keep = static_cast<int>(found.text.size()) - over;
        if (keep < 0) {
            return core::Decimal();
        }
        Integer kept(keep == 0 ? "0" : found.text.substr(0, static_cast<std::size_t>(keep)));
        kept += found.text[static_cast<std::size_t>(keep)] >= '5' ? 1 : 0;
        found = {kept.str(), -core::Decimal::kMaxScale};
    }
    found.text += std::string(static_cast<std::size_t>(std::max(0, found.exponent)), '0');
    Integer units(found.text);
    units = value.numerator < 0 ? Integer(-units) : units;
    const bool minus = units < 0;
    const Integer magnitude = boost::multiprecision::abs(units);
    const auto low = static_cast<std::uint64_t>(magnitude & 0xFFFFFFFFFFFFFFFFULL);
    const auto high = static_cast<std::uint64_t>(magnitude >> 64);
    const std::uint64_t low_word = minus ? ~low + 1 : low;
    const std::uint64_t high_word = minus ? ~high + (low == 0 ? 1 : 0) : high;
    return core::Decimal::FromWords(
        low_word, static_cast<std::int64_t>(high_word), std::max(0, -found.exponent)
    );
}

long double ToLongDouble(const Rational& value) {
    return std::strtold(ToText(value, 21, 21).c_str(), nullptr);
}

}  // namespace kangqu::terminology::ucum
