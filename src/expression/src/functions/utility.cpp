// now, today, timeOfDay, trace, type, is, as, ofType, defineVariable.
#include "functions/lambda.hpp"
#include "functions/registry.hpp"
#include "functions/types.hpp"
#include "navigate.hpp"
#include <array>

namespace kangqu::expression {

namespace {

Value Now(Evaluation& evaluation, const PlanNode&) {
    return Value::Temporal(evaluation.environment().now);
}

Value Today(Evaluation& evaluation, const PlanNode&) {
    return Value::Temporal(evaluation.environment().now.ToDate());
}

Value TimeOfDay(Evaluation& evaluation, const PlanNode&) {
    constexpr std::int64_t kMsPerDay = 86'400'000;
    core::Temporal out;
    out.kind = core::TemporalKind::kTime;
    out.precision = core::Precision::kMillisecond;
    const std::int64_t local = evaluation.environment().now.local_ms;
    out.local_ms = (local % kMsPerDay + kMsPerDay) % kMsPerDay;
    return Value::Temporal(out);
}

// Names the input for a log; here it only hands it on.
Value Trace(Evaluation& evaluation, const PlanNode& node) {
    return evaluation.Arg(node, 0);
}

Value TypeInfo(Evaluation& evaluation, const Value& item) {
    static constexpr std::array<std::string_view, 2> kNames = {"namespace", "name"};
    Value* values = evaluation.arena().Room<Value>(2);
    const bool fhir_type = item.is(Kind::kNode) && item.type() != fhir::kNoType;
    values[0] = Value::String(fhir_type ? "FHIR" : "System");
    values[1] = Value::String(fhir_type ? fhir::TypeOf(item.type()).name : NameOf(item.kind()));
    return Value::Of(evaluation.arena().New(Tuple{kNames, std::span<const Value>(values, 2)}));
}

Value Type(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(input)) {
        out.Add(TypeInfo(evaluation, item));
    }
    return out.Collection();
}

// Puts the input, or the argument for it, into the slot of the name; the binder finds the name.
Value DefineVariable(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const Value value = node.count > 2 ? RunFor(evaluation, node, 2, input, 0) : input;
    evaluation.slot(node.flags) = value;
    return input;
}

constexpr std::array<Method, 6> kMethods = {{
    {"now", 0, 0, 0, ResultRule::kUnknown, Now},
    {"today", 0, 0, 0, ResultRule::kUnknown, Today},
    {"timeOfDay", 0, 0, 0, ResultRule::kUnknown, TimeOfDay},
    {"trace", 1, 2, 2, ResultRule::kFocus, Trace},
    {"defineVariable", 1, 2, 2, ResultRule::kFocus, DefineVariable},
    {"type", 0, 0, 0, ResultRule::kUnknown, Type},
}};

}  // namespace

std::span<const Method> UtilityMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
