#include "support.hpp"

namespace kangqu::validate {
namespace {

using test::Check;
using test::Found;

std::string Patient(const std::string& rest) {
    return R"({"resourceType":"Patient")" + rest + "}";
}

TEST(Base, FindsNothingWrongWithAGoodResource) {
    EXPECT_EQ(
        Check(
            Patient(R"(,"id":"p","name":[{"family":"李","given":["明"]}],"birthDate":"1970-03-30",)"
                    R"("generalPractitioner":[{"reference":"Practitioner/a"},{"reference":"#o"}],)"
                    R"("contained":[{"resourceType":"Organization","id":"o","name":"站"}])")
        ),
        Found{}
    );
}

TEST(Base, JudgesOnlyTheStructureWhereThatIsWrong) {
    EXPECT_EQ(
        Check(Patient(R"(,"birthDay":"1970","contact":[{}])")),
        (Found{
            "error fhir-unknown-element @Patient.birthDay", "error fhir-empty @Patient.contact[0]"})
    );
}

TEST(Base, EvaluatesInvariantsOfTypesElementsAndBackbones) {
    EXPECT_EQ(
        Check(Patient(R"(,"contact":[{"gender":"male"}])")),
        Found{"error invariant-failed @Patient.contact[0]"}
    );
    EXPECT_EQ(
        Check(
            R"({"resourceType":"Organization","name":"a","telecom":[{"system":"phone","value":"1"},{"system":"phone","value":"1","use":"home"}]})"
        ),
        Found{"error invariant-failed @Organization.telecom[1]"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"name":[{"period":{"start":"2020","end":"2019"}}])")),
        Found{"error invariant-failed @Patient.name[0].period"}
    );
    // The inner item is of the same type as the outer one (contentReference).
    EXPECT_EQ(
        Check(
            R"({"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"group",)"
            R"("item":[{"linkId":"2","type":"display","text":"a","required":true}]}]})"
        ),
        Found{"error invariant-failed @Questionnaire.item[0].item[0]"}
    );
}

TEST(Base, NamesTheInvariantInItsText) {
    const auto document = core::JsonDocument::Parse(
        R"({"resourceType":"Observation","status":"final","code":{"text":"a"},"valueString":"x",)"
        R"("dataAbsentReason":{"text":"y"}})"
    );
    const auto issues = test::Base().Validate((*document)->root());
    ASSERT_EQ(issues.size(), 1U);
    EXPECT_EQ(
        issues[0].error.Text(core::Language::kZh), "不满足规则 obs-6：有值时不能再写缺值原因。"
    );
    EXPECT_EQ(
        issues[0].error.Text(core::Language::kEn),
        "Rule obs-6 is not met: dataAbsentReason SHALL only be present if Observation.value[x] is "
        "not present"
    );
    EXPECT_FALSE(IsValid(issues));
}

TEST(Base, ChecksTargetsOfReferences) {
    EXPECT_EQ(
        Check(Patient(R"(,"managingOrganization":{"reference":"Patient/1"})")),
        Found{"error reference-target @Patient.managingOrganization"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"managingOrganization":{"type":"Group","display":"a"})")),
        Found{"error reference-target @Patient.managingOrganization"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"managingOrganization":{"reference":"http://a.b/Organization/1"})")),
        Found{}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"managingOrganization":{"reference":"no idea"})")),
        Found{"error reference-format @Patient.managingOrganization"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"managingOrganization":{"reference":"#x"})")),
        Found{"error contained-missing @Patient.managingOrganization"}
    );
}

TEST(Base, ChecksContainedResources) {
    EXPECT_EQ(
        Check(Patient(R"(,"contained":[{"resourceType":"Organization","id":"o","name":"a"}])")),
        Found{"error invariant-failed @Patient.contained[0]"}
    );
    EXPECT_EQ(
        Check(Patient(
            R"(,"managingOrganization":{"reference":"#o"},"contained":[)"
            R"({"resourceType":"Organization","id":"o","name":"a","meta":{"versionId":"1"}},)"
            R"({"resourceType":"Organization","id":"o","name":"b","meta":{"security":[{"code":"R"}]}}])"
        )),
        (Found{
            "error invariant-failed @Patient.contained[0]",
            "error duplicate-id @Patient.contained[1]",
            "error invariant-failed @Patient.contained[1]"})
    );
    // Referred to from inside another one; the container by "#".
    EXPECT_EQ(
        Check(Patient(
            R"(,"managingOrganization":{"reference":"#a"},"contained":[)"
            R"({"resourceType":"Organization","id":"a","name":"a","partOf":{"reference":"#b"}},)"
            R"({"resourceType":"Organization","id":"b","name":"b"}])"
        )),
        Found{}
    );
}

