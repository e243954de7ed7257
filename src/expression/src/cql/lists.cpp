// Sets and lists: union, intersect, except, distinct, flatten, collapse, expand, First, Last, ...
#include "cql/cql_functions.hpp"
#include "cql/edges.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/operators.hpp"
#include <algorithm>
#include <array>
#include <vector>

namespace kangqu::expression {

namespace {

bool Holds(Evaluation& evaluation, std::span<const Value> items, const Value& wanted) {
    return std::any_of(items.begin(), items.end(), [&](const Value& item) {
        return SameItem(evaluation, item, wanted);
    });
}

void AddNew(Evaluation& evaluation, ListBuilder& out, std::span<const Value> items) {
    for (const Value& item : items) {
        if (!evaluation.failed() && !Holds(evaluation, out.items(), item)) {
            out.Add(item);
        }
    }
}

const Value& Later(Evaluation& evaluation, const Value& a, const Value& b) {
    return SortOrder(evaluation, a, b) >= 0 ? a : b;
}
const Value& Earlier(Evaluation& evaluation, const Value& a, const Value& b) {
    return SortOrder(evaluation, a, b) <= 0 ? a : b;
}

bool Touch(Evaluation& evaluation, const Value& high, const Value& low) {
    const Value next = Successor(evaluation, high);
    const Order order = CompareValues(evaluation, low, next.is_null() ? high : next);
    return order == Order::kLess || order == Order::kEqual;
}

Value IntervalUnion(Evaluation& evaluation, const Value& a, const Value& b) {
    Value a_low;
    Value a_high;
    Value b_low;
    Value b_high;
    if (!ClosedBounds(evaluation, a, a_low, a_high) ||
        !ClosedBounds(evaluation, b, b_low, b_high) || !Touch(evaluation, a_high, b_low) ||
        !Touch(evaluation, b_high, a_low)) {
        return {};
    }
    return MakeInterval(
        evaluation, Earlier(evaluation, a_low, b_low), Later(evaluation, a_high, b_high)
    );
}

Value IntervalIntersect(Evaluation& evaluation, const Value& a, const Value& b) {
    Value a_low;
    Value a_high;
    Value b_low;
    Value b_high;
    if (!ClosedBounds(evaluation, a, a_low, a_high) ||
        !ClosedBounds(evaluation, b, b_low, b_high)) {
        return {};
    }
    const Value& low = Later(evaluation, a_low, b_low);
    const Value& high = Earlier(evaluation, a_high, b_high);
    return SortOrder(evaluation, low, high) > 0 ? Value() : MakeInterval(evaluation, low, high);
}

Value IntervalExcept(Evaluation& evaluation, const Value& a, const Value& b) {
    Value a_low;
    Value a_high;
    Value b_low;
    Value b_high;
    if (!ClosedBounds(evaluation, a, a_low, a_high) ||
        !ClosedBounds(evaluation, b, b_low, b_high)) {
        return {};
    }
    if (SortOrder(evaluation, b_high, a_low) < 0 || SortOrder(evaluation, b_low, a_high) > 0) {
        return a;
    }
    const bool left = SortOrder(evaluation, b_low, a_low) > 0;
    const bool right = SortOrder(evaluation, b_high, a_high) < 0;
    if (left == right) {
        return {};
    }
    return left ? MakeInterval(evaluation, a_low, Predecessor(evaluation, b_low))
                : MakeInterval(evaluation, Successor(evaluation, b_high), a_high);
}

Value RunUnion(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    if (a.is(Kind::kInterval) || b.is(Kind::kInterval)) {
        return a.is_null() || b.is_null() ? Value() : IntervalUnion(evaluation, a, b);
    }
    ListBuilder out(evaluation);
    AddNew(evaluation, out, ItemsOf(a));
    AddNew(evaluation, out, ItemsOf(b));
    return out.List();
}

Value RunIntersect(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    if (a.is_null() || b.is_null()) {
        return {};
    }
    if (a.is(Kind::kInterval) && b.is(Kind::kInterval)) {
        return IntervalIntersect(evaluation, a, b);
    }
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(a)) {
        if (Holds(evaluation, ItemsOf(b), item) && !Holds(evaluation, out.items(), item)) {
            out.Add(item);
        }
    }
    return out.List();
}

Value RunExcept(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    if (a.is_null()) {
        return {};
    }
    if (a.is(Kind::kInterval) && b.is(Kind::kInterval)) {
        return IntervalExcept(evaluation, a, b);
    }
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(a)) {
        if (!Holds(evaluation, ItemsOf(b), item) && !Holds(evaluation, out.items(), item)) {
            out.Add(item);
        }
    }
    return out.List();
}

}  // namespace

EvalFn FindSetOperator(std::string_view text) {
    return text == "union"       ? RunUnion
           : text == "intersect" ? RunIntersect
           : text == "except"    ? RunExcept
                                 : nullptr;
}

Value RunDistinct(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    if (list.is_null()) {
        return {};
    }
    ListBuilder out(evaluation);
    AddNew(evaluation, out, ItemsOf(list));
    return out.List();
}

Value RunFlatten(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    if (list.is_null()) {
        return {};
    }
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(list)) {
        if (item.is(Kind::kList)) {
            out.AddItems(item);
        } else if (!item.is_null()) {
            out.Add(item);
        }
    }
    return out.List();
}

