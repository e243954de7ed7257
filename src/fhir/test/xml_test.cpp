#include "kangqu/fhir/xml.hpp"

#include "kangqu/fhir/resource.hpp"

#include "suites.hpp"
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::fhir {
namespace {

using core::ErrorCode;
using core::JsonDocument;
using core::JsonNode;

// Members by name, everything else as it stands.
std::string Sorted(JsonNode node) {
    if (!node.is_object() && !node.is_array()) {
        return core::Minified(node);
    }
    std::vector<std::string> parts;
    for (JsonNode child = node.first(); child; child = child.next()) {
        parts.push_back(
            (node.is_object() ? std::string(child.key()) + ":" : std::string()) + Sorted(child)
        );
    }
    if (node.is_object()) {
        std::sort(parts.begin(), parts.end());
    }
    std::string out = node.is_object() ? "{" : "[";
    for (const std::string& part : parts) {
        out += part + ",";
    }
    return out + (node.is_object() ? "}" : "]");
}

std::string XmlOf(const std::string& json) {
    const auto document = JsonDocument::Parse(json);
    EXPECT_TRUE(document.ok()) << json;
    const auto xml = XmlFromJson(document.value()->root());
    return xml.ok() ? *xml : "! " + xml.error().Line();
}

std::string JsonOf(const std::string& xml) {
    const auto json = JsonFromXml(xml);
    return json.ok() ? *json : "! " + json.error().Line();
}

ErrorCode CodeOf(const std::string& xml) {
    const auto json = JsonFromXml(xml);
    EXPECT_FALSE(json.ok()) << xml;
    return json.ok() ? ErrorCode::kInternal : json.error().code;
}

std::string Patient(const std::string& inside) {
    return R"(<Patient xmlns="http://hl7.org/fhir">)" + inside + "</Patient>";
}

const std::string kHead = R"(<?xml version="1.0" encoding="UTF-8"?>)";

TEST(Xml, WritesAttributesElementsAndPrimitivesWithMore) {
    EXPECT_EQ(
        XmlOf(R"({"birthDate":"1970-03-30","_birthDate":{"id":"b","extension":[{"valueString":"x",
            "url":"urn:a"}]},"resourceType":"Patient","id":"p1","active":true})"),
        kHead +
            Patient(R"(<id value="p1"/><active value="true"/><birthDate value="1970-03-30" id="b">)"
                    R"(<extension url="urn:a"><valueString value="x"/></extension></birthDate>)")
    );
}

TEST(Xml, PadsArraysWithNullsWhereOnlyOneSideIsThere) {
    const std::string json =
        R"({"resourceType":"Patient","name":[{"given":["小","明",null],)"
        R"("_given":[null,{"id":"2"},{"extension":[{"url":"urn:a","valueCode":"b"}]}]}]})";
    EXPECT_EQ(
        XmlOf(json),
        kHead +
            Patient(R"(<name><given value="小"/><given value="明" id="2"/><given>)"
                    R"(<extension url="urn:a"><valueCode value="b"/></extension></given></name>)")
    );
    EXPECT_EQ(JsonOf(XmlOf(json)), json);
}

TEST(Xml, KeepsDigitsWhiteSpaceAndNarrativeSource) {
    const std::string json =
        R"({"resourceType":"Observation","text":{"status":"generated","div":)"
        R"("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class='a'>1 &lt; 2<br/>&#160;\n</p></div>"},)"
        R"("status":"final","code":{"text":"a\tb\r\nc \"d\" <e> & f"},)"
        R"("valueQuantity":{"value":1.00,"unit":"%"}})";
    EXPECT_EQ(JsonOf(XmlOf(json)), json);
}

TEST(Xml, NestsContainedResourcesAndBundleEntries) {
    const std::string json =
        R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":)"
        R"({"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o"}],)"
        R"("managingOrganization":{"reference":"#o"}}}]})";
    EXPECT_EQ(JsonOf(XmlOf(json)), json);
}

TEST(Xml, DropsCommentsAndReadsPrefixesAndReferences) {
    EXPECT_EQ(
        JsonOf(
            "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\n<!-- a --><?b c?>\n"
            "<f:Patient xmlns:f=\"http://hl7.org/fhir\"\n xmlns:xsi='urn:x' xsi:schemaLocation='y'>"
            "<f:name ><!-- <b> --><f:family value='&#x674E;&amp;&apos;&#10;\n'\n/></f:name >"
            "</f:Patient>\n<!-- end -->\n"
        ),
        R"({"resourceType":"Patient","name":[{"family":"李&'\n "}]})"
    );
}

