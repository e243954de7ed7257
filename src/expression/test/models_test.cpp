// Models, overloads, instances, contexts: what libraries need beyond expressions.
#include "kangqu/expression/batch.hpp"
#include "kangqu/expression/cql.hpp"
#include "kangqu/expression/explain.hpp"
#include "kangqu/expression/sources.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

constexpr const char* kBundle = R"j({"resourceType":"Bundle","entry":[
{"resource":{"resourceType":"Patient","id":"a","birthDate":"1980-02-03","gender":"female","extension":[
 {"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[
  {"url":"ombCategory","valueCoding":{"system":"s","code":"2028-9"}},{"url":"text","valueString":"Asian"}]},
 {"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex","valueCode":"248152002"}]}},
{"resource":{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"Patient/a"},
 "code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"effectiveDateTime":"2025-03-04T08:00:00+08:00",
 "valueQuantity":{"value":141,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}},
{"resource":{"resourceType":"Procedure","id":"p1","status":"not-done","subject":{"reference":"Patient/a"},"code":{"text":"x"}}},
{"resource":{"resourceType":"Procedure","id":"p2","status":"completed","subject":{"reference":"Patient/a"},"code":{"text":"y"}}},
{"resource":{"resourceType":"Patient","id":"b","birthDate":"1990-01-01"}},
{"resource":{"resourceType":"Observation","id":"o2","status":"final","subject":{"reference":"Patient/b"},
 "code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg"}}}]})j";

// The cells of the first patient, or the error of the library.
std::string FirstRow(const std::string& text, const LibrarySource* includes = nullptr) {
    const auto library = CompileCql(text, includes);
    if (!library.ok()) {
        return "! " + library.error().Line();
    }
    const auto document = core::JsonDocument::Parse(kBundle);
    std::vector<core::JsonNode> resources;
    const core::JsonNode entries = (*document)->root()["entry"];
    for (core::JsonNode entry = entries.first(); entry; entry = entry.next()) {
        resources.push_back(entry["resource"]);
    }
    const auto subjects = GroupByPatient(resources);
    std::string out;
    int row = 0;
    CqlRunOptions options;
    options.environment.now = *core::Temporal::ParseDateTime("2026-01-01T00:00:00.000+08:00");
    const auto status = CqlRunCsv(**library, subjects, options, [&](std::string_view line) {
        out += row++ == 1 ? std::string(line) : "";
    });
    return status.ok() ? out : status.error().Line();
}

struct Row {
    const char* library;
    const char* expected;
};

