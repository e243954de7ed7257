#include "kangqu/search/restriction.hpp"

#include "shelf.hpp"
#include <random>
#include <set>

namespace kangqu::search {
namespace {

using Ids = std::vector<std::string>;

Restriction One(Grant grant) {
    Restriction restriction;
    restriction.grants.push_back(std::move(grant));
    return restriction;
}

Restriction OfOrganization(const std::string& id) {
    Grant grant;
    grant.actions = {Action::kRead, Action::kUpdate};
    grant.scope = Scope::kOrganizations;
    grant.organizations = {id};
    return One(grant);
}

Restriction WithoutResident() {
    Grant grant;
    grant.actions = {Action::kRead};
    return One(grant);
}

TEST(Restriction, DeniesUnlessGranted) {
    const Restriction none;
    EXPECT_FALSE(none.MayEver("Patient", Action::kRead));
    EXPECT_TRUE(Restriction::System().MayEver("Patient", Action::kDelete));
    Grant grant;
    grant.types = {"Observation"};
    grant.actions = {Action::kRead};
    const Restriction some = One(grant);
    EXPECT_TRUE(some.MayEver("Observation", Action::kRead));
    EXPECT_FALSE(some.MayEver("Observation", Action::kUpdate));
    EXPECT_FALSE(some.MayEver("Patient", Action::kRead));
    Restriction masked;
    masked.masks.push_back({"Patient", {"identifier", "value"}, Mask::Style::kKeepEnds});
    EXPECT_EQ(masked.MasksOf("Patient").size(), 1U);
    EXPECT_TRUE(masked.MasksOf("Person").empty());
}

// Two organisations with residents and records at random; what belongs to nobody is a third group.
class TwoOrganizations : public testing::TestWithParam<unsigned> {
protected:
    void SetUp() override {
        std::mt19937 random(GetParam());
        std::vector<std::string> texts = {
            R"({"resourceType":"Organization","id":"a"})",
            R"({"resourceType":"Organization","id":"b"})",
            R"({"resourceType":"ValueSet","id":"set","status":"active"})",
            // Speaks of a resident that was never written.
            R"({"resourceType":"Observation","id":"ghost","status":"final","code":{"text":"x"},
                "subject":{"reference":"Patient/ghost"}})",
        };
        for (int i = 0; i < 40; ++i) {
            const std::string id = "p" + std::to_string(i);
            const std::string unit = random() % 2 == 0 ? "a" : "b";
            std::string text = R"({"resourceType":"Patient","id":")" + id + R"(","gender":"male")";
            // Some residents are managed by nobody.
            if (random() % 8 != 0) {
                text += R"(,"managingOrganization":{"reference":"Organization/)" + unit + "\"}";
                owner_["Patient/" + id] = unit;
            } else {
                owner_["Patient/" + id] = "nobody";
            }
            texts.push_back(text + "}");
        }
        for (int i = 0; i < 200; ++i) {
            const std::string id = "x" + std::to_string(i);
            const std::string patient = "p" + std::to_string(random() % 40);
            std::string text = R"({"resourceType":"Observation","id":")" + id +
                               R"(","status":"final","code":{"coding":[{"code":"c)" +
                               std::to_string(random() % 3) + R"("}]},"effectiveDateTime":"20)" +
                               std::to_string(10 + random() % 10) + "\"";
            if (random() % 10 != 0) {
                text += R"(,"subject":{"reference":"Patient/)" + patient + "\"}";
                owner_["Observation/" + id] = owner_["Patient/" + patient];
            } else {
                owner_["Observation/" + id] = "free";
            }
            texts.push_back(text + "}");
        }
        owner_["Observation/ghost"] = "nobody";
        std::shuffle(texts.begin(), texts.end(), random);
        shelf_.Put(texts);
    }

    Ids Owned(const std::string& type, const std::string& owner) const {
        Ids out;
        for (const auto& [name, whose] : owner_) {
            if (whose == owner && name.starts_with(type + "/")) {
                out.push_back(name.substr(type.size() + 1));
            }
        }
        std::sort(out.begin(), out.end());
        return out;
    }

    Shelf shelf_;
    std::map<std::string, std::string> owner_;
};

TEST_P(TwoOrganizations, SeeTheirOwn) {
    for (const std::string unit : {"a", "b"}) {
        const Restriction restriction = OfOrganization(unit);
        for (const std::string type : {"Patient", "Observation"}) {
            EXPECT_EQ(shelf_.Find(type, {}, restriction), Owned(type, unit));
            EXPECT_EQ(
                shelf_.Total(type, {}, restriction),
                static_cast<std::int64_t>(Owned(type, unit).size())
            );
        }
        EXPECT_TRUE(shelf_.Find("Organization", {}, restriction).empty());
    }
    EXPECT_TRUE(shelf_.Find("Patient", {}, OfOrganization("c")).empty());
    EXPECT_TRUE(shelf_.Find("Patient", {}, Restriction()).empty());
    EXPECT_EQ(shelf_.Total("Patient", {}, Restriction()), 0);
}