TEST(Xml, RefusesWhatIsNotWellFormed) {
    for (const std::string& text : {
             std::string(""),
             std::string("<Patient"),
             std::string("<Patient xmlns=\"http://hl7.org/fhir\">"),
             Patient("<active value=\"true\"></actve>"),
             Patient("<active value=true/>"),
             Patient("<active value=\"a<b\"/>"),
             Patient("<active value=\"1\" value=\"2\"/>"),
             Patient("") + Patient(""),
             Patient("") + "text",
             std::string("text") + Patient(""),
             Patient("<!-- never ends"),
             Patient(std::string("<id value=\"\x01\"/>")),
         }) {
        EXPECT_EQ(CodeOf(text), ErrorCode::kXmlSyntax) << text;
    }
    EXPECT_EQ(CodeOf(Patient("<id value=\"\xFF\"/>")), ErrorCode::kNotUtf8);
    EXPECT_EQ(
        CodeOf("<?xml version=\"1.0\" encoding=\"GBK\"?>" + Patient("")), ErrorCode::kXmlEncoding
    );
}

TEST(Xml, SaysLineAndColumnOfASyntaxError) {
    const auto json = JsonFromXml("<Patient xmlns=\"http://hl7.org/fhir\">\n  <名></Patient>");
    ASSERT_FALSE(json.ok());
    EXPECT_EQ(json.error().args, (std::vector<std::string>{"2", "6"}));
}

TEST(Xml, RefusesDoctypesAndEntities) {
    EXPECT_EQ(
        CodeOf(
            "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]>" +
            Patient("<id value=\"&lol2;\"/>")
        ),
        ErrorCode::kXmlDoctype
    );
    EXPECT_EQ(CodeOf(Patient("<id value=\"&nbsp;\"/>")), ErrorCode::kXmlEntity);
    EXPECT_EQ(CodeOf(Patient("<id value=\"a & b\"/>")), ErrorCode::kXmlEntity);
    EXPECT_EQ(CodeOf(Patient("<id value=\"&#0;\"/>")), ErrorCode::kXmlEntity);
    EXPECT_EQ(CodeOf(Patient("<id value=\"&#xD800;\"/>")), ErrorCode::kXmlEntity);
}

TEST(Xml, RefusesTagsFullOfAttributes) {
    std::string tag = "<Patient xmlns=\"http://hl7.org/fhir\"";
    for (int i = 0; i < 200'000; ++i) {
        tag += " a" + std::to_string(i) + "=\"\"";
    }
    EXPECT_EQ(CodeOf(tag + "/>"), ErrorCode::kTooLarge);
}

TEST(Xml, RefusesDepthBeyondTheLimit) {
    std::string open;
    for (int i = 0; i < 200'000; ++i) {
        open += "<extension url=\"a\">";
    }
    EXPECT_EQ(CodeOf(Patient(open)), ErrorCode::kXmlTooDeep);
}

struct Refused {
    std::string inside;
    ErrorCode code;
    std::string where;
};

TEST(Xml, SaysWhichElementIsWrong) {
    const Refused cases[] = {
        {"<active value=\"yes\"/>", ErrorCode::kFhirBadValue, "Patient.active"},
        {"<birthday value=\"1\"/>", ErrorCode::kFhirUnknownElement, "Patient.birthday"},
        {"<name family=\"李\"/>", ErrorCode::kXmlUnknownAttribute, "Patient.name[0]"},
        {"<name><family>李</family></name>", ErrorCode::kXmlStrayText, "Patient.name[0].family"},
        {"<name>李</name>", ErrorCode::kXmlStrayText, "Patient.name[0]"},
        {"<active value=\"true\"/><active value=\"true\"/>",
         ErrorCode::kXmlRepeated,
         "Patient.active"},
        {"<contained/>", ErrorCode::kXmlOneResource, "Patient.contained[0]"},
        {"<contained><Organization/><Organization/></contained>",
         ErrorCode::kXmlOneResource,
         "Patient.contained[0]"},
        {"<contained><Zebra/></contained>", ErrorCode::kFhirUnknownType, "Patient.contained[0]"},
        {"<active/>", ErrorCode::kFhirEmpty, "Patient.active"},
        {"<active xmlns=\"urn:x\" value=\"true\"/>", ErrorCode::kXmlNamespace, "Patient.active"},
        {"<text><status value=\"empty\"/><div>a</div></text>",
         ErrorCode::kXmlNamespace,
         "Patient.text.div"},
    };
    for (const Refused& one : cases) {
        const auto json = JsonFromXml(Patient(one.inside));
        ASSERT_FALSE(json.ok()) << one.inside;
        EXPECT_EQ(json.error().code, one.code) << one.inside;
        EXPECT_EQ(json.error().where, one.where) << one.inside;
    }
    EXPECT_EQ(CodeOf("<Patient/>"), ErrorCode::kXmlNamespace);
    EXPECT_EQ(CodeOf("<f:Patient xmlns:g=\"http://hl7.org/fhir\"/>"), ErrorCode::kXmlNamespace);
    for (const char* number : {"+1", "01", "1.", ".5", "1e", "0x1", "NaN", ""}) {
        EXPECT_EQ(
            CodeOf(Patient("<multipleBirthInteger value=\"" + std::string(number) + "\"/>")),
            ErrorCode::kFhirBadValue
        ) << number;
    }
}

