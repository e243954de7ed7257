// Random restrictions and random searches, answered again by walking through all records: nothing
// comes, counts or decides that the reader may not see, whatever it is reached by.
#include "shelf.hpp"
#include <functional>
#include <random>
#include <set>

namespace kangqu::search {
namespace {

struct Rec {
    std::string type = {};
    std::string id = {};
    std::string word = {};  // gender, code or class
    std::string unit = {};  // managing organisation of a Patient
    std::string patient = {};
    std::string first_patient = {};  // at version 1: decides the home
    std::string encounter = {};
    std::string who = {};  // a Practitioner
    int day = 0;           // 0: no date
    std::string Name() const { return type + "/" + id; }
};

std::string JsonOf(const Rec& rec) {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject().Field("resourceType", rec.type).Field("id", rec.id);
    const auto refer = [&](const char* key, const std::string& type, const std::string& id) {
        if (!id.empty()) {
            writer.Key(key).BeginObject().Field("reference", type + "/" + id).EndObject();
        }
    };
    const std::string date = rec.day == 0 ? "" : "2024-01-" + std::to_string(10 + rec.day);
    if (rec.type == "Patient") {
        writer.Field("gender", rec.word);
        refer("managingOrganization", "Organization", rec.unit);
    } else if (rec.type == "Encounter") {
        writer.Field("status", "finished").Key("class").BeginObject();
        writer.Field("code", rec.word).EndObject();
        refer("subject", "Patient", rec.patient);
        if (!date.empty()) {
            writer.Key("period").BeginObject().Field("start", date).Field("end", date).EndObject();
        }
    } else if (rec.type == "Observation") {
        writer.Field("status", "final").Key("code").BeginObject().Key("coding").BeginArray();
        writer.BeginObject().Field("code", rec.word).EndObject().EndArray().EndObject();
        refer("subject", "Patient", rec.patient);
        refer("encounter", "Encounter", rec.encounter);
        if (!rec.who.empty()) {
            writer.Key("performer").BeginArray().BeginObject();
            writer.Field("reference", "Practitioner/" + rec.who).EndObject().EndArray();
        }
        if (!date.empty()) {
            writer.Field("effectiveDateTime", date);
        }
    } else if (rec.type == "Practitioner") {
        writer.Field("gender", rec.word);
    }
    writer.EndObject();
    return out;
}

class World {
public:
    explicit World(unsigned seed) : random_(seed) {
        for (const char* unit : {"a", "b", "c"}) {
            Add({.type = "Organization", .id = unit});
        }
        for (int i = 0; i < 4; ++i) {
            Add({.type = "Practitioner", .id = "w" + std::to_string(i), .word = Sex()});
        }
        for (int i = 0; i < 12; ++i) {
            Add(
                {.type = "Patient",
                 .id = "p" + std::to_string(i),
                 .word = Sex(),
                 .unit = Chance(6) ? "" : std::string(1, static_cast<char>('a' + Number(3)))}
            );
        }
        for (int i = 0; i < 30; ++i) {
            Add(
                {.type = "Encounter",
                 .id = "e" + std::to_string(i),
                 .word = Chance(2) ? "AMB" : "IMP",
                 .patient = SomePatient(),
                 .day = Number(5)}
            );
        }
        for (int i = 0; i < 90; ++i) {
            Add(
                {.type = "Observation",
                 .id = "x" + std::to_string(i),
                 .word = std::string("c") + std::to_string(Number(3)),
                 .patient = SomePatient(),
                 .encounter = Chance(2) ? "e" + std::to_string(Number(30)) : "",
                 .who = Chance(2) ? "w" + std::to_string(Number(4)) : "",
                 .day = Number(5)}
            );
        }
        std::vector<std::string> texts;
        for (const Rec& rec : all_) {
            texts.push_back(JsonOf(rec));
        }
        std::shuffle(texts.begin(), texts.end(), random_);
        shelf_.Put(texts);
        // Some come to speak of another patient, of one for the first time, or of none any more.
        texts.clear();
        for (Rec& rec : all_) {
            if ((rec.type == "Observation" || rec.type == "Encounter") && Chance(4)) {
                rec.patient = SomePatient();
                texts.push_back(JsonOf(rec));
            } else if (rec.type == "Patient" && Chance(4)) {
                rec.unit = std::string(1, static_cast<char>('a' + Number(3)));
                texts.push_back(JsonOf(rec));
            }
        }
        shelf_.Put(texts);
    }

