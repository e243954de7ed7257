#pragma once

#include "kangqu/api/services.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/resource.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace kangqu::api::testing {

// Lets in whoever the header x-user names, so that a test can ask as several people.
class NamedGate final : public Gate {
public:
    core::Status Precheck(const Request&, const Route&) const override { return {}; }
    core::Result<std::shared_ptr<const access::Principal>>
    Admit(const Request& request, const Route&) override {
        auto principal = std::make_shared<access::Principal>();
        principal->name = request.Header("x-user");
        if (principal->name == "all") {
            principal->abilities = {"operations"};
        }
        return std::shared_ptr<const access::Principal>(principal);
    }
    std::string Challenge(const Route&) const override { return "Test"; }
};

// What a test's user may do: "all" everything, "nobody" nothing, "reader" read everything, any
// other name is that of an organisation whose residents it may read and write, and records of
// nobody besides.
inline search::Restriction RestrictionOfUser(const std::string& user) {
    using search::Action;
    search::Restriction restriction;
    if (user == "nobody") {
        return restriction;
    }
    search::Grant grant;
    grant.actions = {Action::kRead, Action::kCreate, Action::kUpdate, Action::kDelete};
    grant.scope = search::Scope::kEverything;
    if (user == "reader") {
        grant.actions = {Action::kRead};
    } else if (user != "all") {
        grant.scope = search::Scope::kOrganizations;
        grant.organizations = {user};
        search::Grant shared = grant;
        shared.scope = search::Scope::kWithoutResident;
        restriction.grants.push_back(shared);
    }
    restriction.grants.push_back(grant);
    return restriction;
}

struct Answer {
    int status = 0;
    std::string body;
    std::vector<Pair> headers;

    std::string Header(std::string_view name) const {
        for (const Pair& header : headers) {
            if (header.name == name) {
                return header.value;
            }
        }
        return {};
    }
    std::shared_ptr<const core::JsonDocument> Json() const {
        auto document = core::JsonDocument::Parse(body);
        EXPECT_TRUE(document.ok()) << body;
        return std::move(document).value();
    }
    // Code of the first issue of an OperationOutcome.
    std::string Issue() const {
        const auto document = Json();
        return std::string(document->root()["issue"][0]["details"]["coding"][0]["code"].text());
    }
};

// The FHIR routes over a store of their own, on a free port.
class FhirServerTest : public ::testing::Test {
protected:
    void SetUp() override { Open(); }
    void TearDown() override { Close(); }

    void Open() {
        auto indexer = search::Indexer::Make();
        ASSERT_TRUE(indexer.ok());
        indexer_ = std::move(indexer).value();
        store::StoreOptions options;
        options.folder = folder_.path();
        options.index_tables = search::IndexTables();
        options.clock = &clock_;
        auto store = store::Store::Open(std::move(options));
        ASSERT_TRUE(store.ok()) << store.error().Line();
        store_ = std::move(store).value();
        records_ = std::make_unique<records::Records>(*store_, *indexer_, ids_);
        registry_ = std::make_unique<Registry>();
        RegisterFhir(
            *registry_,
            *records_,
            [](const Request& request) -> core::Result<search::Restriction> {
                return RestrictionOfUser(request.principal->name);
            },
            "test"
        );
        AddRoutes();
        DispatcherOptions dispatching;
        dispatching.fhir = fhir::OperationOutcome;
        dispatcher_ = std::make_unique<Dispatcher>(*registry_, gate_, metrics_, dispatching);
        ServerOptions serving;
        serving.listen = {"127.0.0.1:0"};
        serving.limits.drain_ms = 3'000;
        auto server = Server::Start(serving, *dispatcher_);
        ASSERT_TRUE(server.ok());
        server_ = std::move(server).value();
        client_ = NewClient();
    }
    void Close() {
        client_.reset();
        server_.reset();
        CloseServices();
        dispatcher_.reset();
        registry_.reset();
        records_.reset();
        store_.reset();
    }
    // For fixtures with routes of their own.
    virtual void AddRoutes() {}
    virtual void CloseServices() {}

    std::unique_ptr<Client> NewClient() const {
        return Client::ForTcp("127.0.0.1", server_->port());
    }
    static Answer AskWith(
        Client& client,
        Method method,
        const std::string& target,
        std::string body = {},
        std::vector<Pair> headers = {}
    ) {
        ClientRequest request;
        request.method = method;
        request.target = target;
        request.headers = std::move(headers);
        const auto has = [&](std::string_view name) {
            for (const Pair& header : request.headers) {
                if (header.name == name) {
                    return true;
                }
            }
            return false;
        };
        if (!has("x-user")) {
            request.headers.push_back({"x-user", "all"});
        }
        if (!body.empty() && !has("Content-Type")) {
            request.headers.push_back({"Content-Type", "application/fhir+json"});
        }
        request.body = std::move(body);
        auto response = client.Send(request);
        EXPECT_TRUE(response.ok()) << (response.ok() ? "" : response.error().Line());
        if (!response.ok()) {
            return {};
        }
        return {response->status, std::move(response->body), std::move(response->headers)};
    }
    Answer Ask(
        Method method,
        const std::string& target,
        std::string body = {},
        std::vector<Pair> headers = {}
    ) {
        return AskWith(*client_, method, target, std::move(body), std::move(headers));
    }
    Answer Get(const std::string& target, std::vector<Pair> headers = {}) {
        return Ask(Method::kGet, target, {}, std::move(headers));
    }
    Answer Put(const std::string& target, std::string body, std::vector<Pair> headers = {}) {
        return Ask(Method::kPut, target, std::move(body), std::move(headers));
    }
    Answer Post(const std::string& target, std::string body, std::vector<Pair> headers = {}) {
        return Ask(Method::kPost, target, std::move(body), std::move(headers));
    }

    static std::string Patient(
        const std::string& id,
        const std::string& organization = "a",
        const std::string& identifier = {}
    ) {
        std::string text = R"({"resourceType":"Patient")";
        text += id.empty() ? "" : R"(,"id":")" + id + "\"";
        text += identifier.empty()
                    ? ""
                    : R"(,"identifier":[{"system":"urn:s","value":")" + identifier + "\"}]";
        return text + R"(,"managingOrganization":{"reference":"Organization/)" + organization +
               R"("}})";
    }

    TempFolder folder_;
    core::SystemClock clock_;
    core::IdSource ids_{clock_};
    std::unique_ptr<const search::Indexer> indexer_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<records::Records> records_;
    std::unique_ptr<Registry> registry_;
    RequestMetrics metrics_;
    NamedGate gate_;
    std::unique_ptr<Dispatcher> dispatcher_;
    std::unique_ptr<Server> server_;
    std::unique_ptr<Client> client_;
};

}  // namespace kangqu::api::testing
