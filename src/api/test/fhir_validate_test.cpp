#include "kangqu/validate/validator.hpp"

#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

class FhirValidateTest : public FhirServerTest {
protected:
    void AddRoutes() override {
        RegisterValidate(
            *registry_,
            {*records_,
             validator_,
             [](const Request& request) -> core::Result<search::Restriction> {
                 return RestrictionOfUser(request.principal->name);
             }}
        );
    }
    validate::Validator validator_{std::make_unique<validate::Definitions>(), nullptr};
};

std::string Parameters(const std::string& resource, const std::string& more = {}) {
    return R"({"resourceType":"Parameters","parameter":[)" +
           (resource.empty() ? "" : R"({"name":"resource","resource":)" + resource + "}") + more +
           "]}";
}

TEST_F(FhirValidateTest, AnswersAnOutcomeForAResourceAloneOrInParameters) {
    const Answer good = Post("/fhir/Patient/$validate", Patient("p"));
    EXPECT_EQ(good.status, 200);
    EXPECT_NE(good.body.find("\"severity\":\"information\""), std::string::npos) << good.body;
    const std::string bad = R"({"resourceType":"Patient","contact":[{"gender":"male"}]})";
    for (const std::string& body : {bad, Parameters(bad)}) {
        const Answer answer = Post("/fhir/Patient/$validate", body);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.Issue(), "invariant-failed") << answer.body;
    }
    EXPECT_EQ(Get("/fhir/Patient/p").status, 404) << "nothing is kept";
}

TEST_F(FhirValidateTest, ChecksAgainstTheProfileAskedFor) {
    const std::string weight =
        R"({"resourceType":"Observation","status":"final","code":{"text":"a"}})";
    const std::string url = "http://hl7.org/fhir/StructureDefinition/bodyweight";
    EXPECT_EQ(Post("/fhir/Observation/$validate", weight).Issue(), "");
    EXPECT_EQ(Post("/fhir/Observation/$validate?profile=" + url, weight).Issue(), "invariant-failed");
    const std::string more = R"(,{"name":"profile","valueUri":")" + url + "\"}";
    EXPECT_EQ(Post("/fhir/Observation/$validate", Parameters(weight, more)).Issue(), "invariant-failed");
}

TEST_F(FhirValidateTest, KnowsWhatIsGoingToBeDone) {
    ASSERT_EQ(Put("/fhir/Patient/p", Patient("p")).status, 201);
    EXPECT_EQ(Get("/fhir/Patient/p/$validate").Issue(), "");
    EXPECT_EQ(Get("/fhir/Patient/q/$validate").status, 404);
    EXPECT_EQ(Post("/fhir/Patient/p/$validate?mode=update", Patient("p")).Issue(), "");
    EXPECT_EQ(Post("/fhir/Patient/p/$validate?mode=update", Patient("x")).Issue(), "id-mismatch");
    EXPECT_EQ(
        Post("/fhir/Patient/p/$validate", Parameters("", R"({"name":"mode","valueCode":"delete"})"))
            .Issue(),
        ""
    );
    EXPECT_EQ(Post("/fhir/Patient/$validate?mode=sing", Patient("p")).Issue(), "wrong-check-mode");
    EXPECT_EQ(Post("/fhir/Group/$validate", Patient("p")).Issue(), "type-not-allowed");
    EXPECT_EQ(Post("/fhir/Patient/$validate", Parameters("")).Issue(), "fhir-missing-element");
    EXPECT_EQ(Post("/fhir/Zebra/$validate", Patient("p")).Issue(), "fhir-unknown-type");
}

TEST_F(FhirValidateTest, SpeaksTheLanguageOfTheRequest) {
    const std::string bad =
        R"({"resourceType":"Patient","managingOrganization":{"reference":"Group/1"}})";
    const auto text = [&](const std::string& language) {
        return Post("/fhir/Patient/$validate", bad, {{"Accept-Language", language}}).body;
    };
    EXPECT_NE(text("zh").find("只能引用"), std::string::npos);
    EXPECT_NE(text("en").find("Refers to Group"), std::string::npos);
}

}  // namespace
}  // namespace kangqu::api::testing
