#include "fhir_support.hpp"
#include <thread>

namespace kangqu::api::testing {
namespace {

using FhirTest = FhirServerTest;

TEST_F(FhirTest, CreateReadsBackWithItsAddress) {
    const Answer created = Post("/fhir/Patient", Patient(""));
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_EQ(created.Header("etag"), "W/\"1\"");
    const auto root = created.Json();
    const std::string id(root->root()["id"].text());
    EXPECT_EQ(
        created.Header("location"),
        "http://127.0.0.1:" + std::to_string(server_->port()) + "/fhir/Patient/" + id +
            "/_history/1"
    );
    const Answer read = Get("/fhir/Patient/" + id);
    EXPECT_EQ(read.status, 200);
    EXPECT_EQ(read.body, created.body);
    EXPECT_EQ(read.Header("last-modified"), created.Header("last-modified"));
    EXPECT_EQ(read.Header("content-type"), "application/fhir+json; charset=utf-8");
}

TEST_F(FhirTest, StatusCodesOfReading) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1")).status, 201);
    EXPECT_EQ(Get("/fhir/Patient/none").status, 404);
    EXPECT_EQ(Get("/fhir/Nothing/p1").status, 404);
    EXPECT_EQ(Get("/fhir/Patient/p1/_history/1").status, 200);
    EXPECT_EQ(Get("/fhir/Patient/p1/_history/2").status, 404);
    EXPECT_EQ(Get("/fhir/Patient/p1/_history/x").status, 404);
    ASSERT_EQ(Ask(Method::kDelete, "/fhir/Patient/p1").status, 204);
    const Answer gone = Get("/fhir/Patient/p1", {{"Accept-Language", "en"}});
    EXPECT_EQ(gone.status, 410);
    EXPECT_EQ(gone.Issue(), "gone");
    EXPECT_NE(gone.body.find("has been deleted"), std::string::npos);
    EXPECT_NE(Get("/fhir/Patient/p1").body.find("已删除"), std::string::npos);
    EXPECT_EQ(Get("/fhir/Patient/p1/_history/1").status, 200);
    EXPECT_EQ(Get("/fhir/Patient/p1/_history/2").status, 410);
    EXPECT_EQ(Put("/fhir/Patient/p1", Patient("p1")).status, 201);
}

TEST_F(FhirTest, HeadHasTheHeadersOfGet) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1")).status, 201);
    const Answer head = Ask(Method::kHead, "/fhir/Patient/p1");
    EXPECT_EQ(head.status, 200);
    EXPECT_TRUE(head.body.empty());
    EXPECT_EQ(head.Header("etag"), "W/\"1\"");
    EXPECT_EQ(Ask(Method::kHead, "/fhir/Patient/p2").status, 404);
}

TEST_F(FhirTest, ConditionalRead) {
    const Answer created = Put("/fhir/Patient/p1", Patient("p1"));
    const auto status = [&](const char* name, const std::string& value) {
        return Get("/fhir/Patient/p1", {{name, value}}).status;
    };
    EXPECT_EQ(status("If-None-Match", "W/\"1\""), 304);
    EXPECT_EQ(status("If-None-Match", "\"7\", \"1\""), 304);
    EXPECT_EQ(status("If-None-Match", "*"), 304);
    EXPECT_EQ(status("If-None-Match", "W/\"2\""), 200);
    EXPECT_EQ(status("If-Modified-Since", created.Header("last-modified")), 304);
    EXPECT_EQ(status("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"), 200);
    EXPECT_EQ(status("If-Modified-Since", "yesterday"), 200);
    const Answer both =
        Get("/fhir/Patient/p1",
            {{"If-None-Match", "W/\"2\""}, {"If-Modified-Since", created.Header("last-modified")}});
    EXPECT_EQ(both.status, 200) << "If-None-Match wins";
}

