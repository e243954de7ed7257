// Timing relations between points and intervals, and membership.
#include "cql/cql_functions.hpp"
#include "cql/cql_run.hpp"
#include "cql/edges.hpp"
#include "navigate.hpp"
#include "operators/arithmetic.hpp"
#include "operators/operators.hpp"
#include <algorithm>
#include <array>

namespace kangqu::expression {

namespace {

using Truth3 = std::optional<bool>;

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

// Both sides of a relation with what the phrase says of them.
struct Sides {
    Edge left_start;
    Edge left_end;
    Edge right_start;
    Edge right_end;
    std::optional<core::Precision> precision;
    bool properly = false;
};

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

// Tests with the order of a to b.
enum class Test : std::uint8_t { kLess, kAtMost, kEqual, kAtLeast, kGreater };
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
Truth3 SameAs(Evaluation& e, const Sides& s) {
    return And(
        Is(e, s, s.left_start, Test::kEqual, s.right_start),
        Is(e, s, s.left_end, Test::kEqual, s.right_end)
    );
}
Truth3 During(Evaluation& e, const Sides& s) {
    const Truth3 inside =
        And(Is(e, s, s.left_start, Test::kAtLeast, s.right_start),
            Is(e, s, s.left_end, Test::kAtMost, s.right_end));
    return s.properly ? And(inside, NotOf(SameAs(e, s))) : inside;
}
Truth3 Includes(Evaluation& e, const Sides& s) {
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
    return sides;
}

// Operands of a relation, converted; false when one is null or they are not points or intervals.
bool Operands(Evaluation& evaluation, const PlanNode& node, Value& left, Value& right) {
    left = Operand(evaluation, evaluation.Arg(node, 0));
    right = Operand(evaluation, evaluation.Arg(node, 1));
    return !left.is_null() && !right.is_null() && !evaluation.failed();
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

bool Holds(Evaluation& evaluation, std::span<const Value> items, const Value& wanted) {
    return std::any_of(items.begin(), items.end(), [&](const Value& item) {
        return SameItem(evaluation, item, wanted);
    });
}

bool Within(Evaluation& evaluation, std::span<const Value> inner, std::span<const Value> outer) {
    return std::all_of(inner.begin(), inner.end(), [&](const Value& item) {
        return Holds(evaluation, outer, item);
    });
}

Value InValueSet(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& item,
    const Vocabulary& set
) {
    const ValueSets* sets = evaluation.environment().value_sets;
    const auto ask = [&](std::string_view system, std::string_view code) {
        return sets == nullptr ? ValueSets::Answer::kUnknownValueSet
                               : sets->Contains(set.id, set.version, system, code);
    };
    ValueSets::Answer answer = ValueSets::Answer::kNo;
    const auto check = [&](const Value& value) {
        if (value.is(Kind::kCode)) {
            answer = ask(value.code().system, value.code().code);
        } else if (value.is(Kind::kString)) {
            answer = ask({}, value.text());
        } else if (value.is(Kind::kConcept)) {
            for (const Code& code : value.concept_value().codes) {
                answer = answer == ValueSets::Answer::kYes ? answer : ask(code.system, code.code);
            }
        }
        return answer == ValueSets::Answer::kYes;
    };
    for (const Value& one : ItemsOf(item)) {
        if (check(ToCql(evaluation, one))) {
            return Value::Boolean(true);
        }
    }
    if (answer == ValueSets::Answer::kUnknownValueSet) {
        return evaluation.Fail(node, "value set " + std::string(set.id) + " is not known");
    }
    return Value::Boolean(false);
}

// Codes are in a code system by its address; whether the system defines them is not asked.
Value InCodeSystem(Evaluation& evaluation, const Value& item, const Vocabulary& system) {
    for (const Value& one : ItemsOf(item)) {
        const Value value = ToCql(evaluation, one);
        if (value.is(Kind::kCode) && value.code().system == system.id) {
            return Value::Boolean(true);
        }
        if (value.is(Kind::kConcept)) {
            const auto codes = value.concept_value().codes;
            if (std::any_of(codes.begin(), codes.end(), [&](const Code& code) {
                    return code.system == system.id;
                })) {
                return Value::Boolean(true);
            }
        }
    }
    return Value::Boolean(false);
}

// in: a point in an interval, an item in a list, a code in a value set.
Value Membership(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& item,
    const Value& whole
) {
    if (evaluation.failed()) {
        return {};
    }
    if (whole.is(Kind::kVocabulary) && item.is_null()) {
        return Value::Boolean(false);
    }
    if (whole.is(Kind::kVocabulary) && !whole.vocabulary().is_value_set) {
        return InCodeSystem(evaluation, item, whole.vocabulary());
    }
    if (whole.is(Kind::kVocabulary)) {
        return InValueSet(evaluation, node, item, whole.vocabulary());
    }
    if (whole.is_null()) {
        return Value::Boolean(false);
    }
    // A list may hold nulls, and they are found.
    if (whole.is(Kind::kList)) {
        return Value::Boolean(Holds(evaluation, whole.items(), item));
    }
    if (item.is_null()) {
        return {};
    }
    return ToValue(During(evaluation, MakeSides(evaluation, node, Operand(evaluation, item), whole))
    );
}

Value RunIn(Evaluation& evaluation, const PlanNode& node) {
    const Value item = evaluation.Arg(node, 0);
    return Membership(evaluation, node, item, Operand(evaluation, evaluation.Arg(node, 1)));
}

Value RunContains(Evaluation& evaluation, const PlanNode& node) {
    const Value whole = Operand(evaluation, evaluation.Arg(node, 0));
    return Membership(evaluation, node, evaluation.Arg(node, 1), whole);
}

Value ListsInside(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& inner,
    const Value& outer
) {
    const auto x = ItemsOf(inner);
    const auto y = ItemsOf(outer);
    const bool inside = Within(evaluation, x, y);
    const bool properly = (node.flags & 16U) != 0;
    return Value::Boolean(inside && (!properly || x.size() < y.size()));
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
