#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

using FhirBundleTest = FhirServerTest;

std::string Bundle(std::string_view type, const std::vector<std::string>& entries) {
    std::string text =
        R"({"resourceType":"Bundle","type":")" + std::string(type) + R"(","entry":[)";
    for (const std::string& entry : entries) {
        text += (text.back() == '[' ? "" : ",") + entry;
    }
    return text + "]}";
}

std::string
Entry(const std::string& method, const std::string& url, const std::string& resource = {}) {
    std::string text = "{";
    text += resource.empty() ? "" : "\"resource\":" + resource + ",";
    return text + R"("request":{"method":")" + method + R"(","url":")" + url + "\"}}";
}

std::string StatusAt(const Answer& answer, std::size_t index) {
    const auto document = answer.Json();
    return std::string(document->root()["entry"][index]["response"]["status"].text()).substr(0, 3);
}

TEST_F(FhirBundleTest, TransactionAnswersEveryEntryInItsPlace) {
    ASSERT_EQ(Put("/fhir/Patient/old", Patient("old")).status, 201);
    ASSERT_EQ(Put("/fhir/Patient/p2", Patient("p2", "a", "2")).status, 201);
    const Answer answer = Post(
        "/fhir",
        Bundle(
            "transaction",
            {Entry("GET", "Patient/p1"),
             Entry("PUT", "Patient/p1", Patient("p1")),
             Entry("POST", "Patient", Patient("")),
             Entry("DELETE", "Patient/old"),
             Entry("PUT", "Patient?identifier=urn:s%7C2", Patient("", "b", "2")),
             Entry("DELETE", "Patient?identifier=urn:s%7Cnone"),
             Entry("GET", "Patient?identifier=urn:s%7C2")}
        )
    );
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto document = answer.Json();
    EXPECT_EQ(document->root()["type"].text(), "transaction-response");
    const char* const expected[] = {"200", "201", "201", "204", "200", "204", "200"};
    for (std::size_t i = 0; i < 7; ++i) {
        EXPECT_EQ(StatusAt(answer, i), expected[i]) << i << answer.body;
    }
    const auto entries = document->root()["entry"];
    EXPECT_EQ(entries[0]["resource"]["id"].text(), "p1") << "reads come after the writes";
    EXPECT_EQ(entries[6]["resource"]["entry"][0]["resource"]["meta"]["versionId"].text(), "2");
    EXPECT_EQ(entries[1]["response"]["location"].text(), "Patient/p1/_history/1");
    EXPECT_EQ(entries[1]["response"]["etag"].text(), "W/\"1\"");
    EXPECT_FALSE(entries[1]["response"]["lastModified"].missing());
}

TEST_F(FhirBundleTest, TransactionIsAllOrNothing) {
    const auto before = store_->position();
    const Answer answer = Post(
        "/fhir",
        Bundle(
            "transaction",
            {Entry("PUT", "Patient/p1", Patient("p1")),
             Entry(
                 "PUT", "Patient/p2", R"({"resourceType":"Patient","id":"p2","gender":"x","sex":1})"
             )}
        )
    );
    EXPECT_EQ(answer.status, 400);
    EXPECT_NE(answer.body.find("Bundle.entry[1]"), std::string::npos);
    EXPECT_EQ(store_->position(), before);
    EXPECT_EQ(Get("/fhir/Patient/p1").status, 404);
}

TEST_F(FhirBundleTest, TransactionRefusesOneRecordTwice) {
    const Answer answer = Post(
        "/fhir",
        Bundle(
            "transaction",
            {Entry("PUT", "Patient/p1", Patient("p1")), Entry("DELETE", "Patient/p1")}
        )
    );
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.Issue(), "bundle-bad-entry");
}

TEST_F(FhirBundleTest, LinksBetweenEntriesAreRewrittenWhereverTheyStand) {
    const std::string patient =
        R"({"fullUrl":"urn:uuid:aaaaaaaa-0000-4000-8000-000000000001","resource":{"resourceType":"Patient"},)"
        R"("request":{"method":"POST","url":"Patient"}})";
    const std::string observation =
        R"({"fullUrl":"urn:uuid:aaaaaaaa-0000-4000-8000-000000000002","resource":{"resourceType":"Observation",)"
        R"("text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:uuid:aaaaaaaa-0000-4000-8000-000000000001\">p</a></div>"},)"
        R"("extension":[{"url":"urn:e","valueUri":"urn:uuid:aaaaaaaa-0000-4000-8000-000000000001"}],)"
        R"("identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:aaaaaaaa-0000-4000-8000-000000000001"}],)"
        R"("status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:aaaaaaaa-0000-4000-8000-000000000001"}},)"
        R"("request":{"method":"POST","url":"Observation"}})";
    const Answer answer = Post("/fhir", Bundle("transaction", {observation, patient}));
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto document = answer.Json();
    const auto location = [&](std::size_t i) {
        std::string text(document->root()["entry"][i]["response"]["location"].text());
        return text.substr(0, text.find("/_history"));
    };
    const Answer read = Get("/fhir/" + location(0));
    const auto root = read.Json();
    EXPECT_EQ(root->root()["subject"]["reference"].text(), location(1));
    EXPECT_EQ(root->root()["extension"][0]["valueUri"].text(), location(1));
    EXPECT_NE(
        root->root()["text"]["div"].text().find("href=\"" + location(1) + "\""), std::string::npos
    );
    EXPECT_EQ(
        root->root()["identifier"][0]["value"].text(),
        "urn:uuid:aaaaaaaa-0000-4000-8000-000000000001"
    ) << "an identifier is no link";
}

