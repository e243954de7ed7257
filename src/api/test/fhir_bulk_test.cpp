#include "kangqu/bulk/jobs.hpp"

#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

class FhirBulkTest : public FhirServerTest {
protected:
    void AddRoutes() override {
        jobs_ = std::make_unique<bulk::Jobs>(bulk::Jobs::Services{
            *records_,
            ids_,
            clock_,
            folder_ / "bulk",
            [](const std::string& owner) -> core::Result<search::Restriction> {
                return RestrictionOfUser(PrincipalOf(owner)->name);
            },
            [](const std::string& text) -> core::Result<std::string> {
                KQ_ASSIGN(const Url url, ParseUrl(text));
                KQ_ASSIGN(const Response response, Client::ForUrl(url)->Get(url.target));
                return response.body;
            },
            [](std::string_view) {
            }});
        ASSERT_TRUE(jobs_->Start().ok());
        RegisterBulk(
            *registry_,
            {*records_,
             *jobs_,
             [](const Request& request) -> core::Result<search::Restriction> {
                 return RestrictionOfUser(request.principal->name);
             }}
        );
        Route source = Open(Method::kGet, "/api/source", "source", [this](const Request&) {
            return core::Result<Response>(Response::Text(source_, "text/plain"));
        });
        registry_->Add(std::move(source));
    }
    void CloseServices() override { jobs_.reset(); }
    using FhirServerTest::Open;
    static Route Open(Method method, std::string path, std::string id, Route::Handler handler) {
        return testing::Open(method, std::move(path), std::move(id), std::move(handler));
    }

    static std::string PathOf(const std::string& url) { return url.substr(url.find("/fhir/")); }
    // Polls until the job is no longer under way.
    Answer Await(const Answer& began, const std::string& user) {
        EXPECT_EQ(began.status, 202) << began.body;
        Answer answer = began;
        for (int i = 0; i < 500 && answer.status == 202; ++i) {
            answer = Get(PathOf(began.Header("content-location")), {{"x-user", user}});
            std::this_thread::sleep_for(10ms);
        }
        return answer;
    }
    // "Patient/p1" of every line of every file of a manifest.
    std::set<std::string> Lines(const Answer& manifest, const std::string& user) {
        std::set<std::string> out;
        const auto document = manifest.Json();
        const auto output = document->root()["output"];
        for (auto file = output.first(); file; file = file.next()) {
            const Answer text = Get(PathOf(std::string(file["url"].text())), {{"x-user", user}});
            EXPECT_EQ(text.Header("content-type"), "application/fhir+ndjson");
            std::istringstream in(text.body);
            std::string line;
            while (std::getline(in, line)) {
                const auto one = core::JsonDocument::Parse(line);
                out.insert(
                    std::string(one.value()->root()["resourceType"].text()) + "/" +
                    std::string(one.value()->root()["id"].text())
                );
            }
        }
        return out;
    }

    std::string source_;
    std::unique_ptr<bulk::Jobs> jobs_;
};

using Names = std::set<std::string>;

TEST_F(FhirBulkTest, ExportsWhatTheCallerMaySeeAndToNobodyElse) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "a")).status, 201);
    ASSERT_EQ(Put("/fhir/Patient/p2", Patient("p2", "b")).status, 201);
    ASSERT_EQ(
        Put("/fhir/Basic/x", R"({"resourceType":"Basic","id":"x","code":{"text":"x"}})").status, 201
    );
    const std::vector<Pair> a = {{"x-user", "a"}, {"Prefer", "respond-async"}};
    const Answer began = Get("/fhir/$export", a);
    const Answer done = Await(began, "a");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.Header("content-type"), "application/json");
    EXPECT_FALSE(done.Header("expires").empty());
    EXPECT_EQ(Lines(done, "a"), (Names{"Patient/p1", "Basic/x"}));
    const std::string status = PathOf(began.Header("content-location"));
    EXPECT_EQ(Get(status, {{"x-user", "b"}}).status, 404);
    const auto manifest = done.Json();
    const std::string file = PathOf(std::string(manifest->root()["output"][0]["url"].text()));
    EXPECT_EQ(Get(file, {{"x-user", "b"}}).status, 404);
    EXPECT_EQ(Ask(Method::kDelete, status, {}, {{"x-user", "b"}}).status, 404);
    EXPECT_EQ(Ask(Method::kDelete, status, {}, {{"x-user", "a"}}).status, 202);
    EXPECT_EQ(Get(status, {{"x-user", "a"}}).status, 404);
    EXPECT_EQ(Get(file, {{"x-user", "a"}}).status, 404);
}

