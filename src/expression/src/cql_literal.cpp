// Values written as CQL.
#include "kangqu/expression/batch.hpp"

#include "conversion.hpp"
#include "navigate.hpp"

namespace kangqu::expression {

namespace {

std::string Quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\f') {
            out += "\\f";
        } else {
            out += c;
        }
    }
    return out + "'";
}

std::string DecimalText(const core::Decimal& value) {
    return value.scale() == 0 ? value.ToString() + ".0" : value.ToString();
}

std::string TemporalText(const core::Temporal& value) {
    const std::string text = value.ToString();
    if (value.kind == core::TemporalKind::kTime) {
        return "@T" + text;
    }
    const bool needs_t =
        value.kind == core::TemporalKind::kDateTime && value.precision <= core::Precision::kDay;
    return "@" + text + (needs_t ? "T" : "");
}

std::string QuantityText(const Quantity& value) {
    if (value.calendar) {
        const bool one = value.value == core::Decimal(1);
        return value.value.ToString() + " " + std::string(value.unit) + (one ? "" : "s");
    }
    return value.value.ToString() + " " + Quoted(value.unit);
}

std::string CodeText(const Code& code) {
    std::string out = "Code { code: " + Quoted(code.code);
    if (!code.system.empty()) {
        out += ", system: " + Quoted(code.system);
    }
    if (!code.version.empty()) {
        out += ", version: " + Quoted(code.version);
    }
    if (!code.display.empty()) {
        out += ", display: " + Quoted(code.display);
    }
    return out + " }";
}

std::string ConceptText(const Concept& value) {
    std::string out = "Concept { codes: {";
    for (std::size_t i = 0; i < value.codes.size(); ++i) {
        out += (i == 0 ? "" : ", ") + CodeText(value.codes[i]);
    }
    out += "}";
    return out + (value.display.empty() ? "" : ", display: " + Quoted(value.display)) + " }";
}

std::string IntervalText(const Interval& value) {
    return std::string("Interval") + (value.low_closed ? "[" : "(") + CqlLiteral(value.low) + ", " +
           CqlLiteral(value.high) + (value.high_closed ? "]" : ")");
}

std::string ListText(std::span<const Value> items) {
    std::string out = "{";
    for (std::size_t i = 0; i < items.size(); ++i) {
        out += (i == 0 ? "" : ", ") + CqlLiteral(items[i]);
    }
    return out + "}";
}

std::string TupleText(const Tuple& value) {
    if (value.names.empty()) {
        return "Tuple { : }";
    }
    std::string out = "Tuple { ";
    for (std::size_t i = 0; i < value.names.size(); ++i) {
        out +=
            (i == 0 ? "" : ", ") + std::string(value.names[i]) + ": " + CqlLiteral(value.values[i]);
    }
    return out + " }";
}

std::string VocabularyText(const Vocabulary& value) {
    std::string out = value.is_value_set ? "ValueSet { id: " : "CodeSystem { id: ";
    out += Quoted(value.id);
    return out + (value.version.empty() ? "" : ", version: " + Quoted(value.version)) + " }";
}

std::string NodeText(const Value& value) {
    const Kind kind = PrimitiveKind(value.type());
    const core::JsonNode json = value.node();
    if (kind == Kind::kString || kind == Kind::kNull) {
        return json.missing() ? "null"
                              : Quoted(kind == Kind::kString ? json.text() : core::Minified(json));
    }
    if (kind == Kind::kDate || kind == Kind::kDateTime) {
        const bool bare =
            kind == Kind::kDateTime && json.text().find('T') == std::string_view::npos;
        return "@" + std::string(json.text()) + (bare ? "T" : "");
    }
    return kind == Kind::kTime ? "@T" + std::string(json.text()) : std::string(json.text());
}

}  // namespace

std::string CqlLiteral(const Value& value) {
    switch (value.kind()) {
        case Kind::kNull:
            return "null";
        case Kind::kBoolean:
        case Kind::kInteger:
            return *TextOf(value);
        case Kind::kLong:
            return *TextOf(value) + "L";
        case Kind::kDecimal:
            return DecimalText(value.decimal());
        case Kind::kString:
            return Quoted(value.text());
        case Kind::kDate:
        case Kind::kDateTime:
        case Kind::kTime:
            return TemporalText(value.temporal());
        case Kind::kQuantity:
            return QuantityText(value.quantity());
        case Kind::kRatio:
            return QuantityText(value.ratio().numerator) + ":" +
                   QuantityText(value.ratio().denominator);
        case Kind::kCode:
            return CodeText(value.code());
        case Kind::kConcept:
            return ConceptText(value.concept_value());
        case Kind::kInterval:
            return IntervalText(value.interval());
        case Kind::kList:
            return ListText(value.items());
        case Kind::kTuple:
            return TupleText(value.tuple());
        case Kind::kVocabulary:
            return VocabularyText(value.vocabulary());
        case Kind::kNode:
            return NodeText(value);
    }
    return "null";
}

std::string CqlCell(const Value& value) {
    if (value.is_null()) {
        return {};
    }
    if (value.is(Kind::kNode)) {
        const bool primitive = IsPrimitive(value.type());
        return std::string(primitive ? value.node().text() : value.node()["id"].text());
    }
    if (value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime) ||
        value.is(Kind::kString)) {
        return *TextOf(value);
    }
    if (value.is(Kind::kList)) {
        std::string out = "{";
        for (const Value& item : value.items()) {
            out += (out.size() > 1 ? ", " : "") + CqlCell(item);
        }
        return out + "}";
    }
    return CqlLiteral(value);
}

}  // namespace kangqu::expression