TEST_F(FhirBundleTest, RelativeReferencesAreReadAgainstTheFullUrl) {
    const std::string base = "http://other.example/fhir/";
    const Answer answer = Post(
        "/fhir",
        Bundle(
            "transaction",
            {R"({"fullUrl":")" + base +
                 R"(Patient/77","resource":{"resourceType":"Patient","id":"77"},"request":{"method":"POST","url":"Patient"}})",
             R"({"fullUrl":")" + base +
                 R"(Observation/5","resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/77"}},"request":{"method":"POST","url":"Observation"}})"}
        )
    );
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto document = answer.Json();
    const std::string observation(document->root()["entry"][1]["response"]["location"].text());
    const std::string patient(document->root()["entry"][0]["response"]["location"].text());
    const auto root = Get("/fhir/" + observation).Json();
    EXPECT_EQ(root->root()["subject"]["reference"].text(), patient.substr(0, patient.find("/_h")));
}

TEST_F(FhirBundleTest, ConditionalReferencesFindOneOrRefuse) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "a", "1")).status, 201);
    const auto send = [&](const std::string& value) {
        return Post(
            "/fhir",
            Bundle(
                "transaction",
                {Entry(
                    "POST",
                    "Observation",
                    R"({"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient?identifier=urn:s|)" +
                        value + "\"}}"
                )}
            ),
            {{"Prefer", "return=representation"}}
        );
    };
    const Answer good = send("1");
    ASSERT_EQ(good.status, 200) << good.body;
    EXPECT_EQ(
        good.Json()->root()["entry"][0]["resource"]["subject"]["reference"].text(), "Patient/p1"
    );
    EXPECT_EQ(send("2").Issue(), "reference-unresolved");
    ASSERT_EQ(Put("/fhir/Patient/p2", Patient("p2", "a", "1")).status, 201);
    EXPECT_EQ(send("1").status, 412);
}

TEST_F(FhirBundleTest, BatchEntriesStandAlone) {
    ASSERT_EQ(Put("/fhir/Patient/old", Patient("old")).status, 201);
    const Answer answer = Post(
        "/fhir",
        Bundle(
            "batch",
            {Entry("GET", "Patient/p1"),
             Entry("PUT", "Patient/p1", Patient("p1")),
             Entry("PUT", "Patient/p2", R"({"resourceType":"Patient","id":"p2","sex":1})"),
             Entry("DELETE", "Patient/old"),
             Entry("GET", "Patient/none"),
             Entry("GET", "metadata"),
             Entry("TRACE", "Patient/p1"),
             Entry("POST", "Patient/p1/$meta-add", "{}"),
             Entry("POST", "", Bundle("batch", {}))}
        )
    );
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.Json()->root()["type"].text(), "batch-response");
    const char* const expected[] = {"200", "201", "400", "204", "404", "200", "400", "400", "400"};
    for (std::size_t i = 0; i < 9; ++i) {
        EXPECT_EQ(StatusAt(answer, i), expected[i]) << i;
    }
    const auto entries = answer.Json();
    EXPECT_EQ(
        entries->root()["entry"][2]["response"]["outcome"]["resourceType"].text(),
        "OperationOutcome"
    );
    EXPECT_EQ(entries->root()["entry"][0]["resource"]["id"].text(), "p1");
}

TEST_F(FhirBundleTest, PreconditionsOfEntries) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1")).status, 201);
    const std::string stale =
        R"({"resource":)" + Patient("p1", "z") +
        R"(,"request":{"method":"PUT","url":"Patient/p1","ifMatch":"W/\"9\""}})";
    const std::string unchanged =
        R"({"request":{"method":"GET","url":"Patient/p1","ifNoneMatch":"W/\"1\""}})";
    const Answer batch = Post("/fhir", Bundle("batch", {stale, unchanged}));
    EXPECT_EQ(StatusAt(batch, 0), "412");
    EXPECT_EQ(StatusAt(batch, 1), "304");
    EXPECT_EQ(Post("/fhir", Bundle("transaction", {stale})).status, 412);
}

TEST_F(FhirBundleTest, OtherKindsOfBundlesAreRefused) {
    EXPECT_EQ(Post("/fhir", Bundle("collection", {})).status, 501);
    EXPECT_EQ(Post("/fhir", Patient("p1")).status, 400);
    EXPECT_EQ(Post("/fhir", Bundle("transaction", {})).status, 200);
    EXPECT_EQ(
        Post("/fhir", Bundle("transaction", {Entry("POST", "Patient/p1/$meta-add", "{}")})).status,
        501
    );
}

TEST_F(FhirBundleTest, TooManyEntriesAreRefused) {
    std::vector<std::string> entries(
        records::kMaxBundleEntries + 1, R"({"request":{"method":"GET","url":"metadata"}})"
    );
    for (const char* type : {"batch", "transaction"}) {
        const Answer answer = Post("/fhir", Bundle(type, entries));
        EXPECT_EQ(answer.status, 413);
        EXPECT_EQ(answer.Issue(), "too-large");
    }
}

TEST_F(FhirBundleTest, ALargeBatchSharesFlushes) {
    std::vector<std::string> entries;
    for (int i = 0; i < 2'500; ++i) {
        const std::string id = "b" + std::to_string(i);
        entries.push_back(Entry("PUT", "Patient/" + id, Patient(id)));
    }
    const auto before = store_->figures().commits;
    const Answer answer = Post("/fhir", Bundle("batch", entries));
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(StatusAt(answer, 2'499), "201");
    EXPECT_LT(store_->figures().commits - before, 100);
}

}  // namespace
}  // namespace kangqu::api::testing
