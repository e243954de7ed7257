#include "cql/calls.hpp"

#include "cql/cql_functions.hpp"
#include "cql/cql_run.hpp"
#include "functions/types.hpp"
#include "navigate.hpp"
#include <array>
#include <span>

namespace kangqu::expression {

namespace {

constexpr std::uint32_t kMaxCalls = 64;

// How far an argument is from an operand's type: 0 of it, 1 after the conversion of its element, 2
// after an implicit one; nothing when it is not.
std::optional<int> Distance(Evaluation& evaluation, const TypeTest& test, const Value& argument) {
    const Plan& plan = evaluation.plan();
    if (argument.is_null()) {
        return 0;
    }
    if (IsOfType(plan, test, argument)) {
        return test.any ? 3 : 0;
    }
    const Value system = ToCql(evaluation, argument);
    if (!argument.is(Kind::kNode) || system.is(Kind::kNode)) {
        return ConvertsImplicitly(system.kind(), test.system) ? std::optional(2) : std::nullopt;
    }
    if (IsOfType(plan, test, system)) {
        return 1;
    }
    return ConvertsImplicitly(system.kind(), test.system) ? std::optional(2) : std::nullopt;
}

std::span<const Value> Arguments(Evaluation& evaluation, const PlanNode& node) {
    auto* arguments = evaluation.arena().Room<Value>(node.count);
    for (std::size_t i = 0; i < node.count; ++i) {
        arguments[i] = evaluation.Arg(node, i);
    }
    return {arguments, node.count};
}

Value CallFunction(Evaluation& evaluation, std::uint32_t number, std::span<const Value> arguments) {
    CqlRun& run = *evaluation.cql;
    const CqlFunctionPlan& function = run.program->functions[number];
    if (run.calls >= kMaxCalls) {
        return evaluation.FailLimit(std::to_string(kMaxCalls) + " nested function calls");
    }
    const std::size_t slots = function.end_slot - function.first_slot;
    // The slots of an outer call of the same function come back after this one.
    Value* saved = evaluation.arena().Room<Value>(slots);
    for (std::size_t i = 0; i < slots; ++i) {
        saved[i] = evaluation.slot(function.first_slot + i);
        evaluation.slot(function.first_slot + i) = i < arguments.size() ? arguments[i] : Value();
    }
    ++run.calls;
    const Value result = evaluation.Run(function.root);
    --run.calls;
    for (std::size_t i = 0; i < slots; ++i) {
        evaluation.slot(function.first_slot + i) = saved[i];
    }
    return result;
}

}  // namespace

bool ConvertsImplicitly(Kind from, Kind to) {
    struct Row {
        Kind from;
        Kind to;
    };
    constexpr auto kRows = std::to_array<Row>({
        {Kind::kInteger, Kind::kLong},
        {Kind::kInteger, Kind::kDecimal},
        {Kind::kInteger, Kind::kQuantity},
        {Kind::kLong, Kind::kDecimal},
        {Kind::kDecimal, Kind::kQuantity},
        {Kind::kDate, Kind::kDateTime},
        {Kind::kCode, Kind::kConcept},
    });
    for (const Row& row : kRows) {
        if (row.from == from && row.to == to) {
            return true;
        }
    }
    return false;
}

Value RunFunctionCall(Evaluation& evaluation, const PlanNode& node) {
    return CallFunction(evaluation, node.data, Arguments(evaluation, node));
}

Value RunDispatch(Evaluation& evaluation, const PlanNode& node) {
    const DispatchPlan& dispatch = evaluation.plan().dispatches[node.data];
    const auto arguments = Arguments(evaluation, node);
    const DispatchPlan::Choice* best = nullptr;
    int best_distance = 0;
    for (const DispatchPlan::Choice& choice : dispatch.choices) {
        int distance = 0;
        bool fits = true;
        for (std::size_t i = 0; i < arguments.size() && fits; ++i) {
            const TypeTest& test = evaluation.plan().types[choice.tests[i]];
            const auto one = Distance(evaluation, test, arguments[i]);
            fits = one.has_value();
            distance += one.value_or(0);
        }
        if (fits && (best == nullptr || distance < best_distance)) {
            best = &choice;
            best_distance = distance;
        }
    }
    if (evaluation.failed()) {
        return {};
    }
    if (best == nullptr) {
        return evaluation.Fail(
            node, std::string(dispatch.name) + " has no overload for these arguments"
        );
    }
    return CallFunction(evaluation, best->function, arguments);
}

Value RunExternalFunction(Evaluation& evaluation, const PlanNode& node) {
    return evaluation.Fail(
        node,
        "external function " + std::string(evaluation.plan().steps[node.data].name) +
            " is not provided"
    );
}

Value RunVariable(Evaluation& evaluation, const PlanNode& node) {
    const std::string_view name = evaluation.plan().steps[node.data].name;
    for (const Variable& variable : evaluation.environment().variables) {
        if (variable.name == name) {
            return variable.value;
        }
    }
    return evaluation.Fail(node, "%" + std::string(name) + " is not given");
}

}  // namespace kangqu::expression
