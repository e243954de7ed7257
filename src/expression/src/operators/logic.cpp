// and, or, xor, implies, not; =, !=, ~, !~, <, <=, >, >=; in and contains over collections.
#include "compare.hpp"
#include "navigate.hpp"
#include "operators.hpp"
#include "operators/arithmetic.hpp"
#include <array>

namespace kangqu::expression {

namespace {

// -1 false, 0 not known, 1 true
int Truth3(Evaluation& evaluation, const PlanNode& node, std::size_t position) {
    const Value value = Truth(evaluation, node, evaluation.Arg(node, position));
    return value.is_null() ? 0 : value.boolean() ? 1 : -1;
}

Value From3(int truth) {
    return truth == 0 ? Value() : Value::Boolean(truth > 0);
}

Value EvalAnd(Evaluation& evaluation, const PlanNode& node) {
    const int left = Truth3(evaluation, node, 0);
    if (left < 0) {
        return Value::Boolean(false);
    }
    const int right = Truth3(evaluation, node, 1);
    return From3(right < 0 ? -1 : left == 0 ? 0 : right);
}

Value EvalOr(Evaluation& evaluation, const PlanNode& node) {
    const int left = Truth3(evaluation, node, 0);
    if (left > 0) {
        return Value::Boolean(true);
    }
    const int right = Truth3(evaluation, node, 1);
    return From3(right > 0 ? 1 : left == 0 ? 0 : right);
}

Value EvalXor(Evaluation& evaluation, const PlanNode& node) {
    const int left = Truth3(evaluation, node, 0);
    const int right = Truth3(evaluation, node, 1);
    return left == 0 || right == 0 ? Value() : Value::Boolean(left != right);
}

Value EvalImplies(Evaluation& evaluation, const PlanNode& node) {
    const int left = Truth3(evaluation, node, 0);
    if (left < 0) {
        return Value::Boolean(true);
    }
    const int right = Truth3(evaluation, node, 1);
    return From3(right > 0 ? 1 : left == 0 ? 0 : right);
}

Value EvalNot(Evaluation& evaluation, const PlanNode& node) {
    return From3(-Truth3(evaluation, node, 0));
}

Value EvalEqual(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    if (a.is_null() || b.is_null() || evaluation.failed()) {
        return {};
    }
    return ToValue(Equal(evaluation, a, b));
}

Value EvalNotEqual(Evaluation& evaluation, const PlanNode& node) {
    const Value equal = EvalEqual(evaluation, node);
    return equal.is_null() ? equal : Value::Boolean(!equal.boolean());
}

Value EvalEquivalent(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    return Value::Boolean(Equivalent(evaluation, a, b));
}

Value EvalNotEquivalent(Evaluation& evaluation, const PlanNode& node) {
    return Value::Boolean(!EvalEquivalent(evaluation, node).boolean());
}

Order OrderOf(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.System(node, 0);
    const Value b = evaluation.System(node, 1);
    const Order order = CompareValues(evaluation, a, b);
    if (order == Order::kIncomparable && !evaluation.failed()) {
        evaluation.Fail(node, TypeNameOf(a) + " cannot be compared with " + TypeNameOf(b));
        return Order::kUnknown;
    }
    return order;
}

Value EvalLess(Evaluation& evaluation, const PlanNode& node) {
    const Order order = OrderOf(evaluation, node);
    return order == Order::kUnknown ? Value() : Value::Boolean(order == Order::kLess);
}

Value EvalGreater(Evaluation& evaluation, const PlanNode& node) {
    const Order order = OrderOf(evaluation, node);
    return order == Order::kUnknown ? Value() : Value::Boolean(order == Order::kGreater);
}

Value EvalAtMost(Evaluation& evaluation, const PlanNode& node) {
    const Order order = OrderOf(evaluation, node);
    return order == Order::kUnknown ? Value() : Value::Boolean(order != Order::kGreater);
}

Value EvalAtLeast(Evaluation& evaluation, const PlanNode& node) {
    const Order order = OrderOf(evaluation, node);
    return order == Order::kUnknown ? Value() : Value::Boolean(order != Order::kLess);
}

Value Among(Evaluation& evaluation, const PlanNode& node, const Value& item, const Value& list) {
    const Value one = evaluation.One(node, item);
    if (one.is_null()) {
        return {};
    }
    for (const Value& candidate : ItemsOf(list)) {
        if (SameItem(evaluation, one, candidate)) {
            return Value::Boolean(true);
        }
    }
    return Value::Boolean(false);
}

Value EvalIn(Evaluation& evaluation, const PlanNode& node) {
    const Value item = evaluation.Arg(node, 0);
    return Among(evaluation, node, item, evaluation.Arg(node, 1));
}

Value EvalContains(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    return Among(evaluation, node, evaluation.Arg(node, 1), list);
}

Value EvalUnion(Evaluation& evaluation, const PlanNode& node) {
    const Value a = evaluation.Arg(node, 0);
    const Value b = evaluation.Arg(node, 1);
    ListBuilder out(evaluation);
    for (const Value& source : {a, b}) {
        for (const Value& item : ItemsOf(source)) {
            bool found = false;
            for (const Value& kept : out.items()) {
                found = found || SameItem(evaluation, kept, item);
            }
            if (!found) {
                out.Add(item);
            }
            if (evaluation.failed()) {
                return {};
            }
        }
    }
    return out.Collection();
}

struct Row {
    std::string_view text;
    EvalFn run;
};
constexpr std::array<Row, 22> kBinary = {{
    {"and", EvalAnd},      {"or", EvalOr},
    {"xor", EvalXor},      {"implies", EvalImplies},
    {"=", EvalEqual},      {"!=", EvalNotEqual},
    {"~", EvalEquivalent}, {"!~", EvalNotEquivalent},
    {"<", EvalLess},       {">", EvalGreater},
    {"<=", EvalAtMost},    {">=", EvalAtLeast},
    {"in", EvalIn},        {"contains", EvalContains},
    {"|", EvalUnion},      {"+", EvalPlus},
    {"-", EvalMinus},      {"*", EvalTimes},
    {"/", EvalOver},       {"div", EvalDiv},
    {"mod", EvalMod},      {"&", EvalConcatenate},
}};

}  // namespace

Value Truth(Evaluation& evaluation, const PlanNode& node, const Value& value) {
    const Value one = ToSystem(evaluation, evaluation.One(node, value));
    if (one.is_null() || one.is(Kind::kBoolean)) {
        return one;
    }
    if (evaluation.plan().dialect == Dialect::kFhirPath) {
        return Value::Boolean(true);
    }
    return evaluation.Fail(node, "Boolean is needed here, found " + TypeNameOf(one));
}

EvalFn FindBinaryOperator(std::string_view text) {
    for (const Row& row : kBinary) {
        if (row.text == text) {
            return row.run;
        }
    }
    return nullptr;
}

EvalFn FindUnaryOperator(std::string_view text) {
    if (text == "-") {
        return EvalNegate;
    }
    return text == "+" ? EvalPositive : text == "not" ? EvalNot : nullptr;
}

}  // namespace kangqu::expression
