// Instances of FHIR types: FHIR.Quantity { value: 1.0 }. They are written as a document of their
// own and from then on are elements like any other.
#include "conversion.hpp"
#include "cql/cql_functions.hpp"
#include "cql/cql_run.hpp"
#include "navigate.hpp"
#include <array>

namespace kangqu::expression {

namespace {

using core::JsonWriter;

void WriteText(JsonWriter& writer, std::string_view key, std::string_view text) {
    if (!text.empty()) {
        writer.Field(key, text);
    }
}

void WriteQuantity(JsonWriter& writer, const Quantity& quantity) {
    writer.BeginObject().Key("value").Raw(quantity.value.ToString());
    writer.Field("unit", quantity.unit);
    if (!quantity.calendar) {
        writer.Field("system", "http://unitsofmeasure.org").Field("code", quantity.unit);
    }
    writer.EndObject();
}

void WriteCode(JsonWriter& writer, const Code& code) {
    writer.BeginObject();
    WriteText(writer, "system", code.system);
    WriteText(writer, "version", code.version);
    WriteText(writer, "code", code.code);
    WriteText(writer, "display", code.display);
    writer.EndObject();
}

void WriteConcept(JsonWriter& writer, std::span<const Code> codes, std::string_view text) {
    writer.BeginObject().Key("coding").BeginArray();
    for (const Code& code : codes) {
        WriteCode(writer, code);
    }
    writer.EndArray();
    WriteText(writer, "text", text);
    writer.EndObject();
}

void WriteValue(JsonWriter& writer, fhir::TypeNumber type, const Value& value);

void WriteInterval(JsonWriter& writer, fhir::TypeNumber type, const Interval& interval) {
    const bool period = type == Known().period;
    const auto bound = [&](std::string_view key, const Value& value) {
        if (!value.is_null()) {
            writer.Key(key);
            WriteValue(writer, period ? fhir::FindType("dateTime") : Known().quantity, value);
        }
    };
    writer.BeginObject();
    bound(period ? "start" : "low", interval.low);
    bound(period ? "end" : "high", interval.high);
    writer.EndObject();
}

void WriteScalar(JsonWriter& writer, const Value& value) {
    if (value.is(Kind::kBoolean)) {
        writer.Bool(value.boolean());
    } else if (value.is(Kind::kInteger) || value.is(Kind::kLong)) {
        writer.Int(value.integer());
    } else if (value.is(Kind::kDecimal)) {
        writer.Raw(value.decimal().ToString());
    } else {
        writer.String(TextOf(value).value_or(std::string()));
    }
}

// A value as the JSON of an element of `type`.
void WriteValue(JsonWriter& writer, fhir::TypeNumber type, const Value& value) {
    if (value.is(Kind::kNode)) {
        writer.Node(value.node());
    } else if (value.is(Kind::kQuantity)) {
        WriteQuantity(writer, value.quantity());
    } else if (value.is(Kind::kCode) && type == Known().codeable_concept) {
        WriteConcept(writer, std::span<const Code>(&value.code(), 1), {});
    } else if (value.is(Kind::kCode) && type == Known().coding) {
        WriteCode(writer, value.code());
    } else if (value.is(Kind::kCode)) {
        writer.String(value.code().code);
    } else if (value.is(Kind::kConcept)) {
        WriteConcept(writer, value.concept_value().codes, value.concept_value().display);
    } else if (value.is(Kind::kInterval)) {
        WriteInterval(writer, type, value.interval());
    } else if (value.is(Kind::kRatio)) {
        writer.BeginObject().Key("numerator");
        WriteQuantity(writer, value.ratio().numerator);
        writer.Key("denominator");
        WriteQuantity(writer, value.ratio().denominator);
        writer.EndObject();
    } else {
        WriteScalar(writer, value);
    }
}

fhir::TypeNumber TypeForKind(Kind kind) {
    struct Row {
        Kind kind;
        std::string_view type;
    };
    constexpr auto kRows = std::to_array<Row>({
        {Kind::kBoolean, "boolean"},
        {Kind::kInteger, "integer"},
        {Kind::kDecimal, "decimal"},
        {Kind::kString, "string"},
        {Kind::kDate, "date"},
        {Kind::kDateTime, "dateTime"},
        {Kind::kTime, "time"},
        {Kind::kQuantity, "Quantity"},
        {Kind::kRatio, "Ratio"},
        {Kind::kCode, "Coding"},
        {Kind::kConcept, "CodeableConcept"},
    });
    for (const Row& row : kRows) {
        if (row.kind == kind) {
            return fhir::FindType(row.type);
        }
    }
    return fhir::kNoType;
}

// The row of an element, of a choice the one for the value's type; null when there is none.
const fhir::ElementFacts*
RowFor(fhir::TypeNumber owner, std::string_view name, const Value& value) {
    const auto rows = fhir::FindPath(owner, name);
    if (rows.size() == 1) {
        return rows.data();
    }
    Value sample = value;
    if (value.is(Kind::kList) && !value.items().empty()) {
        sample = value.items()[0];
    }
    fhir::TypeNumber type = sample.is(Kind::kNode) ? sample.type() : TypeForKind(sample.kind());
    if (sample.is(Kind::kInterval)) {
        const Value& bound =
            sample.interval().low.is_null() ? sample.interval().high : sample.interval().low;
        type = bound.is(Kind::kQuantity) ? Known().range : Known().period;
    }
    for (const fhir::ElementFacts& row : rows) {
        if (row.type == type) {
            return &row;
        }
    }
    return nullptr;
}

void WriteElement(JsonWriter& writer, const fhir::ElementFacts& row, const Value& value) {
    writer.Key(row.name);
    if (!row.many) {
        WriteValue(writer, row.type, ItemsOf(value).front());
        return;
    }
    writer.BeginArray();
    for (const Value& item : ItemsOf(value)) {
        if (!item.is_null()) {
            WriteValue(writer, row.type, item);
        }
    }
    writer.EndArray();
}

}  // namespace

Value RunFhirInstance(Evaluation& evaluation, const PlanNode& node) {
    const auto type = static_cast<fhir::TypeNumber>(node.flags);
    std::string json;
    JsonWriter writer(json);
    if (IsPrimitive(type)) {
        const Value value =
            node.count > 0 ? ToSystem(evaluation, evaluation.Arg(node, 0)) : Value();
        if (value.is_null()) {
            return {};
        }
        // A document is an object or an array.
        writer.BeginArray();
        WriteScalar(writer, value);
        writer.EndArray();
    } else {
        writer.BeginObject();
        if (fhir::TypeOf(type).kind == fhir::TypeKind::kResource) {
            writer.Field("resourceType", fhir::TypeOf(type).name);
        }
        for (std::size_t i = 0; i < node.count; ++i) {
            const Value value = evaluation.Arg(node, i);
            const std::string_view name = evaluation.plan().steps[node.data + i].name;
            if (evaluation.failed() || ItemsOf(value).empty()) {
                continue;
            }
            const fhir::ElementFacts* row = RowFor(type, name, value);
            if (row == nullptr) {
                return evaluation.Fail(
                    node, std::string(name) + " cannot hold " + TypeNameOf(value)
                );
            }
            WriteElement(writer, *row, value);
        }
        writer.EndObject();
    }
    auto document = core::JsonDocument::Parse(std::move(json));
    if (evaluation.failed() || !document.ok()) {
        return evaluation.failed() ? Value() : evaluation.Fail(node, document.error().Line());
    }
    CqlRun& run = *evaluation.cql;
    CqlRun::Documents& kept = run.in_constant ? run.lasting_made : run.made;
    kept.push_back(std::move(*document));
    const core::JsonNode root = kept.back()->root();
    return Value::Node(IsPrimitive(type) ? root.first() : root, type);
}

}  // namespace kangqu::expression