TEST(Models, OverloadsAreToldApartByType) {
    const std::string functions =
        "define function kind(x Integer): 'whole'\n"
        "define function kind(x Decimal): 'decimal'\n"
        "define function kind(x String): 'text'\n"
        "define function kind(x List<Integer>): 'list'\n"
        "define function kind(x Interval<Date>): 'span'\n"
        "define function kind(x Concept): 'concept'\n"
        "define fluent function twice(x Integer): x * 2\n";
    const std::vector<Row> rows = {
        {"define A: kind(1)", "a,whole\n"},
        {"define A: kind(1.5)", "a,decimal\n"},
        {"define A: kind('x')", "a,text\n"},
        {"define A: kind({1, 2})", "a,list\n"},
        {"define A: kind(Interval[@2025-01-01, @2025-02-01])", "a,span\n"},
        {"define A: kind(Code { code: 'c' })", "a,concept\n"},
        {"define A: kind(if true then 1 else null)", "a,whole\n"},
        {"define A: (21).twice()", "a,42\n"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(FirstRow("library T\n" + functions + row.library), row.expected) << row.library;
    }
    const std::string wrong = FirstRow("library T\n" + functions + "define A: kind(true)");
    EXPECT_NE(wrong.find("9:11"), std::string::npos) << wrong;
    EXPECT_NE(wrong.find("kind takes"), std::string::npos) << wrong;
}

TEST(Models, InstancesOfFhirTypes) {
    const std::string head = "library T using FHIR version '4.0.1'\ncontext Patient\n";
    const std::vector<Row> rows = {
        {"define A: (FHIR.Quantity { value: 5.5, code: 'mg', system: 'http://unitsofmeasure.org' "
         "}) < 1 'g'",
         "a,true\n"},
        {"define A: FHIR.Period { start: @2025-01-01T00:00:00.0, end: @2025-02-01T00:00:00.0 } "
         "includes @2025-01-15T00:00:00.0",
         "a,true\n"},
        {"define A: Observation { status: FHIR.code { value: 'final' }, value: 5 'mg' }.value.unit",
         "a,mg\n"},
        {"define A: (FHIR.string { value: 'x' }).value", "a,x\n"},
        {"define A: Observation { id: 'q' } is Observation", "a,true\n"},
        {"define A: HumanName { given: {'a', 'b'} }.given[1]", "a,b\n"},
        {"define A: CodeableConcept { coding: { Coding { code: 'c', system: 's' } } } ~ Code { "
         "code: 'c', system: 's' }",
         "a,true\n"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(FirstRow(head + row.library), row.expected) << row.library;
    }
    EXPECT_NE(
        FirstRow(head + "define A: Observation { statu: 'x' }").find("(status?)"), std::string::npos
    );
}

TEST(Models, QiCoreMapsProfilesAndExtensions) {
    const std::string head = "library T using QICore version '6.0.0'\ncontext Patient\n";
    const std::vector<Row> rows = {
        {"define A: Patient.sex = '248152002'", "a,true\n"},
        {"define A: Patient.race.text", "a,Asian\n"},
        {"define A: Patient.race.ombCategory.code", "a,2028-9\n"},
        {"define A: Count([ProcedureNotDone])", "a,1\n"},
        {"define A: Count([Procedure])", "a,2\n"},
        {"define A: Count([LaboratoryResultObservation])", "a,1\n"},
        {"define A: Count([USCoreBloodPressureProfile])", "a,0\n"},
        {"define A: AgeInYearsAt(@2025-02-03)", "a,45\n"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(FirstRow(head + row.library), row.expected) << row.library;
    }
    EXPECT_EQ(
        FirstRow(
            "library T using QICore version '6.0.0'\ninclude QICoreCommon called Common\n"
            "context Patient\ndefine A: First([LaboratoryResultObservation] O return date from "
            "start "
            "of O.effective.toInterval())"
        ),
        "a,2025-03-04\n"
    );
    EXPECT_NE(
        FirstRow("library T using QDM version '5.6'\ndefine A: 1").find("QDM"), std::string::npos
    );
}

TEST(Models, ContextsOfAllPatientsAndOfOthers) {
    const std::string head = "library T using FHIR version '4.0.1'\n";
    EXPECT_EQ(
        FirstRow(
            head + "context Unfiltered\ndefine All: Count([Observation])\ncontext Patient\n"
                   "define Mine: Count([Observation])"
        ),
        "a,2,1\n"
    );
    EXPECT_EQ(
        FirstRow(
            head +
            "context Unfiltered\ndefine Other: singleton from ([Patient] P where P.id = 'b')\n"
            "context Patient\ndefine Theirs: First([Other -> Observation]).id"
        ),
        FirstRow(
            head +
            "context Unfiltered\ndefine Other: singleton from ([Patient] P where P.id = 'b')\n"
            "context Patient\ndefine Theirs: 'o2'"
        )
    );
    const std::string wrong = FirstRow(
        head + "context Patient\ndefine Mine: [Observation]\ncontext Unfiltered\ndefine All: Mine"
    );
    EXPECT_NE(wrong.find("one patient"), std::string::npos) << wrong;
    EXPECT_EQ(FirstRow(head + "define A: %ucum"), "a,http://unitsofmeasure.org\n");
    EXPECT_NE(FirstRow(head + "define A: %nothing").find("%nothing"), std::string::npos);
    EXPECT_NE(
        FirstRow(head + "define function f(x Integer) returns Integer: external\ndefine A: f(1)")
            .find("f is not"),
        std::string::npos
    );
}

TEST(Models, LibrariesAndValueSetsFromTexts) {
    LibraryTexts texts;
    ASSERT_TRUE(texts.Add("library Common version '1'\ndefine One: 1").ok());
    ASSERT_TRUE(texts.Add("library Common version '2'\ndefine One: 2").ok());
    ASSERT_TRUE(
        texts
            .Add(R"({"resourceType":"Library","name":"X","content":[{"contentType":"text/cql",)"
                 R"("data":"bGlicmFyeSBYIGRlZmluZSBUd286IDI="}]})")
            .ok()
    );
    EXPECT_EQ(
        FirstRow("library T include Common version '1'\ndefine A: Common.One", &texts), "a,1\n"
    );
    EXPECT_EQ(
        FirstRow("library T include Common version '2' called C\ndefine A: C.One", &texts), "a,2\n"
    );
    EXPECT_EQ(FirstRow("library T include X\ndefine A: X.Two", &texts), "a,2\n");
    EXPECT_NE(
        FirstRow("library T include Y\ndefine A: 1", &texts).find("\"Y\""), std::string::npos
    );
    ListedValueSets sets;
    for (const char* text :
         {R"({"resourceType":"ValueSet","url":"u:1","expansion":{"contains":[{"system":"s","code":"a","contains":[{"system":"s","code":"b"}]}]}})",
          R"({"resourceType":"ValueSet","url":"u:2","compose":{"include":[{"system":"s","concept":[{"code":"c"}]},{"valueSet":["u:1|2"]}]}})",
          R"({"resourceType":"ValueSet","url":"u:3","compose":{"include":[{"system":"s","filter":[{"property":"p","op":"=","value":"v"}]}]}})"}) {
        const auto document = core::JsonDocument::Parse(text);
        sets.Add((*document)->root());
    }
    using Answer = ValueSets::Answer;
    EXPECT_EQ(sets.Contains("u:1", {}, "s", "b"), Answer::kYes);
    EXPECT_EQ(sets.Contains("u:1", {}, "t", "b"), Answer::kNo);
    EXPECT_EQ(sets.Contains("u:1", {}, {}, "a"), Answer::kYes);
    EXPECT_EQ(sets.Contains("u:2", {}, "s", "a"), Answer::kYes);
    EXPECT_EQ(sets.Contains("u:2", {}, "s", "z"), Answer::kNo);
    EXPECT_EQ(sets.Contains("u:3", {}, "s", "a"), Answer::kUnknownValueSet);
    int listed = 0;
    EXPECT_TRUE(sets.Expand("u:1", {}, [&](const Code&) { ++listed; }));
    EXPECT_EQ(listed, 2);
}

TEST(Explain, ShowsThePlaceInBothLanguages) {
    const std::string text =
        "library T using FHIR version '4.0.1'\ndefine \"血压\": [Observaton]\n";
    const auto library = CompileCql(text);
    ASSERT_FALSE(library.ok());
    const std::string zh = ExplainCql(library.error(), "t.cql", text, core::Language::kZh);
    EXPECT_NE(zh.find("t.cql:2:"), std::string::npos) << zh;
    EXPECT_NE(zh.find("没有“Observaton”"), std::string::npos) << zh;
    EXPECT_NE(zh.find("区分大小写"), std::string::npos) << zh;
    const std::string good = "library T\ndefine A: 1 +\n";
    const auto broken = CompileCql(good);
    ASSERT_FALSE(broken.ok());
    const std::string en = ExplainCql(broken.error(), "t.cql", good, core::Language::kEn);
    EXPECT_NE(en.find("expected an expression, found the end"), std::string::npos) << en;
    const std::string chinese = ExplainCql(broken.error(), "t.cql", good, core::Language::kZh);
    EXPECT_NE(chinese.find("此处应为 表达式，却是 结尾"), std::string::npos) << chinese;
    EXPECT_NE(
        ExplainCql(
            CompileCql("define A: 1 + true").error(), "x", "define A: 1 + true", core::Language::kEn
        )
            .find("  1 | define A: 1 + true\n    |             ^\n"),
        std::string::npos
    );
}

}  // namespace
}  // namespace kangqu::expression
