// Resources made by chance from the element tables go through XML and come back as they were.
#include "kangqu/fhir/resource.hpp"
#include "kangqu/fhir/xml.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace kangqu::fhir {
namespace {

using core::JsonWriter;

std::string Text() {
    const auto texts = rc::gen::elementOf(std::vector<std::string>{
        "a", "李 明", "<&>\"'", "a\tb\nc\r\nd", "&amp;", "]]>", "\xF0\x9F\x8D\x80", " a "});
    return *texts;
}

// A value that the structure check accepts for a primitive type.
void WritePrimitive(JsonWriter& writer, std::string_view type) {
    if (type == "boolean") {
        writer.Bool(*rc::gen::arbitrary<bool>());
    } else if (type == "decimal") {
        writer.Raw(*rc::gen::elementOf(std::vector<std::string>{
            "1.00", "-0.5", "1e3", "0", "12.30E-2"}));
    } else if (type == "integer" || type == "positiveInt" || type == "unsignedInt") {
        writer.Raw(*rc::gen::elementOf(std::vector<std::string>{"1", "2147483647"}));
    } else if (type == "string" || type == "markdown") {
        writer.String(Text());
    } else if (type == "xhtml") {
        writer.String("<div xmlns=\"http://www.w3.org/1999/xhtml\">a<br/> &lt;\n</div>");
    } else {
        static const std::vector<std::pair<std::string_view, const char*>> kFixed = {
            {"date", "2026-11-22"},
            {"dateTime", "2026-11-22T10:00:00+08:00"},
            {"instant", "2026-11-22T10:00:00.123Z"},
            {"time", "10:00:00"},
            {"base64Binary", "QUJD"},
            {"oid", "urn:oid:1.2.3"},
            {"uuid", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"},
            {"code", "a b"},
            {"id", "x-1"},
        };
        for (const auto& [name, value] : kFixed) {
            if (name == type) {
                writer.String(value);
                return;
            }
        }
        writer.String("urn:a?b=1&c=2");
    }
}

void WriteObject(JsonWriter& writer, TypeNumber type, int depth);

void WriteExtended(JsonWriter& writer, const ElementFacts& row, int depth) {
    WriteObject(writer, row.type, depth + 1);
}

void WriteValue(JsonWriter& writer, const ElementFacts& row, int depth) {
    const TypeFacts& facts = TypeOf(row.type);
    if (facts.kind == TypeKind::kPrimitive) {
        WritePrimitive(writer, facts.name);
    } else if (facts.kind == TypeKind::kResource) {
        writer.BeginObject().Field("resourceType", "Basic").Key("code").BeginObject();
        writer.Field("text", Text()).EndObject().EndObject();
    } else {
        WriteObject(writer, row.type, depth + 1);
    }
}

// One row of each choice by chance, required rows always, few enough to end.
bool Wanted(const TypeFacts& facts, std::size_t at, int depth) {
    const ElementFacts& row = facts.elements[at];
    const bool attribute_only = row.name == "id" || row.name == "extension";
    if (row.choice) {
        const bool first = at == 0 || facts.elements[at - 1].path_name != row.path_name;
        return first && (row.min > 0 || *rc::gen::inRange(0, 4) == 0);
    }
    if (row.min > 0 || (facts.kind == TypeKind::kPrimitive && attribute_only)) {
        return true;
    }
    return depth < 4 && *rc::gen::inRange(0, 6) == 0;
}

void WriteMember(JsonWriter& writer, const ElementFacts& row, int depth) {
    const bool primitive = TypeOf(row.type).kind == TypeKind::kPrimitive;
    const bool xhtml = TypeOf(row.type).name == "xhtml";
    const bool extended = primitive && !xhtml && depth < 3 && row.name != "id" &&
                          row.name != "url" && *rc::gen::inRange(0, 5) == 0;
    writer.Key(row.name);
    if (!row.many) {
        WriteValue(writer, row, depth);
        if (extended) {
            writer.Key("_" + std::string(row.name));
            WriteExtended(writer, row, depth);
        }
        return;
    }
    writer.BeginArray();
    WriteValue(writer, row, depth);
    if (extended) {
        writer.Null();
    }
    WriteValue(writer, row, depth);
    writer.EndArray();
    if (extended) {
        writer.Key("_" + std::string(row.name)).BeginArray().Null();
        WriteExtended(writer, row, depth);
        writer.Null().EndArray();
    }
}

void WriteObject(JsonWriter& writer, TypeNumber type, int depth) {
    const TypeFacts& facts = TypeOf(type);
    writer.BeginObject();
    if (facts.kind == TypeKind::kResource) {
        writer.Field("resourceType", facts.name);
    }
    bool any = facts.kind == TypeKind::kResource;
    std::size_t fallback = 0;
    for (std::size_t at = 0; at < facts.elements.size(); ++at) {
        const ElementFacts& row = facts.elements[at];
        const bool extension = row.name == "extension" || row.name == "modifierExtension";
        if (row.name == "id") {
            fallback = at;
        }
        const bool deep = depth >= 5 && row.min == 0;
        if (!deep && !(extension && depth > 1) && Wanted(facts, at, depth)) {
            WriteMember(writer, row, depth);
            any = any || row.name != "url";
        }
    }
    if (!any) {
        writer.Key(facts.elements[fallback].name).String("i");
    }
    writer.EndObject();
}

// Elements in the order of the definitions, as reading XML gives them, with attributes in front.
TEST(XmlProperty, GeneratedResourcesComeBackAsTheyWere) {
    const auto held = rc::check("JSON to XML to JSON", [] {
        const auto types = ResourceTypes();
        const auto type =
            types[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(types.size())))];
        std::string json;
        JsonWriter writer(json);
        WriteObject(writer, type, 0);
        const auto document = core::JsonDocument::Parse(json);
        RC_ASSERT(document.ok());
        const auto xml = XmlFromJson((*document)->root());
        if (!xml.ok()) {
            RC_FAIL(xml.error().Line() + json);
        }
        const auto back = JsonFromXml(*xml, XmlOrder::kDefined);
        if (!back.ok()) {
            RC_FAIL(back.error().Line() + *xml);
        }
        const auto again = core::JsonDocument::Parse(*back);
        RC_ASSERT(again.ok());
        const auto second = XmlFromJson((*again)->root());
        RC_ASSERT(second.ok());
        RC_ASSERT(*second == *xml);
        RC_ASSERT(back->size() == json.size());
    });
    EXPECT_TRUE(held);
}

}  // namespace
}  // namespace kangqu::fhir
