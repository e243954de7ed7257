// empty, exists, all, allTrue ..., count, distinct, subsetOf, not.
#include "functions/lambda.hpp"
#include "functions/registry.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/operators.hpp"
#include <array>

namespace kangqu::expression {

namespace {

Value Empty(Evaluation& evaluation, const PlanNode& node) {
    return Value::Boolean(ItemsOf(evaluation.Arg(node, 0)).empty());
}

Value Exists(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    if (node.count == 1) {
        return Value::Boolean(!items.empty());
    }
    for (std::size_t i = 0; i < items.size() && !evaluation.failed(); ++i) {
        const Value met = Truth(evaluation, node, RunFor(evaluation, node, 1, items[i], i));
        if (met.is(Kind::kBoolean) && met.boolean()) {
            return Value::Boolean(true);
        }
    }
    return Value::Boolean(false);
}

Value All(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    for (std::size_t i = 0; i < items.size() && !evaluation.failed(); ++i) {
        const Value met = Truth(evaluation, node, RunFor(evaluation, node, 1, items[i], i));
        if (!met.is(Kind::kBoolean) || !met.boolean()) {
            return Value::Boolean(false);
        }
    }
    return Value::Boolean(true);
}

// Whether any item of the input is `wanted`; fails for items that are no booleans.
bool AnyIs(Evaluation& evaluation, const PlanNode& node, bool wanted) {
    const Value input = evaluation.Arg(node, 0);
    bool found = false;
    for (const Value& item : ItemsOf(input)) {
        const Value value = ToSystem(evaluation, item);
        if (!value.is(Kind::kBoolean)) {
            evaluation.Fail(node, "booleans are needed here, found " + TypeNameOf(item));
            return false;
        }
        found = found || value.boolean() == wanted;
    }
    return found;
}

Value AllTrue(Evaluation& evaluation, const PlanNode& node) {
    return Value::Boolean(!AnyIs(evaluation, node, false));
}
Value AnyTrue(Evaluation& evaluation, const PlanNode& node) {
    return Value::Boolean(AnyIs(evaluation, node, true));
}
Value AllFalse(Evaluation& evaluation, const PlanNode& node) {
    return Value::Boolean(!AnyIs(evaluation, node, true));
}
Value AnyFalse(Evaluation& evaluation, const PlanNode& node) {
    return Value::Boolean(AnyIs(evaluation, node, false));
}

Value Count(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    return Value::Integer(static_cast<std::int64_t>(ItemsOf(input).size()));
}

bool Holds(Evaluation& evaluation, std::span<const Value> items, const Value& wanted) {
    for (const Value& item : items) {
        if (SameItem(evaluation, item, wanted)) {
            return true;
        }
    }
    return false;
}

Value Distinct(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(input)) {
        if (!Holds(evaluation, out.items(), item)) {
            out.Add(item);
        }
    }
    return out.Collection();
}

Value IsDistinct(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (Holds(evaluation, items.first(i), items[i])) {
            return Value::Boolean(false);
        }
    }
    return Value::Boolean(true);
}

bool Within(Evaluation& evaluation, const Value& inner, const Value& outer) {
    for (const Value& item : ItemsOf(inner)) {
        if (!Holds(evaluation, ItemsOf(outer), item)) {
            return false;
        }
    }
    return true;
}

Value SubsetOf(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    return Value::Boolean(Within(evaluation, input, evaluation.Arg(node, 1)));
}

Value SupersetOf(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    return Value::Boolean(Within(evaluation, evaluation.Arg(node, 1), input));
}

Value Not(Evaluation& evaluation, const PlanNode& node) {
    const Value truth = Truth(evaluation, node, evaluation.Arg(node, 0));
    return truth.is_null() ? truth : Value::Boolean(!truth.boolean());
}

Value HasValue(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    if (input.is(Kind::kNode)) {
        return Value::Boolean(IsPrimitive(input.type()) && !input.node().missing());
    }
    return Value::Boolean(!input.is_null() && !input.is(Kind::kList));
}

Value GetValue(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    return input.is(Kind::kNode) && IsPrimitive(input.type()) ? ToSystem(evaluation, input)
                                                              : Value();
}

constexpr std::array<Method, 15> kMethods = {{
    {"empty", 0, 0, 0, ResultRule::kBoolean, Empty},
    {"exists", 0, 1, 1, ResultRule::kBoolean, Exists},
    {"all", 1, 1, 1, ResultRule::kBoolean, All},
    {"allTrue", 0, 0, 0, ResultRule::kBoolean, AllTrue},
    {"anyTrue", 0, 0, 0, ResultRule::kBoolean, AnyTrue},
    {"allFalse", 0, 0, 0, ResultRule::kBoolean, AllFalse},
    {"anyFalse", 0, 0, 0, ResultRule::kBoolean, AnyFalse},
    {"count", 0, 0, 0, ResultRule::kInteger, Count},
    {"distinct", 0, 0, 0, ResultRule::kFocus, Distinct},
    {"isDistinct", 0, 0, 0, ResultRule::kBoolean, IsDistinct},
    {"subsetOf", 1, 1, 0, ResultRule::kBoolean, SubsetOf},
    {"supersetOf", 1, 1, 0, ResultRule::kBoolean, SupersetOf},
    {"not", 0, 0, 0, ResultRule::kBoolean, Not},
    {"hasValue", 0, 0, 0, ResultRule::kBoolean, HasValue},
    {"getValue", 0, 0, 0, ResultRule::kUnknown, GetValue},
}};

}  // namespace

std::span<const Method> ExistenceMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
