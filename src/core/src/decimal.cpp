#include "kangqu/core/decimal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kangqu::core {

namespace {

__extension__ using Units = __int128;
__extension__ using Unsigned = unsigned __int128;

constexpr int kPowers = 38;
constexpr std::array<Units, kPowers + 1> MakePowers() {
    std::array<Units, kPowers + 1> powers{};
    Units value = 1;
    for (int i = 0; i <= kPowers; ++i) {
        powers[static_cast<std::size_t>(i)] = value;
        if (i < kPowers) {
            value *= 10;
        }
    }
    return powers;
}
constexpr std::array<Units, kPowers + 1> kPowerOfTen = MakePowers();
constexpr Units Power10(int exponent) {
    return kPowerOfTen[static_cast<std::size_t>(exponent)];
}
// What may stand in a Decimal: 28 digits before the point and 8 behind it.
constexpr Units kUnitsLimit = Power10(Decimal::kMaxIntegerDigits + Decimal::kArithmeticScale);

constexpr Units Absolute(Units value) {
    return value < 0 ? -value : value;
}

// value / 10^places, half away from zero.
Units DivideRounded(Units value, int places) {
    const Units divisor = Power10(places);
    const Units quotient = value / divisor;
    const Units rest = Absolute(value % divisor);
    if (rest * 2 >= divisor && rest != 0) {
        return quotient + (value < 0 ? -1 : 1);
    }
    return quotient;
}

// |a| * |b| / 10^places rounded, by 256-bit long multiplication; nothing when it does not fit.
std::optional<Units> WideProduct(Unsigned a, Unsigned b, int places) {
    std::array<std::uint64_t, 4> limbs{};
    const std::array<std::uint64_t, 2> x{
        static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(a >> 64U)};
    const std::array<std::uint64_t, 2> y{
        static_cast<std::uint64_t>(b), static_cast<std::uint64_t>(b >> 64U)};
    for (std::size_t i = 0; i < 2; ++i) {
        Unsigned carry = 0;
        for (std::size_t j = 0; j < 2; ++j) {
            carry += static_cast<Unsigned>(x[i]) * y[j] + limbs[i + j];
            limbs[i + j] = static_cast<std::uint64_t>(carry);
            carry >>= 64U;
        }
        limbs[i + 2] = static_cast<std::uint64_t>(carry);
    }
    std::uint64_t last_digit = 0;
    for (int step = 0; step < places; ++step) {
        Unsigned rest = 0;
        for (std::size_t i = 4; i-- > 0;) {
            rest = (rest << 64U) | limbs[i];
            limbs[i] = static_cast<std::uint64_t>(rest / 10U);
            rest %= 10U;
        }
        last_digit = static_cast<std::uint64_t>(rest);
    }
    if (limbs[3] != 0 || limbs[2] != 0 || (limbs[1] >> 62U) != 0) {
        return std::nullopt;
    }
    Units value = static_cast<Units>((static_cast<Unsigned>(limbs[1]) << 64U) | limbs[0]);
    if (last_digit >= 5) {
        ++value;
    }
    return value;
}

}  // namespace

std::optional<Decimal> Decimal::Checked(Units units, int scale) noexcept {
    const Units limit =
        scale <= kArithmeticScale ? Power10(kMaxIntegerDigits + scale) : kUnitsLimit;
    if (Absolute(units) >= limit) {
        return std::nullopt;
    }
    return Decimal(units, scale);
}

std::optional<Decimal> Decimal::Of(std::int64_t value, int scale) noexcept {
    if (scale < 0 || scale > kMaxScale) {
        return std::nullopt;
    }
    return Decimal(static_cast<Units>(value), scale);
}

Decimal Decimal::Largest() noexcept {
    return {Power10(kMaxIntegerDigits + kArithmeticScale) - 1, kArithmeticScale};
}

namespace {

// Digits of a number text, gathered; false when the text is not a number or too long.
struct Scanned {
    Units units = 0;
    int scale = 0;
    bool negative = false;
    bool good = false;
};

bool Gather(std::string_view text, std::size_t& at, Scanned& out, bool fraction) {
    bool any = false;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
        any = true;
        if (out.units >= kUnitsLimit / 10) {
            return false;
        }
        out.units = out.units * 10 + (text[at] - '0');
        out.scale += fraction ? 1 : 0;
    }
    return any;
}

