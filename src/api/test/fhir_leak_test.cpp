#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

// What a person of organisation "a" can learn about a resident of organisation "b": nothing that
// tells him from a resident who does not exist.
class FhirLeakTest : public FhirServerTest {
protected:
    void SetUp() override {
        FhirServerTest::SetUp();
        ASSERT_EQ(Put("/fhir/Patient/hidden", Patient("hidden", "b", "secret")).status, 201);
        ASSERT_EQ(Put("/fhir/Patient/hidden", Patient("hidden", "b", "secret2")).status, 200);
        ASSERT_EQ(
            Put("/fhir/Observation/o",
                R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/hidden"}})"
            )
                .status,
            201
        );
    }
    Answer AsA(
        Method method,
        const std::string& target,
        std::string body = {},
        std::vector<Pair> headers = {}
    ) {
        headers.push_back({"x-user", "a"});
        return Ask(method, target, std::move(body), std::move(headers));
    }
    // The two answers with the id taken out.
    static std::string Told(Answer answer, const std::string& id) {
        for (std::size_t at = answer.body.find(id); at != std::string::npos;
             at = answer.body.find(id)) {
            answer.body.erase(at, id.size());
        }
        return std::to_string(answer.status) + answer.Header("etag") + answer.body;
    }
    void ExpectSame(Method method, const std::string& before, const std::string& behind) {
        EXPECT_EQ(
            Told(AsA(method, before + "hidden" + behind), "hidden"),
            Told(AsA(method, before + "absent" + behind), "absent")
        ) << before
          << behind;
    }
};

TEST_F(FhirLeakTest, ReadingTellsNothing) {
    for (const char* behind :
         {"", "/_history/1", "/_history/2", "/_history/3", "/_history", "/$meta"}) {
        ExpectSame(Method::kGet, "/fhir/Patient/", behind);
    }
    ExpectSame(Method::kHead, "/fhir/Patient/", "");
    EXPECT_EQ(AsA(Method::kGet, "/fhir/Observation/o").status, 404);
    EXPECT_EQ(AsA(Method::kGet, "/fhir/Patient/hidden", {}, {{"If-None-Match", "*"}}).status, 404);
}

TEST_F(FhirLeakTest, DeletingTellsNothingAndDeletesNothing) {
    ExpectSame(Method::kDelete, "/fhir/Patient/", "");
    const std::string hidden = "/fhir/Patient/hidden";
    EXPECT_EQ(
        Told(AsA(Method::kDelete, hidden, {}, {{"If-Match", "W/\"2\""}}), "hidden"),
        Told(AsA(Method::kDelete, "/fhir/Patient/absent", {}, {{"If-Match", "W/\"2\""}}), "absent")
    );
    EXPECT_EQ(AsA(Method::kDelete, "/fhir/Patient?identifier=urn:s%7Csecret2").status, 204);
    EXPECT_EQ(Get("/fhir/Patient/hidden").status, 200);
}

TEST_F(FhirLeakTest, CriteriaSeeOnlyWhatTheCallerSees) {
    const Answer created =
        AsA(Method::kPost,
            "/fhir/Patient",
            Patient("", "a", "secret2"),
            {{"If-None-Exist", "identifier=urn:s|secret2"}});
    EXPECT_EQ(created.status, 201) << "as if there were none";
    const Answer updated =
        AsA(Method::kPut, "/fhir/Patient?identifier=urn:s%7Csecret2", Patient("", "a", "secret2"));
    EXPECT_EQ(updated.status, 200) << "his own, not two matches";
    const std::string bundle =
        R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Basic","code":{"text":"x"},)"
        R"("subject":{"reference":"Patient?identifier=urn:s|KEY"}},"request":{"method":"POST","url":"Basic"}}]})";
    const auto send = [&](const std::string& key) {
        std::string text = bundle;
        return AsA(Method::kPost, "/fhir", text.replace(text.find("KEY"), 3, key));
    };
    ASSERT_EQ(Put("/fhir/Patient/other", Patient("other", "b", "deep")).status, 201);
    EXPECT_EQ(Told(send("deep"), "deep"), Told(send("none"), "none"));
    EXPECT_EQ(send("deep").Issue(), "reference-unresolved");
}

TEST_F(FhirLeakTest, WritingIsRefusedWithoutTheVersion) {
    const Answer update =
        AsA(Method::kPut, "/fhir/Patient/hidden", Patient("hidden", "b"), {{"If-Match", "W/\"1\""}}
        );
    EXPECT_EQ(update.status, 403);
    EXPECT_EQ(
        Told(AsA(Method::kPut, "/fhir/Patient/hidden", Patient("hidden", "b")), "hidden"),
        Told(AsA(Method::kPut, "/fhir/Patient/absent", Patient("absent", "b")), "absent")
    );
    EXPECT_EQ(Get("/fhir/Patient/hidden").Header("etag"), "W/\"2\"");
}

TEST_F(FhirLeakTest, BundlesGoTheSameWay) {
    const std::string batch =
        R"({"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/hidden"}},)"
        R"({"request":{"method":"DELETE","url":"Patient/hidden"}},)"
        R"({"request":{"method":"GET","url":"Patient?identifier=urn:s%7Csecret2"}},)"
        R"({"request":{"method":"GET","url":"_history"}}]})";
    const Answer answer = AsA(Method::kPost, "/fhir", batch);
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.find("Organization/b"), std::string::npos) << answer.body;
    const auto entries = answer.Json();
    EXPECT_EQ(entries->root()["entry"][0]["response"]["status"].text(), "404 Not Found");
    EXPECT_EQ(entries->root()["entry"][1]["response"]["status"].text(), "204 No Content");
    EXPECT_EQ(Get("/fhir/Patient/hidden").status, 200);
}

TEST_F(FhirLeakTest, AReaderWritesNothing) {
    const std::vector<Pair> reader = {{"x-user", "reader"}};
    const auto before = store_->position();
    EXPECT_EQ(Put("/fhir/Patient/hidden", Patient("hidden"), reader).status, 403);
    EXPECT_EQ(Post("/fhir/Patient", Patient(""), reader).status, 403);
    EXPECT_EQ(Ask(Method::kDelete, "/fhir/Patient/hidden", {}, reader).status, 403);
    EXPECT_EQ(Ask(Method::kDelete, "/fhir/Patient?_id=hidden", {}, reader).status, 403);
    const std::string meta =
        R"({"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"profile":["urn:p"]}}]})";
    EXPECT_EQ(Post("/fhir/Patient/hidden/$meta-add", meta, reader).status, 403);
    EXPECT_EQ(store_->position(), before);
}

}  // namespace
}  // namespace kangqu::api::testing
