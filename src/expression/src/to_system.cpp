// FHIR elements as the values they stand for.
#include "kangqu/core/decimal.hpp"

#include "navigate.hpp"

namespace kangqu::expression {

namespace {

constexpr std::string_view kUcum = "http://unitsofmeasure.org";

template <class T>
Value ValueOr(const std::optional<T>& parsed) {
    return parsed ? Value::Temporal(*parsed) : Value();
}

Value PrimitiveValue(core::JsonNode json, Kind kind) {
    if (kind == Kind::kBoolean) {
        return json.is_boolean() ? Value::Boolean(json.boolean()) : Value();
    }
    if (kind == Kind::kInteger) {
        const auto number = json.integer();
        return number ? Value::Integer(*number) : Value();
    }
    if (kind == Kind::kDecimal) {
        const auto number = core::Decimal::Parse(json.text());
        return number ? Value::Decimal(*number) : Value();
    }
    if (kind == Kind::kDate) {
        return ValueOr(core::Temporal::ParseDate(json.text()));
    }
    if (kind == Kind::kDateTime) {
        return ValueOr(core::Temporal::ParseDateTime(json.text()));
    }
    if (kind == Kind::kTime) {
        return ValueOr(core::Temporal::ParseTime(json.text()));
    }
    return Value::String(json.text());
}

std::optional<Quantity> QuantityOf(core::JsonNode json) {
    const auto number = core::Decimal::Parse(json["value"].text());
    if (!number) {
        return std::nullopt;
    }
    Quantity out;
    out.value = *number;
    const core::JsonNode code = json["code"];
    const bool coded = code && json["system"].text() == kUcum;
    out.unit = coded ? code.text() : json["unit"].text();
    if (out.unit.empty()) {
        out.unit = "1";
    }
    return out;
}

Code CodeOf(core::JsonNode json) {
    return {
        json["code"].text(), json["system"].text(), json["version"].text(), json["display"].text()};
}

Value ConceptOf(Evaluation& evaluation, core::JsonNode json) {
    const core::JsonNode coding = json["coding"];
    Code* codes = evaluation.arena().Room<Code>(coding.size());
    std::size_t count = 0;
    for (core::JsonNode item = coding.first(); item; item = item.next()) {
        codes[count++] = CodeOf(item);
    }
    const Concept out{std::span<const Code>(codes, count), json["text"].text()};
    return Value::Of(evaluation.arena().New(out));
}

Value IntervalOf(Evaluation& evaluation, const Value& low, const Value& high) {
    Interval out;
    out.low = low;
    out.high = high;
    return Value::Of(evaluation.arena().New(out));
}

Value QuantityValue(Evaluation& evaluation, core::JsonNode json) {
    const auto quantity = QuantityOf(json);
    return quantity ? Value::Of(evaluation.arena().New(*quantity)) : Value();
}

}  // namespace

Value ToSystem(Evaluation& evaluation, const Value& value) {
    if (!value.is(Kind::kNode)) {
        return value;
    }
    const Kind kind = PrimitiveKind(value.type());
    if (kind != Kind::kNull) {
        const core::JsonNode json = value.node();
        return json ? PrimitiveValue(json, kind) : Value();
    }
    if (value.type() == Known().quantity || fhir::IsA(value.type(), Known().quantity)) {
        const Value quantity = QuantityValue(evaluation, value.node());
        return quantity.is_null() ? value : quantity;
    }
    return value;
}

Value ToCql(Evaluation& evaluation, const Value& value) {
    const Value system = ToSystem(evaluation, value);
    if (!system.is(Kind::kNode)) {
        return system;
    }
    const KnownTypes& known = Known();
    const core::JsonNode json = system.node();
    if (system.type() == known.codeable_concept) {
        return ConceptOf(evaluation, json);
    }
    if (system.type() == known.coding) {
        return Value::Of(evaluation.arena().New(CodeOf(json)));
    }
    if (system.type() == known.period) {
        return IntervalOf(
            evaluation,
            PrimitiveValue(json["start"], Kind::kDateTime),
            PrimitiveValue(json["end"], Kind::kDateTime)
        );
    }
    if (system.type() == known.range) {
        return IntervalOf(
            evaluation,
            QuantityValue(evaluation, json["low"]),
            QuantityValue(evaluation, json["high"])
        );
    }
    if (system.type() == known.ratio) {
        const auto numerator = QuantityOf(json["numerator"]);
        const auto denominator = QuantityOf(json["denominator"]);
        if (numerator && denominator) {
            return Value::Of(evaluation.arena().New(Ratio{*numerator, *denominator}));
        }
    }
    return system;
}

}  // namespace kangqu::expression
