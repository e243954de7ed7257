#include "kangqu/access/password.hpp"
#include "kangqu/api/account_gate.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/store/testing.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace kangqu::api::testing {
namespace {

constexpr std::string_view kRoles =
    R"({"workplace":{"menu":["home"],"home":[{"part":"recent"}]},"roles":[
    {"id":"doctor","name":{"zh":"家庭医生","en":"Family doctor"},
     "workplace":{"menu":["home"],"home":[{"part":"recent"}]},
     "rules":[{"types":"*","actions":["read"],"reach":"own-organizations"}]},
    {"id":"keeper","name":{"zh":"信息中心","en":"Information centre"},"abilities":["operations"],
     "workplace":{"menu":["home"],"home":[{"part":"data-state"}]}}]})";

class MovingClock final : public core::Clock {
public:
    core::InstantMs Now() const override { return now_.load(); }
    void Advance(core::InstantMs ms) { now_ += ms; }

private:
    std::atomic<core::InstantMs> now_{1'800'000'000'000};
};

class GateTest : public ::testing::Test {
protected:
    void Start(bool auth_required = true, bool tls = false) {
        store::StoreOptions store_options;
        store_options.database = store::FreshTestDatabase();
        store_options.folder = folder_ / "data";
        store_options.clock = &clock_;
        std::filesystem::create_directories(store_options.folder);
        store_ = store::Store::Open(std::move(store_options)).value();
        accounts_ = access::Accounts::Open(*store_, clock_).value();
        sessions_ = access::Sessions::Open(*store_, clock_).value();
        AccessServices services{*accounts_, *sessions_, roles_, auth_required, tls, {}};
        services.organization_name = [](std::string_view id) {
            return "机构" + std::string(id);
        };
        RegisterSystemRoutes(registry_, metrics_, {});
        RegisterSession(registry_, services);
        RegisterAccounts(registry_, services);
        const auto who = [](const Request& request) {
            const std::string name = request.principal ? request.principal->name : "-";
            return core::Result<Response>(Response::Text(name, "text/plain"));
        };
        for (const char* path : {"/api/who", "/fhir/who"}) {
            for (const Method method : {Method::kGet, Method::kPost}) {
                Route route = Open(method, path, path + std::string(NameOf(method)), who);
                route.needs = Needs::kSession;
                registry_.Add(std::move(route));
            }
        }
        gate_ = std::make_unique<AccountGate>(services);
        dispatcher_ =
            std::make_unique<Dispatcher>(registry_, *gate_, metrics_, DispatcherOptions{});
        ServerOptions options;
        options.listen = {"127.0.0.1:0"};
        options.socket_path = folder_ / "s";
        options.limits.drain_ms = 2'000;
        server_ = Server::Start(options, *dispatcher_).value();
        client_ = Client::ForTcp("127.0.0.1", server_->port());
        operator_ = Client::ForSocket(folder_ / "s");
    }
    void TearDown() override {
        client_.reset();
        operator_.reset();
        server_.reset();
    }

    // Made by the operator; the generated password.
    std::string AddAda() {
        const Response added =
            operator_
                ->Post(
                    "/api/accounts",
                    "application/json",
                    R"({"name":"Ada","displayName":"王医生","role":"doctor","organization":"o1"})"
                )
                .value();
        EXPECT_EQ(added.status, 201) << added.body;
        const auto document = core::JsonDocument::Parse(added.body).value();
        return std::string(document->root()["password"].text());
    }
    Response SignIn(const std::string& name, const std::string& password) {
        ClientRequest request;
        request.method = Method::kPost;
        request.target = "/api/session";
        request.headers = {{"Content-Type", "application/json"}, {"X-Kangqu", "1"}};
        core::JsonWriter(request.body)
            .BeginObject()
            .Field("name", name)
            .Field("password", password)
            .EndObject();
        return client_->Send(request).value();
    }
    // "kangqu_session=..." of a sign-in.
    static std::string CookieOf(const Response& response) {
        const std::string* cookie = response.Find("set-cookie");
        return cookie == nullptr ? "" : cookie->substr(0, cookie->find(';'));
    }
    int Send(Method method, const std::string& target, std::vector<Pair> headers) {
        ClientRequest request;
        request.method = method;
        request.target = target;
        request.headers = std::move(headers);
        last_ = client_->Send(request).value();
        return last_.status;
    }
    std::string Origin() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

