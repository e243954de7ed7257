// Count, Sum, Min, Max, Avg, Median, Mode, variances, products; AllTrue, AnyTrue.
#include "cql/cql_functions.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/operators.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace kangqu::expression {

namespace {

// The items that are not null, as System values.
std::vector<Value> Known(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    std::vector<Value> out;
    for (const Value& item : ItemsOf(list)) {
        const Value value = ToSystem(evaluation, item);
        if (!value.is_null()) {
            out.push_back(value);
        }
    }
    return out;
}

Value Count(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const auto items = ItemsOf(list);
    return Value::Integer(std::count_if(items.begin(), items.end(), [](const Value& item) {
        return !item.is_null();
    }));
}

Value Fold(Evaluation& evaluation, const PlanNode& node, std::span<const Value> items, char op) {
    Value total;
    for (const Value& item : items) {
        total = total.is_null() ? item : Calculate(evaluation, node, op, total, item);
        if (total.is_null()) {
            return evaluation.failed() ? Value() : evaluation.Fail(node, "the result is too large");
        }
    }
    return total;
}

Value Sum(Evaluation& evaluation, const PlanNode& node) {
    return Fold(evaluation, node, Known(evaluation, node), '+');
}

Value Product(Evaluation& evaluation, const PlanNode& node) {
    return Fold(evaluation, node, Known(evaluation, node), '*');
}

// flags 1: the largest
Value Extreme(Evaluation& evaluation, const PlanNode& node) {
    Value best;
    for (const Value& item : Known(evaluation, node)) {
        if (best.is_null()) {
            best = item;
            continue;
        }
        const Order order = CompareValues(evaluation, item, best);
        if (order == Order::kIncomparable) {
            return evaluation.Fail(
                node, TypeNameOf(item) + " cannot be compared with " + TypeNameOf(best)
            );
        }
        if (order == (node.flags != 0 ? Order::kGreater : Order::kLess)) {
            best = item;
        }
    }
    return best;
}

Value Mean(Evaluation& evaluation, const PlanNode& node, std::span<const Value> items) {
    if (items.empty()) {
        return {};
    }
    const Value total = Fold(evaluation, node, items, '+');
    const Value count = Value::Decimal(core::Decimal(static_cast<std::int64_t>(items.size())));
    return total.is_null() ? total : Calculate(evaluation, node, '/', total, count);
}

Value Avg(Evaluation& evaluation, const PlanNode& node) {
    return Mean(evaluation, node, Known(evaluation, node));
}

Value Median(Evaluation& evaluation, const PlanNode& node) {
    std::vector<Value> items = Known(evaluation, node);
    if (items.empty()) {
        return {};
    }
    std::stable_sort(items.begin(), items.end(), [&](const Value& a, const Value& b) {
        return SortOrder(evaluation, a, b) < 0;
    });
    const std::size_t middle = items.size() / 2;
    if (items.size() % 2 == 1) {
        return items[middle];
    }
    const std::array<Value, 2> both = {items[middle - 1], items[middle]};
    return Mean(evaluation, node, both);
}

Value Mode(Evaluation& evaluation, const PlanNode& node) {
    const std::vector<Value> items = Known(evaluation, node);
    Value best;
    std::ptrdiff_t most = 0;
    for (const Value& item : items) {
        const auto count = std::count_if(items.begin(), items.end(), [&](const Value& other) {
            return SameItem(evaluation, item, other);
        });
        if (count > most) {
            most = count;
            best = item;
        }
    }
    return best;
}

// A number or quantity with `value` in place of its own.
Value Like(Evaluation& evaluation, const Value& like, const core::Decimal& value) {
    if (!like.is(Kind::kQuantity)) {
        return Value::Decimal(value);
    }
    Quantity out = like.quantity();
    out.value = value;
    return Value::Of(evaluation.arena().New(out));
}

std::optional<core::Decimal> Number(const Value& value) {
    return value.is(Kind::kQuantity) ? std::optional(value.quantity().value) : AsDecimal(value);
}

// flags: 1 of the population (else a sample), 2 the root
Value Spread(Evaluation& evaluation, const PlanNode& node) {
    const std::vector<Value> items = Known(evaluation, node);
    const std::size_t least = (node.flags & 1U) != 0 ? 1 : 2;
    if (items.size() < least) {
        return {};
    }
    const Value mean = Mean(evaluation, node, items);
    const auto center = mean.is_null() ? std::nullopt : Number(mean);
    std::optional<core::Decimal> total = core::Decimal(0);
    for (const Value& item : items) {
        const auto number = Number(item);
        const auto away = number && center ? number->Minus(*center) : std::nullopt;
        const auto square = away ? away->Times(*away) : std::nullopt;
        total = square && total ? total->Plus(*square) : std::nullopt;
    }
    const auto count = static_cast<std::int64_t>(items.size() - ((node.flags & 1U) != 0 ? 0 : 1));
    const auto variance = total ? total->Over(core::Decimal(count)) : std::nullopt;
    if (!variance) {
        return {};
    }
    if ((node.flags & 2U) == 0) {
        return Like(evaluation, items[0], *variance);
    }
    const auto root = core::Decimal::FromDouble(std::sqrt(variance->ToDouble()));
    return root ? Like(evaluation, items[0], *root) : Value();
}

Value GeometricMean(Evaluation& evaluation, const PlanNode& node) {
    const std::vector<Value> items = Known(evaluation, node);
    if (items.empty()) {
        return {};
    }
    long double logs = 0;
    for (const Value& item : items) {
        const auto number = AsDecimal(item);
        if (!number || number->negative() || number->zero()) {
            return {};
        }
        logs += std::log(number->ToDouble());
    }
    const auto mean =
        core::Decimal::FromDouble(std::exp(logs / static_cast<long double>(items.size())));
    return mean ? Value::Decimal(*mean) : Value();
}

// flags 1: any true, else all true
Value Truths(Evaluation& evaluation, const PlanNode& node) {
    const bool any = node.flags != 0;
    for (const Value& item : Known(evaluation, node)) {
        if (item.is(Kind::kBoolean) && item.boolean() == any) {
            return Value::Boolean(any);
        }
    }
    return Value::Boolean(!any);
}

constexpr std::array<CqlFunction, 15> kFunctions = {{
    {"Count", 1, 1, Kind::kInteger, Count, false, 0},
    {"Sum", 1, 1, Kind::kNull, Sum, false, 0},
    {"Product", 1, 1, Kind::kNull, Product, false, 0},
    {"Min", 1, 1, Kind::kNull, Extreme, false, 0},
    {"Max", 1, 1, Kind::kNull, Extreme, false, 1},
    {"Avg", 1, 1, Kind::kNull, Avg, false, 0},
    {"Median", 1, 1, Kind::kNull, Median, false, 0},
    {"Mode", 1, 1, Kind::kNull, Mode, false, 0},
    {"Variance", 1, 1, Kind::kNull, Spread, false, 0},
    {"PopulationVariance", 1, 1, Kind::kNull, Spread, false, 1},
    {"StdDev", 1, 1, Kind::kNull, Spread, false, 2},
    {"PopulationStdDev", 1, 1, Kind::kNull, Spread, false, 3},
    {"GeometricMean", 1, 1, Kind::kDecimal, GeometricMean, false, 0},
    {"AllTrue", 1, 1, Kind::kBoolean, Truths, false, 0},
    {"AnyTrue", 1, 1, Kind::kBoolean, Truths, false, 1},
}};

}  // namespace

std::span<const CqlFunction> CqlAggregateFunctions() {
    return kFunctions;
}

}  // namespace kangqu::expression
