// where, select, repeat, aggregate, iif, children, descendants.
#include "functions/lambda.hpp"
#include "functions/registry.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/operators.hpp"
#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

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

// Without looking for items met before: what leads back to itself ends at the limits.
Value RepeatAll(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    ListBuilder out(evaluation);
    const auto items = ItemsOf(input);
    for (std::size_t i = 0; i < items.size() && !evaluation.failed(); ++i) {
        out.AddItems(RunFor(evaluation, node, 1, items[i], i));
    }
    for (std::size_t i = 0; i < out.size() && !evaluation.failed(); ++i) {
        const Value item = out.items()[i];
        out.AddItems(RunFor(evaluation, node, 1, item, i));
    }
    return out.Collection();
}

// The first argument that is not empty, each with the input as $this.
Value Coalesce(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    for (std::size_t i = 1; i < node.count && !evaluation.failed(); ++i) {
        const Value value = RunFor(evaluation, node, i, input, 0);
        if (!ItemsOf(value).empty()) {
            return value;
        }
    }
    return {};
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
    evaluation.slot(node.slot) = input;
    const Value condition = ToSystem(evaluation, evaluation.One(node, evaluation.Arg(node, 1)));
    if (!condition.is_null() && !condition.is(Kind::kBoolean)) {
        return evaluation.Fail(node, "the criterion of iif() must be Boolean");
    }
    if (!condition.is_null() && condition.boolean()) {
        return evaluation.Arg(node, 2);
    }
    return node.count > 3 ? evaluation.Arg(node, 3) : Value();
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

// sort(key, ...): keys marked in flags are descending; without keys by the items themselves.
Value Sort(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    const std::size_t width = node.count > 1 ? node.count - 1U : 1U;
    std::vector<Value> keys(items.size() * width);
    for (std::size_t i = 0; i < items.size() && !evaluation.failed(); ++i) {
        for (std::size_t k = 0; k < width; ++k) {
            const Value key =
                node.count > 1 ? RunFor(evaluation, node, k + 1, items[i], i) : items[i];
            keys[i * width + k] = ToSystem(evaluation, evaluation.One(node, key));
        }
    }
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        for (std::size_t k = 0; k < width; ++k) {
            const Value& x = keys[a * width + k];
            const Value& y = keys[b * width + k];
            // What has no key comes first in either direction.
            if (x.is_null() != y.is_null()) {
                return x.is_null();
            }
            const int sign = SortOrder(evaluation, x, y);
            if (sign != 0) {
                return (node.flags >> k & 1U) != 0 ? sign > 0 : sign < 0;
            }
        }
        return false;
    });
    ListBuilder out(evaluation);
    for (const std::size_t at : order) {
        out.Add(items[at]);
    }
    return out.Collection();
}

constexpr auto kMethods = std::to_array<Method>({
    {"where", 1, 1, 1, ResultRule::kFocus, Where},
    {"select", 1, 1, 1, ResultRule::kProjection, Select},
    {"repeat", 1, 1, 1, ResultRule::kUnknown, Repeat},
    {"repeatAll", 1, 1, 1, ResultRule::kUnknown, RepeatAll},
    {"coalesce", 1, 8, 255, ResultRule::kUnknown, Coalesce},
    {"aggregate", 1, 2, 1, ResultRule::kUnknown, Aggregate},
    {"iif", 2, 3, 7, ResultRule::kUnknown, Iif},
    {"children", 0, 0, 0, ResultRule::kUnknown, Children},
    {"sort", 0, 8, 255, ResultRule::kFocus, Sort},
    {"descendants", 0, 0, 0, ResultRule::kUnknown, Descendants},
});

}  // namespace

std::span<const Method> FilteringMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