TEST_F(FhirTest, UpdateChecksTheVersion) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "a")).status, 201);
    EXPECT_EQ(Put("/fhir/Patient/p1", Patient("p1", "b"), {{"If-Match", "W/\"1\""}}).status, 200);
    const Answer late = Put("/fhir/Patient/p1", Patient("p1", "c"), {{"If-Match", "W/\"1\""}});
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.Issue(), "version-conflict");
    EXPECT_EQ(Put("/fhir/Patient/p1", Patient("p1"), {{"If-Match", "one"}}).status, 400);
    EXPECT_EQ(Put("/fhir/Patient/p2", Patient("p2"), {{"If-Match", "W/\"1\""}}).status, 412);
    EXPECT_EQ(Put("/fhir/Patient/p1", Patient("p1"), {{"If-None-Match", "*"}}).status, 412);
    EXPECT_EQ(Put("/fhir/Patient/p3", Patient("p3"), {{"If-None-Match", "*"}}).status, 201);
    EXPECT_EQ(Put("/fhir/Patient/p1", Patient("p9")).status, 400) << "another id";
    EXPECT_EQ(Put("/fhir/Patient/p1", Patient("")).status, 400) << "no id";
    EXPECT_EQ(Put("/fhir/Observation/p1", Patient("p1")).status, 400) << "another type";
    EXPECT_EQ(Ask(Method::kDelete, "/fhir/Patient/p1", {}, {{"If-Match", "W/\"1\""}}).status, 412);
    EXPECT_EQ(Ask(Method::kDelete, "/fhir/Patient/p1", {}, {{"If-Match", "W/\"2\""}}).status, 204);
}

TEST_F(FhirTest, PreferSaysWhatComesBack) {
    const auto put = [&](const char* prefer) {
        return Put("/fhir/Patient/p1", Patient("p1"), {{"Prefer", prefer}});
    };
    EXPECT_TRUE(put("return=minimal").body.empty());
    EXPECT_NE(put("return=representation").body.find("\"Patient\""), std::string::npos);
    EXPECT_NE(put("return=OperationOutcome").body.find("OperationOutcome"), std::string::npos);
    EXPECT_NE(put("respond-async").body.find("\"Patient\""), std::string::npos);
}

TEST_F(FhirTest, ConditionalCreate) {
    const auto create = [&] {
        return Post(
            "/fhir/Patient", Patient("", "a", "1"), {{"If-None-Exist", "identifier=urn:s|1"}}
        );
    };
    const Answer first = create();
    EXPECT_EQ(first.status, 201);
    const Answer second = create();
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.Json()->root()["id"].text(), first.Json()->root()["id"].text());
    ASSERT_EQ(Post("/fhir/Patient", Patient("", "a", "1")).status, 201);
    const Answer third = create();
    EXPECT_EQ(third.status, 412);
    EXPECT_EQ(third.Issue(), "multiple-matches");
    for (const char* criteria : {"", "?", "_count=1", "identifier=", "nonsense=1"}) {
        const Answer bad = Post("/fhir/Patient", Patient(""), {{"If-None-Exist", criteria}});
        EXPECT_EQ(bad.status, *criteria == '\0' ? 201 : 400) << criteria << bad.body;
    }
}

TEST_F(FhirTest, ConditionalUpdate) {
    const std::string where = "/fhir/Patient?identifier=urn:s%7C7";
    const Answer created = Put(where, Patient("", "a", "7"));
    ASSERT_EQ(created.status, 201) << created.body;
    const std::string id(created.Json()->root()["id"].text());
    EXPECT_EQ(Put(where, Patient("", "b", "7")).status, 200);
    EXPECT_EQ(Put(where, Patient(id, "c", "7")).Header("etag"), "W/\"3\"");
    EXPECT_EQ(Put(where, Patient("other", "c", "7")).status, 400);
    EXPECT_EQ(Put(where, Patient("", "d", "7"), {{"If-Match", "W/\"1\""}}).status, 412);
    const Answer named = Put("/fhir/Patient?identifier=urn:s%7C8", Patient("mine", "a", "8"));
    EXPECT_EQ(named.status, 201);
    EXPECT_EQ(named.Json()->root()["id"].text(), "mine");
    EXPECT_EQ(Put("/fhir/Patient?identifier=urn:s%7C9", Patient("mine", "a", "9")).status, 412);
    ASSERT_EQ(Post("/fhir/Patient", Patient("", "a", "7")).status, 201);
    EXPECT_EQ(Put(where, Patient("", "a", "7")).status, 412);
    EXPECT_EQ(Put("/fhir/Patient", Patient("")).status, 400) << "no criteria";
}

