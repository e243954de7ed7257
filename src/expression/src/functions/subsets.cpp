// first, last, tail, skip, take, single.
#include "functions/registry.hpp"
#include <algorithm>
#include <array>

namespace kangqu::expression {

namespace {

Value Slice(std::span<const Value> items) {
    if (items.empty()) {
        return {};
    }
    return items.size() == 1 ? items[0] : Value::List(items);
}

// The lists of the arena outlive this call; a single item is copied by Slice.
Value First(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    return items.empty() ? Value() : items.front();
}

Value Last(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    return items.empty() ? Value() : items.back();
}

Value Tail(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    return items.size() < 2 ? Value() : Slice(items.subspan(1));
}

// The count asked for, at least 0 and at most `most`.
std::size_t Asked(Evaluation& evaluation, const PlanNode& node, std::size_t most) {
    const Value count = evaluation.Typed(node, 1, Kind::kInteger);
    if (count.is_null() || count.integer() <= 0) {
        return 0;
    }
    return std::min(most, static_cast<std::size_t>(count.integer()));
}

Value Skip(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    return Slice(items.subspan(Asked(evaluation, node, items.size())));
}

Value Take(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const auto items = ItemsOf(input);
    return Slice(items.first(Asked(evaluation, node, items.size())));
}

Value Single(Evaluation& evaluation, const PlanNode& node) {
    return evaluation.One(node, evaluation.Arg(node, 0));
}

constexpr std::array<Method, 6> kMethods = {{
    {"first", 0, 0, 0, ResultRule::kFocus, First},
    {"last", 0, 0, 0, ResultRule::kFocus, Last},
    {"tail", 0, 0, 0, ResultRule::kFocus, Tail},
    {"skip", 1, 1, 0, ResultRule::kFocus, Skip},
    {"take", 1, 1, 0, ResultRule::kFocus, Take},
    {"single", 0, 0, 0, ResultRule::kFocus, Single},
}};

}  // namespace

std::span<const Method> SubsetMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
