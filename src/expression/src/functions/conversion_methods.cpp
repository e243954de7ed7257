// toBoolean ... toQuantity and convertsTo....
#include "conversion.hpp"
#include "functions/registry.hpp"
#include "navigate.hpp"
#include "operators/units.hpp"
#include <array>

namespace kangqu::expression {

namespace {

template <Kind kind>
Value To(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.System(node, 0);
    const Value out = ConvertValue(evaluation, value, kind);
    if (kind != Kind::kQuantity || node.count < 2 || !out.is(Kind::kQuantity)) {
        return out;
    }
    const Value unit = evaluation.Typed(node, 1, Kind::kString);
    const auto number = unit.is_null()
                            ? std::nullopt
                            : ConvertUnit(out.quantity().value, out.quantity().unit, unit.text());
    if (!number) {
        return {};
    }
    Quantity converted;
    converted.value = *number;
    converted.unit = unit.text();
    return Value::Of(evaluation.arena().New(converted));
}

template <Kind kind>
Value ConvertsTo(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.System(node, 0);
    if (value.is_null()) {
        return {};
    }
    return Value::Boolean(!ConvertValue(evaluation, value, kind).is_null());
}

constexpr std::array<Method, 18> kMethods = {{
    {"toBoolean", 0, 0, 0, ResultRule::kBoolean, To<Kind::kBoolean>},
    {"toInteger", 0, 0, 0, ResultRule::kInteger, To<Kind::kInteger>},
    {"toLong", 0, 0, 0, ResultRule::kUnknown, To<Kind::kLong>},
    {"toDecimal", 0, 0, 0, ResultRule::kDecimal, To<Kind::kDecimal>},
    {"toString", 0, 0, 0, ResultRule::kString, To<Kind::kString>},
    {"toDate", 0, 0, 0, ResultRule::kUnknown, To<Kind::kDate>},
    {"toDateTime", 0, 0, 0, ResultRule::kUnknown, To<Kind::kDateTime>},
    {"toTime", 0, 0, 0, ResultRule::kUnknown, To<Kind::kTime>},
    {"toQuantity", 0, 1, 0, ResultRule::kUnknown, To<Kind::kQuantity>},
    {"convertsToBoolean", 0, 0, 0, ResultRule::kBoolean, ConvertsTo<Kind::kBoolean>},
    {"convertsToInteger", 0, 0, 0, ResultRule::kBoolean, ConvertsTo<Kind::kInteger>},
    {"convertsToLong", 0, 0, 0, ResultRule::kBoolean, ConvertsTo<Kind::kLong>},
    {"convertsToDecimal", 0, 0, 0, ResultRule::kBoolean, ConvertsTo<Kind::kDecimal>},
    {"convertsToString", 0, 0, 0, ResultRule::kBoolean, ConvertsTo<Kind::kString>},
    {"convertsToDate", 0, 0, 0, ResultRule::kBoolean, ConvertsTo<Kind::kDate>},
    {"convertsToDateTime", 0, 0, 0, ResultRule::kBoolean, ConvertsTo<Kind::kDateTime>},
    {"convertsToTime", 0, 0, 0, ResultRule::kBoolean, ConvertsTo<Kind::kTime>},
    {"convertsToQuantity", 0, 1, 0, ResultRule::kBoolean, ConvertsTo<Kind::kQuantity>},
}};

}  // namespace

std::span<const Method> ConversionMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
