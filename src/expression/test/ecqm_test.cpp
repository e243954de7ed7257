// Two published QI-Core measures with their test patients: every population of every patient.
#include "kangqu/expression/batch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
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

std::string FromBase64(std::string_view text) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) {
            continue;
        }
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
        }
    }
    return out;
}

class Folder final : public LibrarySource {
public:
    explicit Folder(const fs::path& folder) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            auto document = core::JsonDocument::Parse(ReadAll(entry.path()));
            const JsonNode root = (*document)->root();
            const JsonNode content = root["content"];
            for (JsonNode part = content.first(); part; part = part.next()) {
                if (part["contentType"].text() == "text/cql") {
                    texts_[std::string(root["name"].text())] = FromBase64(part["data"].text());
                }
            }
        }
    }
    core::Result<std::string> Find(std::string_view name, std::string_view) const override {
        const auto at = texts_.find(std::string(name));
        if (at == texts_.end()) {
            return core::MakeError(core::ErrorCode::kExpressionUnknownName, std::string(name), "");
        }
        return at->second;
    }

private:
    std::map<std::string, std::string> texts_;
};

class Sets final : public ValueSets {
public:
    explicit Sets(const fs::path& folder) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            auto document = core::JsonDocument::Parse(ReadAll(entry.path()));
            const JsonNode root = (*document)->root();
            auto& codes = sets_[std::string(root["url"].text())];
            const JsonNode list = root["expansion"]["contains"];
            for (JsonNode item = list.first(); item; item = item.next()) {
                codes.insert(
                    std::string(item["system"].text()) + "|" + std::string(item["code"].text())
                );
            }
        }
    }
    Answer Contains(
        std::string_view value_set,
        std::string_view,
        std::string_view system,
        std::string_view code
    ) const override {
        const auto at = sets_.find(std::string(value_set));
        if (at == sets_.end()) {
            return Answer::kUnknownValueSet;
        }
        const std::string key = std::string(system) + "|" + std::string(code);
        return at->second.contains(key) ? Answer::kYes : Answer::kNo;
    }

private:
    std::map<std::string, std::set<std::string>> sets_;
};

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
    const Folder libraries(folder / "library");
    const Sets sets(folder / "valueset");
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
    std::cout << "QI-Core measures: " << score.passed << " / " << score.all << "\n";
    EXPECT_EQ(score.all, 69);
    fs::remove_all(folder);
}

}  // namespace
}  // namespace kangqu::expression
