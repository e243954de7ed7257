// collapse, expand, Size.
#include "cql/cql_functions.hpp"
#include "cql/edges.hpp"
#include "navigate.hpp"
#include "operators/operators.hpp"
#include "operators/units.hpp"
#include <algorithm>
#include <array>
#include <vector>

namespace kangqu::expression {

namespace {

bool IsTemporal(const Value& value) {
    return value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime);
}

// Whether a span that begins at `low` goes on from one that ends at `high`: they overlap, they
// meet, or they lie no further apart than `per`.
bool GoesOn(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& high,
    const Value& low,
    const Value& per
) {
    const Value next = Successor(evaluation, high);
    const Order order = CompareValues(evaluation, low, next.is_null() ? high : next);
    if (order == Order::kLess || order == Order::kEqual || per.is_null()) {
        return order == Order::kLess || order == Order::kEqual;
    }
    const Value reach = Calculate(evaluation, node, '+', high, per);
    const Order far = CompareValues(evaluation, low, reach);
    return far == Order::kLess || far == Order::kEqual;
}

// A step for points of the kind of `like`: a plain number for numbers, the quantity for the rest.
Value StepFor(const Value& like, const Value& per) {
    const bool number = like.is(Kind::kInteger) || like.is(Kind::kLong) || like.is(Kind::kDecimal);
    if (!number || !per.is(Kind::kQuantity)) {
        return per;
    }
    const Quantity& quantity = per.quantity();
    if (like.is(Kind::kDecimal)) {
        return Value::Decimal(quantity.value);
    }
    const auto whole = quantity.value.ToInteger();
    return whole && core::Decimal(*whole) == quantity.value
               ? (like.is(Kind::kLong) ? Value::Long(*whole) : Value::Integer(*whole))
               : Value::Decimal(quantity.value);
}

// Points of an interval, `step` apart, of the precision of the step; `last` is the end of the span
// that begins at a point.
struct Walk {
    Value low;
    Value high;
    Value step;
    Value unit;  // the smallest difference of points
};

core::Precision PrecisionOf(core::TimeUnit unit) {
    constexpr std::array<core::Precision, 8> kPrecisions = {
        core::Precision::kYear,
        core::Precision::kMonth,
        core::Precision::kDay,
        core::Precision::kDay,
        core::Precision::kHour,
        core::Precision::kMinute,
        core::Precision::kSecond,
        core::Precision::kMillisecond};
    return kPrecisions[static_cast<std::size_t>(unit)];
}

// False when the points are less precise than the step.
bool CutTemporal(Walk& walk) {
    if (!walk.step.is(Kind::kQuantity)) {
        return true;
    }
    const auto unit = TimeUnitOf(walk.step.quantity());
    if (!unit) {
        return false;
    }
    const core::Precision wanted = PrecisionOf(*unit);
    const auto cut = [&](Value& value) {
        core::Temporal moment = value.temporal();
        if (moment.precision < wanted) {
            return false;
        }
        moment = moment.Lowest(wanted);
        moment.precision = wanted;
        value = Value::Temporal(moment);
        return true;
    };
    return cut(walk.low) && cut(walk.high);
}

// Decimal points are cut to the digits of the step; whole ones stand for all that begins with them.
bool CutNumbers(Walk& walk) {
    const auto step = AsDecimal(walk.step);
    if (!step || step->zero() || step->negative()) {
        return false;
    }
    const int digits = walk.step.is(Kind::kDecimal) ? step->Stripped().scale() : 0;
    const auto unit = core::Decimal::Of(1, digits);
    if (walk.low.is(Kind::kDecimal)) {
        walk.low = Value::Decimal(walk.low.decimal().Truncated(digits));
        walk.high = Value::Decimal(walk.high.decimal().Truncated(digits));
    } else if (walk.step.is(Kind::kDecimal)) {
        const auto end = AsDecimal(walk.high)->Plus(core::Decimal(1));
        const auto last = end ? end->Minus(*unit) : std::nullopt;
        if (!last) {
            return false;
        }
        walk.low = Value::Decimal(*AsDecimal(walk.low));
        walk.high = Value::Decimal(*last);
    }
    walk.unit = walk.low.is(Kind::kDecimal) ? Value::Decimal(*unit) : Value::Integer(1);
    return true;
}

Value LastOf(Evaluation& evaluation, const PlanNode& node, const Walk& walk, const Value& next) {
    return walk.unit.is_null() ? Predecessor(evaluation, next)
                               : Calculate(evaluation, node, '-', next, walk.unit);
}

void AddWalk(
    Evaluation& evaluation,
    const PlanNode& node,
    Walk walk,
    bool spans,
    ListBuilder& out
) {
    const bool number = AsDecimal(walk.low).has_value();
    const bool fits = IsTemporal(walk.low) ? CutTemporal(walk) : !number || CutNumbers(walk);
    if (!fits) {
        return;
    }
    Value point = walk.low;
    while (!point.is_null() && evaluation.Tick() && !evaluation.failed()) {
        const Value next = Calculate(evaluation, node, '+', point, walk.step);
        const Value last = next.is_null() ? walk.high : LastOf(evaluation, node, walk, next);
        const Value& end = spans ? last : point;
        if (SortOrder(evaluation, end, walk.high) > 0) {
            return;
        }
        out.Add(spans ? MakeInterval(evaluation, point, last) : point);
        point = next;
    }
}

// The step when none is given: one of the coarsest unit that the bounds are known to, or 1.
Value DefaultStep(Evaluation& evaluation, const Value& low, const Value& high) {
    if (!IsTemporal(low)) {
        return low.is(Kind::kLong) ? Value::Long(1) : Value::Integer(1);
    }
    constexpr std::array<std::string_view, 7> kUnits = {
        "year", "month", "day", "hour", "minute", "second", "millisecond"};
    const auto precision = std::min(low.temporal().precision, high.temporal().precision);
    Quantity out;
    out.value = core::Decimal(1);
    out.unit = kUnits[static_cast<std::size_t>(precision)];
    out.calendar = true;
    return Value::Of(evaluation.arena().New(out));
}

}  // namespace

