#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

class FhirPatchTest : public FhirServerTest {
protected:
    void SetUp() override {
        FhirServerTest::SetUp();
        ASSERT_EQ(
            Put("/fhir/Patient/p1",
                R"({"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:s","value":"1"}],"birthDate":"1990-01-01"})"
            )
                .status,
            201
        );
    }
    Answer Patch(const std::string& body, const char* type, std::vector<Pair> headers = {}) {
        headers.push_back({"Content-Type", type});
        return Ask(Method::kPatch, "/fhir/Patient/p1", body, std::move(headers));
    }
    static constexpr const char* kJsonPatch = "application/json-patch+json";
};

constexpr const char* kBirth = R"([{"op":"replace","path":"/birthDate","value":"1991-01-01"}])";

TEST_F(FhirPatchTest, ThreeKindsOfPatches) {
    const Answer json = Patch(kBirth, kJsonPatch);
    ASSERT_EQ(json.status, 200) << json.body;
    EXPECT_EQ(json.Json()->root()["birthDate"].text(), "1991-01-01");
    EXPECT_EQ(json.Header("etag"), "W/\"2\"");
    const std::string parameters =
        R"({"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},)"
        R"({"name":"path","valueString":"Patient.birthDate"},{"name":"value","valueDate":"1992-01-01"}]}]})";
    const Answer fhirpath = Patch(parameters, "application/fhir+json");
    ASSERT_EQ(fhirpath.status, 200) << fhirpath.body;
    EXPECT_EQ(fhirpath.Json()->root()["birthDate"].text(), "1992-01-01");
    const Answer as_xml = Patch(
        R"(<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/><part><name value="type"/><valueCode value="replace"/></part>)"
        R"(<part><name value="path"/><valueString value="Patient.birthDate"/></part><part><name value="value"/><valueDate value="1993-01-01"/></part></parameter></Parameters>)",
        "application/fhir+xml"
    );
    ASSERT_EQ(as_xml.status, 200) << as_xml.body;
    EXPECT_EQ(as_xml.Json()->root()["birthDate"].text(), "1993-01-01");
    const Answer xml = Patch(
        R"(<diff xmlns:f="http://hl7.org/fhir"><replace sel="f:Patient/f:birthDate/@value">1994-01-01</replace></diff>)",
        "application/xml-patch+xml"
    );
    ASSERT_EQ(xml.status, 200) << xml.body;
    EXPECT_EQ(xml.Json()->root()["birthDate"].text(), "1994-01-01");
    EXPECT_EQ(Get("/fhir/Patient/p1").Header("etag"), "W/\"5\"");
}

TEST_F(FhirPatchTest, WhatGoesWrongChangesNothing) {
    EXPECT_EQ(Patch(kBirth, kJsonPatch, {{"If-Match", "W/\"2\""}}).status, 412);
    EXPECT_EQ(Patch(kBirth, "text/plain").status, 415);
    EXPECT_EQ(Patch("{}", kJsonPatch).status, 400);
    EXPECT_EQ(Patch(R"([{"op":"test","path":"/birthDate","value":"x"}])", kJsonPatch).status, 422);
    EXPECT_EQ(
        Patch(R"([{"op":"replace","path":"/birthDate","value":"x"}])", kJsonPatch).status, 400
    );
    EXPECT_EQ(Patch(R"([{"op":"replace","path":"/id","value":"p2"}])", kJsonPatch).status, 400);
    EXPECT_EQ(Patch(R"([{"op":"remove","path":"/resourceType"}])", kJsonPatch).status, 400);
    EXPECT_EQ(
        Ask(Method::kPatch, "/fhir/Patient/none", kBirth, {{"Content-Type", kJsonPatch}}).status,
        404
    );
    ASSERT_EQ(Ask(Method::kDelete, "/fhir/Patient/p1").status, 204);
    EXPECT_EQ(Patch(kBirth, kJsonPatch).status, 410);
}

TEST_F(FhirPatchTest, ByCriteriaAndInBundles) {
    const std::vector<Pair> type = {{"Content-Type", kJsonPatch}};
    EXPECT_EQ(Ask(Method::kPatch, "/fhir/Patient?identifier=urn:s%7C1", kBirth, type).status, 200);
    EXPECT_EQ(Ask(Method::kPatch, "/fhir/Patient?identifier=urn:s%7C2", kBirth, type).status, 404);
    EXPECT_EQ(Ask(Method::kPatch, "/fhir/Patient", kBirth, type).status, 400);
    // [{"op":"replace","path":"/birthDate","value":"1995-05-05"}]
    const std::string entry =
        R"({"resource":{"resourceType":"Binary","contentType":"application/json-patch+json","data":"W3sib3AiOiJyZXBsYWNlIiwicGF0aCI6Ii9iaXJ0aERhdGUiLCJ2YWx1ZSI6IjE5OTUtMDUtMDUifV0="},)"
        R"("request":{"method":"PATCH","url":"Patient/p1"}})";
    for (const char* kind : {"transaction", "batch"}) {
        const Answer answer = Post(
            "/fhir",
            std::string(R"({"resourceType":"Bundle","type":")") + kind + R"(","entry":[)" + entry +
                "]}"
        );
        ASSERT_EQ(answer.status, 200) << answer.body;
        EXPECT_NE(answer.body.find("\"200 OK\""), std::string::npos) << answer.body;
    }
    EXPECT_EQ(Get("/fhir/Patient/p1").Json()->root()["birthDate"].text(), "1995-05-05");
}

TEST_F(FhirPatchTest, TellsNothingOfWhatIsHidden) {
    const std::vector<Pair> other = {{"x-user", "b"}, {"Content-Type", kJsonPatch}};
    const std::string probe = R"([{"op":"test","path":"/birthDate","value":"1990-01-01"}])";
    EXPECT_EQ(Ask(Method::kPatch, "/fhir/Patient/p1", probe, other).status, 404);
    EXPECT_EQ(Ask(Method::kPatch, "/fhir/Patient?identifier=urn:s%7C1", probe, other).status, 404);
}

TEST_F(FhirPatchTest, RacingPatchesAreAllKept) {
    constexpr int kClients = 16;
    std::vector<std::thread> threads;
    std::atomic<int> kept{0};
    for (int one = 0; one < kClients; ++one) {
        threads.emplace_back([&, one] {
            const auto client = NewClient();
            const std::string body =
                R"([{"op":"add","path":"/identifier/-","value":{"system":"urn:t","value":")" +
                std::to_string(one) + R"("}}])";
            // Busy means: nothing was done, try again.
            for (int tries = 0; tries < 50; ++tries) {
                const Answer answer = AskWith(
                    *client,
                    Method::kPatch,
                    "/fhir/Patient/p1",
                    body,
                    {{"Content-Type", kJsonPatch}}
                );
                if (answer.status == 200) {
                    ++kept;
                    return;
                }
                EXPECT_EQ(answer.status, 503);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(kept, kClients);
    EXPECT_EQ(Get("/fhir/Patient/p1").Json()->root()["identifier"].size(), 1U + kClients);
}

}  // namespace
}  // namespace kangqu::api::testing
