#include "kangqu/fhir/resource.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::fhir {
namespace {

std::string Stored(std::string text) {
    const auto document = core::JsonDocument::Parse(std::move(text));
    EXPECT_TRUE(document.ok());
    return document.ok() ? StoredForm(document.value()->root()) : std::string();
}

TEST(Stored, LeavesOutWhatTheStoreGives) {
    EXPECT_EQ(
        Stored(R"({ "id" : "p1", "active" : true, "resourceType" : "Patient",
            "meta" : { "versionId" : "7", "lastUpdated" : "2020-01-01T00:00:00Z" } })"),
        R"({"resourceType":"Patient","active":true})"
    );
    EXPECT_EQ(
        Stored(R"({"resourceType":"Patient","active":true,
            "meta":{"versionId":"7","profile":["http://x"],"_lastUpdated":{"id":"a"}}})"),
        R"({"resourceType":"Patient","meta":{"profile":["http://x"]},"active":true})"
    );
    EXPECT_EQ(Stored(R"({"resourceType":"Patient","meta":{}})"), R"({"resourceType":"Patient"})");
}

TEST(Stored, KeepsNumbersOrderAndEscapes) {
    EXPECT_EQ(
        Stored(R"({"resourceType":"Basic","z":1.00,"a":[1E+2, -0.0],"t":"\u4e2d\/文"})"),
        R"({"resourceType":"Basic","z":1.00,"a":[1E+2,-0.0],"t":"\u4e2d\/文"})"
    );
}

TEST(Stored, RendersWithIdVersionAndTime) {
    const core::InstantMs when = 1'790'000'000'123;
    EXPECT_EQ(
        Rendered(R"({"resourceType":"Patient"})", "p1", 3, when),
        R"({"resourceType":"Patient","id":"p1","meta":{"versionId":"3","lastUpdated":")" +
            core::FormatInstant(when) + R"("}})"
    );
    EXPECT_EQ(
        Rendered(R"({"resourceType":"Patient","meta":{"tag":[]},"active":true})", "p1", 1, when),
        R"({"resourceType":"Patient","id":"p1","meta":{"versionId":"1","lastUpdated":")" +
            core::FormatInstant(when) + R"(","tag":[]},"active":true})"
    );
    // Text that looks like meta further inside is left alone.
    const std::string rendered =
        Rendered(R"({"resourceType":"Basic","code":{"text":",\"meta\":{"}})", "b", 1, when);
    EXPECT_TRUE(rendered.ends_with(R"("},"code":{"text":",\"meta\":{"}})"));
}

TEST(References, AreParsed) {
    using Kind = Reference::Kind;
    const auto is = [](std::string_view text, Kind kind, std::string_view type, std::string_view id
                    ) {
        const Reference found = ParseReference(text);
        EXPECT_EQ(found.kind, kind) << text;
        EXPECT_EQ(found.type, type) << text;
        EXPECT_EQ(found.id, id) << text;
    };
    is("Patient/p1", Kind::kLocal, "Patient", "p1");
    is("Patient/p1/_history/2", Kind::kLocal, "Patient", "p1");
    is("http://h.cn/fhir/Patient/p1", Kind::kAbsolute, "Patient", "p1");
    is("https://h.cn/Patient/Patient/p1/_history/2", Kind::kAbsolute, "Patient", "p1");
    is("urn:uuid:c757873d-ec9a-4326-a141-556f43239520", Kind::kUrn, "", "");
    is("#org", Kind::kContained, "", "");
    is("Patients/p1", Kind::kOther, "", "");
    is("Patient/p 1", Kind::kOther, "", "");
    is("Patient/p1/x", Kind::kOther, "", "");
    is("Patient", Kind::kOther, "", "");
    is("http://h.cn/about", Kind::kOther, "", "");
    is("http://", Kind::kOther, "", "");
    is("", Kind::kOther, "", "");
    const Reference conditional = ParseReference("Patient?identifier=a|b");
    EXPECT_EQ(conditional.kind, Kind::kConditional);
    EXPECT_EQ(conditional.type, "Patient");
    EXPECT_EQ(conditional.query, "identifier=a|b");
    EXPECT_EQ(ParseReference("Nothing?x=1").kind, Kind::kOther);
}

TEST(References, AreVisitedByType) {
    const auto document = core::JsonDocument::Parse(R"({"resourceType":"Observation",
        "contained":[{"resourceType":"Device","owner":{"reference":"Organization/o"}}],
        "subject":{"reference":"Patient/p"},
        "performer":[{"reference":"Practitioner/a"},{"display":"x"}],
        "_status":{"extension":[{"url":"u","valueReference":{"reference":"Basic/b"}}]},
        "component":[{"extension":[{"url":"reference","valueString":"Patient/no"}]}]})");
    ASSERT_TRUE(document.ok());
    std::vector<std::string> texts;
    for (const core::JsonNode node : ReferencesOf(document.value()->root())) {
        texts.emplace_back(node.text());
    }
    EXPECT_EQ(
        texts,
        (std::vector<std::string>{"Organization/o", "Patient/p", "Practitioner/a", "Basic/b"})
    );
    // Elements that only share the name are not references.
    const auto outline = core::JsonDocument::Parse(R"({"resourceType":"Consent","provision":{
        "data":[{"meaning":"instance","reference":{"reference":"Patient/p"}}]}})");
    EXPECT_EQ(ReferencesOf(outline.value()->root()).size(), 1U);
    const auto contract = core::JsonDocument::Parse(
        R"({"resourceType":"ImplementationGuide","definition":{"page":{"reference":"x"}}})"
    );
    EXPECT_TRUE(ReferencesOf(contract.value()->root()).empty());
}

TEST(Outcome, SaysWhatAndWhere) {
    std::vector<core::Error> errors;
    errors.push_back(
        core::At(core::MakeError(core::ErrorCode::kFhirMissingElement, "code"), "Observation.code")
    );
    errors.push_back(core::At(core::MakeError(core::ErrorCode::kNotUtf8, "7"), "a.ndjson:3:7"));
    for (const auto language : {core::Language::kZh, core::Language::kEn}) {
        const auto document = core::JsonDocument::Parse(OperationOutcome(errors, language));
        ASSERT_TRUE(document.ok());
        const core::JsonNode root = document.value()->root();
        EXPECT_TRUE(CheckStructure(root).empty());
        EXPECT_EQ(root["issue"].size(), 2U);
        EXPECT_EQ(root["issue"][0]["code"].text(), "required");
        EXPECT_EQ(root["issue"][0]["expression"][0].text(), "Observation.code");
        EXPECT_EQ(root["issue"][0]["details"]["text"].text(), errors[0].Text(language));
        EXPECT_EQ(root["issue"][0]["details"]["coding"][0]["code"].text(), "fhir-missing-element");
        EXPECT_EQ(root["issue"][1]["diagnostics"].text(), "a.ndjson:3:7");
    }
    const auto good = core::JsonDocument::Parse(OperationOutcome({}, core::Language::kZh));
    ASSERT_TRUE(good.ok());
    EXPECT_TRUE(CheckStructure(good.value()->root()).empty());
    EXPECT_EQ(good.value()->root()["issue"][0]["severity"].text(), "information");
}

}  // namespace
}  // namespace kangqu::fhir
