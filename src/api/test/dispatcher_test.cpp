#include "kangqu/core/json.hpp"

#include "support.hpp"
#include <set>

#include <gtest/gtest.h>
#include <zlib.h>

namespace kangqu::api::testing {
namespace {

using core::Language;

Request Ask(Method method, std::string target, std::vector<Pair> headers = {}) {
    Request request;
    request.method = method;
    request.target = std::move(target);
    request.headers = std::move(headers);
    request.headers.push_back({"host", "localhost"});
    return request;
}

class DispatcherTest : public ::testing::Test {
protected:
    Response Send(Request request) {
        if (!dispatcher_) {
            dispatcher_ = std::make_unique<Dispatcher>(registry_, gate_, metrics_, options_);
        }
        Dispatcher::Plan plan = dispatcher_->Admit(request);
        return plan.answer ? *plan.answer : dispatcher_->Run(plan, request);
    }
    Response Get(std::string target, std::vector<Pair> headers = {}) {
        return Send(Ask(Method::kGet, std::move(target), std::move(headers)));
    }
    static std::string CodeOf(const Response& response) {
        const auto document = core::JsonDocument::Parse(response.body);
        return document.ok() ? std::string((*document)->root()["type"].text()) : response.body;
    }
    static Route Saying(Method method, const std::string& path, const std::string& text) {
        return Open(
            method,
            path,
            path + std::string(NameOf(method)),
            [text](const Request& request) {
                std::string all = text;
                for (const Pair& pair : request.params) {
                    all += " " + pair.name + "=" + pair.value;
                }
                return core::Result<Response>(Response::Text(all, "text/plain"));
            }
        );
    }

