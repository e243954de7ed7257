#include "kangqu/core/identifiers.hpp"

#include "collected.hpp"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

namespace kangqu::synth {
namespace {

using core::JsonNode;

// FNV-1a, enough to tell one output from another.
std::uint64_t HashOf(const Collected& collected) {
    std::uint64_t hash = 1469598103934665603ULL;
    const auto add = [&hash](std::string_view text) {
        for (const char c : text) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
        }
    };
    for (const auto& [type, json] : collected.lines) {
        add(type);
        add(json);
    }
    add(collected.summary.truth_json);
    return hash;
}

void ForEachNode(JsonNode node, const std::function<void(JsonNode)>& visit) {
    visit(node);
    for (JsonNode child = node.first(); child; child = child.next()) {
        ForEachNode(child, visit);
    }
}

TEST(Generate, SameOptionsGiveTheSameBytes) {
    const SynthOptions options{300, 42, 3, {2024, 6, 30}};
    const std::uint64_t hash = HashOf(Collect(options));
    EXPECT_EQ(HashOf(Collect(options)), hash);
    SynthOptions other = options;
    other.seed = 43;
    EXPECT_NE(HashOf(Collect(other)), hash);
}

TEST(Generate, BytesAreThoseOfEveryOtherMachine) {
    // Known from elsewhere. A change of the tables or the generator changes these on purpose; a
    // compiler, a library or a machine must not.
    EXPECT_EQ(HashOf(Collect({300, 42, 3, {2024, 6, 30}})), 3409385293841431322ULL);
    EXPECT_EQ(HashOf(Collect({300, 42, 3, {2024, 6, 30}, 1000, 2})), 15802059840003099569ULL);
}

TEST(Generate, ThreadsDoNotChangeTheBytes) {
    SynthOptions options{1400, 42, 2, {2024, 6, 30}, 1000, 1};
    const std::uint64_t alone = HashOf(Collect(options));
    options.threads = 2;
    EXPECT_EQ(HashOf(Collect(options)), alone);
    options.threads = 5;
    EXPECT_EQ(HashOf(Collect(options)), alone);
}

TEST(Generate, AThreadedRunStopsAtTheSinksErrorToo) {
    class Full final : public SynthSink {
    public:
        core::Status Put(std::string_view /*type*/, std::string_view /*json*/) override {
            return ++puts < 9000 ? core::Status{} : core::MakeError(core::ErrorCode::kStoreFull);
        }
        int puts = 0;
    } sink;
    const auto result = Generate({3000, 1, 2, {2025, 12, 31}, 0, 2}, sink);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, core::ErrorCode::kStoreFull);
    EXPECT_EQ(sink.puts, 9000);
}

TEST(Generate, EarlierResidentsDoNotDependOnHowManyFollow) {
    const Collected few = Collect({100, 42, 5, {2025, 12, 31}});
    const Collected more = Collect({200, 42, 5, {2025, 12, 31}});
    ASSERT_LT(few.lines.size(), more.lines.size());
    for (std::size_t i = 0; i < few.lines.size(); ++i) {
        ASSERT_EQ(few.lines[i].second, more.lines[i].second);
    }
}

TEST(Generate, RefusesOptionsOutOfRange) {
    CollectingSink sink;
    for (const SynthOptions& options :
         {SynthOptions{10, 1, 5, {2025, 12, 31}, 1001},
          SynthOptions{10, 1, 5, {2025, 12, 31}, -1},
          SynthOptions{10, 1, 5, {2025, 12, 31}, 0, 0},
          SynthOptions{10, 1, 5, {2025, 12, 31}, 0, kMaxThreads + 1},
          SynthOptions{0, 1, 5, {2025, 12, 31}},
          SynthOptions{kMaxResidents + 1, 1, 5, {2025, 12, 31}},
          SynthOptions{10, 1, 0, {2025, 12, 31}},
          SynthOptions{10, 1, kMaxYears + 1, {2025, 12, 31}},
          SynthOptions{10, 1, 5, {2025, 2, 29}},
          SynthOptions{10, 1, 5, {1989, 12, 31}}}) {
        const auto result = Generate(options, sink);
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.error().code, core::ErrorCode::kInvalidArgument);
    }
    EXPECT_TRUE(sink.lines.empty());
}

