#pragma once

#include "cql/edges.hpp"
#include "evaluation.hpp"
#include <optional>

namespace kangqu::expression {

using Truth3 = std::optional<bool>;
Truth3 And(Truth3 a, Truth3 b);
Truth3 Or(Truth3 a, Truth3 b);
Truth3 NotOf(Truth3 a);

// Both sides of a relation with what the phrase says of them.
struct Sides {
    Edge left_start;
    Edge left_end;
    Edge right_start;
    Edge right_end;
    std::optional<core::Precision> precision;
    bool properly = false;
    bool left_point = false;
    bool right_point = false;
};

// Tests with the order of a to b.
enum class Test : std::uint8_t { kLess, kAtMost, kEqual, kAtLeast, kGreater };
Truth3 Is(Evaluation& evaluation, const Sides& sides, const Edge& a, Test test, const Edge& b);

Truth3 SameAs(Evaluation& evaluation, const Sides& sides);
Truth3 During(Evaluation& evaluation, const Sides& sides);

// The edges of both values; precision and "properly" from the flags of the node.
Sides MakeSides(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& left,
    const Value& right
);
// Operands of a relation, converted; false when one is null or they are not points or intervals.
bool Operands(Evaluation& evaluation, const PlanNode& node, Value& left, Value& right);

// Membership (membership.cpp).
Value RunIn(Evaluation& evaluation, const PlanNode& node);
Value RunContains(Evaluation& evaluation, const PlanNode& node);
// Whether one list is within the other; properly by the flags of the node.
Value ListsInside(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& inner,
    const Value& outer
);

}  // namespace kangqu::expression
