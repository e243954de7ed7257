#include "kangqu/subscription/engine.hpp"

#include <atomic>
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>

namespace kangqu::subscription {
namespace {

using search::Restriction;

constexpr const char* kTopic =
    R"({"resourceType":"SubscriptionTopic","url":"urn:t","resourceTrigger":[)"
    R"({"resource":"Patient","supportedInteraction":["create","update","delete"]},)"
    R"({"resource":"Observation","supportedInteraction":["create"],"queryCriteria":{"current":"Observation?status=final"}}],)"
    R"("canFilterBy":[{"resource":"Observation","filterParameter":"code"}]})";

Restriction OfOrganization(const std::string& organization) {
    Restriction restriction;
    search::Grant grant;
    grant.actions = {search::Action::kRead};
    grant.scope = search::Scope::kOrganizations;
    grant.organizations = {organization};
    restriction.grants.push_back(grant);
    return restriction;
}

// A receiver that keeps what it is sent, and fails as often as it is told to.
struct Receiver {
    std::mutex mutex;
    std::vector<Delivery> taken;
    int failing = 0;  // sends to come that fail

    core::Result<int> Take(const Delivery& delivery) {
        const std::lock_guard lock(mutex);
        if (failing > 0) {
            --failing;
            return 500;
        }
        taken.push_back(delivery);
        return 200;
    }
    // Kinds and event numbers of what came: "handshake", "event-notification 1 2".
    std::vector<std::string> Kinds() {
        const std::lock_guard lock(mutex);
        std::vector<std::string> kinds;
        for (const Delivery& delivery : taken) {
            const auto document = core::JsonDocument::Parse(delivery.body);
            EXPECT_TRUE(document.ok());
            const auto parameters = document.value()->root()["entry"][0]["resource"]["parameter"];
            std::string kind(parameters[3]["valueCode"].text());
            for (auto one = parameters.first(); one; one = one.next()) {
                if (one["name"].text() == "notification-event") {
                    kind += " " + std::string(one["part"][0]["valueString"].text());
                }
            }
            kinds.push_back(kind);
        }
        return kinds;
    }
    std::string LastBody() {
        const std::lock_guard lock(mutex);
        return taken.empty() ? std::string() : taken.back().body;
    }
};

using Kinds = std::vector<std::string>;

class EngineTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "kangqu-subscription-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        indexer_ = std::move(search::Indexer::Make()).value();
        store::StoreOptions options;
        options.folder = folder_;
        options.index_tables = search::IndexTables();
        options.clock = &clock_;
        store_ = std::move(store::Store::Open(std::move(options))).value();
        records_ = std::make_unique<records::Records>(*store_, *indexer_, ids_);
        const auto topic = core::JsonDocument::Parse(kTopic);
        topic_ = ReadTopic(topic.value()->root(), "test").value();
        Begin();
    }
    void TearDown() override {
        engine_.reset();
        records_.reset();
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    void Begin() {
        Engine::Services services{
            *records_,
            clock_,
            {topic_},
            [](const std::string& owner) -> core::Result<Restriction> {
                return owner == "all" ? Restriction::System() : OfOrganization(owner);
            },
            [this](const Delivery& delivery) { return receiver_.Take(delivery); },
            [] { return std::string("http://here/fhir"); },
            [](std::string_view) {
            }};
        services.first_pause_ms = 1;
        engine_ = std::make_unique<Engine>(std::move(services));
        ASSERT_TRUE(engine_->Start().ok());
    }
    void Put(const std::string& text) {
        const auto document = core::JsonDocument::Parse(text);
        ASSERT_TRUE(document.ok()) << text;
        const auto root = document.value()->root();
        const auto receipt = records_->Update(
            Restriction::System(), root["resourceType"].text(), root["id"].text(), root, {}
        );
        ASSERT_TRUE(receipt.ok()) << receipt.error().Line();
    }
    static std::string Subscription(
        const std::string& content = "id-only",
        const std::string& more_channel = {},
        const std::string& criteria = {}
    ) {
        const std::string guide =
            "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";
        return R"({"resourceType":"Subscription","id":"s","status":"requested","reason":"test","criteria":"urn:t",)" +
               (criteria.empty()
                    ? std::string()
                    : R"("_criteria":{"extension":[{"url":")" + guide +
                          R"(filter-criteria","valueString":")" + criteria + R"("}]},)") +
               R"("channel":{"type":"rest-hook","endpoint":"http://there/hook","payload":"application/fhir+json",)"
               R"("_payload":{"extension":[{"url":")" +
               guide + R"(payload-content","valueCode":")" + content +
               R"("}]},"header":["X-Key: 1"])" + more_channel + "}}";
    }
    void Subscribe(const std::string& text, const std::string& owner = "all") {
        Put(text);
        ASSERT_TRUE(engine_->Own("s", owner).ok());
    }
    static std::string Patient(const std::string& id, const std::string& organization = "a") {
        return R"({"resourceType":"Patient","id":")" + id +
               R"(","managingOrganization":{"reference":"Organization/)" + organization + R"("}})";
    }
    static bool Await(const std::function<bool()>& question) {
        for (int i = 0; i < 1'000; ++i) {
            if (question()) {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
    bool AwaitKinds(const Kinds& kinds) {
        return Await([&] { return receiver_.Kinds() == kinds; });
    }
    std::string StatusOfRecord() {
        const auto record = records_->Read(Restriction::System(), "Subscription", "s");
        const auto document = core::JsonDocument::Parse(record->json);
        return std::string(document.value()->root()["status"].text());
    }

    core::SystemClock clock_;
    core::IdSource ids_{clock_};
    std::string folder_;
    std::unique_ptr<const search::Indexer> indexer_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<records::Records> records_;
    Topic topic_;
    Receiver receiver_;
    std::unique_ptr<Engine> engine_;
};

TEST_F(EngineTest, HandshakeThenEventsInOrder) {
    Put(Patient("before"));
    Subscribe(Subscription());
    ASSERT_TRUE(AwaitKinds({"handshake"}));
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "active"; }));
    Put(Patient("p1"));
    ASSERT_TRUE(AwaitKinds({"handshake", "event-notification 1"}));
    EXPECT_NE(receiver_.LastBody().find("http://here/fhir/Patient/p1"), std::string::npos);
    EXPECT_EQ(receiver_.LastBody().find("managingOrganization"), std::string::npos);
    EXPECT_EQ(receiver_.taken.back().headers[0].second, "1");
    ASSERT_TRUE(records_->Delete(Restriction::System(), "Patient", "p1", {}).ok());
    ASSERT_TRUE(AwaitKinds({"handshake", "event-notification 1", "event-notification 2"}));
    EXPECT_NE(receiver_.LastBody().find("\"DELETE\""), std::string::npos);
}

