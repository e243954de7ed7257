// Message, and the table of all System functions.
#include "cql/cql_functions.hpp"
#include "functions/registry.hpp"
#include "operators/operators.hpp"
#include <array>
#include <deque>
#include <vector>

namespace kangqu::expression {

namespace {

// Message(source, condition, code, severity, message): an error ends the evaluation.
Value Message(Evaluation& evaluation, const PlanNode& node) {
    const Value source = evaluation.Arg(node, 0);
    const Value condition = evaluation.System(node, 1);
    const Value severity = evaluation.System(node, 3);
    if (condition.is(Kind::kBoolean) && condition.boolean() && severity.is(Kind::kString) &&
        severity.text() == "Error") {
        const Value text = evaluation.System(node, 4);
        return evaluation.Fail(node, text.is(Kind::kString) ? std::string(text.text()) : "Message");
    }
    return source;
}

constexpr std::array<CqlFunction, 1> kFunctions = {{
    {"Message", 5, 5, Kind::kNull, Message, false, 0},
}};

// System functions that are methods of FHIRPath with the input as first argument.
struct SharedName {
    std::string_view name;
    std::string_view method;
    Kind result;
};
constexpr std::array<SharedName, 21> kShared = {{
    {"Upper", "upper", Kind::kString},
    {"Lower", "lower", Kind::kString},
    {"StartsWith", "startsWith", Kind::kBoolean},
    {"EndsWith", "endsWith", Kind::kBoolean},
    {"Substring", "substring", Kind::kString},
    {"Matches", "matchesFull", Kind::kBoolean},
    {"ReplaceMatches", "replaceMatches", Kind::kString},
    {"SplitOnMatches", "splitOnMatches", Kind::kList},
    {"Abs", "abs", Kind::kNull},
    {"Ceiling", "ceiling", Kind::kInteger},
    {"Floor", "floor", Kind::kInteger},
    {"Truncate", "truncate", Kind::kInteger},
    {"Round", "round", Kind::kDecimal},
    {"Exp", "exp", Kind::kDecimal},
    {"Ln", "ln", Kind::kDecimal},
    {"Log", "log", Kind::kDecimal},
    {"Power", "power", Kind::kNull},
    {"Precision", "precision", Kind::kInteger},
    {"LowBoundary", "lowBoundary", Kind::kNull},
    {"HighBoundary", "highBoundary", Kind::kNull},
    {"Sqrt", "sqrt", Kind::kDecimal},
}};

std::vector<CqlFunction> SharedFunctions() {
    std::vector<CqlFunction> out;
    for (const SharedName& row : kShared) {
        if (const Method* method = FindMethod(row.method)) {
            out.push_back(
                {row.name,
                 static_cast<std::uint8_t>(method->min_arguments + 1),
                 static_cast<std::uint8_t>(method->max_arguments + 1),
                 row.result,
                 method->run,
                 false,
                 0}
            );
        }
    }
    return out;
}

std::array<std::span<const CqlFunction>, 7> Families() {
    static const std::vector<CqlFunction> kSharedFunctions = SharedFunctions();
    return {
        CqlListFunctions(),
        CqlAggregateFunctions(),
        CqlTemporalFunctions(),
        CqlConversionFunctions(),
        CqlTextFunctions(),
        CqlLogicFunctions(),
        std::span<const CqlFunction>(kSharedFunctions),
    };
}

}  // namespace

std::span<const CqlFunction> CqlLogicFunctions() {
    return kFunctions;
}

const CqlFunction* FindCqlFunction(std::string_view name) {
    for (const auto& family : Families()) {
        for (const CqlFunction& function : family) {
            if (function.name == name) {
                return &function;
            }
        }
    }
    return nullptr;
}

std::string_view NearestCqlFunction(std::string_view name) {
    for (const auto& family : Families()) {
        for (const CqlFunction& function : family) {
            if (IsNear(function.name, name)) {
                return function.name;
            }
        }
    }
    return {};
}

}  // namespace kangqu::expression
