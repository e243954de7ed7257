// Two published QI-Core measures with their test patients: every population of every patient.
#include "kangqu/expression/batch.hpp"
#include "kangqu/expression/sources.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

namespace fs = std::filesystem;
using core::JsonNode;

std::string ReadAll(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

// Every document of a folder.
template <class Visit>
void EachDocument(const fs::path& folder, const Visit& visit) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        visit(ReadAll(entry.path()));
    }
}

class BundleSource final : public DataSource {
public:
    explicit BundleSource(JsonNode bundle) : bundle_(bundle) {}
    void Retrieve(fhir::TypeNumber type, const CodeFilter&, const Visitor& visit) const override {
        const JsonNode entries = bundle_["entry"];
        for (JsonNode entry = entries.first(); entry; entry = entry.next()) {
            const JsonNode resource = entry["resource"];
            if (resource["resourceType"].text() == fhir::TypeOf(type).name) {
                visit(resource);
            }
        }
    }
    JsonNode Patient() const {
        const JsonNode entries = bundle_["entry"];
        for (JsonNode entry = entries.first(); entry; entry = entry.next()) {
            if (entry["resource"]["resourceType"].text() == "Patient") {
                return entry["resource"];
            }
        }
        return {};
    }

private:
    JsonNode bundle_;
};

// Population code to count, of a report or, with the definition's name, of a measure.
std::map<std::string, std::string> Populations(JsonNode group, bool criteria) {
    std::map<std::string, std::string> out;
    const JsonNode list = group["population"];
    for (JsonNode one = list.first(); one; one = one.next()) {
        const std::string code(one["code"]["coding"][0]["code"].text());
        out[code] = criteria ? one["criteria"]["expression"].text() : one["count"].text();
    }
    return out;
}

struct Score {
    int passed = 0;
    int all = 0;
};

bool Holds(CqlSession& session, const CqlLibrary& library, const std::string& definition) {
    const auto number = library.Find(definition);
    EXPECT_TRUE(number.has_value()) << definition;
    const auto value = session.Evaluate(*number);
    EXPECT_TRUE(value.ok()) << definition << ": " << (value.ok() ? "" : value.error().Line());
    return value.ok() && value->is(Kind::kBoolean) && value->boolean();
}

// What a proportion measure counts for one patient.
std::map<std::string, bool> Count(
    CqlSession& session,
    const CqlLibrary& library,
    const std::map<std::string, std::string>& criteria
) {
    std::map<std::string, bool> in;
    const auto test = [&](const std::string& code, bool allowed) {
        const auto at = criteria.find(code);
        in[code] = allowed && at != criteria.end() && Holds(session, library, at->second);
    };
    test("initial-population", true);
    test("denominator", in["initial-population"]);
    test("denominator-exclusion", in["denominator"]);
    test("numerator", in["denominator"] && !in["denominator-exclusion"]);
    test(
        "denominator-exception",
        in["denominator"] && !in["denominator-exclusion"] && !in["numerator"]
    );
    return in;
}

void RunMeasure(const fs::path& folder, const std::string& name, Score& score) {
    LibraryTexts libraries;
    EachDocument(folder / "library", [&](std::string text) {
        ASSERT_TRUE(libraries.Add(std::move(text)).ok());
    });
    ListedValueSets sets;
    EachDocument(folder / "valueset", [&](std::string text) {
        const auto document = core::JsonDocument::Parse(std::move(text));
        sets.Add((*document)->root());
    });
    auto measure = core::JsonDocument::Parse(ReadAll(folder / "measure" / (name + ".json")));
    const auto criteria = Populations((*measure)->root()["group"][0], true);
    auto text = libraries.Find(name, {});
    auto library = CompileCql(*text, &libraries);
    ASSERT_TRUE(library.ok()) << library.error().Line();
    Environment environment;
    environment.now = *core::Temporal::ParseDateTime("2026-06-01T00:00:00.000+00:00");
    environment.value_sets = &sets;
    CqlSession session(**library, environment);
    ASSERT_TRUE(
        session
            .SetParameter("Measurement Period", session.PeriodOfDays({2026, 1, 1}, {2026, 12, 31}))
            .ok()
    );
    for (const auto& entry : fs::directory_iterator(folder / "cases" / name)) {
        const std::string file = entry.path().string();
        if (file.ends_with(".expected.json")) {
            continue;
        }
        auto bundle = core::JsonDocument::Parse(ReadAll(file));
        const std::string expected_file =
            file.substr(0, file.size() - std::string(".json").size()) + ".expected.json";
        auto report = core::JsonDocument::Parse(ReadAll(expected_file));
        const BundleSource source((*bundle)->root());
        session.Begin(source.Patient(), source);
        auto counted = Count(session, **library, criteria);
        bool same = true;
        for (const auto& [code, count] : Populations((*report)->root()["group"][0], false)) {
            const bool right = (count == "1") == counted[code];
            same = same && right;
            EXPECT_TRUE(right) << file << " " << code << " should be " << count;
        }
        ++score.all;
        score.passed += same ? 1 : 0;
        for (std::uint32_t i = 0; i < (*library)->definitions().size(); ++i) {
            const auto value = session.Evaluate(i);
            EXPECT_TRUE(value.ok()) << (value.ok() ? "" : value.error().Line());
        }
    }
}

TEST(Suites, QiCoreMeasures) {
    const fs::path archive =
        fs::path(KANGQU_SOURCE_DIR) / "../shared/suites/ecqm/ecqm-two-measures.tar.xz";
    if (!fs::exists(archive)) {
        GTEST_SKIP() << "the QI-Core measures are not beside the project: " << archive;
    }
    std::string folder = (fs::temp_directory_path() / "kangqu-ecqm-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const std::string command = "tar xJf '" + archive.string() + "' -C '" + folder + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);
    Score score;
    RunMeasure(folder, "CMS349FHIRHIVScreening", score);
    RunMeasure(folder, "CMS124FHIRCervicalCancerScreening", score);
    std::printf("QI-Core measures: %d / %d\n", score.passed, score.all);
    EXPECT_EQ(score.all, 69);
    EXPECT_EQ(score.passed, score.all);
    fs::remove_all(folder);
}

}  // namespace
}  // namespace kangqu::expression
