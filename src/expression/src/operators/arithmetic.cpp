#include "arithmetic.hpp"

#include "compare.hpp"
#include "navigate.hpp"
#include "operators.hpp"
#include "units.hpp"
#include <limits>

namespace kangqu::expression {

namespace {

using core::Decimal;

Value FromDecimal(const std::optional<Decimal>& value) {
    return value ? Value::Decimal(*value) : Value();
}

std::optional<Decimal> OnDecimals(char op, const Decimal& a, const Decimal& b) {
    switch (op) {
        case '+':
            return a.Plus(b);
        case '-':
            return a.Minus(b);
        case '*':
            return a.Times(b);
        case '/':
            return a.Over(b);
        case 'd':
            return a.DividedWhole(b);
        default:
            return a.Modulo(b);
    }
}

// Nothing beyond 64 bits or for a zero divisor.
std::optional<std::int64_t> OnIntegers(char op, std::int64_t a, std::int64_t b) {
    std::int64_t out = 0;
    switch (op) {
        case '+':
            return __builtin_add_overflow(a, b, &out) ? std::nullopt : std::optional(out);
        case '-':
            return __builtin_sub_overflow(a, b, &out) ? std::nullopt : std::optional(out);
        case '*':
            return __builtin_mul_overflow(a, b, &out) ? std::nullopt : std::optional(out);
        default:
            break;
    }
    if (b == 0 || (a == std::numeric_limits<std::int64_t>::min() && b == -1)) {
        return std::nullopt;
    }
    return op == 'd' ? a / b : a % b;
}

bool IsWhole(const Value& value) {
    return value.is(Kind::kInteger) || value.is(Kind::kLong);
}

Value OnWhole(char op, const Value& a, const Value& b) {
    const auto result = OnIntegers(op, a.integer(), b.integer());
    if (!result) {
        return {};
    }
    if (a.is(Kind::kLong) || b.is(Kind::kLong)) {
        return Value::Long(*result);
    }
    const bool fits = *result >= std::numeric_limits<std::int32_t>::min() &&
                      *result <= std::numeric_limits<std::int32_t>::max();
    return fits ? Value::Integer(*result) : Value();
}

Quantity QuantityFrom(const Value& value) {
    if (value.is(Kind::kQuantity)) {
        return value.quantity();
    }
    Quantity out;
    out.value = *AsDecimal(value);
    out.unit = "1";
    return out;
}

Value SumOfQuantities(Evaluation& evaluation, char op, const Quantity& a, const Quantity& b) {
    Quantity out = a;
    const bool same = a.unit == b.unit && a.calendar == b.calendar;
    const auto one = same ? std::optional(Decimal(1)) : ConvertUnit(Decimal(1), a.unit, b.unit);
    if (!one) {
        return {};
    }
    // The result is in the smaller of the two units.
    const bool to_right = *one > Decimal(1);
    const auto left = to_right ? ConvertUnit(a.value, a.unit, b.unit) : std::optional(a.value);
    const auto right =
        same || to_right ? std::optional(b.value) : ConvertUnit(b.value, b.unit, a.unit);
    if (!left || !right) {
        return {};
    }
    out.unit = to_right ? b.unit : a.unit;
    out.calendar = to_right ? b.calendar : a.calendar;
    const auto number = op == '+' ? left->Plus(*right) : left->Minus(*right);
    if (!number) {
        return {};
    }
    out.value = *number;
    return Value::Of(evaluation.arena().New(out));
}

Value OnQuantities(Evaluation& evaluation, char op, const Value& left, const Value& right) {
    const Quantity a = QuantityFrom(left);
    const Quantity b = QuantityFrom(right);
    if (op == '+' || op == '-') {
        return SumOfQuantities(evaluation, op, a, b);
    }
    Quantity out;
    if (op == '*' || op == '/') {
        const auto unit = UnitProduct(a.unit, b.unit, op == '/');
        const auto number = OnDecimals(op, a.value, b.value);
        if (!unit || !number) {
            return {};
        }
        out.value = *number;
        out.unit = evaluation.Text(*unit);
        return Value::Of(evaluation.arena().New(out));
    }
    const auto divisor = ConvertUnit(b.value, b.unit, a.unit);
    const auto number = divisor ? OnDecimals(op, a.value, *divisor) : std::nullopt;
    if (!number) {
        return {};
    }
    out.value = *number;
    // CQL keeps the unit of the dividend.
    out.unit = op == 'd' && evaluation.plan().dialect == Dialect::kFhirPath ? "1" : a.unit;
    return Value::Of(evaluation.arena().New(out));
}

bool IsTemporal(const Value& value) {
    return value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime);
}

// A date moved by a quantity of time; the part of the number behind the point counts only for
// seconds.
Value Move(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& moment,
    const Quantity& by,
    bool back
) {
    const auto unit = TimeUnitOf(by);
    if (!unit) {
        return evaluation.Fail(
            node, "a date moves by units of time, not by '" + std::string(by.unit) + "'"
        );
    }
    core::TimeUnit step = *unit;
    std::optional<Decimal> amount = by.value.Truncated();
    if (step == core::TimeUnit::kSecond) {
        step = core::TimeUnit::kMillisecond;
        amount = by.value.Times(Decimal(1000));
        amount = amount ? std::optional(amount->Truncated()) : amount;
    }
    const auto count = amount ? amount->ToInteger() : std::nullopt;
    if (!count) {
        return {};
    }
    const auto moved = moment.temporal().Plus(back ? -*count : *count, step);
    return moved ? Value::Temporal(*moved) : Value();
}

bool IsNumeric(const Value& value) {
    return AsDecimal(value).has_value();
}

Value CannotCalculate(
    Evaluation& evaluation,
    const PlanNode& node,
    char op,
    const Value& a,
    const Value& b
) {
    const std::string name = op == 'd' ? "div" : op == 'm' ? "mod" : std::string(1, op);
    return evaluation.Fail(
        node, TypeNameOf(a) + " " + name + " " + TypeNameOf(b) + " has no meaning"
    );
}

// Interval arithmetic for counts that are not known exactly.
Value OnUncertain(
    Evaluation& evaluation,
    const PlanNode& node,
    char op,
    const Value& a,
    const Value& b
) {
    const auto low = [](const Value& v) {
        return v.is(Kind::kInterval) ? v.interval().low : v;
    };
    const auto high = [](const Value& v) {
        return v.is(Kind::kInterval) ? v.interval().high : v;
    };
    const Value x = Calculate(evaluation, node, op, low(a), op == '-' ? high(b) : low(b));
    const Value y = Calculate(evaluation, node, op, high(a), op == '-' ? low(b) : high(b));
    if (x.is_null() || y.is_null()) {
        return {};
    }
    if (SortOrder(evaluation, x, y) == 0) {
        return x;
    }
    const bool ordered = SortOrder(evaluation, x, y) < 0;
    return Value::Of(evaluation.arena().New(Interval{
        ordered ? x : y, ordered ? y : x, true, true, true}));
}

Value Both(Evaluation& evaluation, const PlanNode& node, char op) {
    const Value a = evaluation.System(node, 0);
    const Value b = evaluation.System(node, 1);
    return Calculate(evaluation, node, op, a, b);
}

}  // namespace

