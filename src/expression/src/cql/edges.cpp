// Starts, ends, successors and extents.
#include "cql/edges.hpp"

#include "cql/cql_functions.hpp"
#include "navigate.hpp"
#include "operators/operators.hpp"
#include <array>
#include <limits>

namespace kangqu::expression {

namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

core::TimeUnit UnitOf(core::Precision precision) {
    constexpr std::array<core::TimeUnit, 7> kUnits = {
        core::TimeUnit::kYear,
        core::TimeUnit::kMonth,
        core::TimeUnit::kDay,
        core::TimeUnit::kHour,
        core::TimeUnit::kMinute,
        core::TimeUnit::kSecond,
        core::TimeUnit::kMillisecond};
    return kUnits[static_cast<std::size_t>(precision)];
}

Value StepTemporal(const core::Temporal& moment, int by) {
    const core::TimeUnit unit = UnitOf(moment.precision);
    const auto moved = moment.Plus(by, unit);
    if (!moved) {
        return {};
    }
    // Times of day do not wrap round here.
    const bool wrapped =
        moment.kind == core::TemporalKind::kTime && (by > 0) != (moved->local_ms > moment.local_ms);
    return wrapped ? Value() : Value::Temporal(*moved);
}

Value Step(Evaluation& evaluation, const Value& value, int by) {
    if (value.is(Kind::kInteger)) {
        const std::int64_t next = value.integer() + by;
        const bool fits = next >= std::numeric_limits<std::int32_t>::min() &&
                          next <= std::numeric_limits<std::int32_t>::max();
        return fits ? Value::Integer(next) : Value();
    }
    if (value.is(Kind::kLong)) {
        std::int64_t next = 0;
        return __builtin_add_overflow(value.integer(), std::int64_t{by}, &next) ? Value()
                                                                                : Value::Long(next);
    }
    const auto one = core::Decimal::Of(by, core::Decimal::kArithmeticScale);
    if (value.is(Kind::kDecimal)) {
        const auto next = value.decimal().Plus(*one);
        return next ? Value::Decimal(*next) : Value();
    }
    if (value.is(Kind::kQuantity)) {
        Quantity out = value.quantity();
        const auto next = out.value.Plus(*one);
        if (!next) {
            return {};
        }
        out.value = *next;
        return Value::Of(evaluation.arena().New(out));
    }
    if (value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime)) {
        return StepTemporal(value.temporal(), by);
    }
    return {};
}

core::Temporal FirstOrLast(core::TemporalKind kind, bool last) {
    core::Temporal out;
    out.kind = kind;
    out.precision =
        kind == core::TemporalKind::kDate ? core::Precision::kDay : core::Precision::kMillisecond;
    const std::int64_t first_day = core::DaysOf({1, 1, 1});
    const std::int64_t last_day = core::DaysOf({9999, 12, 31});
    if (kind == core::TemporalKind::kTime) {
        out.local_ms = last ? kMsPerDay - 1 : 0;
        return out;
    }
    out.local_ms = (last ? last_day : first_day) * kMsPerDay;
    out.has_offset = kind == core::TemporalKind::kDateTime;
    if (last && kind == core::TemporalKind::kDateTime) {
        out.local_ms += kMsPerDay - 1;
    }
    return out;
}

// CQL's own bounds are narrower than what arithmetic carries.
core::Decimal LargestDecimal() {
    return *core::Decimal::Parse("99999999999999999999.99999999");
}

Value Extent(Kind kind, bool last) {
    switch (static_cast<int>(kind)) {
        case static_cast<int>(Kind::kInteger):
            return Value::Integer(
                last ? std::numeric_limits<std::int32_t>::max()
                     : std::numeric_limits<std::int32_t>::min()
            );
        case static_cast<int>(Kind::kLong):
            return Value::Long(
                last ? std::numeric_limits<std::int64_t>::max()
                     : std::numeric_limits<std::int64_t>::min()
            );
        case static_cast<int>(Kind::kDecimal):
            return Value::Decimal(last ? LargestDecimal() : LargestDecimal().Negated());
        case static_cast<int>(Kind::kDate):
            return Value::Temporal(FirstOrLast(core::TemporalKind::kDate, last));
        case static_cast<int>(Kind::kDateTime):
            return Value::Temporal(FirstOrLast(core::TemporalKind::kDateTime, last));
        case static_cast<int>(Kind::kTime):
            return Value::Temporal(FirstOrLast(core::TemporalKind::kTime, last));
        default:
            return {};
    }
}

Edge At(const Value& value) {
    return value.is_null() ? Edge{} : Edge{Edge::Place::kAt, value};
}

}  // namespace

Value Least(Kind kind) {
    return Extent(kind, false);
}
Value Greatest(Kind kind) {
    return Extent(kind, true);
}

Value Successor(Evaluation& evaluation, const Value& value) {
    return Step(evaluation, value, 1);
}
Value Predecessor(Evaluation& evaluation, const Value& value) {
    return Step(evaluation, value, -1);
}

Value Operand(Evaluation& evaluation, const Value& value) {
    return ToCql(evaluation, value);
}

