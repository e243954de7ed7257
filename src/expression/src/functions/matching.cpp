// Regular expressions: matches, matchesFull, replaceMatches, splitOnMatches.
#include "functions/registry.hpp"
#include "literals.hpp"
#include "navigate.hpp"
#include "regular_expression.hpp"
#include <array>

namespace kangqu::expression {

namespace {

// The expression of child 1: one made when the plan was, for a constant, else one kept in `made`.
// Null, with a failure, when it is none.
const RegularExpression* Pattern(
    Evaluation& evaluation,
    const PlanNode& node,
    const Value& pattern,
    std::unique_ptr<const RegularExpression>& made
) {
    if (node.data != 0) {
        return evaluation.plan().patterns[node.data - 1].get();
    }
    std::string why;
    made = RegularExpression::Compile(pattern.text(), why);
    if (made == nullptr) {
        evaluation.Fail(
            node, "'" + std::string(pattern.text()) + "' is no regular expression: " + why
        );
    }
    return made.get();
}

struct Operands {
    Value text;
    Value pattern;
    std::unique_ptr<const RegularExpression> made;
    const RegularExpression* expression = nullptr;
};

// False when an operand is empty or wrong.
bool Take(Evaluation& evaluation, const PlanNode& node, Operands& out) {
    out.text = evaluation.Typed(node, 0, Kind::kString);
    out.pattern = evaluation.Typed(node, 1, Kind::kString);
    if (out.text.is_null() || out.pattern.is_null()) {
        return false;
    }
    out.expression = Pattern(evaluation, node, out.pattern, out.made);
    return out.expression != nullptr;
}

Value Matches(Evaluation& evaluation, const PlanNode& node) {
    Operands operands;
    return Take(evaluation, node, operands)
               ? Value::Boolean(operands.expression->FoundIn(operands.text.text()))
               : Value();
}

Value MatchesFull(Evaluation& evaluation, const PlanNode& node) {
    Operands operands;
    return Take(evaluation, node, operands)
               ? Value::Boolean(operands.expression->Matches(operands.text.text()))
               : Value();
}

Value ReplaceMatches(Evaluation& evaluation, const PlanNode& node) {
    const Value replacement = evaluation.Typed(node, 2, Kind::kString);
    Operands operands;
    if (!Take(evaluation, node, operands) || replacement.is_null()) {
        return {};
    }
    if (operands.pattern.text().empty()) {
        return operands.text;
    }
    auto out = operands.expression->Replace(
        operands.text.text(), replacement.text(), evaluation.environment().limits.text_bytes
    );
    if (!out) {
        return evaluation.Fail(
            node, "'" + std::string(replacement.text()) + "' cannot stand for a match"
        );
    }
    return Value::String(evaluation.Text(*out));
}

Value SplitOnMatches(Evaluation& evaluation, const PlanNode& node) {
    Operands operands;
    if (!Take(evaluation, node, operands)) {
        return {};
    }
    ListBuilder out(evaluation);
    for (std::string& part : operands.expression->Split(operands.text.text())) {
        out.Add(Value::String(evaluation.Text(std::move(part))));
    }
    return out.List();
}

constexpr std::array<Method, 4> kMethods = {{
    {"matches", 1, 1, 0, ResultRule::kBoolean, Matches},
    {"matchesFull", 1, 1, 0, ResultRule::kBoolean, MatchesFull},
    {"replaceMatches", 2, 2, 0, ResultRule::kString, ReplaceMatches},
    {"splitOnMatches", 1, 1, 0, ResultRule::kString, SplitOnMatches},
}};

}  // namespace

std::span<const Method> MatchingMethods() {
    return kMethods;
}

void KeepConstantPattern(Plan& plan, NodeIndex call) {
    PlanNode& node = plan.nodes[call];
    const bool matching = node.run == Matches || node.run == MatchesFull ||
                          node.run == ReplaceMatches || node.run == SplitOnMatches;
    if (!matching || node.count < 2) {
        return;
    }
    const Value* pattern = ConstantOf(plan, plan.children[node.first + 1U]);
    std::string why;
    if (pattern == nullptr || !pattern->is(Kind::kString)) {
        return;
    }
    if (auto made = RegularExpression::Compile(pattern->text(), why)) {
        plan.patterns.push_back(std::move(made));
        node.data = static_cast<std::uint32_t>(plan.patterns.size());
    }
}

}  // namespace kangqu::expression