TEST_F(EngineTest, CriteriaOfTopicAndFilter) {
    Subscribe(Subscription("full-resource", "", "Observation?code=s|x"));
    ASSERT_TRUE(AwaitKinds({"handshake"}));
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "active"; }));
    const auto observation = [](const char* id, const char* status, const char* code) {
        return std::string(R"({"resourceType":"Observation","id":")") + id + R"(","status":")" +
               status + R"(","code":{"coding":[{"system":"s","code":")" + code + R"("}]}})";
    };
    Put(observation("o1", "preliminary", "x"));
    Put(observation("o2", "final", "y"));
    Put(observation("o3", "final", "x"));
    ASSERT_TRUE(AwaitKinds({"handshake", "event-notification 1"}));
    EXPECT_NE(receiver_.LastBody().find("\"id\":\"o3\",\"meta\""), std::string::npos);
}

TEST_F(EngineTest, AnOwnerIsToldOnlyWhatHeMaySee) {
    Subscribe(Subscription("full-resource"), "a");
    ASSERT_TRUE(AwaitKinds({"handshake"}));
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "active"; }));
    Put(Patient("p1", "b"));
    Put(Patient("p2", "a"));
    ASSERT_TRUE(AwaitKinds({"handshake", "event-notification 1"}));
    EXPECT_NE(receiver_.LastBody().find("Patient/p2"), std::string::npos);
    EXPECT_EQ(receiver_.LastBody().find("Patient/p1"), std::string::npos);
    const auto events =
        engine_->Events(OfOrganization("b"), "s", 1, 9, Content::kFull, "http://x/fhir");
    ASSERT_TRUE(events.ok());
    EXPECT_EQ(events->find("Patient/p2"), std::string::npos) << "the asker may see less";
}

TEST_F(EngineTest, WithoutAnOwnerNothingIsSent) {
    Put(Subscription());
    Put(Patient("p1"));
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    EXPECT_TRUE(receiver_.Kinds().empty());
}

TEST_F(EngineTest, ARestartLosesNothing) {
    Subscribe(Subscription());
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "active"; }));
    engine_.reset();
    Put(Patient("p1"));
    Put(Patient("p2"));
    Begin();
    ASSERT_TRUE(AwaitKinds({"handshake", "event-notification 1", "event-notification 2"}));
    engine_.reset();
    Put(Patient("p3"));
    Begin();
    ASSERT_TRUE(AwaitKinds(
        {"handshake", "event-notification 1", "event-notification 2", "event-notification 3"}
    ));
}

TEST_F(EngineTest, FailedSendsAreRepeatedAndEventsKept) {
    Subscribe(Subscription());
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "active"; }));
    {
        const std::lock_guard lock(receiver_.mutex);
        receiver_.failing = 3;
    }
    Put(Patient("p1"));
    ASSERT_TRUE(AwaitKinds({"handshake", "event-notification 1"}));
    EXPECT_EQ(StatusOfRecord(), "active");
}

TEST_F(EngineTest, AfterTooManyFailuresItIsInErrorUntilAskedAnew) {
    Subscribe(Subscription());
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "active"; }));
    {
        const std::lock_guard lock(receiver_.mutex);
        receiver_.failing = 1'000'000;
    }
    Put(Patient("p1"));
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "error"; }));
    Put(Patient("p2"));
    {
        const std::lock_guard lock(receiver_.mutex);
        receiver_.failing = 0;
    }
    Subscribe(Subscription());
    ASSERT_TRUE(
        AwaitKinds({"handshake", "handshake", "event-notification 1", "event-notification 2"})
    );
}

