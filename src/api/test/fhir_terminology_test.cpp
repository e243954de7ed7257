#include "kangqu/terminology/terminology.hpp"

#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

class FhirTerminologyTest : public FhirServerTest {
protected:
    void AddRoutes() override {
        terminology_ = std::make_unique<terminology::Terminology>(clock_);
        stored_ = std::make_unique<StoredTerminology>(*store_, *terminology_);
        RegisterTerminology(
            *registry_,
            {*stored_,
             [](const Request& request) -> core::Result<search::Restriction> {
                 return RestrictionOfUser(request.principal->name);
             }}
        );
    }
    void CloseServices() override {
        stored_.reset();
        terminology_.reset();
    }

    static std::string Parameter(const Answer& answer, std::string_view name) {
        const auto document = answer.Json();
        const core::JsonNode list = document->root()["parameter"];
        for (core::JsonNode one = list.first(); one; one = one.next()) {
            if (one["name"].text() == name) {
                for (core::JsonNode member = one.first(); member; member = member.next()) {
                    if (member.key().starts_with("value")) {
                        return std::string(member.text());
                    }
                }
            }
        }
        return {};
    }

    std::unique_ptr<terminology::Terminology> terminology_;
    std::unique_ptr<StoredTerminology> stored_;
};

constexpr const char* kGender = "http://hl7.org/fhir/ValueSet/administrative-gender";

TEST_F(FhirTerminologyTest, PublishedValueSetsExpandAndValidate) {
    const Answer expanded = Get(std::string("/fhir/ValueSet/$expand?url=") + kGender);
    ASSERT_EQ(expanded.status, 200) << expanded.body;
    EXPECT_EQ(expanded.Json()->root()["expansion"]["total"].text(), "4");
    const Answer valid =
        Get(std::string("/fhir/ValueSet/$validate-code?url=") + kGender + "&code=male");
    EXPECT_EQ(Parameter(valid, "result"), "true") << valid.body;
    const Answer wrong = Post(
        "/fhir/ValueSet/$validate-code",
        std::string(R"({"resourceType":"Parameters","parameter":[{"name":"url","valueUri":")") +
            kGender +
            R"("},{"name":"coding","valueCoding":{"system":"http://hl7.org/fhir/administrative-gender","code":"m"}}]})"
    );
    EXPECT_EQ(Parameter(wrong, "result"), "false") << wrong.body;
    const Answer by_id = Get("/fhir/ValueSet/administrative-gender/$expand?count=1");
    EXPECT_EQ(by_id.Json()->root()["expansion"]["contains"].size(), 1U);
}

TEST_F(FhirTerminologyTest, WhatIsWrittenIsUsedByTheNextRequest) {
    const std::string lookup = "/fhir/CodeSystem/$lookup?system=urn:test:colours&code=red";
    EXPECT_EQ(Get(lookup).status, 404);
    const auto system = [](const std::string& display) {
        return R"({"resourceType":"CodeSystem","id":"colours","url":"urn:test:colours","status":"active","content":"complete","concept":[{"code":"red","display":")" +
               display + R"("}]})";
    };
    ASSERT_EQ(Put("/fhir/CodeSystem/colours", system("Red")).status, 201);
    EXPECT_EQ(Parameter(Get(lookup), "display"), "Red");
    ASSERT_EQ(Put("/fhir/CodeSystem/colours", system("Crimson")).status, 200);
    EXPECT_EQ(Parameter(Get(lookup), "display"), "Crimson");
    ASSERT_EQ(
        Put("/fhir/ValueSet/all-colours",
            R"({"resourceType":"ValueSet","id":"all-colours","url":"urn:test:all","status":"active","compose":{"include":[{"system":"urn:test:colours"}]}})"
        )
            .status,
        201
    );
    const Answer expanded = Get("/fhir/ValueSet/all-colours/$expand");
    EXPECT_EQ(expanded.Json()->root()["expansion"]["total"].text(), "1") << expanded.body;
    EXPECT_LT(Ask(Method::kDelete, "/fhir/CodeSystem/colours").status, 300);
    EXPECT_EQ(Get(lookup).status, 404);
}

TEST_F(FhirTerminologyTest, ErrorsAreOutcomesAndStrangersAreRefused) {
    const Answer unknown = Get("/fhir/ValueSet/$expand?url=urn:nothing");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.Issue(), "value-set-unknown");
    EXPECT_EQ(Get("/fhir/ValueSet/$expand").Issue(), "operation-parameter");
    EXPECT_EQ(
        Get("/fhir/CodeSystem/$lookup?system=urn:none&code=1").Issue(), "code-system-unknown"
    );
    const Answer stranger =
        Get(std::string("/fhir/ValueSet/$expand?url=") + kGender, {{"x-user", "nobody"}});
    EXPECT_EQ(stranger.status, 403);
}

TEST_F(FhirTerminologyTest, OperationsAreInTheCapabilityStatement) {
    const std::string body = Get("/fhir/metadata").body;
    for (const char* definition :
         {"ValueSet-expand",
          "ValueSet-validate-code",
          "CodeSystem-validate-code",
          "CodeSystem-lookup",
          "CodeSystem-subsumes",
          "ConceptMap-translate"}) {
        EXPECT_NE(body.find(std::string("OperationDefinition/") + definition), std::string::npos)
            << definition;
    }
}

}  // namespace
}  // namespace kangqu::api::testing