Value RunCollapse(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const Value per = node.count > 1 ? evaluation.System(node, 1) : Value();
    if (list.is_null()) {
        return {};
    }
    std::vector<std::pair<Value, Value>> spans;
    for (const Value& item : ItemsOf(list)) {
        const Value interval = Operand(evaluation, item);
        Value low;
        Value high;
        if (interval.is(Kind::kInterval) && ClosedBounds(evaluation, interval, low, high)) {
            spans.emplace_back(low, high);
        }
    }
    std::stable_sort(spans.begin(), spans.end(), [&](const auto& a, const auto& b) {
        return SortOrder(evaluation, a.first, b.first) < 0;
    });
    ListBuilder out(evaluation);
    for (std::size_t i = 0; i < spans.size() && !evaluation.failed();) {
        const Value step = StepFor(spans[i].first, per);
        Value high = spans[i].second;
        std::size_t next = i + 1;
        while (next < spans.size() && GoesOn(evaluation, node, high, spans[next].first, step)) {
            high = SortOrder(evaluation, high, spans[next].second) >= 0 ? high : spans[next].second;
            ++next;
        }
        out.Add(MakeInterval(evaluation, spans[i].first, high));
        i = next;
    }
    return out.List();
}

Value RunExpand(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const Value per = node.count > 1 ? evaluation.System(node, 1) : Value();
    if (list.is_null()) {
        return {};
    }
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(list)) {
        const Value interval = Operand(evaluation, item);
        Walk walk;
        if (!interval.is(Kind::kInterval) ||
            !ClosedBounds(evaluation, interval, walk.low, walk.high)) {
            continue;
        }
        walk.step =
            per.is_null() ? DefaultStep(evaluation, walk.low, walk.high) : StepFor(walk.low, per);
        AddWalk(evaluation, node, walk, list.is(Kind::kList), out);
    }
    return out.List();
}

}  // namespace kangqu::expression
