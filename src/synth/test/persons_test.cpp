#include "kangqu/synth/persons.hpp"

#include "kangqu/core/identifiers.hpp"

#include "collected.hpp"
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace kangqu::synth {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Split(const std::string& line, char by) {
    std::vector<std::string> fields;
    std::stringstream stream(line);
    std::string field;
    while (std::getline(stream, field, by)) {
        fields.push_back(field);
    }
    if (!line.empty() && line.back() == by) {
        fields.emplace_back();
    }
    return fields;
}

std::vector<std::vector<std::string>> Rows(const fs::path& path) {
    std::ifstream file(path);
    std::string line;
    std::vector<std::vector<std::string>> rows;
    std::getline(file, line);
    while (std::getline(file, line)) {
        rows.push_back(Split(line, ','));
    }
    return rows;
}

std::string Whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

constexpr std::array<const char*, 5> kSources =
    {"hospital", "clinic", "immunisation", "insurance", "census"};
const SynthOptions kOptions{4000, 11, 5, {2025, 12, 31}};

class Persons : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("kangqu-persons-" + std::to_string(getpid()));
        fs::remove_all(folder_);
        auto made = GeneratePersons(kOptions, folder_.string());
        ASSERT_TRUE(made.ok()) << made.error().Line();
        summary_ = std::move(made).value();
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path folder_;
    PersonsSummary summary_;
};

TEST_F(Persons, HaveTheRecordsTheSummaryCounts) {
    std::int64_t records = 0;
    std::set<std::string> ids;
    for (std::size_t i = 0; i < kSources.size(); ++i) {
        const auto rows = Rows(folder_ / (std::string(kSources[i]) + ".csv"));
        EXPECT_EQ(summary_.by_source[i].first, kSources[i]);
        EXPECT_EQ(summary_.by_source[i].second, static_cast<std::int64_t>(rows.size()));
        for (const auto& row : rows) {
            ASSERT_EQ(row.size(), 10U);
            EXPECT_EQ(row[1], kSources[i]);
            EXPECT_TRUE(ids.insert(row[0]).second) << row[0];
        }
        records += static_cast<std::int64_t>(rows.size());
    }
    EXPECT_EQ(records, summary_.records);
    EXPECT_NEAR(static_cast<double>(records) / 4000.0, 2.6, 0.06);
}

TEST_F(Persons, ErrorsAreWhereTheTruthSaysAndNowhereElse) {
    std::map<std::string, std::pair<std::string, std::string>> truth;
    std::map<std::string, std::int64_t> counted;
    for (const auto& row : Rows(folder_ / "persons-truth.csv")) {
        truth[row[0]] = {row[1], row.size() > 2 ? row[2] : ""};
        for (const std::string& error : Split(truth[row[0]].second, ' ')) {
            ++counted[error];
        }
    }
    for (const auto& [error, count] : summary_.errors) {
        EXPECT_EQ(counted[error], count) << error;
    }
    std::map<std::string, std::array<std::string, 4>> people;
    const Collected collected = Collect(kOptions);
    for (const auto& [type, json] : collected.lines) {
        if (type == "Patient") {
            const auto document = Parsed(json);
            const auto root = document->root();
            people[std::string(root["id"].text())] = {
                std::string(root["name"][0]["text"].text()),
                std::string(root["gender"].text()),
                std::string(root["birthDate"].text()),
                std::string(root["identifier"][0]["value"].text())};
        }
    }
    std::int64_t clean = 0;
    for (const char* const source : kSources) {
        for (const auto& row : Rows(folder_ / (std::string(source) + ".csv"))) {
            const auto& [person, errors] = truth.at(row[0]);
            const auto& [name, sex, birth, id] = people.at(person);
            const auto has = [&e = errors](const char* part) {
                return e.find(part) != std::string::npos;
            };
            EXPECT_EQ(row[2] != name, has("name")) << row[2] << " " << name << " " << errors;
            EXPECT_EQ(row[3] != sex, has("sex-"));
            EXPECT_EQ(row[4] != birth, has("birth-"));
            EXPECT_EQ(row[5] != id, has("id-") || has("newborn")) << row[5] << " " << errors;
            EXPECT_TRUE(core::ParseDate(row[4]).has_value()) << row[4];
            clean += errors.empty() ? 1 : 0;
        }
    }
    EXPECT_GT(clean, summary_.records * 4 / 10);
}

TEST_F(Persons, RatesAreThoseOfTheTable) {
    std::map<std::string, double> expected = {
        {"id-missing", 0.080}, {"address-moved", 0.150}, {"phone-changed", 0.250}};
    for (const auto& [error, count] : summary_.errors) {
        if (expected.count(error) > 0) {
            const double mean = expected[error] * static_cast<double>(summary_.records);
            EXPECT_NEAR(static_cast<double>(count), mean, 5 * std::sqrt(mean)) << error;
        }
    }
}

TEST_F(Persons, SameOptionsGiveTheSameBytes) {
    const fs::path again = folder_ / "again";
    ASSERT_TRUE(GeneratePersons(kOptions, again.string()).ok());
    for (const char* const name :
         {"hospital.csv", "census.csv", "persons-truth.csv", "persons.json"}) {
        EXPECT_EQ(Whole(folder_ / name), Whole(again / name)) << name;
    }
}

TEST(PersonsFolder, RefusesOptionsOutOfRange) {
    EXPECT_FALSE(GeneratePersons({0, 1, 5, {2025, 12, 31}}, "/tmp/kangqu-none").ok());
}

}  // namespace
}  // namespace kangqu::synth
