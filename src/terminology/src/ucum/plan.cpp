#include "ucum/plan.hpp"

#include <array>

namespace kangqu::terminology::ucum {

namespace {

using core::Decimal;
__extension__ using Wide = __int128;

// Below this a Decimal may be made of words whatever its scale.
constexpr int kMaxWideDigits = 36;
constexpr Wide PowerOfTen(int power) {
    Wide out = 1;
    for (int i = 0; i < power; ++i) {
        out *= 10;
    }
    return out;
}
Wide WordsOf(const Decimal& value) {
    return (static_cast<Wide>(value.high_word()) << 64) | value.low_word();
}
constexpr Wide kWideLimit = PowerOfTen(kMaxWideDigits);

}  // namespace

Plan::Plan(std::shared_ptr<const Compiled> from, std::shared_ptr<const Compiled> to)
    : from_(std::move(from)), to_(std::move(to)) {
    same_ = from_->function == to_->function && from_->factor == to_->factor &&
            from_->scale == to_->scale;
    if (from_->function != Function::kNone || to_->function != Function::kNone) {
        return;
    }
    ratio_ = Over(from_->factor, to_->factor);
    const Integer limit = INT64_MAX;
    small_ = ratio_.numerator <= limit && ratio_.denominator <= limit;
    if (small_) {
        numerator_ = static_cast<std::int64_t>(ratio_.numerator);
        denominator_ = static_cast<std::int64_t>(ratio_.denominator);
        exponent_ = ratio_.exponent;
    }
}

std::optional<Decimal> Plan::Quick(const Decimal& value) const {
    if (same_) {
        return value;
    }
    if (!small_) {
        return std::nullopt;
    }
    Wide units = WordsOf(value);
    int scale = value.scale() - exponent_;
    if (__builtin_mul_overflow(units, static_cast<Wide>(numerator_), &units)) {
        return std::nullopt;
    }
    if (denominator_ != 1) {
        if (units % denominator_ != 0) {
            // A few more digits make most quotients of everyday units whole.
            constexpr int kMore = 9;
            constexpr Wide kShift = PowerOfTen(kMore);
            if (__builtin_mul_overflow(units, kShift, &units) || units % denominator_ != 0) {
                return std::nullopt;
            }
            scale += kMore;
        }
        units /= denominator_;
    }
    for (; scale > 0 && units % 10 == 0; --scale) {
        units /= 10;
        if (units == 0) {
            return Decimal();
        }
    }
    for (; scale < 0; ++scale) {
        if (__builtin_mul_overflow(units, static_cast<Wide>(10), &units)) {
            return std::nullopt;
        }
    }
    const Wide magnitude = units < 0 ? -units : units;
    if (scale > Decimal::kMaxScale || magnitude >= kWideLimit ||
        (scale < 8 && magnitude >= PowerOfTen(Decimal::kMaxIntegerDigits + scale))) {
        return std::nullopt;
    }
    return Decimal::FromWords(
        static_cast<std::uint64_t>(units), static_cast<std::int64_t>(units >> 64), scale
    );
}

std::optional<std::strong_ordering> Plan::QuickOrder(const Decimal& a, const Decimal& b) const {
    if (same_) {
        return a <=> b;
    }
    if (!small_) {
        return std::nullopt;
    }
    Wide left = WordsOf(a);
    Wide right = WordsOf(b);
    int shift = exponent_ - a.scale() + b.scale();
    if (__builtin_mul_overflow(left, static_cast<Wide>(numerator_), &left) ||
        __builtin_mul_overflow(right, static_cast<Wide>(denominator_), &right)) {
        return std::nullopt;
    }
    for (; shift != 0; shift += shift < 0 ? 1 : -1) {
        Wide& grown = shift > 0 ? left : right;
        if (__builtin_mul_overflow(grown, static_cast<Wide>(10), &grown)) {
            return std::nullopt;
        }
    }
    return left <=> right;
}

std::optional<Rational> Plan::Exact(const Rational& value) const {
    if (same_) {
        return value;
    }
    if (from_->function == Function::kNone && to_->function == Function::kNone) {
        return Times(value, ratio_);
    }
    const auto base = ToBase(value, *from_);
    auto out = base ? FromBase(*base, *to_) : std::nullopt;
    if (!out || (IsExact(from_->function) && IsExact(to_->function))) {
        return out;
    }
    // What floating point is good for.
    constexpr int kDigits = 15;
    return Rational::Parse(ToText(*out, kDigits, kDigits));
}

}  // namespace kangqu::terminology::ucum
