// is, as, cast, convert, To..., ConvertsTo....
#include "kangqu/core/utf8.hpp"

#include "conversion.hpp"
#include "cql/cql_functions.hpp"
#include "functions/types.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/units.hpp"
#include <array>

namespace kangqu::expression {

namespace {

// An element of a document answers to its FHIR type, and to the System type it stands for.
bool IsOf(Evaluation& evaluation, const PlanNode& node, Value& value) {
    const Plan& plan = evaluation.plan();
    const TypeTest& test = plan.types[node.data];
    if (IsOfType(plan, test, value)) {
        return true;
    }
    if (!value.is(Kind::kNode)) {
        return false;
    }
    const Value system = ToCql(evaluation, value);
    if (!system.is(Kind::kNode) && IsOfType(plan, test, system)) {
        value = system;
        return true;
    }
    return false;
}

}  // namespace

Value RunCqlIs(Evaluation& evaluation, const PlanNode& node) {
    Value value = evaluation.Arg(node, 0);
    return Value::Boolean(!value.is_null() && IsOf(evaluation, node, value));
}

Value RunCqlAs(Evaluation& evaluation, const PlanNode& node) {
    Value value = evaluation.Arg(node, 0);
    if (value.is_null() || IsOf(evaluation, node, value)) {
        return value;
    }
    return node.flags == 0
               ? Value()
               : evaluation.Fail(node, TypeNameOf(value) + " cannot be cast to this type");
}

Value RunConvert(Evaluation& evaluation, const PlanNode& node) {
    return ConvertValue(evaluation, evaluation.Arg(node, 0), static_cast<Kind>(node.data));
}

Value RunConvertUnit(Evaluation& evaluation, const PlanNode& node) {
    const Value value = ToCql(evaluation, evaluation.Arg(node, 0));
    const Value unit = evaluation.System(node, 1);
    if (!value.is(Kind::kQuantity) || !unit.is(Kind::kString)) {
        return {};
    }
    const auto number = ConvertUnit(value.quantity().value, value.quantity().unit, unit.text());
    if (!number) {
        return {};
    }
    Quantity out;
    out.value = *number;
    out.unit = unit.text();
    return Value::Of(evaluation.arena().New(out));
}

Value RunToCql(Evaluation& evaluation, const PlanNode& node) {
    return ToCql(evaluation, evaluation.Arg(node, 0));
}

namespace {

// flags: the Kind
Value To(Evaluation& evaluation, const PlanNode& node) {
    return ConvertValue(evaluation, evaluation.Arg(node, 0), static_cast<Kind>(node.flags));
}

Value ConvertsTo(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.Arg(node, 0);
    if (value.is_null()) {
        return {};
    }
    return Value::Boolean(!ConvertValue(evaluation, value, static_cast<Kind>(node.flags)).is_null()
    );
}

Value ToChars(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.System(node, 0);
    if (!text.is(Kind::kString)) {
        return {};
    }
    ListBuilder out(evaluation);
    for (std::string_view rest = text.text(); !rest.empty();) {
        const std::string_view one = core::PrefixCodePoints(rest, 1);
        out.Add(Value::String(one));
        rest.remove_prefix(one.size());
    }
    return out.List();
}

constexpr std::uint32_t K(Kind kind) {
    return static_cast<std::uint32_t>(kind);
}

Value CanConvertQuantity(Evaluation& evaluation, const PlanNode& node) {
    if (evaluation.Arg(node, 0).is_null() || evaluation.Arg(node, 1).is_null()) {
        return {};
    }
    return Value::Boolean(!RunConvertUnit(evaluation, node).is_null());
}

constexpr auto kFunctions = std::to_array<CqlFunction>({
    {"ToBoolean", 1, 1, Kind::kBoolean, To, false, K(Kind::kBoolean)},
    {"ToInteger", 1, 1, Kind::kInteger, To, false, K(Kind::kInteger)},
    {"ToLong", 1, 1, Kind::kLong, To, false, K(Kind::kLong)},
    {"ToDecimal", 1, 1, Kind::kDecimal, To, false, K(Kind::kDecimal)},
    {"ToString", 1, 1, Kind::kString, To, false, K(Kind::kString)},
    {"ToDate", 1, 1, Kind::kDate, To, false, K(Kind::kDate)},
    {"ToDateTime", 1, 1, Kind::kDateTime, To, false, K(Kind::kDateTime)},
    {"ToTime", 1, 1, Kind::kTime, To, false, K(Kind::kTime)},
    {"ToQuantity", 1, 1, Kind::kQuantity, To, false, K(Kind::kQuantity)},
    {"ToRatio", 1, 1, Kind::kRatio, To, false, K(Kind::kRatio)},
    {"ToConcept", 1, 1, Kind::kConcept, To, false, K(Kind::kConcept)},
    {"ToChars", 1, 1, Kind::kList, ToChars, false, 0},
    {"ConvertsToBoolean", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kBoolean)},
    {"ConvertsToInteger", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kInteger)},
    {"ConvertsToLong", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kLong)},
    {"ConvertsToDecimal", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kDecimal)},
    {"ConvertsToString", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kString)},
    {"ConvertsToDate", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kDate)},
    {"ConvertsToDateTime", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kDateTime)},
    {"ConvertsToTime", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kTime)},
    {"ConvertsToQuantity", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kQuantity)},
    {"ConvertsToRatio", 1, 1, Kind::kBoolean, ConvertsTo, false, K(Kind::kRatio)},
    {"ConvertQuantity", 2, 2, Kind::kQuantity, RunConvertUnit, false, 0},
    {"CanConvertQuantity", 2, 2, Kind::kBoolean, CanConvertQuantity, false, 0},
});

}  // namespace

std::span<const CqlFunction> CqlConversionFunctions() {
    return kFunctions;
}

}  // namespace kangqu::expression