    TempFolder folder_;
    MovingClock clock_;
    access::Roles roles_ = access::Roles::Parse(std::string(kRoles), "test").value();
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<access::Accounts> accounts_;
    std::unique_ptr<access::Sessions> sessions_;
    Registry registry_;
    RequestMetrics metrics_;
    std::unique_ptr<AccountGate> gate_;
    std::unique_ptr<Dispatcher> dispatcher_;
    std::unique_ptr<Server> server_;
    std::unique_ptr<Client> client_;
    std::unique_ptr<Client> operator_;
    Response last_;
};

TEST_F(GateTest, SignInReadSignOut) {
    Start();
    EXPECT_EQ(Send(Method::kGet, "/api/session", {}), 401);
    EXPECT_EQ(*last_.Find("www-authenticate"), R"(Session realm="kangqu")");
    const Response signed_in = SignIn("ADA", AddAda());
    ASSERT_EQ(signed_in.status, 200) << signed_in.body;
    const std::string& cookie = *signed_in.Find("set-cookie");
    for (const char* part : {"HttpOnly", "SameSite=Strict", "Path=/"}) {
        EXPECT_NE(cookie.find(part), std::string::npos) << cookie;
    }
    EXPECT_EQ(cookie.find("Secure"), std::string::npos);
    EXPECT_EQ(
        signed_in.body,
        R"({"user":{"name":"ada","displayName":"王医生","role":"doctor","roleName":"家庭医生",)"
        R"("organization":{"id":"o1","name":"机构o1"},"practitioner":null,"abilities":[]},)"
        R"("authRequired":true,"workplace":{"menu":["home"],"home":[{"part":"recent","show":""}]}})"
    );
    const std::string session = CookieOf(signed_in);
    EXPECT_EQ(Send(Method::kGet, "/api/session", {{"Cookie", session}}), 200);
    EXPECT_EQ(Send(Method::kGet, "/api/sessions", {{"Cookie", session}}), 200);
    EXPECT_NE(last_.body.find("127.0.0.1"), std::string::npos);
    EXPECT_EQ(Send(Method::kDelete, "/api/session", {{"Cookie", session}, {"X-Kangqu", "1"}}), 204);
    EXPECT_NE(last_.Find("set-cookie")->find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(Send(Method::kGet, "/api/session", {{"Cookie", session}}), 401);
}

TEST_F(GateTest, WrongPasswordsAndUnknownNamesLookAlikeAndAreSlowedDown) {
    Start();
    AddAda();
    for (const char* name : {"ada", "nobody"}) {
        for (int attempt = 0; attempt < 5; ++attempt) {
            const Response refused = SignIn(name, "Wrong-Password-1");
            EXPECT_EQ(refused.status, 401);
            EXPECT_NE(refused.body.find("bad-credentials"), std::string::npos);
            EXPECT_EQ(refused.Find("set-cookie"), nullptr);
        }
        const Response locked = SignIn(name, "Wrong-Password-1");
        EXPECT_EQ(locked.status, 429);
        EXPECT_EQ(*locked.Find("retry-after"), "30");
    }
}

TEST_F(GateTest, SessionsEndByTimePasswordAndDisabling) {
    Start();
    const std::string password = AddAda();
    std::string session = CookieOf(SignIn("ada", password));
    clock_.Advance(29 * 60'000);
    EXPECT_EQ(Send(Method::kGet, "/api/who", {{"Cookie", session}}), 200);
    clock_.Advance(31 * 60'000);
    EXPECT_EQ(Send(Method::kGet, "/api/who", {{"Cookie", session}}), 401);

    session = CookieOf(SignIn("ada", password));
    clock_.Advance(1'000);
    const Response reset = operator_->Post("/api/accounts/ada/password", "", "").value();
    ASSERT_EQ(reset.status, 200) << reset.body;
    EXPECT_EQ(Send(Method::kGet, "/api/who", {{"Cookie", session}}), 401);
    EXPECT_EQ(SignIn("ada", password).status, 401);

    const auto document = core::JsonDocument::Parse(reset.body).value();
    session = CookieOf(SignIn("ada", std::string(document->root()["password"].text())));
    EXPECT_EQ(Send(Method::kGet, "/api/who", {{"Cookie", session}}), 200);
    EXPECT_EQ(operator_->Post("/api/accounts/ada/disable", "", "").value().status, 204);
    EXPECT_EQ(Send(Method::kGet, "/api/who", {{"Cookie", session}}), 401);
}

TEST_F(GateTest, OwnPasswordChangeEndsTheOtherSessions) {
    Start();
    const std::string password = AddAda();
    const std::string other = CookieOf(SignIn("ada", password));
    const std::string mine = CookieOf(SignIn("ada", password));
    const auto change = [&](const std::string& before, const std::string& after) {
        ClientRequest request;
        request.method = Method::kPost;
        request.target = "/api/session/password";
        request.headers = {
            {"Cookie", mine}, {"X-Kangqu", "1"}, {"Content-Type", "application/json"}};
        core::JsonWriter(request.body)
            .BeginObject()
            .Field("password", before)
            .Field("newPassword", after)
            .EndObject();
        last_ = client_->Send(request).value();
        return last_.status;
    };
    EXPECT_EQ(change("not it", "New-Password-2026"), 401);
    EXPECT_EQ(change(password, "short"), 400);
    ASSERT_EQ(change(password, "New-Password-2026"), 204) << last_.body;
    const std::string fresh = CookieOf(last_);
    EXPECT_EQ(Send(Method::kGet, "/api/who", {{"Cookie", fresh}}), 200);
    EXPECT_EQ(Send(Method::kGet, "/api/who", {{"Cookie", other}}), 401);
    EXPECT_EQ(SignIn("ada", "New-Password-2026").status, 200);
}

TEST_F(GateTest, OtherSitesCannotUseTheSession) {
    Start();
    const std::string session = CookieOf(SignIn("ada", AddAda()));
    const Pair cookie{"Cookie", session};
    const Pair ours{"X-Kangqu", "1"};
    EXPECT_EQ(Send(Method::kPost, "/api/who", {cookie}), 403);
    EXPECT_NE(last_.body.find("cross-site"), std::string::npos);
    EXPECT_EQ(Send(Method::kPost, "/api/who", {cookie, ours}), 200);
    EXPECT_EQ(Send(Method::kPost, "/api/who", {cookie, ours, {"Origin", Origin()}}), 200);
    EXPECT_EQ(Send(Method::kPost, "/api/who", {cookie, ours, {"Origin", "http://evil"}}), 403);
    EXPECT_EQ(Send(Method::kPost, "/api/who", {cookie, ours, {"Origin", "null"}}), 403);
    EXPECT_EQ(
        Send(Method::kPost, "/api/who", {cookie, ours, {"Sec-Fetch-Site", "cross-site"}}), 403
    );
    // A page of another site must not sign its visitor in either.
    EXPECT_EQ(Send(Method::kPost, "/api/session", {}), 403);
}

TEST_F(GateTest, ProgramsUseBasicUnderFhirOnly) {
    Start();
    const std::string password = AddAda();
    const auto basic = [](const std::string& text) {
        constexpr std::string_view kAlphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string out = "Basic ";
        unsigned bits = 0;
        unsigned count = 0;
        for (const char c : text) {
            bits = (bits << 8U) | static_cast<unsigned char>(c);
            for (count += 8; count >= 6; count -= 6) {
                out += kAlphabet[(bits >> (count - 6)) & 63U];
            }
        }
        if (count > 0) {
            out += kAlphabet[(bits << (6 - count)) & 63U];
        }
        return Pair{"Authorization", out + "=="};
    };
    EXPECT_EQ(Send(Method::kGet, "/fhir/who", {}), 401);
    EXPECT_EQ(last_.Find("www-authenticate")->substr(0, 5), "Basic");
    EXPECT_EQ(Send(Method::kGet, "/fhir/who", {basic("ada:" + password)}), 200);
    EXPECT_EQ(last_.body, "ada");
    EXPECT_EQ(Send(Method::kPost, "/fhir/who", {basic("ada:" + password)}), 200);
    EXPECT_EQ(Send(Method::kGet, "/api/who", {basic("ada:" + password)}), 401);
    EXPECT_EQ(Send(Method::kGet, "/fhir/who", {basic("ada:wrong")}), 401);
    EXPECT_EQ(Send(Method::kGet, "/fhir/who", {basic("ada")}), 401);
    EXPECT_EQ(Send(Method::kGet, "/fhir/who", {{"Authorization", "Basic %%%"}}), 401);
    EXPECT_EQ(Send(Method::kGet, "/fhir/who", {{"Authorization", "Bearer x"}}), 401);
    // Checked credentials are trusted for a while, but not beyond a change of the account.
    ASSERT_TRUE(accounts_->SetDisabled("ada", true).ok());
    EXPECT_EQ(Send(Method::kGet, "/fhir/who", {basic("ada:" + password)}), 401);
}

TEST_F(GateTest, OperatorRoutesAnswerOnTheSocketOnly) {
    Start();
    AddAda();
    EXPECT_EQ(Send(Method::kGet, "/api/accounts", {}), 403);
    EXPECT_NE(last_.body.find("socket-only"), std::string::npos);
    const Response list = operator_->Get("/api/accounts").value();
    EXPECT_EQ(list.status, 200);
    EXPECT_NE(list.body.find("\"ada\""), std::string::npos);
    EXPECT_EQ(list.body.find("argon2"), std::string::npos);
    EXPECT_EQ(operator_->Get("/api/who").value().body, "operator");
    EXPECT_EQ(operator_->Get("/metrics").value().status, 200);
    const auto add = [&](const std::string& body) {
        return operator_->Post("/api/accounts", "application/json", body).value().status;
    };
    EXPECT_EQ(add(R"({"name":"ada","role":"doctor","organization":"o1"})"), 409);
    EXPECT_EQ(add(R"({"name":"bob","role":"king"})"), 400);
    EXPECT_EQ(add(R"({"name":"bob","role":"doctor"})"), 400);
    EXPECT_EQ(add(R"({"name":"bob","role":"keeper"})"), 201);
}

TEST_F(GateTest, MetricsNeedTheAbility) {
    Start();
    const std::string doctor = CookieOf(SignIn("ada", AddAda()));
    EXPECT_EQ(Send(Method::kGet, "/metrics", {{"Cookie", doctor}}), 403);
    access::Account keeper;
    keeper.name = "keeper";
    keeper.display_name = "运维";
    keeper.role = "keeper";
    const std::string session = CookieOf(SignIn("keeper", accounts_->Add(keeper).value()));
    EXPECT_EQ(Send(Method::kGet, "/metrics", {{"Cookie", session}}), 200);
    EXPECT_NE(last_.body.find("kangqu_http_requests_total"), std::string::npos);
}

TEST_F(GateTest, WithoutSignInOnlyPagesOfThisMachine) {
    Start(false);
    EXPECT_EQ(Send(Method::kGet, "/api/session", {}), 200);
    EXPECT_NE(last_.body.find("\"authRequired\":false"), std::string::npos);
    EXPECT_EQ(Send(Method::kPost, "/api/who", {}), 200);
    EXPECT_EQ(last_.body, "local");
    EXPECT_EQ(Send(Method::kPost, "/api/who", {{"Origin", Origin()}}), 200);
    EXPECT_EQ(Send(Method::kPost, "/api/who", {{"Origin", "http://evil"}}), 403);
    // A name that was pointed at this machine.
    for (const char* host : {"evil.example", "127.evil.example", "localhost.evil.example:80"}) {
        const RawSocket socket(server_->port());
        socket.Send(
            "GET /api/who HTTP/1.1\r\nConnection: close\r\nHost: " + std::string(host) + "\r\n\r\n"
        );
        EXPECT_EQ(socket.ReadAll().substr(0, 12), "HTTP/1.1 403") << host;
    }
    for (const char* host : {"localhost:80", "127.0.0.1", "[::1]:8080"}) {
        const RawSocket socket(server_->port());
        socket.Send(
            "GET /api/who HTTP/1.1\r\nConnection: close\r\nHost: " + std::string(host) + "\r\n\r\n"
        );
        EXPECT_EQ(socket.ReadAll().substr(0, 12), "HTTP/1.1 200") << host;
    }
}

TEST_F(GateTest, CookiesAreSecureUnderTls) {
    Start(true, true);
    const Response signed_in = SignIn("ada", AddAda());
    EXPECT_NE(signed_in.Find("set-cookie")->find("; Secure"), std::string::npos);
}

TEST(Gate, SignInMayBeLeftOutOnLoopbackOnly) {
    EXPECT_TRUE(CheckLoopbackOnly({"127.0.0.1:8080", "[::1]:8080", "localhost:1"}).ok());
    EXPECT_EQ(
        CheckLoopbackOnly({"127.0.0.1:8080", "0.0.0.0:8080"}).error().code,
        core::ErrorCode::kNotLoopback
    );
    EXPECT_FALSE(CheckLoopbackOnly({"10.0.0.1:80"}).ok());
    EXPECT_FALSE(CheckLoopbackOnly({"nonsense"}).ok());
}

}  // namespace
}  // namespace kangqu::api::testing
