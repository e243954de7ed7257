#include "kangqu/measure/populations.hpp"

#include "kangqu/core/json.hpp"
#include "kangqu/measure/report.hpp"
#include "kangqu/measure/subject.hpp"
#include "kangqu/store/testing.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::measure {
namespace {

namespace fs = std::filesystem;

// Seen: an encounter in the period. Excluded: dead.
constexpr const char* kCql = R"(library Seen version '1'
using FHIR version '4.0.1'
include FHIRHelpers version '4.0.1' called FHIRHelpers
parameter "Measurement Period" Interval<DateTime>
context Patient
define "Everybody": true
define "Dead": Patient.deceased is not null
define "Seen": exists ([Encounter] E where E.period."start".value in day of "Measurement Period")
define "Reasons": { if not "Seen" then 'not-seen' else null }
define "Reasons Out": { if "Dead" then 'dead' else null }
)";

std::string MeasureJson(const std::string& numerator) {
    const auto population = [](const std::string& code, const std::string& expression) {
        return R"({"code":{"coding":[{"code":")" + code +
               R"("}]},"criteria":{"language":"text/cql-identifier","expression":")" + expression +
               R"("}})";
    };
    return R"({"resourceType":"Measure","id":"seen","url":"urn:test:seen","title":"已就诊","description":"口径",)"
           R"("library":["urn:test:library:Seen"],"scoring":{"coding":[{"code":"proportion"}]},"group":[{"population":[)" +
           population("initial-population", "Everybody") + "," +
           population("denominator", "Everybody") + "," +
           population("denominator-exclusion", "Dead") + "," + population("numerator", numerator) +
           R"(]}],"supplementalData":[{"code":{"text":"reasons-not-met"},"criteria":{"expression":"Reasons"}},)"
           R"({"code":{"text":"reasons-excluded"},"criteria":{"expression":"Reasons Out"}}]})";
}

class PopulationsTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "kangqu-measure-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        WritePack(kCql, MeasureJson("Seen"));
        store::StoreOptions options;
        options.database = store::FreshTestDatabase();
        options.folder = folder_ + "/data";
        fs::create_directories(options.folder);
        options.clock = &clock_;
        store_ = store::Store::Open(std::move(options)).value();
    }
    void TearDown() override {
        store_.reset();
        fs::remove_all(folder_);
    }
    void Write(const std::string& name, const std::string& text) const {
        const fs::path path = fs::path(folder_) / "pack" / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
    void WritePack(const std::string& cql, const std::string& measure) const {
        Write("package.json", R"({"name":"test.pack","version":"1"})");
        Write("cql/Seen.cql", cql);
        Write("measures/seen.json", measure);
        Write(
            "libraries/seen.json",
            R"({"resourceType":"Library","url":"urn:test:library:Seen","content":[{"contentType":"text/cql","url":"cql/Seen.cql"}]})"
        );
        std::string texts;
        for (const char* part :
             {"name",
              "numerator",
              "denominator",
              "exclusion",
              "denominator-source",
              "basis",
              "source"}) {
            texts += std::string("measure.seen.") + part + "\t" + part + "\n";
        }
        Write("i18n/zh.tsv", texts + "reason.not-seen\t未就诊\n");
        Write("i18n/en.tsv", texts);
    }
    core::Result<Pack> Load() const { return LoadPack(folder_ + "/pack"); }

    // Writes a record of a resident; returns the resident's home.
    store::Home Put(
        const std::string& type,
        const std::string& id,
        const std::string& patient,
        const std::string& body
    ) {
        store::Home home = 0;
        const auto written = store_->Write([&](store::Writer& writer) -> core::Status {
            KQ_ASSIGN(const auto resident, writer.Reserve("Patient", patient, 0));
            home = resident.home;
            KQ_ASSIGN(const auto at, writer.Reserve(type, id, type == "Patient" ? 0 : home));
            const auto method = body.empty()                    ? store::Method::kDelete
                                : at.version > 0 && !at.deleted ? store::Method::kUpdate
                                                                : store::Method::kCreate;
            return writer.Put(at, method, type, id, body, {}).ok()
                       ? core::Status{}
                       : core::MakeError(core::ErrorCode::kInternal, "put");
        });
        EXPECT_TRUE(written.ok());
        if (type == "Patient") {
            residents_.insert(home);
        }
        return home;
    }
    store::Home PutPatient(const std::string& id, const std::string& more = "") {
        return Put("Patient", id, id, R"({"resourceType":"Patient")" + more + "}");
    }
    void PutEncounter(const std::string& id, const std::string& patient, const std::string& date) {
        Put("Encounter",
            id,
            patient,
            date.empty() ? ""
                         : R"({"resourceType":"Encounter","period":{"start":")" + date + R"("}})");
    }
    void Refresh(
        Populations& populations,
        const std::vector<NamedPeriod>& periods = {{"2025", {{2025, 1, 1}, {2025, 12, 31}}}}
    ) {
        const auto status = populations.Refresh(
            *store_,
            periods,
            [this] { return std::vector<store::Home>(residents_.begin(), residents_.end()); },
            2
        );
        ASSERT_TRUE(status.ok()) << status.error().Line();
    }
    static Counts Count(const Populations& populations, const std::string& period = "2025") {
        Counts counts;
        EXPECT_TRUE(
            populations
                .Visit("seen", period, [&](store::Home, const Standing& one) { counts.Add(one); })
                .ok()
        );
        return counts;
    }

    core::FixedClock clock_{1'767'225'600'000};
    std::string folder_;
    std::unique_ptr<store::Store> store_;
    std::set<store::Home> residents_;
};

