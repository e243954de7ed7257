// Numbers: abs, ceiling, exp, floor, ln, log, power, round, sqrt, truncate.
#include "functions/registry.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/operators.hpp"
#include <array>
#include <cmath>
#include <limits>

namespace kangqu::expression {

namespace {

using core::Decimal;

Value NotANumber(Evaluation& evaluation, const PlanNode& node, const Value& value) {
    return evaluation.Fail(node, "a number is needed here, found " + TypeNameOf(value));
}

// The input as a number; nothing for an empty one and, with a failure, for anything else.
std::optional<Decimal> Number(Evaluation& evaluation, const PlanNode& node, std::size_t position) {
    const Value value = evaluation.System(node, position);
    if (value.is_null()) {
        return std::nullopt;
    }
    const auto number = AsDecimal(value);
    if (!number) {
        NotANumber(evaluation, node, value);
    }
    return number;
}

Value WholeOrNull(const Decimal& value) {
    const auto whole = value.ToInteger();
    const bool fits = whole && *whole >= std::numeric_limits<std::int32_t>::min() &&
                      *whole <= std::numeric_limits<std::int32_t>::max();
    return fits ? Value::Integer(*whole) : Value();
}

Value FromDouble(long double value) {
    const auto number = Decimal::FromDouble(value);
    return number ? Value::Decimal(*number) : Value();
}

Value Abs(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.System(node, 0);
    if (value.is_null()) {
        return {};
    }
    const auto number =
        value.is(Kind::kQuantity) ? std::optional(value.quantity().value) : AsDecimal(value);
    if (!number) {
        return NotANumber(evaluation, node, value);
    }
    return number->negative() ? Negate(evaluation, node, value) : value;
}

Value Ceiling(Evaluation& evaluation, const PlanNode& node) {
    const auto number = Number(evaluation, node, 0);
    return number ? WholeOrNull(number->Ceiling()) : Value();
}

Value Floor(Evaluation& evaluation, const PlanNode& node) {
    const auto number = Number(evaluation, node, 0);
    return number ? WholeOrNull(number->Floor()) : Value();
}

Value Truncate(Evaluation& evaluation, const PlanNode& node) {
    const auto number = Number(evaluation, node, 0);
    return number ? WholeOrNull(number->Truncated()) : Value();
}

// Halves away from zero.
Value Round(Evaluation& evaluation, const PlanNode& node) {
    const auto number = Number(evaluation, node, 0);
    const Value places =
        node.count > 1 ? evaluation.Typed(node, 1, Kind::kInteger) : Value::Integer(0);
    if (!number) {
        return {};
    }
    const std::int64_t digits = places.is_null() ? 0 : places.integer();
    if (digits < 0 || digits > Decimal::kMaxScale) {
        return evaluation.Fail(node, "round() takes 0 to 28 places");
    }
    return Value::Decimal(number->Rounded(static_cast<int>(digits)));
}

Value Exp(Evaluation& evaluation, const PlanNode& node) {
    const auto number = Number(evaluation, node, 0);
    if (!number) {
        return {};
    }
    const Value result = FromDouble(std::exp(number->ToDouble()));
    return result.is_null() ? evaluation.Fail(node, "the result is too large") : result;
}

Value Ln(Evaluation& evaluation, const PlanNode& node) {
    const auto number = Number(evaluation, node, 0);
    if (!number) {
        return {};
    }
    if (number->zero() && evaluation.plan().dialect == Dialect::kCql) {
        return evaluation.Fail(node, "zero has no logarithm");
    }
    if (number->negative() || number->zero()) {
        return {};
    }
    return FromDouble(std::log(number->ToDouble()));
}

Value Log(Evaluation& evaluation, const PlanNode& node) {
    const auto number = Number(evaluation, node, 0);
    const auto base = Number(evaluation, node, 1);
    if (!number || !base || number->negative() || number->zero() || base->negative() ||
        base->zero() || *base == Decimal(1)) {
        return number && base && *number == Decimal(1) && *base != Decimal(1)
                   ? Value::Decimal(*Decimal::Of(0, 1))
                   : Value();
    }
    return FromDouble(std::log(number->ToDouble()) / std::log(base->ToDouble()));
}

Value Power(Evaluation& evaluation, const PlanNode& node) {
    const Value base = evaluation.System(node, 0);
    const Value exponent = evaluation.System(node, 1);
    const auto x = AsDecimal(base);
    const auto y = AsDecimal(exponent);
    if (!x || !y) {
        return {};
    }
    const auto result = x->Power(*y);
    if (!result) {
        return {};
    }
    const bool whole = !base.is(Kind::kDecimal) && !exponent.is(Kind::kDecimal) && !y->negative();
    if (!whole) {
        return Value::Decimal(*result);
    }
    const auto number = result->ToInteger();
    if (base.is(Kind::kLong) || exponent.is(Kind::kLong)) {
        return number ? Value::Long(*number) : Value();
    }
    return WholeOrNull(*result);
}

Value Sqrt(Evaluation& evaluation, const PlanNode& node) {
    const auto number = Number(evaluation, node, 0);
    return number && !number->negative() ? FromDouble(std::sqrt(number->ToDouble())) : Value();
}

constexpr std::array<Method, 10> kMethods = {{
    {"abs", 0, 0, 0, ResultRule::kUnknown, Abs},
    {"ceiling", 0, 0, 0, ResultRule::kInteger, Ceiling},
    {"exp", 0, 0, 0, ResultRule::kDecimal, Exp},
    {"floor", 0, 0, 0, ResultRule::kInteger, Floor},
    {"ln", 0, 0, 0, ResultRule::kDecimal, Ln},
    {"log", 1, 1, 0, ResultRule::kDecimal, Log},
    {"power", 1, 1, 0, ResultRule::kUnknown, Power},
    {"round", 0, 1, 0, ResultRule::kDecimal, Round},
    {"sqrt", 0, 0, 0, ResultRule::kDecimal, Sqrt},
    {"truncate", 0, 0, 0, ResultRule::kInteger, Truncate},
}};

}  // namespace

std::span<const Method> MathMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
