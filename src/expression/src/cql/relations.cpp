// Timing relations between points and intervals.
#include "cql/cql_functions.hpp"
#include "cql/sides.hpp"
#include "navigate.hpp"
#include "operators/arithmetic.hpp"
#include "operators/operators.hpp"
#include <array>

namespace kangqu::expression {

namespace {

using Relation = Truth3 (*)(Evaluation&, const Sides&);

Truth3 Before(Evaluation& e, const Sides& s) {
    return Is(e, s, s.left_end, Test::kLess, s.right_start);
}
Truth3 After(Evaluation& e, const Sides& s) {
    return Is(e, s, s.left_start, Test::kGreater, s.right_end);
}
Truth3 OnOrBefore(Evaluation& e, const Sides& s) {
    return Is(e, s, s.left_end, Test::kAtMost, s.right_start);
}
Truth3 OnOrAfter(Evaluation& e, const Sides& s) {
    return Is(e, s, s.left_start, Test::kAtLeast, s.right_end);
}
Truth3 Includes(Evaluation& e, const Sides& s) {
    if (s.properly && s.right_point) {
        return And(
            Is(e, s, s.left_start, Test::kLess, s.right_start),
            Is(e, s, s.left_end, Test::kGreater, s.right_end)
        );
    }
    const Truth3 inside =
        And(Is(e, s, s.left_start, Test::kAtMost, s.right_start),
            Is(e, s, s.left_end, Test::kAtLeast, s.right_end));
    return s.properly ? And(inside, NotOf(SameAs(e, s))) : inside;
}
Truth3 Overlaps(Evaluation& e, const Sides& s) {
    return And(
        Is(e, s, s.left_start, Test::kAtMost, s.right_end),
        Is(e, s, s.left_end, Test::kAtLeast, s.right_start)
    );
}
Truth3 OverlapsBefore(Evaluation& e, const Sides& s) {
    return And(
        Is(e, s, s.left_start, Test::kLess, s.right_start),
        Is(e, s, s.left_end, Test::kAtLeast, s.right_start)
    );
}
Truth3 OverlapsAfter(Evaluation& e, const Sides& s) {
    return And(
        Is(e, s, s.left_end, Test::kGreater, s.right_end),
        Is(e, s, s.left_start, Test::kAtMost, s.right_end)
    );
}
Truth3 Touches(Evaluation& e, const Sides& s, const Edge& last, const Edge& first) {
    if (last.place != Edge::Place::kAt) {
        return last.place == Edge::Place::kUnknown ? std::nullopt : Truth3(false);
    }
    const Value next = Successor(e, last.value);
    return next.is_null() ? Truth3(false)
                          : Is(e, s, Edge{Edge::Place::kAt, next}, Test::kEqual, first);
}
Truth3 MeetsBefore(Evaluation& e, const Sides& s) {
    return Touches(e, s, s.left_end, s.right_start);
}
Truth3 MeetsAfter(Evaluation& e, const Sides& s) {
    return Touches(e, s, s.right_end, s.left_start);
}
Truth3 Meets(Evaluation& e, const Sides& s) {
    return Or(MeetsBefore(e, s), MeetsAfter(e, s));
}
Truth3 Starts(Evaluation& e, const Sides& s) {
    return And(
        Is(e, s, s.left_start, Test::kEqual, s.right_start),
        Is(e, s, s.left_end, Test::kAtMost, s.right_end)
    );
}
Truth3 Ends(Evaluation& e, const Sides& s) {
    return And(
        Is(e, s, s.left_end, Test::kEqual, s.right_end),
        Is(e, s, s.left_start, Test::kAtLeast, s.right_start)
    );
}

template <Relation relation>
Value RunRelation(Evaluation& evaluation, const PlanNode& node) {
    Value left;
    Value right;
    if (!Operands(evaluation, node, left, right)) {
        return {};
    }
    return ToValue(relation(evaluation, MakeSides(evaluation, node, left, right)));
}

Value RunDuring(Evaluation& evaluation, const PlanNode& node) {
    Value left;
    Value right;
    if (!Operands(evaluation, node, left, right)) {
        return {};
    }
    if (right.is(Kind::kList)) {
        return ListsInside(evaluation, node, left, right);
    }
    return ToValue(During(evaluation, MakeSides(evaluation, node, left, right)));
}

Value RunIncludes(Evaluation& evaluation, const PlanNode& node) {
    Value left;
    Value right;
    if (!Operands(evaluation, node, left, right)) {
        return {};
    }
    if (left.is(Kind::kList)) {
        return ListsInside(evaluation, node, right, left);
    }
    return ToValue(Includes(evaluation, MakeSides(evaluation, node, left, right)));
}

// An edge moved by the offset quantity, child 2.
Edge Moved(
    Evaluation& evaluation,
    const PlanNode& node,
    const Edge& edge,
    const Value& by,
    char op
) {
    if (edge.place != Edge::Place::kAt) {
        return edge;
    }
    const Value moved = Calculate(evaluation, node, op, edge.value, by);
    return moved.is_null() ? Edge{} : Edge{Edge::Place::kAt, moved};
}

// Offset kinds in bits 5-7 of the flags.
enum Offset : std::uint32_t { kExactly = 1, kOrMore, kOrLess, kMoreThan, kLessThan };

// n units before/after: `edge` of the left against `limit` of the right and that limit moved.
Truth3 AtOffset(
    Evaluation& e,
    const Sides& s,
    std::uint32_t kind,
    const Edge& edge,
    const Edge& moved,
    const Edge& limit,
    bool before,
    bool on
) {
    const Test beyond = before ? Test::kAtMost : Test::kAtLeast;
    const Test strictly_beyond = before ? Test::kLess : Test::kGreater;
    const Test inside = before ? Test::kAtLeast : Test::kAtMost;
    const Test strictly_inside = before ? Test::kGreater : Test::kLess;
    const Truth3 this_side = Is(e, s, edge, on ? beyond : strictly_beyond, limit);
    switch (kind) {
        case kExactly:
            return Is(e, s, edge, Test::kEqual, moved);
        case kOrMore:
            return Is(e, s, edge, beyond, moved);
        case kOrLess:
            return And(Is(e, s, edge, inside, moved), this_side);
        case kMoreThan:
            return Is(e, s, edge, strictly_beyond, moved);
        default:
            return And(Is(e, s, edge, strictly_inside, moved), this_side);
    }
}

template <bool before, bool on>
Value RunPointRelation(Evaluation& evaluation, const PlanNode& node) {
    Value left;
    Value right;
    if (!Operands(evaluation, node, left, right)) {
        return {};
    }
    const Sides sides = MakeSides(evaluation, node, left, right);
    const std::uint32_t kind = node.flags >> 5U & 7U;
    if (kind == 0) {
        constexpr Relation kRelation =
            before ? (on ? OnOrBefore : Before) : (on ? OnOrAfter : After);
        return ToValue(kRelation(evaluation, sides));
    }
    const Value by = evaluation.System(node, 2);
    const Edge& edge = before ? sides.left_end : sides.left_start;
    const Edge& limit = before ? sides.right_start : sides.right_end;
    const Edge moved = Moved(evaluation, node, limit, by, before ? '-' : '+');
    return ToValue(AtOffset(evaluation, sides, kind, edge, moved, limit, before, on));
}

Value RunWithin(Evaluation& evaluation, const PlanNode& node) {
    Value left;
    Value right;
    if (!Operands(evaluation, node, left, right)) {
        return {};
    }
    Sides sides = MakeSides(evaluation, node, left, right);
    const Value by = evaluation.System(node, 2);
    sides.right_start = Moved(evaluation, node, sides.right_start, by, '-');
    sides.right_end = Moved(evaluation, node, sides.right_end, by, '+');
    if (sides.properly) {
        // Between the limits without them.
        return ToValue(
            And(Is(evaluation, sides, sides.left_start, Test::kGreater, sides.right_start),
                Is(evaluation, sides, sides.left_end, Test::kLess, sides.right_end))
        );
    }
    return ToValue(During(evaluation, sides));
}

}  // namespace

EvalFn FindTiming(std::string_view relation) {
    struct Row {
        std::string_view text;
        EvalFn run;
    };
    static constexpr std::array<Row, 21> kRows = {{
        {"in", RunIn},
        {"contains", RunContains},
        {"during", RunDuring},
        {"includes", RunIncludes},
        {"within", RunWithin},
        {"before", RunPointRelation<true, false>},
        {"after", RunPointRelation<false, false>},
        {"on or before", RunPointRelation<true, true>},
        {"on or after", RunPointRelation<false, true>},
        {"same or before", RunRelation<OnOrBefore>},
        {"same or after", RunRelation<OnOrAfter>},
        {"same as", RunRelation<SameAs>},
        {"overlaps", RunRelation<Overlaps>},
        {"overlaps before", RunRelation<OverlapsBefore>},
        {"overlaps after", RunRelation<OverlapsAfter>},
        {"meets", RunRelation<Meets>},
        {"meets before", RunRelation<MeetsBefore>},
        {"meets after", RunRelation<MeetsAfter>},
        {"starts", RunRelation<Starts>},
        {"ends", RunRelation<Ends>},
        {"", nullptr},
    }};
    for (const Row& row : kRows) {
        if (row.text == relation) {
            return row.run;
        }
    }
    return nullptr;
}

// a between b and c, flags 1: properly.
Value RunBetween(Evaluation& evaluation, const PlanNode& node) {
    const Value item = evaluation.System(node, 0);
    const Value low = evaluation.System(node, 1);
    const Value high = evaluation.System(node, 2);
    const bool properly = node.flags != 0;
    const auto test = [&](const Value& a, const Value& b) -> Truth3 {
        const Order order = CompareValues(evaluation, a, b);
        if (order == Order::kUnknown || order == Order::kIncomparable) {
            return std::nullopt;
        }
        return properly ? order == Order::kLess : order != Order::kGreater;
    };
    return ToValue(And(test(low, item), test(item, high)));
}

}  // namespace kangqu::expression