    Registry registry_;
    RequestMetrics metrics_;
    HeaderGate gate_;
    DispatcherOptions options_;
    std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, LiteralsBeforeNamesWithBacktracking) {
    registry_.Add(Saying(Method::kGet, "/fhir/{type}/{id}", "read"));
    registry_.Add(Saying(Method::kGet, "/fhir/{type}/_history", "history"));
    registry_.Add(Saying(Method::kGet, "/fhir/Patient/{id}/$everything", "everything"));
    registry_.Add(Saying(Method::kGet, "/fhir/metadata", "metadata"));
    registry_.Add(Saying(Method::kPost, "/fhir/{type}", "create"));
    EXPECT_EQ(Get("/fhir/Observation/7").body, "read type=Observation id=7");
    EXPECT_EQ(Get("/fhir/Patient/7").body, "read type=Patient id=7");
    EXPECT_EQ(Get("/fhir/Patient/_history").body, "history type=Patient");
    EXPECT_EQ(Get("/fhir/Patient/7/$everything").body, "everything id=7");
    EXPECT_EQ(Get("/fhir/metadata").body, "metadata");
    EXPECT_EQ(Get("/fhir/Patient/a%2Fb%E5%BA%B7").body, "read type=Patient id=a/b康");
    EXPECT_EQ(Get("/fhir/Patient/7/").body, "read type=Patient id=7");
    EXPECT_EQ(Send(Ask(Method::kPost, "/fhir/metadata")).body, "create type=metadata");
    EXPECT_EQ(Get("/fhir//7").status, 404);
    EXPECT_EQ(Get("/fhir/Patient/7/x").status, 404);
}

TEST_F(DispatcherTest, UnknownAddressAndWrongMethod) {
    registry_.Add(Saying(Method::kGet, "/api/things/{id}", "one"));
    registry_.Add(Saying(Method::kDelete, "/api/things/{id}", "gone"));
    const Response unknown = Get("/api/nothing");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(CodeOf(unknown), "urn:kangqu:error:route-unknown");
    const Response wrong = Send(Ask(Method::kPut, "/api/things/1"));
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(*wrong.Find("Allow"), "DELETE, GET, HEAD, OPTIONS");
    const Response odd = Send(Ask(Method::kOther, "/api/things/1"));
    EXPECT_EQ(odd.status, 405);
    const Response options = Send(Ask(Method::kOptions, "/api/things/1"));
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(*options.Find("Allow"), "DELETE, GET, HEAD, OPTIONS");
    EXPECT_EQ(Send(Ask(Method::kOptions, "*")).status, 204);
    EXPECT_EQ(Send(Ask(Method::kOptions, "/api/nothing")).status, 404);
    EXPECT_EQ(Send(Ask(Method::kHead, "/api/things/1")).status, 200);
}

TEST_F(DispatcherTest, ProblemsSpeakTheRequestsLanguage) {
    registry_.Add(Open(Method::kGet, "/api/fail", "fail", [](const Request&) {
        return core::Result<Response>(
            core::At(core::MakeError(core::ErrorCode::kNotFound, "X"), "Bundle.entry[3]")
        );
    }));
    const Response zh = Get("/api/fail");
    EXPECT_EQ(*zh.Find("Content-Type"), "application/problem+json");
    EXPECT_EQ(*zh.Find("Content-Language"), "zh");
    const auto problem = core::JsonDocument::Parse(zh.body).value();
    EXPECT_EQ(problem->root()["title"].text(), "找不到 X。");
    EXPECT_EQ(problem->root()["detail"].text(), "Bundle.entry[3]: 找不到 X。");
    EXPECT_EQ(problem->root()["where"].text(), "Bundle.entry[3]");
    EXPECT_EQ(problem->root()["status"].integer(), 404);
    const Response en = Get("/api/fail", {{"accept-language", "fr, en-GB;q=0.9, zh;q=0.2"}});
    EXPECT_EQ(
        core::JsonDocument::Parse(en.body).value()->root()["title"].text(), "X was not found."
    );
}

TEST_F(DispatcherTest, FhirPathsGetOutcomes) {
    options_.fhir = [](const std::vector<core::Error>& errors, Language) {
        return "outcome " + std::string(core::FactsOf(errors.at(0).code).code);
    };
    registry_.Add(Saying(Method::kGet, "/fhir/{type}/{id}", "read"));
    const Response response = Get("/fhir/a/b/c");
    EXPECT_EQ(response.body, "outcome route-unknown");
    EXPECT_EQ(*response.Find("Content-Type"), "application/fhir+json");
    EXPECT_EQ(CodeOf(Get("/fhirx")), "urn:kangqu:error:route-unknown");
}

TEST_F(DispatcherTest, WhatEscapesAHandlerIsNumberedNotShown) {
    std::vector<std::string> log;
    options_.log = [&log](std::string_view line) {
        log.emplace_back(line);
    };
    registry_
        .Add(Open(Method::kGet, "/api/bug", "bug", [](const Request&) -> core::Result<Response> {
            throw std::runtime_error("secret detail");
        }));
    const Response response = Get("/api/bug");
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    ASSERT_EQ(log.size(), 1U);
    EXPECT_NE(log[0].find("secret detail"), std::string::npos);
    const std::string number = log[0].substr(6, log[0].find(' ', 6) - 6);
    EXPECT_NE(response.body.find(number), std::string::npos);
}

TEST_F(DispatcherTest, AbilitiesAndSessionsAreAsked) {
    Route guarded = Saying(Method::kGet, "/api/mine", "mine");
    guarded.needs = Needs::kSession;
    registry_.Add(guarded);
    Route special = Saying(Method::kGet, "/api/special", "special");
    special.needs = Needs::kSession;
    special.ability = "special";
    special.summary = {"看特别的东西", "see special things"};
    registry_.Add(special);
    EXPECT_EQ(Get("/api/mine").status, 401);
    EXPECT_EQ(*Get("/api/mine").Find("WWW-Authenticate"), "Test");
    EXPECT_EQ(Get("/api/mine", {{"x-user", "eve"}}).status, 401);
    EXPECT_EQ(Get("/api/mine", {{"x-user", "ada"}}).body, "mine");
    const Response denied = Get("/api/special", {{"x-user", "ada"}});
    EXPECT_EQ(denied.status, 403);
    EXPECT_NE(denied.body.find("您没有权限看特别的东西"), std::string::npos);
}

TEST_F(DispatcherTest, MediaTypeOfABodyIsChecked) {
    Route route = Saying(Method::kPost, "/api/in", "in");
    route.request = {{"application/json", Schema::Any()}};
    registry_.Add(route);
    Request request = Ask(Method::kPost, "/api/in", {{"content-type", "text/xml"}});
    request.body = "<a/>";
    EXPECT_EQ(Send(request).status, 415);
    request = Ask(Method::kPost, "/api/in", {{"content-type", "Application/JSON; charset=utf-8"}});
    request.body = "{}";
    EXPECT_EQ(Send(request).status, 200);
}

std::string Unzip(const std::string& bytes) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string in = bytes;
    std::string out(10'000'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

TEST_F(DispatcherTest, LargeTextIsCompressedWhenAccepted) {
    std::string large;
    for (int index = 0; index < 2000; ++index) {
        large += "{\"id\":" + std::to_string(index) + "},";
    }
    registry_.Add(Saying(Method::kGet, "/api/large", large));
    registry_.Add(Saying(Method::kGet, "/api/small", "small"));
    const Response zipped = Get("/api/large", {{"accept-encoding", "br, gzip"}});
    EXPECT_EQ(*zipped.Find("Content-Encoding"), "gzip");
    EXPECT_LT(zipped.body.size(), large.size() / 3);
    EXPECT_EQ(Unzip(zipped.body), large);
    EXPECT_NE(zipped.Find("Vary")->find("Accept-Encoding"), std::string::npos);
    EXPECT_EQ(Get("/api/large").body, large);
    EXPECT_EQ(Get("/api/large", {{"accept-encoding", "gzip;q=0"}}).body, large);
    EXPECT_EQ(Get("/api/small", {{"accept-encoding", "gzip"}}).body, "small");
}

TEST_F(DispatcherTest, EveryAnswerCarriesTheSecurityHeaders) {
    registry_.Add(Saying(Method::kGet, "/api/x", "x"));
    for (const char* target : {"/api/x", "/api/none", "/api/%zz"}) {
        const Response response = Get(target);
        EXPECT_EQ(*response.Find("X-Content-Type-Options"), "nosniff") << target;
        EXPECT_EQ(*response.Find("Referrer-Policy"), "no-referrer") << target;
        EXPECT_EQ(*response.Find("Cache-Control"), "no-store") << target;
        EXPECT_NE(
            response.Find("Content-Security-Policy")->find("frame-ancestors 'none'"),
            std::string::npos
        ) << target;
    }
}

TEST_F(DispatcherTest, EveryRouteIsInTheDescriptionAndNothingElse) {
    RegisterSystemRoutes(registry_, metrics_, {});
    registry_.Add(Saying(Method::kGet, "/fhir/{type}/{id}", "read"));
    registry_.Add(Saying(Method::kPut, "/fhir/{type}/{id}", "update"));
    Route documented = Saying(Method::kPost, "/api/things/{id}", "thing");
    documented.id = "thing";
    documented.parameters = {
        {"deep", Parameter::In::kQuery, Schema::Boolean(), {"深", "deep"}, false}};
    documented.request = {{"application/json", Schema::Object({{"a", Schema::Integer()}})}};
    documented.needs = Needs::kSession;
    registry_.Add(documented);

    const auto document = core::JsonDocument::Parse(Get("/openapi.json").body).value();
    const core::JsonNode root = document->root();
    EXPECT_EQ(root["openapi"].text(), "3.1.0");
    std::set<std::string> described;
    for (core::JsonNode path = root["paths"].first(); path; path = path.next()) {
        for (core::JsonNode method = path.first(); method; method = method.next()) {
            described.insert(std::string(method.key()) + " " + std::string(path.key()));
            EXPECT_FALSE(method["operationId"].text().empty());
            EXPECT_FALSE(method["summary"].text().empty());
            EXPECT_TRUE(method["responses"]["default"].is_object());
        }
    }
    std::set<std::string> registered;
    for (const Route& route : registry_.routes()) {
        std::string name(NameOf(route.method));
        for (char& c : name) {
            c = static_cast<char>(c + 32);
        }
        registered.insert(name + " " + route.path);
    }
    EXPECT_EQ(described, registered);

    const core::JsonNode thing = root["paths"]["/api/things/{id}"]["post"];
    EXPECT_EQ(thing["parameters"][0]["name"].text(), "id");
    EXPECT_EQ(thing["parameters"][0]["in"].text(), "path");
    EXPECT_TRUE(thing["parameters"][0]["required"].boolean());
    EXPECT_EQ(thing["parameters"][1]["description"].text(), "深");
    const core::JsonNode schema = thing["requestBody"]["content"]["application/json"]["schema"];
    EXPECT_EQ(schema["required"][0].text(), "a");
    EXPECT_TRUE(thing["security"][0]["session"].is_array());
}

TEST_F(DispatcherTest, ReadinessListsReasons) {
    bool ready = false;
    SystemHooks hooks;
    hooks.not_ready = [&ready] {
        return ready ? std::vector<NotReady>{}
                     : std::vector<NotReady>{{"columns", {"正在装载", "loading"}}};
    };
    hooks.figures = [](MetricsText& text) {
        text.Gauge("kangqu_store_commits", "Commits.", 7);
    };
    RegisterSystemRoutes(registry_, metrics_, std::move(hooks));
    const Response waiting = Get("/readyz");
    EXPECT_EQ(waiting.status, 503);
    EXPECT_EQ(waiting.body, R"({"ready":false,"reasons":[{"code":"columns","text":"正在装载"}]})");
    ready = true;
    EXPECT_EQ(Get("/readyz").status, 200);
    EXPECT_EQ(Get("/healthz").body, "ok\n");
    EXPECT_EQ(Get("/metrics").status, 401);
    EXPECT_EQ(Get("/metrics", {{"x-user", "ada"}}).status, 403);
    MetricsText text;
    text.Gauge("a", "b", 0.5);
    EXPECT_EQ(text.text(), "# HELP a b\n# TYPE a gauge\na 0.5\n");
}

TEST(Message, LanguagesAndLists) {
    EXPECT_EQ(PreferredLanguage(""), Language::kZh);
    EXPECT_EQ(PreferredLanguage("en"), Language::kEn);
    EXPECT_EQ(PreferredLanguage("zh-CN,zh;q=0.9,en;q=0.8"), Language::kZh);
    EXPECT_EQ(PreferredLanguage("en-US,en;q=0.9,zh;q=0.8"), Language::kEn);
    EXPECT_EQ(PreferredLanguage("en;q=0, zh"), Language::kZh);
    EXPECT_EQ(PreferredLanguage("fr;q=1"), Language::kZh);
    EXPECT_EQ(PreferredLanguage(",;q=,;;,en;q=x"), Language::kEn);
    EXPECT_EQ(CookieValue("a=1; kangqu_session=xyz; b", "kangqu_session"), "xyz");
    EXPECT_EQ(CookieValue("xkangqu_session=1", "kangqu_session"), "");
    EXPECT_TRUE(Accepts("deflate, GZIP;q=0.5", "gzip"));
    EXPECT_FALSE(Accepts("gzipx", "gzip"));
}

TEST(Message, QueriesKeepOrderAndRepeats) {
    Request request;
    ASSERT_TRUE(ParseTarget("/a/b?x=1&y=%E5%BA%B7+%2B&x=2&&z&=v", request).ok());
    const std::vector<Pair> expected = {
        {"x", "1"}, {"y", "康 +"}, {"x", "2"}, {"z", ""}, {"", "v"}};
    EXPECT_EQ(request.query, expected);
    EXPECT_EQ(request.Query("x"), "1");
    EXPECT_FALSE(request.Query("none"));
    EXPECT_EQ(request.QueryInt("x", 9, 0, 5).value(), 1);
    EXPECT_EQ(request.QueryInt("none", 9, 0, 5).value(), 9);
    EXPECT_FALSE(request.QueryInt("y", 9, 0, 5).ok());
    EXPECT_FALSE(request.QueryInt("x", 9, 2, 5).ok());
    Request many;
    std::string text = "/a?";
    for (std::size_t index = 0; index <= kMaxQueryPairs; ++index) {
        text += "a=1&";
    }
    EXPECT_EQ(ParseTarget(text, many).error().code, core::ErrorCode::kTooLarge);
    Request deep;
    std::string path;
    for (std::size_t index = 0; index <= kMaxSegments; ++index) {
        path += "/a";
    }
    EXPECT_EQ(ParseTarget(path, deep).error().code, core::ErrorCode::kTooLarge);
}

TEST(Exchange, BytesToAnswersWithoutSockets) {
    TestServer test;
    const Dispatcher dispatcher(test.registry, test.gate, test.metrics, {});
    const std::string answers = ExchangeBytes(
        dispatcher,
        Limits{},
        "GET /api/hello HTTP/1.1\r\nHost: a\r\n\r\n"
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        "nonsense"
    );
    EXPECT_EQ(answers.substr(0, 29), "200\n{\"hello\":true}\n200\nabc\n40");
}

}  // namespace
}  // namespace kangqu::api::testing
