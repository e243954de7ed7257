// in and contains: points in intervals, items in lists, codes in value sets and code systems.
#include "cql/cql_functions.hpp"
#include "cql/sides.hpp"
#include "navigate.hpp"
#include <algorithm>

namespace kangqu::expression {

namespace {

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

}  // namespace

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

}  // namespace kangqu::expression
