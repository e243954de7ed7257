// lowBoundary, highBoundary, precision, comparable.
#include "functions/registry.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/units.hpp"
#include <array>

namespace kangqu::expression {

namespace {

using core::Decimal;

// Digits asked for a date: 4 year, 6 month, 8 day; a dateTime goes on to 17; a time 2 to 9.
std::optional<core::Precision> PrecisionOfDigits(std::int64_t digits, bool time) {
    constexpr std::array<int, 7> kDate = {4, 6, 8, 10, 12, 14, 17};
    constexpr std::array<int, 4> kTime = {2, 4, 6, 9};
    if (time) {
        for (std::size_t i = 0; i < kTime.size(); ++i) {
            if (kTime[i] == digits) {
                return static_cast<core::Precision>(i + 3);
            }
        }
        return std::nullopt;
    }
    for (std::size_t i = 0; i < kDate.size(); ++i) {
        if (kDate[i] == digits) {
            return static_cast<core::Precision>(i);
        }
    }
    return std::nullopt;
}

std::optional<Decimal> DecimalBoundary(const Decimal& value, int places, bool high) {
    if (places < 0 || places > Decimal::kMaxScale) {
        return std::nullopt;
    }
    // Half a step of the digit written last, towards the bound.
    const auto half = Decimal::Of(5, std::min(value.scale() + 1, Decimal::kMaxScale));
    const auto edge = high ? value.Plus(*half) : value.Minus(*half);
    if (!edge) {
        return std::nullopt;
    }
    if (places >= edge->scale()) {
        return edge->WithScale(places);
    }
    // Cut short, a bound towards zero loses its digits, one away from zero is rounded.
    return edge->negative() == high ? edge->Truncated(places) : edge->Rounded(places);
}

// CQL: the least and greatest numbers that begin with the digits written.
std::optional<Decimal> CqlBoundary(const Decimal& value, int places, bool high) {
    const auto step = Decimal::Of(1, std::min(value.scale(), Decimal::kMaxScale));
    const auto last = Decimal::Of(1, places);
    if (places <= value.scale() || high == value.negative()) {
        return value.WithScale(places);
    }
    const auto next = high ? value.Plus(*step) : value.Minus(*step);
    const auto wide = next ? next->WithScale(places) : std::nullopt;
    return !wide ? wide : high ? wide->Minus(*last) : wide->Plus(*last);
}

// Offsets of the places on earth where a clock time comes first and last.
constexpr std::int16_t kEarliestOffset = 14 * 60;
constexpr std::int16_t kLatestOffset = -12 * 60;

Value TemporalBoundary(
    const core::Temporal& value,
    std::optional<std::int64_t> digits,
    bool high,
    bool offsets
) {
    const bool time = value.kind == core::TemporalKind::kTime;
    const core::Precision finest = value.kind == core::TemporalKind::kDate
                                       ? core::Precision::kDay
                                       : core::Precision::kMillisecond;
    const auto part = digits ? PrecisionOfDigits(*digits, time) : std::optional(finest);
    if (!part) {
        return {};
    }
    core::Temporal out = value;
    if (*part > value.precision) {
        out = high ? value.Highest(*part) : value.Lowest(*part);
    } else {
        out = value.CutTo(*part);
    }
    if (offsets && out.kind == core::TemporalKind::kDateTime &&
        out.precision >= core::Precision::kHour && !out.has_offset) {
        out.has_offset = true;
        out.offset_minutes = high ? kLatestOffset : kEarliestOffset;
    }
    return Value::Temporal(out);
}

Value Boundary(Evaluation& evaluation, const PlanNode& node, bool high) {
    const Value value = evaluation.System(node, 0);
    const Value asked = node.count > 1 ? evaluation.Typed(node, 1, Kind::kInteger) : Value();
    if (value.is_null()) {
        return {};
    }
    const bool cql = evaluation.plan().dialect == Dialect::kCql;
    const auto digits = asked.is_null() ? std::nullopt : std::optional(asked.integer());
    if (value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime)) {
        return TemporalBoundary(value.temporal(), digits, high, !cql);
    }
    const auto number =
        value.is(Kind::kQuantity) ? std::optional(value.quantity().value) : AsDecimal(value);
    if (!number) {
        return evaluation.Fail(node, TypeNameOf(value) + " has no boundaries");
    }
    const std::int64_t places = digits.value_or(Decimal::kArithmeticScale);
    const auto bound = places < 0 || places > Decimal::kMaxScale ? std::nullopt
                       : cql ? CqlBoundary(*number, static_cast<int>(places), high)
                             : DecimalBoundary(*number, static_cast<int>(places), high);
    if (!bound) {
        return {};
    }
    if (!value.is(Kind::kQuantity)) {
        return Value::Decimal(*bound);
    }
    Quantity out = value.quantity();
    out.value = *bound;
    return Value::Of(evaluation.arena().New(out));
}

Value LowBoundary(Evaluation& evaluation, const PlanNode& node) {
    return Boundary(evaluation, node, false);
}
Value HighBoundary(Evaluation& evaluation, const PlanNode& node) {
    return Boundary(evaluation, node, true);
}

Value Precision(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.System(node, 0);
    if (value.is_null()) {
        return {};
    }
    if (value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime)) {
        constexpr std::array<int, 7> kDigits = {4, 6, 8, 10, 12, 14, 17};
        const int digits = kDigits[static_cast<std::size_t>(value.temporal().precision)];
        return Value::Integer(value.is(Kind::kTime) ? digits - 8 : digits);
    }
    const auto number = AsDecimal(value);
    return number ? Value::Integer(number->scale())
                  : evaluation.Fail(node, TypeNameOf(value) + " has no precision");
}

Value Comparable(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Typed(node, 0, Kind::kQuantity);
    const Value b = evaluation.Typed(node, 1, Kind::kQuantity);
    return a.is_null() || b.is_null() ? Value()
                                      : Value::Boolean(SameDimension(a.quantity(), b.quantity()));
}

constexpr std::array<Method, 4> kMethods = {{
    {"lowBoundary", 0, 1, 0, ResultRule::kUnknown, LowBoundary},
    {"highBoundary", 0, 1, 0, ResultRule::kUnknown, HighBoundary},
    {"precision", 0, 0, 0, ResultRule::kInteger, Precision},
    {"comparable", 1, 1, 0, ResultRule::kBoolean, Comparable},
}};

}  // namespace

std::span<const Method> BoundaryMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
