// where, select, repeat, aggregate, iif, children, descendants.
#include "functions/lambda.hpp"
#include "functions/registry.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/operators.hpp"
#include <array>

namespace kangqu::expression {

namespace {

Value Where(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    ListBuilder out(evaluation);
    for (std::size_t i = 0; i < items.size() && !evaluation.failed(); ++i) {
        const Value met = Truth(evaluation, node, RunFor(evaluation, node, 1, items[i], i));
        if (met.is(Kind::kBoolean) && met.boolean()) {
            out.Add(items[i]);
        }
    }
    return out.Collection();
}

Value Select(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    ListBuilder out(evaluation);
    for (std::size_t i = 0; i < items.size() && !evaluation.failed(); ++i) {
        out.AddItems(RunFor(evaluation, node, 1, items[i], i));
    }
    return out.Collection();
}

Value Repeat(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    ListBuilder out(evaluation);
    const auto gather = [&](const Value& item, std::size_t index) {
        const Value found = RunFor(evaluation, node, 1, item, index);
        for (const Value& candidate : ItemsOf(found)) {
            bool known = false;
            for (const Value& kept : out.items()) {
                known = known || SameItem(evaluation, kept, candidate);
            }
            if (!known) {
                out.Add(candidate);
            }
        }
    };
    const auto items = ItemsOf(input);
    for (std::size_t i = 0; i < items.size() && !evaluation.failed(); ++i) {
        gather(items[i], i);
    }
    for (std::size_t i = 0; i < out.size() && !evaluation.failed(); ++i) {
        const Value item = out.items()[i];
        gather(item, i);
    }
    return out.Collection();
}

Value Aggregate(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    Value total = node.count > 2 ? evaluation.Arg(node, 2) : Value();
    for (std::size_t i = 0; i < items.size() && !evaluation.failed(); ++i) {
        evaluation.slot(node.slot + 2U) = total;
        total = RunFor(evaluation, node, 1, items[i], i);
    }
    return total;
}

Value Iif(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.One(node, evaluation.Arg(node, 0));
    const Value condition =
        ToSystem(evaluation, evaluation.One(node, RunFor(evaluation, node, 1, input, 0)));
    if (!condition.is_null() && !condition.is(Kind::kBoolean)) {
        return evaluation.Fail(node, "the criterion of iif() must be Boolean");
    }
    if (!condition.is_null() && condition.boolean()) {
        return RunFor(evaluation, node, 2, input, 0);
    }
    return node.count > 3 ? RunFor(evaluation, node, 3, input, 0) : Value();
}

Value Children(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(input)) {
        AddChildren(item, out);
    }
    return out.Collection();
}

Value Descendants(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(input)) {
        AddChildren(item, out);
    }
    for (std::size_t i = 0; i < out.size() && !evaluation.failed(); ++i) {
        const Value item = out.items()[i];
        AddChildren(item, out);
    }
    return out.Collection();
}

constexpr std::array<Method, 7> kMethods = {{
    {"where", 1, 1, 1, ResultRule::kFocus, Where},
    {"select", 1, 1, 1, ResultRule::kProjection, Select},
    {"repeat", 1, 1, 1, ResultRule::kUnknown, Repeat},
    {"aggregate", 1, 2, 1, ResultRule::kUnknown, Aggregate},
    {"iif", 2, 3, 7, ResultRule::kUnknown, Iif},
    {"children", 0, 0, 0, ResultRule::kUnknown, Children},
    {"descendants", 0, 0, 0, ResultRule::kUnknown, Descendants},
}};

}  // namespace

std::span<const Method> FilteringMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
