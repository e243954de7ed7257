// union, combine, intersect, exclude.
#include "functions/registry.hpp"
#include "operators/compare.hpp"
#include <array>

namespace kangqu::expression {

namespace {

bool Holds(Evaluation& evaluation, std::span<const Value> items, const Value& wanted) {
    for (const Value& item : items) {
        if (SameItem(evaluation, item, wanted)) {
            return true;
        }
    }
    return false;
}

Value Union(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    ListBuilder out(evaluation);
    for (const Value& source : {a, b}) {
        for (const Value& item : ItemsOf(source)) {
            if (!Holds(evaluation, out.items(), item)) {
                out.Add(item);
            }
        }
    }
    return out.Collection();
}

Value Combine(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    ListBuilder out(evaluation);
    out.AddItems(a);
    out.AddItems(b);
    return out.Collection();
}

Value Intersect(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(a)) {
        if (Holds(evaluation, ItemsOf(b), item) && !Holds(evaluation, out.items(), item)) {
            out.Add(item);
        }
    }
    return out.Collection();
}

Value Exclude(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(a)) {
        if (!Holds(evaluation, ItemsOf(b), item)) {
            out.Add(item);
        }
    }
    return out.Collection();
}

constexpr std::array<Method, 4> kMethods = {{
    {"union", 1, 1, 0, ResultRule::kUnknown, Union},
    {"combine", 1, 2, 0, ResultRule::kUnknown, Combine},
    {"intersect", 1, 1, 0, ResultRule::kFocus, Intersect},
    {"exclude", 1, 1, 0, ResultRule::kFocus, Exclude},
}};

}  // namespace

std::span<const Method> CombiningMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