TEST_F(PopulationsTest, CountsExcludesAndGivesReasons) {
    PutPatient("a");
    PutEncounter("e", "a", "2025-12-31T23:59:00+08:00");
    PutPatient("b");
    PutPatient("c", R"(,"deceasedBoolean":true)");
    std::vector<Pack> packs;
    packs.push_back(Load().value());
    Populations populations(std::move(packs), clock_);
    EXPECT_EQ(
        populations.Visit("seen", "2025", [](auto, auto) {}).error().code,
        core::ErrorCode::kMeasureNotReady
    );
    Refresh(populations);
    const Counts counts = Count(populations);
    EXPECT_EQ(counts.initial_population, 3);
    EXPECT_EQ(counts.denominator, 2);
    EXPECT_EQ(counts.numerator, 1);
    EXPECT_EQ(counts.not_met, 1);
    EXPECT_EQ(counts.excluded, 1);
    EXPECT_DOUBLE_EQ(counts.Percent().value(), 50.0);
    const auto visited = populations.Visit("seen", "2025", [&](store::Home, const Standing& one) {
        if (IsIn(one, Selection::kNotMet)) {
            EXPECT_EQ(
                populations.ReasonsOf("seen", one.reasons), std::vector<std::string>{"not-seen"}
            );
        }
    });
    EXPECT_TRUE(visited.ok());
    EXPECT_EQ(
        populations.Visit("none", "2025", [](auto, auto) {}).error().code,
        core::ErrorCode::kMeasureUnknown
    );
    EXPECT_EQ(
        populations.Visit("seen", "1999", [](auto, auto) {}).error().code,
        core::ErrorCode::kInvalidArgument
    );
}

TEST_F(PopulationsTest, LateCorrectedAndDeletedRecordsChangeTheAnswer) {
    PutPatient("a");
    PutPatient("b");
    std::vector<Pack> packs;
    packs.push_back(Load().value());
    Populations populations(std::move(packs), clock_);
    Refresh(populations);
    EXPECT_EQ(Count(populations).numerator, 0);
    PutEncounter("e", "a", "2025-03-01T08:00:00+08:00");
    Refresh(populations);
    EXPECT_EQ(Count(populations).numerator, 1);
    PutEncounter("e", "a", "2024-03-01T08:00:00+08:00");
    Refresh(populations);
    EXPECT_EQ(Count(populations).numerator, 0);
    PutEncounter("e", "a", "2025-03-01T08:00:00+08:00");
    PutEncounter("e", "a", "");
    Refresh(populations);
    EXPECT_EQ(Count(populations).numerator, 0);
    Put("Patient", "b", "b", "");
    Refresh(populations);
    EXPECT_EQ(Count(populations).initial_population, 1);
    EXPECT_EQ(populations.position(), store_->position());
}

TEST_F(PopulationsTest, NewPeriodsAreEvaluatedForEverybody) {
    PutPatient("a");
    PutEncounter("e", "a", "2024-03-01T08:00:00+08:00");
    std::vector<Pack> packs;
    packs.push_back(Load().value());
    Populations populations(std::move(packs), clock_);
    Refresh(populations);
    Refresh(
        populations,
        {{"2024", {{2024, 1, 1}, {2024, 12, 31}}}, {"2025", {{2025, 1, 1}, {2025, 12, 31}}}}
    );
    EXPECT_EQ(Count(populations, "2024").numerator, 1);
    EXPECT_EQ(Count(populations, "2025").numerator, 0);
}

TEST_F(PopulationsTest, ABadPackIsRefusedWithThePlace) {
    WritePack(std::string(kCql) + "define \"Broken\": 1 + 'a'\n", MeasureJson("Seen"));
    auto bad = Load();
    ASSERT_FALSE(bad.ok());
    EXPECT_NE(bad.error().where.find("Seen.cql:11"), std::string::npos) << bad.error().Line();
    WritePack(kCql, MeasureJson("Nothing"));
    bad = Load();
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().code, core::ErrorCode::kExpressionUnknownName);
    WritePack(kCql, MeasureJson("Seen"));
    Write("i18n/en.tsv", "a\tb\n");
    EXPECT_EQ(Load().error().code, core::ErrorCode::kPackInvalid);
    Write("i18n/en.tsv", "no tab here\n");
    EXPECT_NE(Load().error().where.find("en.tsv:1"), std::string::npos);
    Write("package.json", "{");
    EXPECT_EQ(Load().error().code, core::ErrorCode::kJsonSyntax);
    EXPECT_FALSE(LoadPack(folder_ + "/none").ok());
}

TEST_F(PopulationsTest, ReportsAreMeasureReports) {
    const Pack pack = Load().value();
    const Period period{{2025, 1, 1}, {2025, 12, 31}};
    const auto in = static_cast<std::uint8_t>(kInitialPopulation | kDenominator);
    const auto met = static_cast<std::uint8_t>(in | kNumerator);
    const auto summary =
        core::JsonDocument::Parse(SummaryReport(pack.measures[0], period, {in, met, met, met}));
    ASSERT_TRUE(summary.ok());
    EXPECT_EQ((*summary)->root()["group"][0]["measureScore"]["value"].text(), "0.75");
    EXPECT_EQ((*summary)->root()["period"]["end"].text(), "2025-12-31");
    const auto empty = core::JsonDocument::Parse(SummaryReport(pack.measures[0], period, {}));
    EXPECT_TRUE((*empty)->root()["group"][0]["measureScore"].missing());
    const auto one =
        core::JsonDocument::Parse(IndividualReport(pack.measures[0], period, "p1", met));
    EXPECT_EQ((*one)->root()["subject"]["reference"].text(), "Patient/p1");
}

}  // namespace
}  // namespace kangqu::measure