namespace {

Value FirstOf(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const auto items = ItemsOf(list);
    return items.empty() ? Value() : items.front();
}

Value LastOf(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const auto items = ItemsOf(list);
    return items.empty() ? Value() : items.back();
}

// Skip, Take, Tail: flags 0, 1, 2.
Value PartOf(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const Value asked = node.flags == 2 ? Value::Integer(1) : evaluation.System(node, 1);
    if (list.is_null()) {
        return {};
    }
    const auto items = ItemsOf(list);
    const std::int64_t wanted = asked.is(Kind::kInteger) ? asked.integer() : 0;
    const auto count = static_cast<std::size_t>(
        std::clamp<std::int64_t>(wanted, 0, static_cast<std::int64_t>(items.size()))
    );
    const auto part = node.flags == 1 ? items.first(count) : items.subspan(count);
    ListBuilder out(evaluation);
    for (const Value& item : part) {
        out.Add(item);
    }
    return out.List();
}

Value IndexOf(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const Value wanted = evaluation.Arg(node, 1);
    if (list.is_null() || wanted.is_null()) {
        return {};
    }
    const auto items = ItemsOf(list);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (SameItem(evaluation, items[i], wanted)) {
            return Value::Integer(static_cast<std::int64_t>(i));
        }
    }
    return Value::Integer(-1);
}

Value Coalesce(Evaluation& evaluation, const PlanNode& node) {
    if (node.count == 1) {
        const Value list = evaluation.Arg(node, 0);
        for (const Value& item : ItemsOf(list)) {
            if (!item.is_null()) {
                return item;
            }
        }
        return {};
    }
    for (std::size_t i = 0; i < node.count; ++i) {
        const Value value = evaluation.Arg(node, i);
        if (!value.is_null()) {
            return value;
        }
    }
    return {};
}

Value IsNull(Evaluation& evaluation, const PlanNode& node) {
    return Value::Boolean(ToSystem(evaluation, evaluation.Arg(node, 0)).is_null());
}

// The items from the second argument on, up to but not with the third.
Value Slice(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const Value from = evaluation.System(node, 1);
    const Value to = evaluation.System(node, 2);
    if (list.is_null()) {
        return {};
    }
    const auto items = ItemsOf(list);
    const auto last = static_cast<std::int64_t>(items.size());
    const std::int64_t start =
        from.is(Kind::kInteger) ? std::clamp<std::int64_t>(from.integer(), 0, last) : 0;
    const std::int64_t end =
        to.is(Kind::kInteger) ? std::clamp<std::int64_t>(to.integer(), start, last) : last;
    return Value::List(
        items.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start))
    );
}

// The parts of a tuple, list or element, one level or all of them.
void AddParts(const Value& value, ListBuilder& out) {
    if (value.is(Kind::kList)) {
        out.AddItems(value);
    } else if (value.is(Kind::kTuple)) {
        for (const Value& part : value.tuple().values) {
            out.AddItems(part);
        }
    } else if (value.is(Kind::kNode)) {
        AddChildren(value, out);
    }
}

Value ExpandValueSet(Evaluation& evaluation, const PlanNode& node) {
    return CodesOfValueSet(evaluation, node, evaluation.Arg(node, 0));
}

Value Children(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.Arg(node, 0);
    if (value.is_null()) {
        return {};
    }
    ListBuilder out(evaluation);
    AddParts(value, out);
    return out.List();
}

Value Descendents(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.Arg(node, 0);
    if (value.is_null()) {
        return {};
    }
    ListBuilder out(evaluation);
    AddParts(value, out);
    for (std::size_t i = 0; i < out.size() && !evaluation.failed(); ++i) {
        const Value part = out.items()[i];
        AddParts(part, out);
    }
    return out.List();
}

constexpr auto kFunctions = std::to_array<CqlFunction>({
    {"First", 1, 1, Kind::kNull, FirstOf, false, 0},
    {"Last", 1, 1, Kind::kNull, LastOf, false, 0},
    {"Skip", 2, 2, Kind::kList, PartOf, false, 0},
    {"Take", 2, 2, Kind::kList, PartOf, false, 1},
    {"Tail", 1, 1, Kind::kList, PartOf, false, 2},
    {"IndexOf", 2, 2, Kind::kInteger, IndexOf, false, 0},
    {"Indexer", 2, 2, Kind::kNull, RunCqlIndex, false, 0},
    {"Coalesce", 1, 50, Kind::kNull, Coalesce, false, 0},
    {"IsNull", 1, 1, Kind::kBoolean, IsNull, false, 0},
    {"Exists", 1, 1, Kind::kBoolean, RunExists, false, 0},
    {"Distinct", 1, 1, Kind::kList, RunDistinct, false, 0},
    {"Flatten", 1, 1, Kind::kList, RunFlatten, false, 0},
    {"Collapse", 1, 2, Kind::kList, RunCollapse, false, 0},
    {"Expand", 1, 2, Kind::kList, RunExpand, false, 0},
    {"Slice", 3, 3, Kind::kList, Slice, false, 0},
    {"ExpandValueSet", 1, 1, Kind::kList, ExpandValueSet, false, 0},
    {"Children", 1, 1, Kind::kList, Children, false, 0},
    {"Descendents", 1, 1, Kind::kList, Descendents, false, 0},
    {"Descendants", 1, 1, Kind::kList, Descendents, false, 0},
});

}  // namespace

std::span<const CqlFunction> CqlListFunctions() {
    return kFunctions;
}

}  // namespace kangqu::expression