TEST_F(FhirTest, ConditionalDelete) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "a", "1")).status, 201);
    const std::string where = "/fhir/Patient?identifier=urn:s%7C1";
    EXPECT_EQ(Ask(Method::kDelete, "/fhir/Patient?identifier=urn:s%7C2").status, 204);
    EXPECT_EQ(Ask(Method::kDelete, where).status, 204);
    EXPECT_EQ(Get("/fhir/Patient/p1").status, 410);
    EXPECT_EQ(Ask(Method::kDelete, where).status, 204);
    ASSERT_EQ(Put("/fhir/Patient/p2", Patient("p2", "a", "1")).status, 201);
    ASSERT_EQ(Put("/fhir/Patient/p3", Patient("p3", "a", "1")).status, 201);
    EXPECT_EQ(Ask(Method::kDelete, where).status, 412);
    EXPECT_EQ(Get("/fhir/Patient/p2").status, 200);
    EXPECT_EQ(Ask(Method::kDelete, "/fhir/Patient").status, 400) << "never all of a type";
}

TEST_F(FhirTest, MetaIsReadAddedToAndTakenFrom) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1")).status, 201);
    const std::string tags =
        R"({"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"profile":["urn:p"],)"
        R"("tag":[{"system":"urn:t","code":"x","display":"甲"}]}}]})";
    for (int twice = 0; twice < 2; ++twice) {
        const Answer added = Post("/fhir/Patient/p1/$meta-add", tags);
        ASSERT_EQ(added.status, 200) << added.body;
        const auto meta = added.Json();
        const auto value = meta->root()["parameter"][0]["valueMeta"];
        EXPECT_EQ(value["tag"].size(), 1U);
        EXPECT_EQ(value["profile"][0].text(), "urn:p");
        EXPECT_EQ(value["versionId"].text(), "2") << "the same again makes no version";
    }
    const Answer taken = Post("/fhir/Patient/p1/$meta-delete", tags);
    EXPECT_EQ(taken.status, 200);
    EXPECT_EQ(taken.body.find("urn:p"), std::string::npos);
    EXPECT_EQ(Get("/fhir/Patient/p1/$meta").body, taken.body);
    EXPECT_EQ(Post("/fhir/Patient/p1/$meta-add", "{}").status, 400);
    EXPECT_EQ(Post("/fhir/Patient/none/$meta-add", tags).status, 404);
}

// Several clients, one thread each; returns how often each status came.
std::map<int, int> Race(int clients, const std::function<int(int)>& ask) {
    std::vector<int> statuses(static_cast<std::size_t>(clients));
    std::vector<std::thread> threads;
    for (int one = 0; one < clients; ++one) {
        threads.emplace_back([&, one] { statuses[static_cast<std::size_t>(one)] = ask(one); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::map<int, int> counts;
    for (const int status : statuses) {
        ++counts[status];
    }
    return counts;
}

TEST_F(FhirTest, OfRacingConditionalCreatesExactlyOneCreates) {
    for (int round = 0; round < 5; ++round) {
        const std::string value = "race" + std::to_string(round);
        auto counts = Race(32, [&](int) {
            const auto client = NewClient();
            return AskWith(
                       *client,
                       Method::kPost,
                       "/fhir/Patient",
                       Patient("", "a", value),
                       {{"If-None-Exist", "identifier=urn:s|" + value}}
            ).status;
        });
        EXPECT_EQ(counts[201], 1);
        EXPECT_EQ(counts[200], 31);
    }
}

TEST_F(FhirTest, OfRacingUpdatesExactlyOneWins) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1")).status, 201);
    for (int round = 1; round <= 5; ++round) {
        auto counts = Race(24, [&](int one) {
            const auto client = NewClient();
            return AskWith(
                       *client,
                       Method::kPut,
                       "/fhir/Patient/p1",
                       Patient("p1", "x" + std::to_string(round * 100 + one)),
                       {{"If-Match", "W/\"" + std::to_string(round) + "\""}}
            ).status;
        });
        EXPECT_EQ(counts[200], 1);
        EXPECT_EQ(counts[412], 23);
    }
}

TEST_F(FhirTest, OfRacingConditionalUpdatesOneCreatesAndNoneIsLost) {
    auto counts = Race(24, [&](int one) {
        const auto client = NewClient();
        return AskWith(
                   *client,
                   Method::kPut,
                   "/fhir/Patient?identifier=urn:s%7Conly",
                   Patient("", "x" + std::to_string(one), "only")
        )
            .status;
    });
    EXPECT_EQ(counts[201], 1);
    EXPECT_EQ(counts[201] + counts[200] + counts[503], 24);
    EXPECT_EQ(Get("/fhir/Patient?identifier=urn:s%7Conly").Json()->root()["entry"].size(), 1U);
}

}  // namespace
}  // namespace kangqu::api::testing
