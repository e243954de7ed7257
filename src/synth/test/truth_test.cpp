// Recounts the truth from the resources alone. Shares nothing with the generator: dates are texts,
// and the rules are written again from the packs' 口径.
#include "collected.hpp"
#include <algorithm>
#include <map>
#include <set>

namespace kangqu::synth {
namespace {

using core::JsonNode;

struct Episode {
    std::string start;
    std::string end;
    std::string reason;
};

struct Person {
    std::string organization;
    std::string residence;
    std::string birth;
    std::string died;
    std::string moved;
    bool male = false;
    std::vector<Episode> contracts;
    std::vector<Episode> programmes;
    std::map<std::string, bool> follow_ups;  // day, and whether one was face to face
    std::set<std::string> exams;
};

using People = std::map<std::string, Person, std::less<>>;

std::string Text(JsonNode node, std::size_t size = 10) {
    return std::string(node.text().substr(0, size));
}

void ReadPatient(JsonNode root, People& people) {
    Person& person = people["Patient/" + Text(root["id"], 64)];
    person.organization = root["managingOrganization"]["reference"].text().substr(13);
    person.birth = Text(root["birthDate"]);
    person.died = Text(root["deceasedDateTime"]);
    person.male = root["gender"].text() == "male";
    for (JsonNode e = root["extension"].first(); e; e = e.next()) {
        if (e["url"].text() == "urn:kangqu:ext:residence") {
            person.residence = Text(e["valueCoding"]["code"], 64);
        } else if (e["url"].text() == "urn:kangqu:ext:moved-out") {
            person.moved = Text(e["valueDate"]);
        }
    }
}

void ReadEpisode(JsonNode root, People& people) {
    Person& person = people.find(root["patient"]["reference"].text())->second;
    Episode episode{Text(root["period"]["start"]), Text(root["period"]["end"]), ""};
    episode.reason = Text(root["extension"][0]["valueCode"], 64);
    const bool contract = root["type"][0]["coding"][0]["code"].text() == "family-doctor-contract";
    (contract ? person.contracts : person.programmes).push_back(episode);
}

void ReadEncounter(JsonNode root, People& people) {
    Person& person = people.find(root["subject"]["reference"].text())->second;
    const std::string_view type = root["type"][0]["coding"][0]["code"].text();
    const std::string day = Text(root["period"]["start"]);
    if (type == "hypertension-follow-up") {
        bool& face = person.follow_ups[day];
        face = face || root["class"]["code"].text() != "VR";
    } else if (type == "annual-exam") {
        person.exams.insert(day);
    }
}

People ReadPeople(const Collected& collected) {
    People people;
    for (const auto& [type, json] : collected.lines) {
        const auto document = Parsed(json);
        if (type == "Patient") {
            ReadPatient(document->root(), people);
        } else if (type == "EpisodeOfCare") {
            ReadEpisode(document->root(), people);
        } else if (type == "Encounter") {
            ReadEncounter(document->root(), people);
        }
    }
    return people;
}

struct Tally {
    std::int64_t denominator = 0;
    std::int64_t exclusion = 0;
    std::int64_t numerator = 0;
    friend bool operator==(const Tally&, const Tally&) = default;
};

struct YearTally {
    Tally all;
    std::map<std::string, Tally> by_organization;
    std::map<std::string, std::int64_t> reasons;

