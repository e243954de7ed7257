// sum, min, max, avg.
#include "functions/registry.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/operators.hpp"
#include <array>

namespace kangqu::expression {

namespace {

Value SumOf(Evaluation& evaluation, const PlanNode& node, std::span<const Value> items) {
    Value total;
    for (const Value& item : items) {
        const Value value = ToSystem(evaluation, item);
        total = total.is_null() ? value : Calculate(evaluation, node, '+', total, value);
        if (total.is_null() || evaluation.failed()) {
            return {};
        }
    }
    return total;
}

Value Sum(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    return SumOf(evaluation, node, ItemsOf(input));
}

Value Average(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    const Value total = SumOf(evaluation, node, items);
    const Value count = Value::Integer(static_cast<std::int64_t>(items.size()));
    return Calculate(evaluation, node, '/', total, count);
}

template <Order wanted>
Value Extreme(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    Value best;
    for (const Value& item : ItemsOf(input)) {
        const Value value = ToSystem(evaluation, item);
        if (best.is_null()) {
            best = value;
            continue;
        }
        const Order order = CompareValues(evaluation, value, best);
        if (order == Order::kIncomparable) {
            return evaluation.Fail(
                node, TypeNameOf(value) + " and " + TypeNameOf(best) + " have no order"
            );
        }
        if (order == Order::kUnknown) {
            return {};
        }
        best = order == wanted ? value : best;
    }
    return best;
}

constexpr auto kMethods = std::to_array<Method>({
    {"sum", 0, 0, 0, ResultRule::kUnknown, Sum},
    {"min", 0, 0, 0, ResultRule::kUnknown, Extreme<Order::kLess>},
    {"max", 0, 0, 0, ResultRule::kUnknown, Extreme<Order::kGreater>},
    {"avg", 0, 0, 0, ResultRule::kUnknown, Average},
});

}  // namespace

std::span<const Method> AggregateMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