Edge StartOf(Evaluation& evaluation, const Value& value) {
    if (!value.is(Kind::kInterval)) {
        return At(value);
    }
    const Interval& interval = value.interval();
    if (interval.low.is_null()) {
        return {interval.low_closed ? Edge::Place::kBelowAll : Edge::Place::kUnknown, {}};
    }
    return At(interval.low_closed ? interval.low : Successor(evaluation, interval.low));
}

Edge EndOf(Evaluation& evaluation, const Value& value) {
    if (!value.is(Kind::kInterval)) {
        return At(value);
    }
    const Interval& interval = value.interval();
    if (interval.high.is_null()) {
        return {interval.high_closed ? Edge::Place::kAboveAll : Edge::Place::kUnknown, {}};
    }
    return At(interval.high_closed ? interval.high : Predecessor(evaluation, interval.high));
}

namespace {

Value EdgeValue(const Edge& edge, const Value& interval, bool last) {
    if (edge.place == Edge::Place::kAt) {
        return edge.value;
    }
    if (edge.place == Edge::Place::kUnknown) {
        return {};
    }
    const Value& other = last ? interval.interval().low : interval.interval().high;
    return Extent(other.kind(), last);
}

Value RunStart(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Operand(evaluation, evaluation.Arg(node, 0));
    return value.is(Kind::kInterval) ? EdgeValue(StartOf(evaluation, value), value, false) : value;
}

Value RunEnd(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Operand(evaluation, evaluation.Arg(node, 0));
    return value.is(Kind::kInterval) ? EdgeValue(EndOf(evaluation, value), value, true) : value;
}

Value RunWidth(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Operand(evaluation, evaluation.Arg(node, 0));
    if (!value.is(Kind::kInterval)) {
        return {};
    }
    const Edge low = StartOf(evaluation, value);
    const Edge high = EndOf(evaluation, value);
    if (low.place != Edge::Place::kAt || high.place != Edge::Place::kAt) {
        return {};
    }
    return Calculate(evaluation, node, '-', high.value, low.value);
}

// The number of points of an interval.
Value RunSize(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Operand(evaluation, evaluation.Arg(node, 0));
    Value low;
    Value high;
    if (!value.is(Kind::kInterval) || !ClosedBounds(evaluation, value, low, high)) {
        return {};
    }
    const Value width = Calculate(evaluation, node, '-', high, low);
    const bool whole = low.is(Kind::kInteger) || low.is(Kind::kLong);
    const auto step = core::Decimal::Of(1, core::Decimal::kArithmeticScale);
    return Calculate(
        evaluation, node, '+', width, whole ? Value::Integer(1) : Value::Decimal(*step)
    );
}

Value RunSuccessor(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.System(node, 0);
    const Value next = Successor(evaluation, value);
    return next.is_null() && !value.is_null() ? evaluation.Fail(node, "there is no larger value")
                                              : next;
}

Value RunPredecessor(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.System(node, 0);
    const Value next = Predecessor(evaluation, value);
    return next.is_null() && !value.is_null() ? evaluation.Fail(node, "there is no smaller value")
                                              : next;
}

Value RunSingleton(Evaluation& evaluation, const PlanNode& node) {
    return evaluation.One(node, evaluation.Arg(node, 0));
}

Value RunPoint(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Operand(evaluation, evaluation.Arg(node, 0));
    if (!value.is(Kind::kInterval)) {
        return {};
    }
    const Edge low = StartOf(evaluation, value);
    const Edge high = EndOf(evaluation, value);
    if (low.place != Edge::Place::kAt || high.place != Edge::Place::kAt ||
        !SameItem(evaluation, low.value, high.value)) {
        return evaluation.Fail(node, "point from needs an interval of one point");
    }
    return low.value;
}

}  // namespace

EvalFn FindBoundary(std::string_view part) {
    struct Row {
        std::string_view part;
        EvalFn run;
    };
    constexpr std::array<Row, 8> kRows = {{
        {"size", RunSize},
        {"start", RunStart},
        {"end", RunEnd},
        {"width", RunWidth},
        {"successor", RunSuccessor},
        {"predecessor", RunPredecessor},
        {"singleton", RunSingleton},
        {"point", RunPoint},
    }};
    for (const Row& row : kRows) {
        if (row.part == part) {
            return row.run;
        }
    }
    return nullptr;
}

Value RunExtent(Evaluation&, const PlanNode& node) {
    return Extent(static_cast<Kind>(node.data), node.flags != 0);
}

bool ClosedBounds(Evaluation& evaluation, const Value& value, Value& low, Value& high) {
    const Edge start = StartOf(evaluation, value);
    const Edge end = EndOf(evaluation, value);
    low = start.place == Edge::Place::kBelowAll ? Least(value.interval().high.kind()) : start.value;
    high = end.place == Edge::Place::kAboveAll ? Greatest(value.interval().low.kind()) : end.value;
    return !low.is_null() && !high.is_null();
}

Value MakeInterval(Evaluation& evaluation, const Value& low, const Value& high) {
    return Value::Of(evaluation.arena().New(Interval{low, high, true, true, false}));
}

}  // namespace kangqu::expression