Value Calculate(
    Evaluation& evaluation,
    const PlanNode& node,
    char op,
    const Value& a,
    const Value& b
) {
    if (a.is_null() || b.is_null() || evaluation.failed()) {
        return {};
    }
    if (IsWhole(a) && IsWhole(b) && op != '/') {
        return OnWhole(op, a, b);
    }
    if (IsNumeric(a) && IsNumeric(b)) {
        const Value out = FromDecimal(OnDecimals(op, *AsDecimal(a), *AsDecimal(b)));
        if (op == 'd' && !out.is_null() && evaluation.plan().dialect == Dialect::kFhirPath) {
            const auto whole = out.decimal().ToInteger();
            return whole ? Value::Integer(*whole) : Value();
        }
        return out;
    }
    if (op == '+' && a.is(Kind::kString) && b.is(Kind::kString)) {
        if (!evaluation.FitsText(a.text().size() + b.text().size())) {
            return {};
        }
        return Value::String(evaluation.Text(std::string(a.text()).append(b.text())));
    }
    if (IsTemporal(a) && b.is(Kind::kQuantity) && (op == '+' || op == '-')) {
        return Move(evaluation, node, a, b.quantity(), op == '-');
    }
    const bool quantities = a.is(Kind::kQuantity) || b.is(Kind::kQuantity);
    if (quantities && (a.is(Kind::kQuantity) || IsNumeric(a)) &&
        (b.is(Kind::kQuantity) || IsNumeric(b))) {
        return OnQuantities(evaluation, op, a, b);
    }
    const auto countable = [](const Value& value) {
        return IsNumeric(value) || (value.is(Kind::kInterval) && value.interval().uncertain);
    };
    if (countable(a) && countable(b)) {
        return OnUncertain(evaluation, node, op, a, b);
    }
    return CannotCalculate(evaluation, node, op, a, b);
}

Value Negate(Evaluation& evaluation, const PlanNode& node, const Value& value) {
    if (value.is_null()) {
        return {};
    }
    if (IsWhole(value)) {
        return OnWhole('-', value.is(Kind::kLong) ? Value::Long(0) : Value::Integer(0), value);
    }
    if (value.is(Kind::kDecimal)) {
        return Value::Decimal(value.decimal().Negated());
    }
    if (value.is(Kind::kQuantity)) {
        Quantity out = value.quantity();
        out.value = out.value.Negated();
        return Value::Of(evaluation.arena().New(out));
    }
    return evaluation.Fail(node, TypeNameOf(value) + " has no negative");
}

Value EvalPlus(Evaluation& evaluation, const PlanNode& node) {
    return Both(evaluation, node, '+');
}
Value EvalMinus(Evaluation& evaluation, const PlanNode& node) {
    return Both(evaluation, node, '-');
}
Value EvalTimes(Evaluation& evaluation, const PlanNode& node) {
    return Both(evaluation, node, '*');
}
Value EvalOver(Evaluation& evaluation, const PlanNode& node) {
    return Both(evaluation, node, '/');
}
Value EvalDiv(Evaluation& evaluation, const PlanNode& node) {
    return Both(evaluation, node, 'd');
}
Value EvalMod(Evaluation& evaluation, const PlanNode& node) {
    return Both(evaluation, node, 'm');
}

Value EvalConcatenate(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Typed(node, 0, Kind::kString);
    const Value b = evaluation.Typed(node, 1, Kind::kString);
    if (evaluation.failed()) {
        return {};
    }
    const std::size_t size =
        (a.is_null() ? 0 : a.text().size()) + (b.is_null() ? 0 : b.text().size());
    if (!evaluation.FitsText(size)) {
        return {};
    }
    std::string out(a.is_null() ? std::string_view() : a.text());
    out.append(b.is_null() ? std::string_view() : b.text());
    return Value::String(evaluation.Text(std::move(out)));
}

Value EvalNegate(Evaluation& evaluation, const PlanNode& node) {
    return Negate(evaluation, node, evaluation.System(node, 0));
}

Value EvalPositive(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.System(node, 0);
    if (value.is_null() || IsNumeric(value) || value.is(Kind::kQuantity)) {
        return value;
    }
    return evaluation.Fail(node, TypeNameOf(value) + " is not a number");
}

}  // namespace kangqu::expression