TEST(Xml, ReadsElementsInAnyOrderUnlessToldOtherwise) {
    const std::string xml = Patient(
        "<name><family value=\"a\"/></name><active value=\"true\"/><name><family "
        "value=\"b\"/></name>"
    );
    EXPECT_EQ(
        JsonOf(xml),
        R"({"resourceType":"Patient","active":true,"name":[{"family":"a"},{"family":"b"}]})"
    );
    const auto strict = JsonFromXml(xml, XmlOrder::kDefined);
    ASSERT_FALSE(strict.ok());
    EXPECT_EQ(strict.error().code, ErrorCode::kXmlOrder);
    EXPECT_EQ(strict.error().where, "Patient.active");
}

TEST(Xml, WritesNoMarkupThatTheNarrativeSmugglesIn) {
    for (const std::string& div : {
             std::string("<div></div></text><active value='true'/><text><div/>"),
             std::string("<div><p></div>"),
             std::string("<p/>"),
             std::string("<div>&nbsp;</div>"),
             std::string("<!DOCTYPE a><div/>"),
             std::string(""),
         }) {
        std::string json = R"({"resourceType":"Patient","text":{"status":"empty","div":)";
        core::AppendJsonString(div, json);
        EXPECT_EQ(XmlOf(json + "}}").substr(0, 18), "! Patient.text.div") << div;
    }
    EXPECT_EQ(
        XmlOf(R"({"resourceType":"Patient","text":{"status":"empty","div":" <div>a</div>\n"}})"),
        kHead + Patient("<text><status value=\"empty\"/>"
                        "<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div></text>")
    );
}

TEST(Xml, RefusesToWriteWhatXmlCannotHold) {
    EXPECT_TRUE(XmlOf(R"({"resourceType":"Patient","name":[{"family":"\u0001"}]})")
                    .starts_with("! Patient.name[0].family"));
    EXPECT_TRUE(XmlOf(R"({"resourceType":"Patient","x":1})").starts_with("! Patient.x"));
    EXPECT_TRUE(XmlOf(R"({"resourceType":"Patient","name":{}})").starts_with("! Patient.name"));
    EXPECT_TRUE(XmlOf(R"({"resourceType":"Patient","name":[1]})").starts_with("! Patient.name[0]"));
    EXPECT_TRUE(XmlOf(R"({"resourceType":"Zebra"})").starts_with("! "));
}

TEST(Xml, PublishedExamplesGoThroughXmlAndBackLiterally) {
    const auto examples = R4Examples();
    if (examples.empty()) {
        GTEST_SKIP() << "the published R4 examples are not at " << Suite("r4-examples");
    }
    for (const auto& [name, text] : examples) {
        const auto sent = JsonDocument::Parse(text);
        ASSERT_TRUE(sent.ok()) << name;
        const auto xml = XmlFromJson(sent.value()->root());
        ASSERT_TRUE(xml.ok()) << name << ": " << xml.error().Line();
        const auto json = JsonFromXml(*xml);
        ASSERT_TRUE(json.ok()) << name << ": " << json.error().Line();
        const auto back = JsonDocument::Parse(*json);
        ASSERT_TRUE(back.ok()) << name;
        EXPECT_EQ(Sorted(back.value()->root()), Sorted(sent.value()->root())) << name;
        const auto again = XmlFromJson(back.value()->root());
        ASSERT_TRUE(again.ok()) << name;
        EXPECT_EQ(*again, *xml) << name;
    }
    EXPECT_EQ(examples.size(), 711U);
}

}  // namespace
}  // namespace kangqu::fhir