bool ReadExponent(std::string_view text, std::size_t at, Scanned& out) {
    bool minus = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
        minus = text[at++] == '-';
    }
    if (at == text.size() || text.size() - at > 2) {
        return false;
    }
    int exponent = 0;
    for (; at < text.size(); ++at) {
        if (text[at] < '0' || text[at] > '9') {
            return false;
        }
        exponent = exponent * 10 + (text[at] - '0');
    }
    out.scale += minus ? exponent : -exponent;
    return true;
}

Scanned Scan(std::string_view text) {
    Scanned out;
    std::size_t at = 0;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        out.negative = text[0] == '-';
        at = 1;
    }
    if (!Gather(text, at, out, false)) {
        return out;
    }
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (!Gather(text, at, out, true)) {
            return out;
        }
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        out.good = ReadExponent(text, at + 1, out);
        return out;
    }
    out.good = at == text.size();
    return out;
}

}  // namespace

std::optional<Decimal> Decimal::Parse(std::string_view text) noexcept {
    Scanned scanned = Scan(text);
    if (!scanned.good || scanned.scale > kMaxScale) {
        return std::nullopt;
    }
    for (; scanned.scale < 0; ++scanned.scale) {
        if (scanned.units >= kUnitsLimit / 10) {
            return std::nullopt;
        }
        scanned.units *= 10;
    }
    return Checked(scanned.negative ? -scanned.units : scanned.units, scanned.scale);
}

std::optional<Decimal> Decimal::FromDouble(long double value) noexcept {
    if (!std::isfinite(value) || std::fabs(value) >= 1e27L) {
        return std::nullopt;
    }
    const long double scaled = std::round(value * 1e8L);
    return Decimal(static_cast<Units>(scaled), kArithmeticScale).Stripped();
}

bool Decimal::whole() const noexcept {
    return units() % Power10(scale_) == 0;
}

std::optional<std::int64_t> Decimal::ToInteger() const noexcept {
    const Units divisor = Power10(scale_);
    const Units value = units() / divisor;
    if (units() % divisor != 0 || value > INT64_MAX || value < INT64_MIN) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
}

long double Decimal::ToDouble() const noexcept {
    return static_cast<long double>(units()) / static_cast<long double>(Power10(scale_));
}

std::string Decimal::ToString() const {
    Unsigned rest = static_cast<Unsigned>(Absolute(units()));
    std::string out;
    int digits = 0;
    while (rest != 0 || digits <= scale_) {
        if (digits == scale_ && scale_ > 0) {
            out += '.';
        }
        out += static_cast<char>('0' + static_cast<int>(rest % 10U));
        rest /= 10U;
        ++digits;
    }
    if (negative()) {
        out += '-';
    }
    std::reverse(out.begin(), out.end());
    return out;
}

Decimal Decimal::Stripped() const noexcept {
    Units value = units();
    int places = scale_;
    while (places > 0 && value % 10 == 0) {
        value /= 10;
        --places;
    }
    return {value, places};
}