TEST_F(FhirBulkTest, LevelsAndParameters) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1")).status, 201);
    ASSERT_EQ(Put("/fhir/Patient/p2", Patient("p2")).status, 201);
    ASSERT_EQ(
        Put("/fhir/Basic/x", R"({"resourceType":"Basic","id":"x","code":{"text":"x"}})").status, 201
    );
    ASSERT_EQ(
        Put("/fhir/Group/g",
            R"({"resourceType":"Group","id":"g","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/p2"}},{"entity":{"reference":"Patient/p1"},"inactive":true}]})"
        )
            .status,
        201
    );
    const auto lines = [&](const std::string& target) {
        return Lines(Await(Get(target), "all"), "all");
    };
    EXPECT_EQ(lines("/fhir/Patient/$export"), (Names{"Patient/p1", "Patient/p2", "Group/g"}));
    EXPECT_EQ(lines("/fhir/Group/g/$export?_type=Patient"), (Names{"Patient/p2"}));
    EXPECT_EQ(lines("/fhir/$export?_type=Basic,Group"), (Names{"Basic/x", "Group/g"}));
    EXPECT_EQ(
        lines("/fhir/$export?_type=Patient&_typeFilter=Patient%3F_id%3Dp1"), (Names{"Patient/p1"})
    );
    const Answer posted = Post(
        "/fhir/Patient/$export",
        R"({"resourceType":"Parameters","parameter":[{"name":"patient","valueReference":{"reference":"Patient/p1"}}]})"
    );
    EXPECT_EQ(Lines(Await(posted, "all"), "all"), (Names{"Patient/p1"}));
    EXPECT_EQ(Get("/fhir/$export?_type=Nothing").status, 400);
    EXPECT_EQ(Get("/fhir/$export?_since=soon").status, 400);
    EXPECT_EQ(Get("/fhir/$export?_outputFormat=csv").status, 400);
    EXPECT_EQ(Get("/fhir/$export?unheard=of").status, 400);
    EXPECT_EQ(Get("/fhir/$export?unheard=of", {{"Prefer", "handling=lenient"}}).status, 202);
    EXPECT_EQ(Get("/fhir/Group/none/$export").status, 404);
    EXPECT_EQ(Get("/fhir/Group/g/$export", {{"x-user", "nobody"}}).status, 404);
}

TEST_F(FhirBulkTest, ImportTakesNdjsonFromAnAddress) {
    source_ = Patient("p1") + "\n" + Patient("p2") + "\n{broken\n";
    const std::string url = "http://localhost:" + std::to_string(server_->port()) + "/api/source";
    const auto import = [&](const std::string& from, const std::string& user) {
        return Post(
            "/fhir/$import",
            R"({"resourceType":"Parameters","parameter":[{"name":"inputFormat","valueCode":"application/fhir+ndjson"},)"
            R"({"name":"input","part":[{"name":"type","valueCode":"Patient"},{"name":"url","valueUrl":")" +
                from + R"("}]}]})",
            {{"x-user", user}}
        );
    };
    EXPECT_EQ(import(url, "a").status, 403) << "imports are for the operators";
    EXPECT_EQ(import("file:///etc/passwd", "all").status, 400);
    const Answer done = Await(import(url, "all"), "all");
    ASSERT_EQ(done.status, 200) << done.body;
    const auto manifest = done.Json();
    EXPECT_EQ(manifest->root()["output"][0]["count"].integer(), 2);
    EXPECT_EQ(manifest->root()["output"][0]["refused"].integer(), 1);
    EXPECT_EQ(Get("/fhir/Patient/p2").status, 200);
    const Answer errors = Get(PathOf(std::string(manifest->root()["error"][0]["url"].text())));
    EXPECT_NE(errors.body.find("/api/source:3"), std::string::npos) << errors.body;
    const Answer failed = Await(import("http://localhost:1/nothing", "all"), "all");
    EXPECT_EQ(failed.status, 502);
}

TEST(Urls, AreTakenApart) {
    const auto good = ParseUrl("https://example.org:8443/a?b=c#d");
    ASSERT_TRUE(good.ok());
    EXPECT_TRUE(good->tls);
    EXPECT_EQ(good->host, "example.org");
    EXPECT_EQ(good->port, 8443);
    EXPECT_EQ(good->target, "/a?b=c");
    EXPECT_EQ(ParseUrl("http://[::1]/x")->host, "::1");
    EXPECT_EQ(ParseUrl("https://h")->port, 443);
    EXPECT_EQ(ParseUrl("http://h?x")->target, "/?x");
    for (const char* bad :
         {"",
          "ftp://h",
          "http://",
          "http://u:p@h/",
          "http://h:0/",
          "http://h:x/",
          "http://h/a b",
          "http://h/\r\nX: y",
          "file:///etc/passwd"}) {
        EXPECT_FALSE(ParseUrl(bad).ok()) << bad;
    }
}

}  // namespace
}  // namespace kangqu::api::testing
