#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::core {

// An exact decimal number: an integer and the count of its digits behind the point. 28 digits
// before the point; arithmetic keeps 8 behind it (as CQL defines System.Decimal), rounding half
// away from zero; a parsed number keeps up to 28. The written scale is remembered, so 1.50 prints
// as 1.50, but 1.5 == 1.50. No binary floating point, except in Exp, Ln and powers that are not
// whole.
class Decimal {
public:
    static constexpr int kMaxIntegerDigits = 28;
    static constexpr int kArithmeticScale = 8;
    static constexpr int kMaxScale = 28;

    constexpr Decimal() = default;
    constexpr explicit Decimal(std::int64_t value) : Decimal(static_cast<Units>(value), 0) {}
    // value * 10^-scale. `scale` 0 to kMaxScale; nothing when out of range.
    static std::optional<Decimal> Of(std::int64_t value, int scale) noexcept;
    // "-12.50", "1e3"; at most 28 digits before and behind the point; nothing for anything else.
    static std::optional<Decimal> Parse(std::string_view text) noexcept;
    // Rounded to kArithmeticScale; nothing for NaN, infinities and what does not fit.
    static std::optional<Decimal> FromDouble(long double value) noexcept;
    static Decimal Largest() noexcept;

    int scale() const noexcept { return scale_; }
    bool negative() const noexcept { return high_ < 0; }
    bool zero() const noexcept { return high_ == 0 && low_ == 0; }
    bool whole() const noexcept;
    // The integer value when there is nothing behind the point and it fits.
    std::optional<std::int64_t> ToInteger() const noexcept;
    long double ToDouble() const noexcept;
    // As written: with scale() digits behind the point.
    std::string ToString() const;
    // The same number without trailing zeros behind the point.
    Decimal Stripped() const noexcept;

    // The two words of the number without its scale, for compact storage, and the way back.
    std::uint64_t low_word() const noexcept { return low_; }
    std::int64_t high_word() const noexcept { return high_; }
    static Decimal FromWords(std::uint64_t low, std::int64_t high, int scale) noexcept {
        Decimal value;
        value.low_ = low;
        value.high_ = high;
        value.scale_ = scale;
        return value;
    }

    // Nothing when the result does not fit (or the divisor is zero).
    std::optional<Decimal> Plus(Decimal other) const noexcept;
    std::optional<Decimal> Minus(Decimal other) const noexcept;
    std::optional<Decimal> Times(Decimal other) const noexcept;
    std::optional<Decimal> Over(Decimal other) const noexcept;
    // Quotient without its fraction, and what is left with the sign of *this.
    std::optional<Decimal> DividedWhole(Decimal other) const noexcept;
    std::optional<Decimal> Modulo(Decimal other) const noexcept;
    std::optional<Decimal> Power(Decimal exponent) const noexcept;

    Decimal Negated() const noexcept;
    Decimal Magnitude() const noexcept { return negative() ? Negated() : *this; }
    // Half away from zero; adds no digits.
    Decimal Rounded(int places) const noexcept;
    Decimal Truncated(int places = 0) const noexcept;
    Decimal Floor() const noexcept;
    Decimal Ceiling() const noexcept;
    // The same number with exactly `places` digits behind the point (more: zeros; fewer: rounded);
    // nothing when it does not fit.
    std::optional<Decimal> WithScale(int places) const noexcept;
    // 10^-scale(): the step between neighbours as written.
    static std::optional<Decimal> Step(int places) noexcept { return Of(1, places); }

    // By value, whatever the scale.
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept {
        return Compare(a, b);
    }
    friend bool operator==(const Decimal& a, const Decimal& b) noexcept {
        return Compare(a, b) == std::strong_ordering::equal;
    }

private:
    __extension__ using Units = __int128;
    constexpr Decimal(Units units, int scale)
        : low_(static_cast<std::uint64_t>(units)),
          high_(static_cast<std::int64_t>(units >> 64)),
          scale_(scale) {}
    constexpr Units units() const noexcept {
        return static_cast<Units>(
            (static_cast<Unsigned>(static_cast<std::uint64_t>(high_)) << 64U) | low_
        );
    }
    __extension__ using Unsigned = unsigned __int128;
    static std::strong_ordering Compare(const Decimal& a, const Decimal& b) noexcept;
    static std::optional<Decimal> Checked(Units units, int scale) noexcept;

    std::uint64_t low_ =
        0;  // two words and not one __int128, whose alignment would widen all users
    std::int64_t high_ = 0;
    std::int32_t scale_ = 0;
};

}  // namespace kangqu::core
