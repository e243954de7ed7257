#include "report.hpp"

#include "collected.hpp"
#include <fstream>

#include <sys/resource.h>

namespace kangqu::synth {
namespace {

std::size_t Count(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

TEST(Report, IsOneFileInTwoLanguagesWithAChartForEachRow) {
    const std::string& html = FullSample().summary.report_html;
    const std::size_t charts = RowsOf("charts").size();
    EXPECT_EQ(Count(html, "<section "), charts);
    EXPECT_EQ(Count(html, "<svg "), charts);
    EXPECT_EQ(Count(html, "</svg>"), charts);
    EXPECT_EQ(html.find("http"), std::string::npos) << "something comes from outside";
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_NE(html.find("与公布数字比较"), std::string::npos);
    EXPECT_NE(html.find("beside published figures"), std::string::npos);
    for (const Row& row : RowsOf("chart-data")) {
        EXPECT_NE(html.find(row[1]), std::string::npos) << row[1];
        if (row[9] != "-") {
            EXPECT_NE(row[10], "-") << row[1] << " has a published figure without source";
        }
    }
}

TEST(Report, SaysSoWhereThereIsNothing) {
    const std::string html = Collect({50, 1, 1, {2025, 12, 31}}).summary.report_html;
    EXPECT_NE(html.find("没有数据"), std::string::npos);
}

TEST(Report, WritesHundredthsAsShortAsTheyAre) {
    EXPECT_EQ(Hundredths(0), "0");
    EXPECT_EQ(Hundredths(5), "0.05");
    EXPECT_EQ(Hundredths(1230), "12.3");
    EXPECT_EQ(Hundredths(1200), "12");
    EXPECT_EQ(Hundredths(123456), "1234.56");
}

TEST(Report, ComparesWithTheCensusWithinChance) {
    const auto document = Parsed(Collect({12'000, 3, 5, {2025, 12, 31}}).summary.truth_json);
    Marginals marginals;
    const core::JsonNode all = document->root()["marginals"];
    for (core::JsonNode mark = all.first(); mark; mark = mark.next()) {
        std::size_t at = 0;
        for (core::JsonNode count = mark.first(); count; count = count.next()) {
            marginals.Add(MarkOf(mark.key()), at++, *count.integer());
        }
    }
    std::int64_t sum = 0;
    for (const ChartValue& value : ChartValues("age", marginals)) {
        sum += value.value;
        EXPECT_NEAR(static_cast<double>(value.value), static_cast<double>(value.published), 75.0)
            << value.label << " " << value.series;
    }
    EXPECT_NEAR(static_cast<double>(sum), 10'000.0, 25.0);
    const auto household = ChartValues("people", marginals);
    EXPECT_NEAR(static_cast<double>(household[0].value), 262.0, 12.0);
}

TEST(Marginals, TruthTellsWhatIsCountedInTheResources) {
    std::int64_t stays = 0;
    std::int64_t doses = 0;
    std::int64_t calls = 0;
    for (const auto& [type, json] : FullSample().lines) {
        stays += type == "Encounter" && json.find("\"inpatient\"") != std::string::npos ? 1 : 0;
        calls +=
            type == "Encounter" && json.find("\"emergency-call\"") != std::string::npos ? 1 : 0;
        doses += type == "Immunization" ? 1 : 0;
    }
    const auto document = Parsed(FullSample().summary.truth_json);
    const auto sum = [&document](const char* mark) {
        std::int64_t total = 0;
        const core::JsonNode counts = document->root()["marginals"][mark];
        for (core::JsonNode count = counts.first(); count; count = count.next()) {
            total += *count.integer();
        }
        return total;
    };
    EXPECT_EQ(sum("stays_age"), stays);
    EXPECT_EQ(sum("dose_given"), doses);
    EXPECT_EQ(sum("emergency_minutes"), calls);
    std::int64_t given = 0;
    const core::JsonNode immunizations = document->root()["immunizations"];
    for (core::JsonNode row = immunizations.first(); row; row = row.next()) {
        given += *row["given"].integer();
    }
    EXPECT_EQ(given, doses);
}

class NoSink final : public SynthSink {
public:
    core::Status Put(std::string_view /*type*/, std::string_view json) override {
        bytes += json.size();
        return {};
    }
    std::size_t bytes = 0;
};

TEST(Memory, DoesNotGrowWithTheResidents) {
    const auto peak_megabytes = [] {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss / 1024;
    };
    NoSink few;
    ASSERT_TRUE(Generate({2'000, 1, 5, {2025, 12, 31}, 1000, 2}, few).ok());
    const long before = peak_megabytes();
    NoSink many;
    ASSERT_TRUE(Generate({16'000, 1, 5, {2025, 12, 31}, 1000, 2}, many).ok());
    EXPECT_GT(many.bytes, few.bytes + std::size_t{500'000'000});
    EXPECT_LT(peak_megabytes() - before, 120);
}

}  // namespace
}  // namespace kangqu::synth
