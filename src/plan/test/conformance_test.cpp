// Agreement with a worked example made by hand, where it is at hand.
#include "kangqu/core/json.hpp"
#include "kangqu/plan/document.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

constexpr int kTasks = 65;
constexpr int kIndicatorsReached = 114;
constexpr int kIndicators = 120;

std::optional<std::string> FileText(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return std::nullopt;
    }
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

bool SameStrings(core::JsonNode expected, const std::vector<std::string>& found) {
    if (expected.size() != found.size()) {
        return false;
    }
    std::size_t i = 0;
    for (core::JsonNode node = expected.first(); node; node = node.next()) {
        if (node.text() != found[i++]) {
            return false;
        }
    }
    return true;
}

bool SameTask(core::JsonNode expected, const Task& found) {
    const std::string_view mode =
        found.mode == ResponsibilityMode::kLeadFirst ? "lead-first" : "each-by-duty";
    return expected["no"].integer() == found.no && expected["title"].text() == found.title &&
           expected["offset_start"].integer() == static_cast<std::int64_t>(found.offset.start) &&
           expected["offset_end"].integer() == static_cast<std::int64_t>(found.offset.end) &&
           expected["lead_unit"].text() == found.lead_unit && expected["mode"].text() == mode &&
           expected["declaration"].text() == found.declaration &&
           SameStrings(expected["path"], found.path) && SameStrings(expected["units"], found.units);
}

bool SameIndicator(core::JsonNode expected, const Indicator& found) {
    const core::JsonNode value = expected["value"];
    const auto* number = std::get_if<double>(&found.value);
    const auto* words = std::get_if<std::string>(&found.value);
    const bool same_value =
        value.is_number() ? number != nullptr &&
                                std::strtod(std::string(value.text()).c_str(), nullptr) == *number
                          : words != nullptr && value.text() == *words;
    const auto year = expected["year"].integer();
    return same_value && expected["name"].text() == found.name &&
           expected["comparator"].text() == NameOf(found.comparator) &&
           expected["unit"].text() == found.unit && year.has_value() == found.year.has_value() &&
           (!year || *year == *found.year);
}

TEST(WorkedExample, AgreesTaskByTaskAndTargetByTarget) {
    const std::filesystem::path shared = std::filesystem::path(KANGQU_SOURCE_DIR) / "../shared";
    const auto text = FileText(shared / "seeds/000.txt");
    const auto gold = FileText(shared / "mission/gold/000.json");
    if (!text || !gold) {
        GTEST_SKIP() << "no worked example beside the project (../shared/mission/gold/000.json)";
    }
    const auto expected = core::JsonDocument::Parse(*gold);
    ASSERT_TRUE(expected.ok());
    const auto plan = ReadPlan(*text);
    ASSERT_TRUE(plan.ok());
    const core::JsonNode root = (*expected)->root();
    EXPECT_EQ(root["title"].text(), plan->title);
    EXPECT_EQ(root["issuer"].text(), plan->issuer);
    EXPECT_EQ(root["doc_no"].text(), plan->doc_no);
    EXPECT_EQ(root["date"].text(), plan->date);
    int tasks = 0;
    int indicators = 0;
    int all = 0;
    int extra = 0;
    std::size_t i = 0;
    for (core::JsonNode task = root["tasks"].first(); task && i < plan->tasks.size();
         task = task.next()) {
        const Task& found = plan->tasks[i++];
        tasks += SameTask(task, found) ? 1 : 0;
        extra += static_cast<int>(found.indicators.size());
        for (core::JsonNode node = task["indicators"].first(); node; node = node.next()) {
            ++all;
            for (const Indicator& indicator : found.indicators) {
                if (SameIndicator(node, indicator)) {
                    ++indicators;
                    --extra;
                    break;
                }
            }
        }
    }
    std::printf(
        "tasks exact %d/%zu, targets exact %d/%d, others found %d\n",
        tasks,
        root["tasks"].size(),
        indicators,
        all,
        extra
    );
    EXPECT_EQ(tasks, kTasks);
    EXPECT_EQ(all, kIndicators);
    EXPECT_GE(indicators, kIndicatorsReached);
}

}  // namespace
}  // namespace kangqu::plan