    int Number(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
    bool Chance(int one_in) { return Number(one_in) == 0; }
    std::string Sex() { return Chance(2) ? "male" : "female"; }
    std::string SomePatient() {
        // p12 and p13 are never written.
        return Chance(5) ? "" : "p" + std::to_string(Number(14));
    }

    const Rec* Find(const std::string& type, const std::string& id) const {
        for (const Rec& rec : all_) {
            if (rec.type == type && rec.id == id) {
                return &rec;
            }
        }
        return nullptr;
    }

    Restriction SomeRestriction() {
        Restriction out;
        for (int n = 1 + Number(3); n > 0; --n) {
            Grant grant;
            grant.actions = {Action::kRead};
            for (const char* type :
                 {"Patient", "Encounter", "Observation", "Practitioner", "Organization"}) {
                if (!Chance(3)) {
                    grant.types.emplace_back(type);
                }
            }
            switch (Number(5)) {
                case 0:
                    grant.scope = Scope::kEverything;
                    break;
                case 1:
                    grant.scope = Scope::kPatient;
                    grant.patient = "p" + std::to_string(Number(14));
                    break;
                case 2:
                    grant.scope = Scope::kWithoutResident;
                    break;
                default:
                    grant.scope = Scope::kOrganizations;
                    grant.organizations = {std::string(1, static_cast<char>('a' + Number(4)))};
                    if (Chance(2)) {
                        grant.organizations.emplace_back("a");
                    }
            }
            if (!grant.types.empty()) {
                out.grants.push_back(std::move(grant));
            }
        }
        return out;
    }

    bool Sees(const Restriction& restriction, const Rec& rec) const {
        const auto has = [](const auto& list, const std::string& one) {
            return std::find(list.begin(), list.end(), one) != list.end();
        };
        for (const Grant& grant : restriction.grants) {
            if (!has(grant.types, rec.type)) {
                continue;
            }
            const bool resident = rec.type == "Patient";
            const std::string whose = resident ? rec.id : rec.patient;
            const Rec* const patient = Find("Patient", whose);
            switch (grant.scope) {
                case Scope::kEverything:
                    return true;
                case Scope::kPatient:
                    if (!whose.empty() && whose == grant.patient) {
                        return true;
                    }
                    break;
                case Scope::kOrganizations:
                    if (patient != nullptr && !patient->unit.empty() &&
                        has(grant.organizations, patient->unit)) {
                        return true;
                    }
                    break;
                case Scope::kWithoutResident:
                    if (!resident && rec.patient.empty() && rec.first_patient.empty()) {
                        return true;
                    }
                    break;
            }
        }
        return false;
    }

    using Test = std::function<bool(const Rec&)>;
    struct Question {
        std::string type;
        std::pair<std::string, std::string> asked;
        Test holds;
    };

    // A question about `type`; what it says of other records counts only where `sees` says yes.
    Question Ask(const std::string& type, const Test& sees, int depth = 0) {
        const std::string code = std::string("c") + std::to_string(Number(3));
        const std::string sex = Sex();
        const auto chained = [&](const char* link, const std::string& to, auto target_of) {
            Question end = Ask(to, sees, depth + 1);
            return Question{
                type,
                {std::string(link) + ":" + to + "." + end.asked.first, end.asked.second},
                [=, this](const Rec& rec) {
                    const Rec* const target = Find(to, target_of(rec));
                    return target != nullptr && sees(*target) && end.holds(*target);
                }};
        };
        const auto has = [&](const std::string& from, const char* link, auto target_of) {
            Question start = Ask(from, sees, depth + 1);
            return Question{
                type,
                {"_has:" + from + ":" + link + ":" + start.asked.first, start.asked.second},
                [=, this](const Rec& rec) {
                    return std::any_of(all_.begin(), all_.end(), [&](const Rec& other) {
                        return other.type == from && target_of(other) == rec.id && sees(other) &&
                               start.holds(other);
                    });
                }};
        };
        const auto patient_of = [](const Rec& rec) {
            return rec.patient;
        };
        const int kind = Number(depth > 2 ? 2 : 5);
        if (type == "Patient") {
            if (kind < 3) {
                return {type, {"gender", sex}, [=](const Rec& rec) {
                            return rec.word == sex;
                        }};
            }
            return kind == 3 ? has("Observation", "patient", patient_of)
                             : has("Encounter", "subject", patient_of);
        }
        if (type == "Practitioner") {
            if (kind < 3) {
                return {type, {"gender:not", sex}, [=](const Rec& rec) {
                            return rec.word != sex;
                        }};
            }
            return has("Observation", "performer", [](const Rec& rec) { return rec.who; });
        }
        if (type == "Encounter") {
            if (kind < 2) {
                return {type, {"class", "AMB"}, [](const Rec& rec) {
                            return rec.word == "AMB";
                        }};
            }
            return kind < 4 ? chained("subject", "Patient", patient_of)
                            : has("Observation", "encounter", [](const Rec& rec) {
                                  return rec.encounter;
                              });
        }
        switch (kind) {
            case 0:
                return {type, {"code", code}, [=](const Rec& rec) {
                            return rec.word == code;
                        }};
            case 1:
                return {type, {"date", "ge2024-01-12"}, [](const Rec& rec) {
                            return rec.day >= 2;
                        }};
            case 2:
                return {type, {"encounter:missing", "true"}, [](const Rec& rec) {
                            return rec.encounter.empty();
                        }};
            case 3:
                return chained("subject", "Patient", patient_of);
            default:
                return chained("encounter", "Encounter", [](const Rec& rec) {
                    return rec.encounter;
                });
        }
    }

    std::vector<std::string> Expected(const std::string& type, const Test& test) const {
        std::vector<std::string> out;
        for (const Rec& rec : all_) {
            if (rec.type == type && test(rec)) {
                out.push_back(rec.id);
            }
        }
        std::sort(out.begin(), out.end());
        return out;
    }

    const std::vector<Rec>& all() const { return all_; }
    Shelf& shelf() { return shelf_; }

private:
    void Add(Rec rec) {
        rec.first_patient = rec.patient;
        all_.push_back(std::move(rec));
    }

    std::mt19937 random_;
    std::vector<Rec> all_;
    Shelf shelf_;
};

class Leaks : public testing::TestWithParam<unsigned> {};

TEST_P(Leaks, NothingThatIsNotSeen) {
    World world(GetParam());
    const std::vector<std::string> types = {
        "Patient", "Encounter", "Observation", "Practitioner", "Observation"};
    std::size_t answered = 0;
    for (int round = 0; round < 120; ++round) {
        const Restriction restriction =
            world.Chance(5) ? Restriction::System() : world.SomeRestriction();
        const World::Test sees = [&](const Rec& rec) {
            return restriction.is_system() || world.Sees(restriction, rec);
        };
        const std::string type = types[static_cast<std::size_t>(world.Number(5))];
        std::vector<World::Question> questions;
        Shelf::Parameters asked;
        std::string text = type + "?";
        for (int n = world.Number(3); n >= 0; --n) {
            questions.push_back(world.Ask(type, sees));
            asked.push_back(questions.back().asked);
            text += asked.back().first + "=" + asked.back().second + "&";
        }
        const auto expected = world.Expected(type, [&](const Rec& rec) {
            return sees(rec) && std::all_of(questions.begin(), questions.end(), [&](const auto& q) {
                       return q.holds(rec);
                   });
        });
        answered += expected.size();
        ASSERT_EQ(
            world.shelf().Total(type, asked, restriction),
            static_cast<std::int64_t>(expected.size())
        ) << text;
        const char* const sorts[] = {"", "_id", "-_lastUpdated", "gender", "code", "-date"};
        const std::string sort = sorts[world.Number(6)];
        const bool sortable = sort != "" &&
                              (sort != "gender" || type == "Patient" || type == "Practitioner") &&
                              (sort != "code" || type == "Observation") &&
                              (sort != "-date" || type == "Observation" || type == "Encounter");
        if (sortable) {
            asked.emplace_back("_sort", sort);
        }
        asked.emplace_back("_count", std::to_string(1 + world.Number(9)));
        ASSERT_EQ(world.shelf().Find(type, asked, restriction), expected) << text << sort;
    }
    EXPECT_GT(answered, 200U);
}

TEST_P(Leaks, IncludesAndEverything) {
    World world(GetParam());
    for (int round = 0; round < 40; ++round) {
        const Restriction restriction = world.SomeRestriction();
        std::set<std::string> included;
        for (const auto& name : world.shelf().Included(
                 "Observation",
                 Shelf::Query(
                     "_count=200&_include=Observation:subject&_include=Observation:encounter"
                     "&_include=Observation:performer&_include:iterate=Encounter:subject"
                 ),
                 restriction
             )) {
            EXPECT_TRUE(included.insert(name).second) << name << " twice";
        }
        std::set<std::string> expected;
        for (const Rec& rec : world.all()) {
            if (rec.type != "Observation" || !world.Sees(restriction, rec)) {
                continue;
            }
            const Rec* const encounter = world.Find("Encounter", rec.encounter);
            const bool through = encounter != nullptr && world.Sees(restriction, *encounter);
            for (const Rec* target :
                 {world.Find("Patient", rec.patient),
                  encounter,
                  world.Find("Practitioner", rec.who),
                  through ? world.Find("Patient", encounter->patient) : nullptr}) {
                if (target != nullptr && world.Sees(restriction, *target)) {
                    expected.insert(target->Name());
                }
            }
        }
        EXPECT_EQ(included, expected);
        const std::string id = "p" + std::to_string(world.Number(12));
        const Rec& patient = *world.Find("Patient", id);
        EverythingQuery query;
        query.patient = id;
        query.limit = 500;
        auto reader = world.shelf().store().Read();
        const auto page = Everything(**reader, query, restriction);
        ASSERT_EQ(page.ok(), world.Sees(restriction, patient));
        if (!page.ok()) {
            continue;
        }
        std::vector<std::string> hits;
        for (const Rec& rec : world.all()) {
            const bool theirs = rec.Name() == patient.Name() || rec.patient == id;
            if (theirs && world.Sees(restriction, rec)) {
                hits.push_back(rec.Name());
            }
        }
        std::sort(hits.begin(), hits.end());
        EXPECT_EQ(Shelf::Names(**reader, page->hits), hits);
        for (const std::string& name : Shelf::Names(**reader, page->supporting)) {
            const std::size_t slash = name.find('/');
            const Rec* const rec = world.Find(name.substr(0, slash), name.substr(slash + 1));
            ASSERT_NE(rec, nullptr);
            EXPECT_TRUE(world.Sees(restriction, *rec)) << name;
            EXPECT_TRUE(rec->patient.empty()) << name;
        }
    }
}

// The order of a chain's search makes no difference: large ends are tested row by row.
TEST_P(Leaks, CompartmentsOfOne) {
    World world(GetParam());
    for (int round = 0; round < 30; ++round) {
        const Restriction restriction = world.SomeRestriction();
        SearchOptions options;
        options.compartment = "p" + std::to_string(world.Number(13));
        const auto expected = world.Expected("Observation", [&](const Rec& rec) {
            return rec.patient == options.compartment && world.Sees(restriction, rec);
        });
        EXPECT_EQ(world.shelf().Find("Observation", {}, restriction, options), expected);
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Leaks, testing::Values(1U, 2U, 3U, 4U, 5U));

TEST(Masks, WhatIsHiddenIsNotSearched) {
    Shelf shelf;
    shelf.Put({R"({"resourceType":"Patient","id":"p","gender":"male",
        "identifier":[{"system":"urn:id","value":"310101199001011234"}],
        "name":[{"text":"张三"}],"telecom":[{"system":"phone","value":"13800000000"}]})"});
    Restriction restriction;
    Grant grant;
    grant.actions = {Action::kRead};
    grant.scope = Scope::kEverything;
    restriction.grants.push_back(grant);
    restriction.masks.push_back({"Patient", {"identifier", "value"}, Mask::Style::kKeepEnds});
    restriction.masks.push_back({"Patient", {"telecom"}, Mask::Style::kRemove});
    const auto refused = [&](const std::string& query) {
        return shelf.Refused("Patient", Shelf::Query(query), restriction);
    };
    EXPECT_EQ(refused("gender=male"), "");
    EXPECT_EQ(refused("identifier=310101199001011234"), "");
    EXPECT_EQ(refused("identifier:text=3"), "search-unknown-parameter");
    EXPECT_EQ(refused("_sort=identifier"), "search-bad-value");
    EXPECT_EQ(refused("phone=13800000000"), "search-unknown-parameter");
    EXPECT_EQ(refused("phone:missing=false"), "search-unknown-parameter");
    EXPECT_EQ(refused("_content=138"), "search-unknown-parameter");
    EXPECT_EQ(refused("_filter=phone eq 13800000000"), "search-unknown-parameter");
    EXPECT_EQ(
        shelf.Refused("Observation", Shelf::Query("patient.phone=13800000000"), restriction),
        "search-unknown-parameter"
    );
    EXPECT_EQ(
        shelf.Refused(
            "Observation", Shelf::Query("_has:Provenance:target:patient.phone=1"), restriction
        ),
        "search-unknown-parameter"
    );
}

}  // namespace
}  // namespace kangqu::search