TEST(Generate, StopsAtTheSinksError) {
    class Full final : public SynthSink {
    public:
        core::Status Put(std::string_view /*type*/, std::string_view /*json*/) override {
            ++puts;
            return puts < 50 ? core::Status{} : core::MakeError(core::ErrorCode::kStoreFull);
        }
        int puts = 0;
    } sink;
    const auto result = Generate({1000, 1, 5, {2025, 12, 31}}, sink);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, core::ErrorCode::kStoreFull);
    EXPECT_EQ(sink.puts, 50);
}

TEST(Generate, EveryLineParsesIsTaggedAndHasItsOwnId) {
    std::set<std::string> seen;
    for (const auto& [type, json] : Sample().lines) {
        const auto document = Parsed(json);
        const JsonNode root = document->root();
        ASSERT_EQ(root["resourceType"].text(), type);
        ASSERT_EQ(root["meta"]["tag"][0]["system"].text(), "urn:kangqu:tag");
        ASSERT_EQ(root["meta"]["tag"][0]["code"].text(), "synthetic");
        ASSERT_TRUE(seen.insert(type + "/" + std::string(root["id"].text())).second) << json;
        ASSERT_EQ(core::Minified(root), json);
        ASSERT_EQ(json.find('\n'), std::string::npos);
    }
}

TEST(Generate, WhatIsReferredToComesFirst) {
    std::set<std::string, std::less<>> seen;
    for (const auto& [type, json] : Sample().lines) {
        const auto document = Parsed(json);
        ForEachNode(document->root(), [&](JsonNode node) {
            if (node.key() == "reference") {
                EXPECT_TRUE(seen.count(node.text())) << node.text() << " in " << json;
            }
        });
        seen.insert(type + "/" + std::string(document->root()["id"].text()));
    }
}

TEST(Generate, NoElementIsEmpty) {
    for (const auto& [type, json] : Sample().lines) {
        const auto document = Parsed(json);
        ForEachNode(document->root(), [&json = json](JsonNode node) {
            const bool container = node.is_object() || node.is_array();
            ASSERT_TRUE(container ? node.size() > 0 : !node.text().empty()) << json;
        });
    }
}

TEST(Generate, NumbersOfPersonsAreValidUniqueAndFictional) {
    std::set<std::string> ids;
    std::set<std::string> records;
    for (const auto& [type, json] : Sample().lines) {
        if (type != "Patient") {
            continue;
        }
        const auto document = Parsed(json);
        const JsonNode root = document->root();
        const std::string id(root["identifier"][0]["value"].text());
        const auto facts = core::ReadCitizenId(id);
        ASSERT_TRUE(facts.has_value()) << id;
        const bool local = json.find("\"registered\"") != std::string::npos;
        EXPECT_EQ(facts->division.substr(0, 2), "99") << "a real place could be meant";
        EXPECT_EQ(facts->division == "990101", local) << json;
        EXPECT_EQ(core::FormatDate(facts->birth), root["birthDate"].text());
        EXPECT_EQ(facts->male, root["gender"].text() == "male");
        EXPECT_TRUE(ids.insert(id).second) << id;
        const std::string record(root["identifier"][1]["value"].text());
        EXPECT_EQ(record.size(), 17U);
        EXPECT_TRUE(records.insert(record).second) << record;
        const JsonNode division = root["address"][0]["extension"][0]["valueCoding"]["code"];
        EXPECT_EQ(record.substr(0, 12), division.text());
        EXPECT_FALSE(core::CheckDivisionCode(division.text()));
        EXPECT_EQ(root["telecom"][0]["value"].text().substr(0, 7), "1990000");
        EXPECT_EQ(root["telecom"][0]["value"].text().size(), 11U);
    }
    EXPECT_EQ(ids.size(), 3000U);
}

TEST(Generate, InstitutionsHaveCreditCodesAndATree) {
    std::map<std::string, int> kinds;
    for (const auto& [type, json] : Sample().lines) {
        if (type != "Organization") {
            continue;
        }
        const auto document = Parsed(json);
        const JsonNode root = document->root();
        EXPECT_FALSE(core::CheckCreditCode(root["identifier"][0]["value"].text())) << json;
        const std::string kind(root["type"][0]["coding"][0]["code"].text());
        ++kinds[kind];
        EXPECT_EQ(root["partOf"].missing(), kind == "commission");
    }
    EXPECT_EQ(kinds["centre"], 6);
    EXPECT_EQ(kinds["station"], 15);
    EXPECT_EQ(kinds["hospital"], 2);
    EXPECT_EQ(kinds["commission"], 1);
}