std::string Bundle(const std::string& type, const std::string& entries) {
    return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}";
}

TEST(Base, ChecksBundles) {
    const std::string patient = R"({"resourceType":"Patient","id":"1"})";
    EXPECT_EQ(
        Check(Bundle(
            "collection",
            R"({"fullUrl":"http://a.b/Patient/1","resource":)" + patient +
                R"(},{"fullUrl":"http://a.b/Patient/1","resource":)" + patient +
                R"(},{"fullUrl":"http://a.b/Patient/2","resource":)" + patient + "}"
        )),
        (Found{
            "error invariant-failed @Bundle.entry[1]", "error full-url-mismatch @Bundle.entry[2]"})
    );
    EXPECT_EQ(
        Check(Bundle(
            "collection",
            R"({"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":)" + patient +
                R"(},{"resource":{"resourceType":"Basic","code":{"text":"a"},"subject":)"
                R"({"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"},"author":)"
                R"({"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1"}}})"
        )),
        Found{"error reference-not-in-bundle @Bundle.entry[1].resource.author"}
    );
    const std::string document =
        R"({"fullUrl":"http://a.b/Composition/c","resource":{"resourceType":"Composition","id":"c",)"
        R"("status":"final","type":{"text":"a"},"date":"2026","title":"a","author":[)"
        R"({"reference":"Patient/1"},{"reference":"Patient/2"}]}},)"
        R"({"fullUrl":"http://a.b/Patient/1","resource":)" +
        patient + "}";
    EXPECT_EQ(
        Check(
            R"({"resourceType":"Bundle","type":"document","timestamp":"2026-11-22T10:00:00Z","identifier":)"
            R"({"system":"urn:a","value":"b"},"entry":[)" +
            document + "]}"
        ),
        Found{"error reference-not-in-bundle @Bundle.entry[0].resource.author[1]"}
    );
    EXPECT_EQ(
        Check(Bundle("transaction", R"({"resource":)" + patient + "}")),
        Found{"error invariant-failed @Bundle"}
    );
}

TEST(Base, KnowsExtensionsAndWhereTheyBelong) {
    const std::string place =
        R"({"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace",)";
    EXPECT_EQ(
        Check(Patient(R"(,"extension":[)" + place + R"("valueAddress":{"text":"a"}}])")), Found{}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"extension":[)" + place + R"("valueString":"a"}])")),
        Found{"error type-not-allowed @Patient.extension[0].value.ofType(string)"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"name":[{"extension":[)" + place + R"("valueAddress":{"text":"a"}}]}])")),
        Found{"error extension-context @Patient.name[0].extension[0]"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"modifierExtension":[)" + place + R"("valueAddress":{"text":"a"}}])")),
        Found{"error extension-modifier @Patient.modifierExtension[0]"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"extension":[{"url":"urn:a","valueString":"a"}])")),
        Found{"information extension-unknown @Patient.extension[0]"}
    );
    EXPECT_EQ(
        Check(Patient(
            R"(,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/zebra","valueCode":"a"}])"
        )),
        Found{"warning extension-unknown @Patient.extension[0]"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"modifierExtension":[{"url":"urn:a","valueString":"a"}])")),
        Found{"error modifier-extension-unknown @Patient.modifierExtension[0]"}
    );
    const std::string citizenship =
        R"(,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-citizenship","extension":[)";
    EXPECT_EQ(
        Check(Patient(citizenship + R"({"url":"code","valueCodeableConcept":{"text":"a"}}]}])")),
        Found{}
    );
    EXPECT_EQ(
        Check(Patient(citizenship + R"({"url":"cod","valueCodeableConcept":{"text":"a"}}]}])")),
        Found{"error extension-unknown @Patient.extension[0].extension[0]"}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"extension":[{"url":"code","valueString":"a"}])")),
        Found{"error fhir-bad-value @Patient.extension[0]"}
    );
    EXPECT_EQ(
        Check(Patient(
            R"(,"_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime",)"
            R"("valueDateTime":"1970-01-01T10:00:00+08:00"}]})"
        )),
        Found{}
    );
    EXPECT_EQ(
        Check(Patient(
            R"(,"extension":[{"url":"urn:a","valueString":"a","extension":[{"url":"b","valueString":"c"}]}])"
        )),
        (Found{
            "error invariant-failed @Patient.extension[0]",
            "information extension-unknown @Patient.extension[0]"})
    );
}

struct Div {
    const char* text;
    bool good;
};

