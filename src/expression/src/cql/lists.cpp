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

// Closed bounds of an interval with both ends known.
bool Closed(Evaluation& evaluation, const Value& value, Value& low, Value& high) {
    const Edge start = StartOf(evaluation, value);
    const Edge end = EndOf(evaluation, value);
    low = start.place == Edge::Place::kBelowAll ? Least(value.interval().high.kind()) : start.value;
    high = end.place == Edge::Place::kAboveAll ? Greatest(value.interval().low.kind()) : end.value;
    return !low.is_null() && !high.is_null();
}

Value MakeInterval(Evaluation& evaluation, const Value& low, const Value& high) {
    return Value::Of(evaluation.arena().New(Interval{low, high, true, true, false}));
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
    if (!Closed(evaluation, a, a_low, a_high) || !Closed(evaluation, b, b_low, b_high) ||
        !Touch(evaluation, a_high, b_low) || !Touch(evaluation, b_high, a_low)) {
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
    if (!Closed(evaluation, a, a_low, a_high) || !Closed(evaluation, b, b_low, b_high)) {
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
    if (!Closed(evaluation, a, a_low, a_high) || !Closed(evaluation, b, b_low, b_high)) {
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

Value RunCollapse(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    if (list.is_null()) {
        return {};
    }
    std::vector<std::pair<Value, Value>> spans;
    for (const Value& item : ItemsOf(list)) {
        const Value interval = Operand(evaluation, item);
        Value low;
        Value high;
        if (interval.is(Kind::kInterval) && Closed(evaluation, interval, low, high)) {
            spans.emplace_back(low, high);
        }
    }
    std::stable_sort(spans.begin(), spans.end(), [&](const auto& a, const auto& b) {
        return SortOrder(evaluation, a.first, b.first) < 0;
    });
    ListBuilder out(evaluation);
    for (std::size_t i = 0; i < spans.size();) {
        Value high = spans[i].second;
        std::size_t next = i + 1;
        for (; next < spans.size() && Touch(evaluation, high, spans[next].first); ++next) {
            high = Later(evaluation, high, spans[next].second);
        }
        out.Add(MakeInterval(evaluation, spans[i].first, high));
        i = next;
    }
    return out.List();
}

Value RunExpand(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const Value per = node.count > 1 ? evaluation.System(node, 1) : Value();
    if (list.is_null()) {
        return {};
    }
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(list)) {
        const Value interval = Operand(evaluation, item);
        Value low;
        Value high;
        if (!interval.is(Kind::kInterval) || !Closed(evaluation, interval, low, high)) {
            continue;
        }
        for (Value point = low;
             !point.is_null() && SortOrder(evaluation, point, high) <= 0 && !evaluation.failed();) {
            const Value next = per.is_null() ? Successor(evaluation, point)
                                             : Calculate(evaluation, node, '+', point, per);
            const Value last = next.is_null() ? high : Predecessor(evaluation, next);
            out.Add(list.is(Kind::kList) ? MakeInterval(evaluation, point, last) : point);
            point = next;
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

constexpr std::array<CqlFunction, 13> kFunctions = {{
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
    {"Collapse", 1, 1, Kind::kList, RunCollapse, false, 0},
}};

}  // namespace

std::span<const CqlFunction> CqlListFunctions() {
    return kFunctions;
}

}  // namespace kangqu::expression
