#include "navigate.hpp"

#include "kangqu/core/decimal.hpp"

#include <array>
#include <vector>

namespace kangqu::expression {

namespace {

struct PrimitiveRow {
    std::string_view name;
    Kind kind;
};
constexpr std::array<PrimitiveRow, 8> kNotStrings = {{
    {"boolean", Kind::kBoolean},
    {"integer", Kind::kInteger},
    {"positiveInt", Kind::kInteger},
    {"unsignedInt", Kind::kInteger},
    {"decimal", Kind::kDecimal},
    {"date", Kind::kDate},
    {"dateTime", Kind::kDateTime},
    {"instant", Kind::kDateTime},
}};

std::vector<Kind> MakePrimitiveKinds() {
    std::vector<Kind> kinds(fhir::TypeCount(), Kind::kNull);
    for (fhir::TypeNumber type = 0; type < kinds.size(); ++type) {
        if (fhir::TypeOf(type).kind == fhir::TypeKind::kPrimitive) {
            kinds[type] = fhir::TypeOf(type).name == "time" ? Kind::kTime : Kind::kString;
        }
    }
    for (const PrimitiveRow& row : kNotStrings) {
        const fhir::TypeNumber type = fhir::FindType(row.name);
        if (type != fhir::kNoType) {
            kinds[type] = row.kind;
        }
    }
    return kinds;
}

// The elements of one JSON property, an array or a single value, with their "_" siblings.
void AddProperty(
    core::JsonNode json,
    core::JsonNode extension,
    fhir::TypeNumber type,
    ListBuilder& out
) {
    if (!json.is_array() && !extension.is_array()) {
        const Value value = NodeOf(json, type, extension);
        if (!value.is_null()) {
            out.Add(value);
        }
        return;
    }
    core::JsonNode item = json.first();
    core::JsonNode sibling = extension.first();
    while (item || sibling) {
        const bool no_value = item && item.kind() == core::JsonKind::kNull;
        const bool no_sibling = sibling && sibling.kind() == core::JsonKind::kNull;
        const Value value = NodeOf(
            no_value ? core::JsonNode() : item, type, no_sibling ? core::JsonNode() : sibling
        );
        if (!value.is_null()) {
            out.Add(value);
        }
        item = item ? item.next() : item;
        sibling = sibling ? sibling.next() : sibling;
    }
}

void AddRow(core::JsonNode object, const fhir::ElementFacts& row, ListBuilder& out) {
    if (!IsPrimitive(row.type)) {
        const core::JsonNode json = object[row.name];
        if (json) {
            AddProperty(json, {}, row.type, out);
        }
        return;
    }
    core::JsonNode json;
    core::JsonNode extension;
    for (core::JsonNode member = object.first(); member; member = member.next()) {
        const std::string_view key = member.key();
        if (key == row.name) {
            json = member;
        } else if (key.size() == row.name.size() + 1 && key[0] == '_' && key.ends_with(row.name)) {
            extension = member;
        }
    }
    if (json || extension) {
        AddProperty(json, extension, row.type, out);
    }
}

// The rows of a choice: one walk over the members instead of one a row.
void AddChoice(
    core::JsonNode object,
    std::span<const fhir::ElementFacts> rows,
    std::string_view path_name,
    ListBuilder& out
) {
    for (core::JsonNode member = object.first(); member; member = member.next()) {
        std::string_view key = member.key();
        key.remove_prefix(!key.empty() && key[0] == '_' ? 1 : 0);
        if (!key.starts_with(path_name)) {
            continue;
        }
        for (const fhir::ElementFacts& row : rows) {
            if (row.name == key) {
                AddRow(object, row, out);
                return;
            }
        }
    }
}

// The object that holds the id and extensions of a primitive.
core::JsonNode ObjectOf(const Value& item) {
    return IsPrimitive(item.type()) ? item.extension() : item.node();
}

}  // namespace

const KnownTypes& Known() {
    static const KnownTypes kKnown = {
        fhir::FindType("Resource"),
        fhir::FindType("DomainResource"),
        fhir::FindType("Quantity"),
        fhir::FindType("Coding"),
        fhir::FindType("CodeableConcept"),
        fhir::FindType("Period"),
        fhir::FindType("Range"),
        fhir::FindType("Ratio"),
        fhir::FindType("Reference"),
        fhir::FindType("Extension"),
        fhir::FindType("string"),
        fhir::FindType("Patient"),
    };
    return kKnown;
}

Kind PrimitiveKind(fhir::TypeNumber type) {
    static const std::vector<Kind> kKinds = MakePrimitiveKinds();
    return type < kKinds.size() ? kKinds[type] : Kind::kNull;
}

bool IsPrimitive(fhir::TypeNumber type) {
    return PrimitiveKind(type) != Kind::kNull;
}

Value NodeOf(core::JsonNode json, fhir::TypeNumber declared, core::JsonNode extension) {
    if (declared == Known().resource || declared == Known().domain_resource ||
        declared == fhir::kNoType) {
        const fhir::TypeNumber own = fhir::FindResourceType(json["resourceType"].text());
        return Value::Node(json, own == fhir::kNoType ? declared : own, extension);
    }
    return Value::Node(json, declared, extension);
}

void AddMembers(const Value& item, const MemberStep& step, ListBuilder& out) {
    if (!item.is(Kind::kNode)) {
        return;
    }
    const auto rows = item.type() == step.type ? step.rows : fhir::FindPath(item.type(), step.name);
    const core::JsonNode object = ObjectOf(item);
    if (rows.empty() || object.missing()) {
        return;
    }
    if (rows.size() == 1) {
        AddRow(object, rows[0], out);
    } else {
        AddChoice(object, rows, step.name, out);
    }
}

void AddChildren(const Value& item, ListBuilder& out) {
    if (!item.is(Kind::kNode)) {
        return;
    }
    const core::JsonNode object = ObjectOf(item);
    for (core::JsonNode member = object.first(); member; member = member.next()) {
        std::string_view key = member.key();
        const bool sibling = !key.empty() && key[0] == '_';
        key.remove_prefix(sibling ? 1 : 0);
        // With a value the extension comes along with it.
        if (sibling && object[key]) {
            continue;
        }
        if (const fhir::ElementFacts* row = fhir::FindElement(item.type(), key)) {
            AddRow(object, *row, out);
        }
    }
}

namespace {

Value QuantityMember(Evaluation& evaluation, const Quantity& quantity, std::string_view name) {
    static_cast<void>(evaluation);
    if (name == "value") {
        return Value::Decimal(quantity.value);
    }
    return name == "unit" ? Value::String(quantity.unit) : Value();
}

Value TextOrNull(std::string_view text) {
    return text.empty() ? Value() : Value::String(text);
}

Value CodeMember(const Code& code, std::string_view name) {
    if (name == "code") {
        return TextOrNull(code.code);
    }
    if (name == "system") {
        return TextOrNull(code.system);
    }
    if (name == "version") {
        return TextOrNull(code.version);
    }
    return name == "display" ? TextOrNull(code.display) : Value();
}

Value IntervalMember(const Interval& interval, std::string_view name) {
    if (name == "low") {
        return interval.low;
    }
    if (name == "high") {
        return interval.high;
    }
    if (name == "lowClosed") {
        return Value::Boolean(interval.low_closed);
    }
    return name == "highClosed" ? Value::Boolean(interval.high_closed) : Value();
}

Value TupleMember(const Tuple& tuple, std::string_view name) {
    for (std::size_t i = 0; i < tuple.names.size(); ++i) {
        if (tuple.names[i] == name) {
            return tuple.values[i];
        }
    }
    return {};
}

Value ConceptMember(Evaluation& evaluation, const Concept& concept_value, std::string_view name) {
    if (name == "display") {
        return TextOrNull(concept_value.display);
    }
    if (name != "codes") {
        return {};
    }
    ListBuilder codes(evaluation);
    for (const Code& code : concept_value.codes) {
        codes.Add(Value::Of(&code));
    }
    return codes.List();
}

}  // namespace

Value SystemMember(Evaluation& evaluation, const Value& item, std::string_view name) {
    switch (item.kind()) {
        case Kind::kTuple:
            return TupleMember(item.tuple(), name);
        case Kind::kQuantity:
            return QuantityMember(evaluation, item.quantity(), name);
        case Kind::kRatio:
            return name == "numerator"     ? Value::Of(&item.ratio().numerator)
                   : name == "denominator" ? Value::Of(&item.ratio().denominator)
                                           : Value();
        case Kind::kCode:
            return CodeMember(item.code(), name);
        case Kind::kConcept:
            return ConceptMember(evaluation, item.concept_value(), name);
        case Kind::kInterval:
            return IntervalMember(item.interval(), name);
        case Kind::kVocabulary:
            return name == "id"        ? TextOrNull(item.vocabulary().id)
                   : name == "version" ? TextOrNull(item.vocabulary().version)
                   : name == "name"    ? TextOrNull(item.vocabulary().name)
                                       : Value();
        case Kind::kNull:
        case Kind::kBoolean:
        case Kind::kInteger:
        case Kind::kLong:
        case Kind::kDecimal:
        case Kind::kString:
        case Kind::kDate:
        case Kind::kDateTime:
        case Kind::kTime:
        case Kind::kList:
        case Kind::kNode:
            break;
    }
    return {};
}

std::string_view NameOf(Kind kind) {
    constexpr std::array<std::string_view, 18> kNames = {
        "Any",
        "Boolean",
        "Integer",
        "Long",
        "Decimal",
        "String",
        "Date",
        "DateTime",
        "Time",
        "Quantity",
        "Ratio",
        "Code",
        "Concept",
        "Interval",
        "List",
        "Tuple",
        "Vocabulary",
        "element"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string TypeNameOf(const Value& value) {
    if (value.is(Kind::kNode)) {
        return value.type() == fhir::kNoType
                   ? std::string("an element")
                   : "FHIR." + std::string(fhir::TypeOf(value.type()).name);
    }
    return std::string(NameOf(value.kind()));
}

}  // namespace kangqu::expression
