#include "kangqu/plan/binding.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

std::string FileText(const char* name) {
    const std::filesystem::path path =
        std::filesystem::path(KANGQU_SOURCE_DIR) / "packs/demo-district/plan" / name;
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string Refusal(const std::string& text) {
    const auto read = ReadBindings(text, "p");
    EXPECT_FALSE(read.ok()) << text;
    return read.ok() ? "" : read.error().args.at(1);
}

TEST(Bindings, ReadRowsAndBaselines) {
    const auto read = ReadBindings(
        "# "
        "note\ntarget\tmeasure\treason\tbaseline_year\tbaseline_value\n甲率\tm1\t\t2025\t68."
        "5\r\n乙率\t\tno-measure\t\t\n",
        "p"
    );
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ((*read)[0].measure, "m1");
    EXPECT_EQ((*read)[0].baseline, (KnownValue{2025, 68.5}));
    EXPECT_EQ((*read)[1].reason, "no-measure");
}

TEST(Bindings, RefuseWhatIsWrongWithTheLine) {
    EXPECT_NE(Refusal("").find("header"), std::string::npos);
    EXPECT_NE(Refusal("target\tmeasure\n").find("reason"), std::string::npos);
    EXPECT_NE(Refusal("target\tmeasure\treason\tcolour\n").find("colour"), std::string::npos);
    const std::string head = "target\tmeasure\treason\tbaseline_year\tbaseline_value\n";
    EXPECT_NE(Refusal(head + "甲率\tm\n").find("bindings.tsv:2"), std::string::npos);
    EXPECT_NE(Refusal(head + "甲率\t\t\t\t\n").find("measure"), std::string::npos);
    EXPECT_NE(Refusal(head + "甲率\tm\tr\t\t\n").find("measure"), std::string::npos);
    EXPECT_NE(
        Refusal(head + "甲率\tm\t\t\t\n甲率\tm\t\t\t\n").find("bindings.tsv:3"), std::string::npos
    );
    EXPECT_NE(Refusal(head + "甲率\tm\t\t2025\tmany\n").find("baseline"), std::string::npos);
}

// The demonstration plan and its table fit each other, name by name.
TEST(DemonstrationPlan, EveryTargetIsBoundOrSaysWhyNot) {
    const auto plan = ReadPlan(FileText("plan.txt"));
    ASSERT_TRUE(plan.ok()) << plan.error().Line();
    EXPECT_EQ(plan->title, "“健康云澜2035”规划重点任务分工方案");
    EXPECT_EQ(plan->date, "2025-03-28");
    EXPECT_EQ(plan->tasks.size(), 27U);
    for (const Task& task : plan->tasks) {
        EXPECT_FALSE(task.units.empty()) << task.title;
        EXPECT_TRUE(task.doubts.empty()) << task.title;
    }
    const auto bindings = ReadBindings(FileText("bindings.tsv"), "demo-district");
    ASSERT_TRUE(bindings.ok()) << bindings.error().Line();
    const std::vector<Target> targets = TargetsOf(*plan);
    ASSERT_EQ(targets.size(), bindings->size());
    std::set<std::string> computed;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const Binding& binding = (*bindings)[i];
        EXPECT_EQ(targets[i].name, binding.target);
        EXPECT_EQ(targets[i].baseline, binding.baseline) << binding.target;
        if (binding.measure.empty()) {
            EXPECT_FALSE(ReasonText(binding.reason, core::Language::kZh).empty()) << binding.target;
        } else {
            computed.insert(binding.target);
        }
    }
    // Which measure it is called in the pack of measures is that pack's business.
    EXPECT_EQ(computed, (std::set<std::string>{"高血压患者规范管理率", "家庭医生签约率"}));
}

}  // namespace
}  // namespace kangqu::plan