// Whatever is asked, nothing comes that is not one's own, and nothing of one's own is missing.
TEST_P(TwoOrganizations, WhateverIsAsked) {
    const Shelf::Parameters questions[] = {
        {{"code", "c1"}},
        {{"code:not", "c1"}},
        {{"date", "ge2015"}},
        {{"date", "ne2015"}, {"status", "final"}},
        {{"patient", "p1,p2,p3,p4,p5,p6,ghost"}},
        {{"_id", "x1,x2,x3,x4,x5,ghost"}},
        {{"_lastUpdated", "ge2000"}, {"_count", "7"}},
        {{"_sort", "-_lastUpdated"}, {"_count", "7"}},
        {{"_sort", "date"}, {"_count", "7"}},
    };
    for (const auto& question : questions) {
        const Ids all = shelf_.Find("Observation", question);
        EXPECT_FALSE(all.empty());
        for (const std::string unit : {"a", "b"}) {
            const Ids owned = Owned("Observation", unit);
            Ids expected;
            std::set_intersection(
                all.begin(), all.end(), owned.begin(), owned.end(), std::back_inserter(expected)
            );
            EXPECT_EQ(shelf_.Find("Observation", question, OfOrganization(unit)), expected)
                << question[0].first << '=' << question[0].second;
        }
    }
}

TEST_P(TwoOrganizations, RecordsOfNobodyAreNotOfAResident) {
    EXPECT_EQ(shelf_.Find("Observation", {}, WithoutResident()), Owned("Observation", "free"));
    EXPECT_EQ(shelf_.Find("Organization", {}, WithoutResident()), (Ids{"a", "b"}));
    EXPECT_EQ(shelf_.Find("ValueSet", {}, WithoutResident()), Ids{"set"});
    EXPECT_TRUE(shelf_.Find("Patient", {}, WithoutResident()).empty());
}

// One record at a time says the same as a search.
TEST_P(TwoOrganizations, AdmitsWhatTheSearchFinds) {
    Restriction restrictions[] = {
        OfOrganization("a"), OfOrganization("b"), WithoutResident(), Restriction()};
    Grant own;
    own.actions = {Action::kRead};
    own.scope = Scope::kPatient;
    own.patient = "p3";
    auto reader = shelf_.store().Read();
    std::vector<Restriction> all(std::begin(restrictions), std::end(restrictions));
    all.push_back(One(own));
    for (const Restriction& restriction : all) {
        for (const std::string type : {"Patient", "Observation", "Organization"}) {
            const Ids found = shelf_.Find(type, {}, restriction);
            for (const std::string& id : shelf_.Find(type, {})) {
                const auto at = shelf_.PlaceOf(type, id);
                const auto admitted =
                    Admits(**reader, restriction, Action::kRead, type, at.home, at.key);
                ASSERT_TRUE(admitted.ok());
                EXPECT_EQ(admitted.value(), std::binary_search(found.begin(), found.end(), id))
                    << type << '/' << id;
                const auto deleting =
                    Admits(**reader, restriction, Action::kDelete, type, at.home, at.key);
                EXPECT_FALSE(deleting.value());
            }
        }
    }
    EXPECT_EQ(shelf_.Find("Patient", {}, One(own)), Ids{"p3"});
}

INSTANTIATE_TEST_SUITE_P(Seeds, TwoOrganizations, testing::Values(1U, 2U, 3U));

TEST(RestrictionOverTime, AResidentMovesWithAllRecords) {
    Shelf shelf;
    const auto resident = [](const std::string& unit) {
        return R"({"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/)" +
               unit + "\"}}";
    };
    shelf.Put(
        {resident("a"),
         R"({"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"}})"}
    );
    EXPECT_EQ(shelf.Find("Condition", {}, OfOrganization("a")), Ids{"c"});
    shelf.Put({resident("b")});
    EXPECT_TRUE(shelf.Find("Condition", {}, OfOrganization("a")).empty());
    EXPECT_EQ(shelf.Find("Condition", {}, OfOrganization("b")), Ids{"c"});
    // A record written without a resident that comes to speak of one leaves the open shelf.
    shelf.Put({R"({"resourceType":"Basic","id":"n","code":{"text":"x"}})"});
    EXPECT_EQ(shelf.Find("Basic", {}, WithoutResident()), Ids{"n"});
    shelf.Put({R"({"resourceType":"Basic","id":"n","code":{"text":"x"},
        "subject":{"reference":"Patient/p"}})"});
    EXPECT_TRUE(shelf.Find("Basic", {}, WithoutResident()).empty());
    // Neither does one whose resident is only described show.
    shelf.Put({
        R"({"resourceType":"Basic","id":"m","code":{"text":"x"},
            "subject":{"identifier":{"system":"urn:id","value":"1"},"display":"张三"}})",
        R"({"resourceType":"Basic","id":"k","code":{"text":"x"},"subject":{"reference":"#p"},
            "contained":[{"resourceType":"Patient","id":"p"}]})",
        R"({"resourceType":"Basic","id":"o","code":{"text":"x"},
            "subject":{"reference":"Location/l"}})",
    });
    EXPECT_EQ(shelf.Find("Basic", {}, WithoutResident()), Ids{"o"});
}

}  // namespace
}  // namespace kangqu::search