TEST(Generate, NothingHappensAfterTheLastDay) {
    const SynthOptions options{800, 3, 2, {2024, 8, 15}};
    const Collected collected = Collect(options);
    for (const auto& [type, json] : collected.lines) {
        const auto document = Parsed(json);
        const bool contract = json.find("family-doctor-contract") != std::string::npos;
        ForEachNode(document->root(), [&, &json = json](JsonNode node) {
            const auto date = core::ParseDate(node.text().substr(0, 10));
            const bool planned =
                (contract && node.key() == "end") || node.key() == "expirationDate";
            if (date && node.text().size() >= 10 && !planned) {
                EXPECT_LE(*date, options.until) << json;
            }
        });
    }
}

TEST(Generate, NothingHappensAfterDeath) {
    std::map<std::string, std::string, std::less<>> died;
    for (const auto& [type, json] : Sample().lines) {
        const auto document = Parsed(json);
        const JsonNode root = document->root();
        if (type == "Patient" && root["deceasedDateTime"]) {
            died.emplace(
                "Patient/" + std::string(root["id"].text()), root["deceasedDateTime"].text()
            );
        }
        const JsonNode when =
            type == "Encounter" ? root["period"]["end"] : root["effectiveDateTime"];
        const auto found = died.find(root["subject"]["reference"].text());
        if (found != died.end() && when) {
            EXPECT_LE(when.text(), found->second) << json;
        }
    }
    EXPECT_GT(died.size(), 20U);
}

TEST(Generate, AgesFollowTheTable) {
    // 65 and over: 13.5 of 100 in the census table; deaths of the window take some away.
    int old = 0;
    int children = 0;
    for (const auto& [type, json] : Sample().lines) {
        if (type == "Patient") {
            const auto document = Parsed(json);
            const auto birth = core::ParseDate(document->root()["birthDate"].text());
            const int age = core::AgeInYears(*birth, {2025, 12, 31});
            old += age >= 65 ? 1 : 0;
            children += age < 15 ? 1 : 0;
        }
    }
    EXPECT_NEAR(old / 3000.0, 0.1354, 0.025);
    EXPECT_NEAR(children / 3000.0, 0.1797, 0.03);
}

TEST(Generate, IsAsLightAsADemonstrationShouldBe) {
    const double each = static_cast<double>(Sample().lines.size()) / 3000.0;
    EXPECT_GT(each, 12.0);
    EXPECT_LT(each, 20.0);
    std::int64_t total = 0;
    for (const auto& [type, count] : Sample().summary.resources) {
        total += count;
    }
    EXPECT_EQ(total, static_cast<std::int64_t>(Sample().lines.size()));
}

std::string Read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(GenerateFolder, WritesTheLinesByTypeAndTheTruth) {
    const SynthOptions options{50, 9, 2, {2025, 12, 31}};
    const auto folder = std::filesystem::temp_directory_path() / "kangqu-synth-folder-test";
    std::filesystem::remove_all(folder);
    const auto summary = GenerateFolder(options, folder.string());
    ASSERT_TRUE(summary.ok()) << summary.error().Line();
    const Collected collected = Collect(options);
    std::map<std::string, std::string> expected;
    for (const auto& [type, json] : collected.lines) {
        expected[type] += json + "\n";
    }
    for (const auto& [type, text] : expected) {
        EXPECT_EQ(Read(folder / (type + ".ndjson")), text);
    }
    EXPECT_EQ(Read(folder / "truth.json"), collected.summary.truth_json);
    std::filesystem::remove_all(folder);
}

TEST(GenerateFolder, TellsWhatCannotBeWritten) {
    const auto file = std::filesystem::temp_directory_path() / "kangqu-synth-not-a-folder";
    std::ofstream(file) << "x";
    const auto summary = GenerateFolder({10, 1, 1, {2025, 12, 31}}, (file / "in").string());
    ASSERT_FALSE(summary.ok());
    EXPECT_EQ(summary.error().code, core::ErrorCode::kFileUnwritable);
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace kangqu::synth
