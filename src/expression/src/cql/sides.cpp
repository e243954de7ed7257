#include "cql/sides.hpp"

#include "cql/cql_functions.hpp"

namespace kangqu::expression {

Truth3 And(Truth3 a, Truth3 b) {
    if (a == false || b == false) {
        return false;
    }
    return a && b ? Truth3(true) : std::nullopt;
}
Truth3 Or(Truth3 a, Truth3 b) {
    if (a == true || b == true) {
        return true;
    }
    return a && b ? Truth3(false) : std::nullopt;
}
Truth3 NotOf(Truth3 a) {
    return a ? Truth3(!*a) : a;
}

namespace {

bool IsTemporal(const Value& value) {
    return value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime);
}

Order OrderOf(Evaluation& evaluation, const Sides& sides, const Edge& a, const Edge& b) {
    using Place = Edge::Place;
    if (a.place == Place::kUnknown || b.place == Place::kUnknown) {
        return Order::kUnknown;
    }
    if (a.place != Place::kAt || b.place != Place::kAt) {
        const auto rank = [](Place place) {
            return place == Place::kBelowAll ? -1 : place == Place::kAboveAll ? 1 : 0;
        };
        const int left = rank(a.place);
        const int right = rank(b.place);
        return left < right ? Order::kLess : left > right ? Order::kGreater : Order::kEqual;
    }
    if (sides.precision && IsTemporal(a.value) && IsTemporal(b.value)) {
        const auto order = core::CompareTemporal(
            a.value.temporal(), b.value.temporal(), evaluation.offset(), *sides.precision
        );
        return !order       ? Order::kUnknown
               : *order < 0 ? Order::kLess
               : *order > 0 ? Order::kGreater
                            : Order::kEqual;
    }
    return CompareValues(evaluation, a.value, b.value);
}

}  // namespace

Truth3 Is(Evaluation& evaluation, const Sides& sides, const Edge& a, Test test, const Edge& b) {
    const Order order = OrderOf(evaluation, sides, a, b);
    if (order == Order::kUnknown) {
        return std::nullopt;
    }
    if (order == Order::kIncomparable) {
        return std::nullopt;
    }
    switch (test) {
        case Test::kLess:
            return order == Order::kLess;
        case Test::kAtMost:
            return order != Order::kGreater;
        case Test::kEqual:
            return order == Order::kEqual;
        case Test::kAtLeast:
            return order != Order::kLess;
        case Test::kGreater:
            return order == Order::kGreater;
    }
    return std::nullopt;
}

Truth3 SameAs(Evaluation& e, const Sides& s) {
    return And(
        Is(e, s, s.left_start, Test::kEqual, s.right_start),
        Is(e, s, s.left_end, Test::kEqual, s.right_end)
    );
}

Truth3 During(Evaluation& e, const Sides& s) {
    // A point is properly inside when it is neither the first nor the last.
    if (s.properly && s.left_point) {
        return And(
            Is(e, s, s.left_start, Test::kGreater, s.right_start),
            Is(e, s, s.left_end, Test::kLess, s.right_end)
        );
    }
    const Truth3 inside =
        And(Is(e, s, s.left_start, Test::kAtLeast, s.right_start),
            Is(e, s, s.left_end, Test::kAtMost, s.right_end));
    return s.properly ? And(inside, NotOf(SameAs(e, s))) : inside;
}

Sides MakeSides(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& left,
    const Value& right
) {
    Sides sides;
    sides.left_start = StartOf(evaluation, left);
    sides.left_end = EndOf(evaluation, left);
    sides.right_start = StartOf(evaluation, right);
    sides.right_end = EndOf(evaluation, right);
    const std::uint32_t precision = node.flags & 15U;
    if (precision != kTimingNoPrecision) {
        sides.precision = static_cast<core::Precision>(precision);
    }
    sides.properly = (node.flags & 16U) != 0;
    sides.left_point = !left.is(Kind::kInterval);
    sides.right_point = !right.is(Kind::kInterval);
    return sides;
}

bool Operands(Evaluation& evaluation, const PlanNode& node, Value& left, Value& right) {
    left = Operand(evaluation, evaluation.Arg(node, 0));
    right = Operand(evaluation, evaluation.Arg(node, 1));
    return !left.is_null() && !right.is_null() && !evaluation.failed();
}

}  // namespace kangqu::expression