TEST(Base, WantsWholeAddresses) {
    EXPECT_EQ(
        Check(Patient(
            R"(,"identifier":[{"system":"a","value":"1"},{"system":"urn:oid:1.2","value":"1"}],)"
            R"("maritalStatus":{"coding":[{"system":"urn:uuid:0C3151BD-1cbf-4d64-b04d-cd9187a4c6e0"}]})"
        )),
        (Found{
            "error fhir-bad-value @Patient.identifier[0].system",
            "error fhir-bad-value @Patient.maritalStatus.coding[0].system"})
    );
}

TEST(Base, AllowsNarrativesWhatTheyMayHold) {
    const Div divs[] = {
        {"<div>a</div>", true},
        {"<div><img src='#a' alt='b'/></div>", true},
        {"<div xmlns='http://www.w3.org/1999/xhtml'>&nbsp;<!-- a --><b class=\\\"x\\\">a</b></div>",
         true},
        {"<div> \\n </div>", false},
        {"<div><script>a</script></div>", false},
        {"<div onclick='a'>a</div>", false},
        {"<div><a href='javascript:a'>a</a></div>", false},
        {"<div><b>a</div>", false},
        {"<div>a", false},
        {"<div>a</div><div>b</div>", false},
        {"<div><a href=x>a</a></div>", false},
        {"<div><!-- a", false},
        {"<div><!DOCTYPE a>a</div>", false},
        {"<divx>a</divx>", false},
        {"<div", false},
    };
    for (const Div& div : divs) {
        const auto issues = Check(
            Patient(R"(,"text":{"status":"generated","div":")" + std::string(div.text) + R"("})")
        );
        EXPECT_EQ(issues, div.good ? Found{} : Found{"error narrative-invalid @Patient.text.div"})
            << div.text;
    }
}

TEST(Base, ChecksBindingsByTheirStrength) {
    const std::string gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    const std::string marital = "http://hl7.org/fhir/ValueSet/marital-status";
    const test::FewCodes codes({gender + "||male", marital + "|urn:m|M"}, {gender, marital});
    const auto validator = test::With({}, &codes);
    EXPECT_EQ(
        Check(
            Patient(
                R"(,"gender":"male","maritalStatus":{"coding":[{"code":"x"},{"system":"urn:m","code":"M"}]})"
            ),
            *validator
        ),
        Found{}
    );
    EXPECT_EQ(
        Check(Patient(R"(,"gender":"man","maritalStatus":{"coding":[{"code":"x"}]})"), *validator),
        (Found{
            "error code-not-in-value-set @Patient.gender",
            "warning code-not-in-value-set @Patient.maritalStatus"})
    );
    EXPECT_EQ(Check(Patient(R"(,"maritalStatus":{"text":"x"})"), *validator), Found{});
    EXPECT_EQ(
        Check(
            Patient(R"(,"contact":[{"gender":"male","telecom":[{"system":"fax"}]}])"), *validator
        ),
        Found{"information binding-not-checked @Patient.contact[0].telecom[0].system"}
    );
}

TEST(Base, StopsTellingAndLookingAtTheLimit) {
    std::string entries;
    for (int i = 0; i < 20'000; ++i) {
        entries += R"({"gender":"male"},)";
    }
    entries.pop_back();
    Options options;
    options.max_issues = 5;
    const auto found = Check(Patient(R"(,"contact":[)" + entries + "]"), test::Base(), options);
    ASSERT_EQ(found.size(), 6U);
    EXPECT_EQ(found.back(), "information fhir-more-errors @");
}

TEST(Base, SaysTheSameEveryTime) {
    const std::string json = Patient(
        R"(,"managingOrganization":{"reference":"Patient/1"},"contact":[{"gender":"male"}],)"
        R"("extension":[{"url":"urn:a","valueString":"a"}])"
    );
    const auto once = Check(json);
    EXPECT_EQ(once.size(), 3U);
    EXPECT_EQ(Check(json), once);
}

TEST(Outcome, IsAResourceInTheLanguageAskedFor) {
    const std::vector<Issue> issues = {
        {Severity::kWarning,
         core::At(core::MakeError(core::ErrorCode::kTooFew, "name", "1", "0"), "Patient.name")}};
    EXPECT_EQ(
        OperationOutcome(issues, core::Language::kZh),
        R"({"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"required",)"
        R"("details":{"coding":[{"system":"urn:kangqu:error","code":"too-few"}],)"
        R"("text":"name 至少要有 1 个，实际有 0 个。"},"expression":["Patient.name"]}]})"
    );
    EXPECT_NE(
        OperationOutcome({}, core::Language::kEn).find("No errors found."), std::string::npos
    );
    EXPECT_TRUE(IsValid(issues));
}

}  // namespace
}  // namespace kangqu::validate
