#include "kangqu/fhir/definitions.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::fhir {
namespace {

std::string_view TypeNameOf(std::string_view type, std::string_view element) {
    const ElementFacts* const found = FindElement(FindType(type), element);
    return found == nullptr ? "none" : TypeOf(found->type).name;
}

TEST(Definitions, KnowsTypes) {
    EXPECT_EQ(ResourceTypes().size(), 147U);
    for (TypeNumber type = 0; type < TypeCount(); ++type) {
        EXPECT_EQ(FindType(TypeOf(type).name), type);
    }
    EXPECT_EQ(FindType("Patients"), kNoType);
    EXPECT_EQ(FindType(""), kNoType);
    EXPECT_NE(FindResourceType("Patient"), kNoType);
    EXPECT_EQ(FindResourceType("HumanName"), kNoType);
    EXPECT_EQ(FindResourceType("DomainResource"), kNoType);
    EXPECT_EQ(FindType("MetadataResource"), kNoType);
    EXPECT_EQ(TypeOf(FindType("date")).kind, TypeKind::kPrimitive);
    EXPECT_EQ(TypeOf(FindType("Patient.contact")).kind, TypeKind::kBackbone);
    EXPECT_TRUE(TypeOf(FindType("Element")).abstract);
}

TEST(Definitions, Specialises) {
    EXPECT_TRUE(IsA(FindType("Patient"), FindType("Resource")));
    EXPECT_TRUE(IsA(FindType("Patient"), FindType("Patient")));
    EXPECT_TRUE(IsA(FindType("Age"), FindType("Quantity")));
    EXPECT_TRUE(IsA(FindType("Patient.contact"), FindType("BackboneElement")));
    EXPECT_TRUE(IsA(FindType("code"), FindType("string")));
    EXPECT_FALSE(IsA(FindType("Resource"), FindType("Patient")));
    EXPECT_FALSE(IsA(FindType("Bundle"), FindType("DomainResource")));
}

TEST(Definitions, ElementsHaveTheirTypes) {
    EXPECT_EQ(TypeNameOf("Patient", "id"), "id");
    EXPECT_EQ(TypeNameOf("HumanName", "id"), "string");
    EXPECT_EQ(TypeNameOf("Patient", "birthDate"), "date");
    EXPECT_EQ(TypeNameOf("Patient", "contact"), "Patient.contact");
    EXPECT_EQ(TypeNameOf("Patient", "contained"), "Resource");
    EXPECT_EQ(TypeNameOf("Bundle.entry", "resource"), "Resource");
    EXPECT_EQ(TypeNameOf("Bundle.entry", "link"), "Bundle.link");
    EXPECT_EQ(TypeNameOf("Observation.component", "referenceRange"), "Observation.referenceRange");
    EXPECT_EQ(TypeNameOf("Timing", "repeat"), "Timing.repeat");
    EXPECT_EQ(TypeNameOf("Narrative", "div"), "xhtml");
    EXPECT_EQ(TypeNameOf("Extension", "url"), "uri");
    EXPECT_EQ(TypeNameOf("Extension", "valueBase64Binary"), "base64Binary");
    EXPECT_EQ(TypeNameOf("date", "extension"), "Extension");
    EXPECT_EQ(TypeNameOf("Observation", "value"), "none");
    EXPECT_EQ(TypeNameOf("xhtml", "extension"), "none");
    const ElementFacts* const code = FindElement(FindType("Observation"), "code");
    ASSERT_NE(code, nullptr);
    EXPECT_EQ(code->min, 1);
    EXPECT_FALSE(code->many);
    EXPECT_TRUE(code->summary);
    EXPECT_TRUE(FindElement(FindType("Patient"), "name")->many);
}

TEST(Definitions, ChoicesShareAPathName) {
    const auto rows = FindPath(FindType("Observation"), "value");
    ASSERT_EQ(rows.size(), 11U);
    for (const ElementFacts& row : rows) {
        EXPECT_EQ(row.path_name, "value");
        EXPECT_TRUE(row.choice);
        EXPECT_TRUE(row.name.starts_with("value"));
    }
    EXPECT_EQ(FindPath(FindType("Observation"), "code").size(), 1U);
    EXPECT_TRUE(FindPath(FindType("Observation"), "valueQuantity").empty());
    EXPECT_EQ(FindElement(FindType("Observation"), "valueQuantity")->path_name, "value");
}

// Every row of every type is found again by its name and by its path name.
TEST(Definitions, IndexesAreComplete) {
    for (TypeNumber type = 0; type < TypeCount(); ++type) {
        for (const ElementFacts& row : TypeOf(type).elements) {
            EXPECT_EQ(FindElement(type, row.name), &row) << TypeOf(type).name << '.' << row.name;
            const auto rows = FindPath(type, row.path_name);
            EXPECT_TRUE(&row >= rows.data() && &row < rows.data() + rows.size());
            EXPECT_LT(row.type, TypeCount());
        }
    }
}

TEST(Definitions, SearchParametersSpeakOfOneType) {
    const TypeNumber patient = FindType("Patient");
    const SearchParameterFacts* const birthdate = FindSearchParameter(patient, "birthdate");
    ASSERT_NE(birthdate, nullptr);
    EXPECT_EQ(birthdate->expression, "Patient.birthDate");
    EXPECT_EQ(birthdate->kind, SearchKind::kDate);
    const auto* const code = FindSearchParameter(FindType("MedicationRequest"), "code");
    ASSERT_NE(code, nullptr);
    EXPECT_EQ(code->expression, "(MedicationRequest.medication.ofType(CodeableConcept))");
    const auto* const subject = FindSearchParameter(FindType("Observation"), "patient");
    ASSERT_NE(subject, nullptr);
    EXPECT_EQ(subject->expression, "Observation.subject.where(resolve() is Patient)");
    EXPECT_NE(std::count(subject->targets.begin(), subject->targets.end(), patient), 0);
    EXPECT_EQ(
        FindSearchParameter(patient, "deceased")->expression,
        "Patient.deceased.exists() and Patient.deceased != false"
    );
    EXPECT_EQ(FindSearchParameter(FindType("InsurancePlan"), "name")->expression, "name | alias");
    EXPECT_NE(FindSearchParameter(patient, "_lastUpdated"), nullptr);
    EXPECT_EQ(FindSearchParameter(patient, "_text"), nullptr);
    EXPECT_EQ(FindSearchParameter(patient, "shoe-size"), nullptr);
}

TEST(Definitions, SearchParametersAreSortedAndUnique) {
    std::size_t count = 0;
    for (const TypeNumber type : ResourceTypes()) {
        const auto rows = SearchParametersOf(type);
        std::set<std::string_view> codes;
        for (const SearchParameterFacts& row : rows) {
            EXPECT_TRUE(codes.insert(row.code).second) << TypeOf(type).name << ' ' << row.code;
            EXPECT_EQ(row.resource, type);
            EXPECT_FALSE(row.expression.empty());
            EXPECT_EQ(FindSearchParameter(type, row.code), &row);
        }
        count += codes.size();
    }
    EXPECT_GT(count, 2000U);
}

TEST(Definitions, PatientCompartment) {
    const auto codes = PatientCompartmentCodes(FindType("Observation"));
    EXPECT_EQ(std::count(codes.begin(), codes.end(), "subject"), 1);
    EXPECT_EQ(std::count(codes.begin(), codes.end(), "performer"), 1);
    EXPECT_TRUE(PatientCompartmentCodes(FindType("Organization")).empty());
    for (const TypeNumber type : ResourceTypes()) {
        for (const std::string_view code : PatientCompartmentCodes(type)) {
            EXPECT_NE(FindSearchParameter(type, code), nullptr) << TypeOf(type).name << ' ' << code;
        }
    }
}

}  // namespace
}  // namespace kangqu::fhir
