// What R4 publishes, as a whole.
#include "kangqu/terminology/terminology.hpp"

#include "support.hpp"
#include <set>

#include <gtest/gtest.h>

namespace kangqu::terminology {
namespace {

TEST(Published, EverythingCompilesButWhatNeedsOtherSystems) {
    const Terminology terminology(TestClock());
    const auto catalogue = terminology.now();
    EXPECT_GT(catalogue->Canonicals("CodeSystem").size(), 1000U);
    EXPECT_GT(catalogue->Canonicals("ValueSet").size(), 1200U);
    EXPECT_EQ(catalogue->Canonicals("ConceptMap").size(), 19U);
    // Systems that FHIR does not publish itself.
    const std::set<std::string> elsewhere = {
        "http://snomed.info/sct",
        "http://loinc.org",
        "http://unitsofmeasure.org",
        "urn:iso:std:iso:3166",
        "http://unstats.un.org/unsd/methods/m49/m49.htm",
        "http://terminology.hl7.org/CodeSystem/insurance-plan-type",
        "http://hl7.org/fhir/ValueSet/dicom-cid29",
        "http://hl7.org/fhir/ValueSet/usps-state"};
    for (const core::Error& error : catalogue->Check(Layer::kPublished)) {
        EXPECT_TRUE(!error.args.empty() && elsewhere.contains(error.args[0])) << error.Line();
    }
}

TEST(Published, MembershipOfRequiredBindings) {
    const Terminology terminology(TestClock());
    const auto catalogue = terminology.now();
    const auto member = [&](const char* set, const char* system, const char* code) {
        return catalogue->Contains(
            std::string("http://hl7.org/fhir/ValueSet/") + set, {}, system, code
        );
    };
    EXPECT_EQ(
        member("administrative-gender", "http://hl7.org/fhir/administrative-gender", "male"),
        Member::kYes
    );
    EXPECT_EQ(member("administrative-gender", "", "female"), Member::kYes);
    EXPECT_EQ(member("administrative-gender", "", "m"), Member::kNo);
    EXPECT_EQ(member("observation-status", "", "final"), Member::kYes);
    EXPECT_EQ(member("v3-ActEncounterCode", "", "AMB"), Member::kUnknown);
    EXPECT_EQ(
        catalogue->Contains(
            "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode",
            {},
            "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "AMB"
        ),
        Member::kYes
    );
    EXPECT_EQ(member("ucum-units", "http://unitsofmeasure.org", "mm[Hg]"), Member::kYes);
    EXPECT_EQ(member("ucum-units", "http://unitsofmeasure.org", "mmHg"), Member::kNo);
    EXPECT_EQ(member("mimetypes", "urn:ietf:bcp:13", "application/fhir+json"), Member::kYes);
    EXPECT_EQ(member("mimetypes", "urn:ietf:bcp:13", "nonsense"), Member::kNo);
    EXPECT_EQ(member("languages", "urn:ietf:bcp:47", "zh-CN"), Member::kYes);
}

TEST(Published, ThePackOfChineseTablesIsWhole) {
    auto sources = ReadPackTerminology(KANGQU_SOURCE_DIR "/packs/terminology-cn");
    ASSERT_TRUE(sources.ok()) << sources.error().Line();
    Terminology terminology(TestClock());
    ASSERT_TRUE(terminology.Add(Layer::kPack, std::move(*sources)).ok());
    for (const core::Error& error : terminology.now()->Check(Layer::kPack)) {
        ADD_FAILURE() << error.Line();
    }
    const auto lookup = [&](const char* system, const char* code, core::Language language) {
        return Answer(
            terminology, "CodeSystem", "lookup", {{"system", system}, {"code", code}}, language
        );
    };
    using core::Language;
    EXPECT_NE(
        lookup("urn:oid:2.16.156.10011.2.3.3.3", "56", Language::kZh).find("基诺族"),
        std::string::npos
    );
    EXPECT_NE(
        lookup("urn:kangqu:division", "110101", Language::kZh).find("东城区"), std::string::npos
    );
    EXPECT_NE(
        lookup("http://hl7.org/fhir/sid/icd-10", "J18", Language::kZh).find("肺炎"),
        std::string::npos
    );
    EXPECT_NE(
        lookup("http://hl7.org/fhir/sid/icd-10", "J18", Language::kEn).find("Pneumonia"),
        std::string::npos
    );
    const std::string subsumed = Answer(
        terminology,
        "CodeSystem",
        "subsumes",
        {{"system", "http://hl7.org/fhir/sid/icd-10"}, {"codeA", "X"}, {"codeB", "J18"}}
    );
    EXPECT_NE(subsumed.find("subsumes"), std::string::npos) << subsumed;
    const std::string insured = Answer(
        terminology,
        "ConceptMap",
        "translate",
        {{"system", "urn:kangqu:code:icd10-clinical"},
         {"code", "I10.x00x002"},
         {"targetsystem", "urn:kangqu:code:icd10-insurance"}}
    );
    EXPECT_NE(insured.find("I10.x00"), std::string::npos) << insured;
    const std::string sex = Answer(
        terminology,
        "ConceptMap",
        "translate",
        {{"system", "urn:oid:2.16.156.10011.2.3.3.4"}, {"code", "2"}}
    );
    EXPECT_NE(sex.find("female"), std::string::npos) << sex;
}

}  // namespace
}  // namespace kangqu::terminology