TEST_F(EngineTest, SeveralEventsAtOnceAndHeartbeats) {
    const std::string guide =
        "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";
    Subscribe(Subscription(
        "empty", R"(,"extension":[{"url":")" + guide + R"(max-count","valuePositiveInt":10}])"
    ));
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "active"; }));
    engine_.reset();
    Put(Patient("p1"));
    Put(Patient("p2"));
    Put(Patient("p3"));
    Begin();
    ASSERT_TRUE(AwaitKinds({"handshake", "event-notification 1 2 3"}));
    EXPECT_EQ(receiver_.LastBody().find("Patient/p1"), std::string::npos) << "empty says nothing";
    const auto status = engine_->Status("s", "http://x/fhir");
    ASSERT_TRUE(status.ok());
    EXPECT_NE(status->find("query-status"), std::string::npos);
    EXPECT_FALSE(engine_->Status("none", "http://x/fhir").ok());
}

TEST_F(EngineTest, WhatCannotBeDoneIsInError) {
    std::string text = Subscription();
    text.replace(text.find("urn:t"), 5, "urn:u");
    Subscribe(text);
    EXPECT_TRUE(Await([&] { return StatusOfRecord() == "error"; }));
    EXPECT_TRUE(receiver_.Kinds().empty());
}

TEST_F(EngineTest, ASearchAsCriteriaIsLeftAlone) {
    std::string text = Subscription();
    text.replace(text.find("urn:t"), 5, "Patient?gender=male");
    Subscribe(text);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    EXPECT_EQ(StatusOfRecord(), "requested");
    EXPECT_TRUE(receiver_.Kinds().empty());
}

TEST_F(EngineTest, SwitchedOffIsSilent) {
    Subscribe(Subscription());
    ASSERT_TRUE(Await([&] { return StatusOfRecord() == "active"; }));
    std::string off = Subscription();
    off.replace(off.find("requested"), 9, "off");
    Subscribe(off);
    Put(Patient("p1"));
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    EXPECT_EQ(receiver_.Kinds(), (Kinds{"handshake"}));
}

TEST(Channels, AreChecked) {
    const auto topic_document = core::JsonDocument::Parse(kTopic);
    const std::vector<Topic> topics = {ReadTopic(topic_document.value()->root(), "t").value()};
    const auto read = [&](const std::string& channel, const std::string& extra = {}) {
        const auto document = core::JsonDocument::Parse(
            R"({"id":"s","status":"requested","criteria":"urn:t")" + extra + R"(,"channel":{)" +
            channel + "}}"
        );
        return ReadChannel(document.value()->root(), topics);
    };
    EXPECT_TRUE(read(R"("type":"rest-hook","endpoint":"http://x")").ok());
    EXPECT_FALSE(read(R"("type":"rest-hook","endpoint":"file:///x")").ok());
    EXPECT_FALSE(read(R"("type":"email","endpoint":"mailto:x")").ok());
    EXPECT_FALSE(read(R"("type":"rest-hook","endpoint":"http://x","payload":"text/csv")").ok());
    EXPECT_FALSE(read(R"("type":"rest-hook","endpoint":"http://x","header":["no colon"])").ok());
    EXPECT_FALSE(read(R"("type":"rest-hook","endpoint":"http://x","header":["A: b\r\nC: d"])").ok()
    );
    const std::string filter =
        R"(,"_criteria":{"extension":[{"url":"http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-filter-criteria","valueString":"KEY"}]})";
    const auto with = [&](const std::string& query) {
        std::string text = filter;
        text.replace(text.find("KEY"), 3, query);
        return read(R"("type":"rest-hook","endpoint":"http://x")", text).ok();
    };
    EXPECT_TRUE(with("Observation?code=x"));
    EXPECT_FALSE(with("Observation?status=x")) << "not among what the topic filters by";
    EXPECT_FALSE(with("Patient?code=x"));
    EXPECT_FALSE(with("no query"));
}

TEST(Topics, OfThePacksLoad) {
    const auto topics = LoadTopics(std::string(KANGQU_SOURCE_DIR) + "/packs");
    ASSERT_TRUE(topics.ok()) << topics.error().Line();
    EXPECT_GE(topics->size(), 4U);
    for (const char* bad :
         {R"({"resourceType":"SubscriptionTopic"})",
          R"({"resourceType":"SubscriptionTopic","url":"u"})",
          R"({"resourceType":"SubscriptionTopic","url":"u","resourceTrigger":[{"resource":"Nothing"}]})",
          R"({"resourceType":"SubscriptionTopic","url":"u","resourceTrigger":[{"resource":"Patient","queryCriteria":{"current":"x=y"}}]})"}) {
        const auto document = core::JsonDocument::Parse(bad);
        EXPECT_FALSE(ReadTopic(document.value()->root(), "t").ok()) << bad;
    }
}

}  // namespace
}  // namespace kangqu::subscription