    void
    Count(const std::string& organization, bool met, const std::set<std::string>& reason_codes) {
        static const std::set<std::string> kExclusions = {"died", "moved-out", "enrolled-late"};
        const bool out =
            std::any_of(reason_codes.begin(), reason_codes.end(), [](const auto& code) {
                return kExclusions.count(code) > 0;
            });
        for (Tally* tally : {&all, &by_organization[organization]}) {
            ++tally->denominator;
            tally->exclusion += out ? 1 : 0;
            tally->numerator += met ? 1 : 0;
        }
        for (const auto& code : reason_codes) {
            ++reasons[code];
        }
    }
};

// The date `months` later, as text; the day stays, for it is only compared.
std::string Later(const std::string& date, int months) {
    const int month = std::stoi(date.substr(0, 4)) * 12 + std::stoi(date.substr(5, 2)) - 1 + months;
    char text[32];
    std::snprintf(
        text, sizeof text, "%04d-%02d%s", month / 12, month % 12 + 1, date.substr(7).c_str()
    );
    return text;
}

// Full months from a date to the day after the year's last one.
int FullMonths(const std::string& from, const std::string& day_after) {
    int months = 0;
    while (Later(from, months + 1) <= day_after) {
        ++months;
    }
    return months;
}

struct Period {
    std::string first;
    std::string last;
    std::string day_after;
};

void CountProgramme(const Person& person, const Period& period, YearTally& tally) {
    if (person.programmes.empty()) {
        return;
    }
    ASSERT_EQ(person.programmes.size(), 1U);
    const Episode& episode = person.programmes[0];
    const bool gone = (!person.died.empty() && person.died < period.first) ||
                      (!person.moved.empty() && person.moved < period.first);
    const bool old_enough = Later(person.birth, 35 * 12) <= period.last;
    if (episode.start > period.last || (!episode.end.empty() && episode.end < period.first) ||
        gone || !old_enough) {
        return;
    }
    std::set<std::string> reasons;
    if (!person.died.empty() && person.died <= period.last) {
        reasons.insert("died");
    }
    if (!person.moved.empty() && person.moved <= period.last) {
        reasons.insert("moved-out");
    }
    if (FullMonths(episode.start, period.day_after) < 3) {
        reasons.insert("enrolled-late");
    }
    if (!reasons.empty()) {
        tally.Count(person.organization, false, reasons);
        return;
    }
    const std::string from = std::max(episode.start, period.first);
    const int months = FullMonths(from, period.day_after);
    const int due = std::max(1, months / 3);
    int all = 0;
    int face = 0;
    for (const auto& [day, face_to_face] : person.follow_ups) {
        const bool counts = day >= from && day <= period.last;
        all += counts ? 1 : 0;
        face += counts && face_to_face ? 1 : 0;
    }
    const auto exam = person.exams.lower_bound(period.first);
    const bool no_exam = months >= 12 && (exam == person.exams.end() || *exam > period.last);
    const bool met = face >= due && !no_exam;
    if (!met) {
        if (face < due) {
            reasons.insert(
                all == 0    ? "no-follow-up"
                : all < due ? "follow-ups-missing"
                            : "not-face-to-face"
            );
        }
        if (no_exam) {
            reasons.insert("no-annual-exam");
        }
        if (!episode.end.empty() && episode.end <= period.last) {
            reasons.insert(episode.reason);
        }
    }
    tally.Count(person.organization, met, reasons);
}

void CountContract(const Person& person, const Period& period, YearTally& tally) {
    if (person.residence == "floating" || person.birth > period.last ||
        (!person.died.empty() && person.died <= period.last) ||
        (!person.moved.empty() && person.moved < period.first)) {
        return;
    }
    if (!person.moved.empty() && person.moved <= period.last) {
        tally.Count(person.organization, false, {"moved-out"});
        return;
    }
    std::string reason = "never-contracted";
    for (const Episode& contract : person.contracts) {
        if (contract.start <= period.last && contract.end >= period.last) {
            tally.Count(person.organization, true, {});
            return;
        }
        if (contract.start <= period.last) {
            reason = "contract-expired";
        }
    }
    tally.Count(person.organization, false, {reason});
}

Tally TallyOf(JsonNode node) {
    return {
        *node["denominator"].integer(),
        *node["denominatorExclusion"].integer(),
        *node["numerator"].integer()};
}

void ExpectYears(JsonNode years, const People& people, bool contracts) {
    ASSERT_GT(years.size(), 0U);
    for (JsonNode year = years.first(); year; year = year.next()) {
        Period period{Text(year["from"]), Text(year["to"]), ""};
        period.day_after =
            core::FormatDate(core::CivilOf(core::DaysOf(*core::ParseDate(period.last)) + 1));
        YearTally tally;
        for (const auto& [id, person] : people) {
            contracts ? CountContract(person, period, tally)
                      : CountProgramme(person, period, tally);
        }
        EXPECT_EQ(TallyOf(year), tally.all) << period.first;
        EXPECT_GT(tally.all.numerator, 0) << period.first;
        std::map<std::string, Tally> by_organization;
        for (JsonNode o = year["byOrganization"].first(); o; o = o.next()) {
            by_organization[Text(o["id"], 64)] = TallyOf(o);
        }
        EXPECT_EQ(by_organization, tally.by_organization) << period.first;
        std::map<std::string, std::int64_t> reasons;
        for (JsonNode r = year["reasons"].first(); r; r = r.next()) {
            reasons[std::string(r.key())] = *r.integer();
        }
        EXPECT_EQ(reasons, tally.reasons) << period.first;
    }
}

class TruthTest : public testing::TestWithParam<SynthOptions> {};

TEST_P(TruthTest, EqualsARecountOfTheResources) {
    const Collected collected = Collect(GetParam());
    const People people = ReadPeople(collected);
    const auto document = Parsed(collected.summary.truth_json);
    const JsonNode truth = document->root();
    ExpectYears(truth["contracts"]["years"], people, true);
    ExpectYears(truth["programmes"][0]["years"], people, false);
}

INSTANTIATE_TEST_SUITE_P(
    Options,
    TruthTest,
    testing::Values(
        SynthOptions{3000, 7, 5, {2025, 12, 31}},
        SynthOptions{1500, 11, 3, {2026, 11, 22}},
        SynthOptions{1200, 5, 2, {2024, 2, 29}}
    )
);

TEST(Truth, CountsResidentsBySexAgeAndResidence) {
    const People people = ReadPeople(Sample());
    const auto document = Parsed(Sample().summary.truth_json);
    const JsonNode residents = document->root()["residents"];
    EXPECT_EQ(residents["total"].integer(), 3000);
    std::map<std::string, std::int64_t> by_residence;
    std::int64_t living = 0;
    for (JsonNode group = residents["byAge"].first(); group; group = group.next()) {
        const std::string from =
            group["from"].integer() == 100
                ? "1900-01-01"
                : Later("2026-01-01", -12 * static_cast<int>(*group["from"].integer() + 5));
        const std::string to =
            Later("2026-01-01", -12 * static_cast<int>(*group["from"].integer()));
        std::int64_t male = 0;
        std::int64_t female = 0;
        for (const auto& [id, person] : people) {
            const bool here = person.died.empty() && person.moved.empty();
            if (here && person.birth >= from && person.birth < to) {
                ++(person.male ? male : female);
                ++by_residence[person.residence];
                ++living;
            }
        }
        EXPECT_EQ(group["male"].integer(), male) << from;
        EXPECT_EQ(group["female"].integer(), female) << from;
    }
    EXPECT_EQ(residents["living"].integer(), living);
    for (const auto& [kind, count] : by_residence) {
        EXPECT_EQ(residents["byResidence"][kind].integer(), count) << kind;
    }
}

TEST(Truth, CountsResourcesByType) {
    std::map<std::string, std::int64_t> counts;
    for (const auto& [type, json] : Sample().lines) {
        ++counts[type];
    }
    const auto document = Parsed(Sample().summary.truth_json);
    const JsonNode resources = document->root()["resources"];
    EXPECT_EQ(resources.size(), counts.size());
    for (const auto& [type, count] : counts) {
        EXPECT_EQ(resources[type].integer(), count) << type;
    }
}

TEST(Truth, ManagementIsAsGoodAsItWasMeantToBe) {
    const auto document = Parsed(Collect({10'000, 42, 5, {2025, 12, 31}}).summary.truth_json);
    const JsonNode years = document->root()["programmes"][0]["years"];
    ASSERT_EQ(years.size(), 5U);
    double before = 0;
    for (JsonNode year = years.first(); year; year = year.next()) {
        const Tally tally = TallyOf(year);
        const double rate = static_cast<double>(tally.numerator) /
                            static_cast<double>(tally.denominator - tally.exclusion);
        EXPECT_GT(rate, 0.68) << Text(year["from"]);
        EXPECT_LT(rate, 0.78) << Text(year["from"]);
        EXPECT_GT(rate, before - 0.02) << Text(year["from"]);
        before = rate;
    }
}

}  // namespace
}  // namespace kangqu::synth