std::strong_ordering Decimal::Compare(const Decimal& a, const Decimal& b) noexcept {
    const Units whole_a = a.units() / Power10(a.scale_);
    const Units whole_b = b.units() / Power10(b.scale_);
    if (whole_a != whole_b) {
        return whole_a < whole_b ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const int scale = std::max(a.scale_, b.scale_);
    const Units rest_a = a.units() % Power10(a.scale_) * Power10(scale - a.scale_);
    const Units rest_b = b.units() % Power10(b.scale_) * Power10(scale - b.scale_);
    if (rest_a == rest_b) {
        return std::strong_ordering::equal;
    }
    return rest_a < rest_b ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::optional<Decimal> Decimal::WithScale(int places) const noexcept {
    if (places < 0 || places > kMaxScale) {
        return std::nullopt;
    }
    if (places <= scale_) {
        return Decimal(DivideRounded(units(), scale_ - places), places);
    }
    Units value = units();
    if (__builtin_mul_overflow(value, Power10(places - scale_), &value)) {
        return std::nullopt;
    }
    return Checked(value, places);
}

std::optional<Decimal> Decimal::Plus(Decimal other) const noexcept {
    const int scale = std::max(scale_, other.scale_);
    const auto a = WithScale(scale);
    const auto b = other.WithScale(scale);
    if (!a || !b) {
        return scale > kArithmeticScale
                   ? Rounded(kArithmeticScale).Plus(other.Rounded(kArithmeticScale))
                   : std::nullopt;
    }
    return Checked(a->units() + b->units(), scale);
}

std::optional<Decimal> Decimal::Minus(Decimal other) const noexcept {
    return Plus(other.Negated());
}

std::optional<Decimal> Decimal::Times(Decimal other) const noexcept {
    const int scale = scale_ + other.scale_;
    Units product = 0;
    if (!__builtin_mul_overflow(units(), other.units(), &product)) {
        return scale <= kArithmeticScale
                   ? Checked(product, scale)
                   : Checked(DivideRounded(product, scale - kArithmeticScale), kArithmeticScale);
    }
    const int drop = std::max(0, scale - kArithmeticScale);
    const auto wide = WideProduct(
        static_cast<Unsigned>(Absolute(units())),
        static_cast<Unsigned>(Absolute(other.units())),
        drop
    );
    if (!wide) {
        return std::nullopt;
    }
    return Checked(negative() != other.negative() ? -*wide : *wide, scale - drop);
}

std::optional<Decimal> Decimal::Over(Decimal other) const noexcept {
    const Decimal a = Stripped();
    const Decimal b = other.Stripped();
    const int scale = std::max(a.scale_, b.scale_);
    const auto dividend = a.WithScale(scale);
    const auto divisor = b.WithScale(scale);
    if (other.zero() || !dividend || !divisor) {
        return std::nullopt;
    }
    const Units by = Absolute(divisor->units());
    Units rest = Absolute(dividend->units());
    Units quotient = rest / by;
    rest %= by;
    if (quotient >= Power10(kMaxIntegerDigits)) {
        return std::nullopt;
    }
    for (int i = 0; i < kArithmeticScale; ++i) {
        rest *= 10;
        quotient = quotient * 10 + rest / by;
        rest %= by;
    }
    if (rest * 2 >= by) {
        ++quotient;
    }
    const bool minus = a.negative() != b.negative();
    const auto result = Checked(minus ? -quotient : quotient, kArithmeticScale);
    return result ? std::optional(result->Stripped()) : std::nullopt;
}

std::optional<Decimal> Decimal::DividedWhole(Decimal other) const noexcept {
    const int scale = std::max(scale_, other.scale_);
    const auto a = WithScale(scale);
    const auto b = other.WithScale(scale);
    if (other.zero() || !a || !b) {
        return std::nullopt;
    }
    return Checked(a->units() / b->units(), 0);
}

std::optional<Decimal> Decimal::Modulo(Decimal other) const noexcept {
    const int scale = std::max(scale_, other.scale_);
    const auto a = WithScale(scale);
    const auto b = other.WithScale(scale);
    if (other.zero() || !a || !b) {
        return std::nullopt;
    }
    return Checked(a->units() % b->units(), scale);
}

std::optional<Decimal> Decimal::Power(Decimal exponent) const noexcept {
    const auto count = exponent.ToInteger();
    if (!count || *count < -1024 || *count > 1024) {
        const long double value = std::pow(ToDouble(), exponent.ToDouble());
        return FromDouble(value);
    }
    std::optional<Decimal> result = Decimal(1);
    std::optional<Decimal> base = *this;
    for (std::int64_t left = *count < 0 ? -*count : *count; left > 0 && result; left /= 2) {
        if (left % 2 == 1) {
            result = base ? result->Times(*base) : std::nullopt;
        }
        base = base ? base->Times(*base) : std::nullopt;
    }
    if (*count < 0) {
        return result ? Decimal(1).Over(*result) : std::nullopt;
    }
    return result;
}

Decimal Decimal::Negated() const noexcept {
    return {-units(), scale_};
}

Decimal Decimal::Rounded(int places) const noexcept {
    if (places >= scale_ || places < 0) {
        return *this;
    }
    return {DivideRounded(units(), scale_ - places), places};
}

Decimal Decimal::Truncated(int places) const noexcept {
    if (places >= scale_ || places < 0) {
        return *this;
    }
    return {units() / Power10(scale_ - places), places};
}

Decimal Decimal::Floor() const noexcept {
    const Units divisor = Power10(scale_);
    const Units quotient = units() / divisor;
    return {units() % divisor < 0 ? quotient - 1 : quotient, 0};
}

Decimal Decimal::Ceiling() const noexcept {
    const Units divisor = Power10(scale_);
    const Units quotient = units() / divisor;
    return {units() % divisor > 0 ? quotient + 1 : quotient, 0};
}

}  // namespace kangqu::core
