// Who is responsible, in the many ways documents say it.
#include "kangqu/plan/document.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

using Strings = std::vector<std::string>;

struct Case {
    const char* clause;
    Strings units;
    ResponsibilityMode mode = ResponsibilityMode::kLeadFirst;
};

class Clauses : public testing::TestWithParam<Case> {};

TEST_P(Clauses, NameTheirUnits) {
    const std::string text = std::string("一、任务\n1.某事。做好它。") + GetParam().clause + "\n";
    const auto plan = ReadPlan(text);
    ASSERT_TRUE(plan.ok()) << plan.error().Line();
    ASSERT_EQ(plan->tasks.size(), 1U);
    EXPECT_EQ(plan->tasks[0].units, GetParam().units);
    EXPECT_EQ(plan->tasks[0].mode, GetParam().mode);
    EXPECT_EQ(SliceCodePoints(text, plan->tasks[0].offset), plan->tasks[0].text);
}

constexpr auto kDuty = ResponsibilityMode::kEachByDuty;

INSTANTIATE_TEST_SUITE_P(
    Labels,
    Clauses,
    testing::Values(
        Case{"(责任单位:区甲局、区乙委)", {"区甲局", "区乙委"}},
        Case{"（责任部门：区甲局，区乙委；区丙办）", {"区甲局", "区乙委", "区丙办"}},
        Case{"〔牵头单位:市甲局;配合单位:市乙委、市丙会〕", {"市甲局", "市乙委", "市丙会"}},
        Case{"【责任单位:县甲局,县乙局】", {"县甲局", "县乙局"}},
        Case{"[主要责任单位:县甲局]", {"县甲局"}},
        Case{"责任单位:区甲局、区乙委", {"区甲局", "区乙委"}},
        Case{"\n责任单位:区甲局、区乙委", {"区甲局", "区乙委"}},
        Case{"\n牵头单位:市甲局\n配合单位:市乙局、市丙局", {"市甲局", "市乙局", "市丙局"}},
        Case{"\n牵头单位:市甲局\n完成时限:2025年底\n责任单位:市乙局", {"市甲局", "市乙局"}},
        Case{"\n牵头部门:市甲局;配合部门:市乙局。完成时限:2025年底前", {"市甲局", "市乙局"}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Roles,
    Clauses,
    testing::Values(
        Case{"(市甲委牵头,市乙局、市丙会配合)", {"市甲委", "市乙局", "市丙会"}},
        Case{"(市甲委牵头负责)", {"市甲委"}},
        Case{
            "(市甲委、市乙局牵头,市丙局等部门参与,各镇(街道)落实)",
            {"市甲委", "市乙局", "市丙局", "各镇(街道)"}},
        Case{"(市甲委牵头,市乙局、市丙局按职责分工负责)", {"市甲委", "市乙局", "市丙局"}},
        Case{"(市甲委、市乙局等按职责分工负责)", {"市甲委", "市乙局"}, kDuty},
        Case{"(市甲委、市乙局依照各自职责负责)", {"市甲委", "市乙局"}, kDuty},
        Case{"(市甲委、市乙局按照职责分别负责)", {"市甲委", "市乙局"}, kDuty},
        Case{"(市甲委会同市乙局负责)", {"市甲委", "市乙局"}},
        Case{"(市甲委、市乙局及各县区政府负责)", {"市甲委", "市乙局", "各县区政府"}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Collectives,
    Clauses,
    testing::Values(
        Case{"(责任单位:各街道办事处(管委会)、各相关部门)", {"各街道办事处(管委会)", "各相关部门"}},
        Case{"(责任单位:市甲委,各市、县(区)人民政府)", {"市甲委", "各市、县(区)人民政府"}},
        Case{"(市甲委、各成员单位负责)", {"市甲委", "各成员单位"}},
        // Bodies alone, in a bracket that ends its sentence.
        Case{"(县爱卫办、各镇人民政府、各街道办事处)", {"县爱卫办", "各镇人民政府", "各街道办事处"}}
    )
);

TEST(Clauses, AreNotEveryBracket) {
    for (const char* const text :
         {"一、任务\n1.某事。到2030年,甲率达到80%(含流动人口)。\n",
          "一、任务\n1.某事。在医院(卫生院、中心)推广,到2030年甲率达到80%。\n"}) {
        const auto plan = ReadPlan(text);
        ASSERT_TRUE(plan.ok()) << text;
        for (const Task& task : plan->tasks) {
            EXPECT_TRUE(task.units.empty()) << text << task.units[0];
        }
    }
}

TEST(Clauses, DeclarationsAreNoUnits) {
    const auto plan = ReadPlan(
        "一、任务\n1.某事。做好它。(县甲局、县乙委,列首位的为牵头单位,下同)\n"
        "2.别事。做好它。(县乙委、县甲局)\n"
    );
    ASSERT_TRUE(plan.ok());
    ASSERT_EQ(plan->tasks.size(), 2U);
    EXPECT_EQ(plan->tasks[0].units, (Strings{"县甲局", "县乙委"}));
    EXPECT_EQ(plan->tasks[0].declaration, "列首位的为牵头单位,下同");
    EXPECT_EQ(plan->tasks[1].lead_unit, "县乙委");
}

TEST(Clauses, ABareItemAboveALabelIsTheTask) {
    const auto plan = ReadPlan(
        "一、任务\n1.办好课堂\n责任单位:区甲局\n2.建好步道\n牵头单位:区乙局\n配合单位:区丙局\n"
    );
    ASSERT_TRUE(plan.ok());
    ASSERT_EQ(plan->tasks.size(), 2U);
    EXPECT_EQ(plan->tasks[0].title, "办好课堂");
    EXPECT_EQ(plan->tasks[1].units, (Strings{"区乙局", "区丙局"}));
}

TEST(TaskTables, GiveATaskARow) {
    const std::string text =
        "重点任务分工表\n"
        "序号\t重点任务\t工作内容\t牵头单位\t配合单位\t完成时限\n"
        "1\t普及知识\t每月讲一课。到2030年,甲率达到80%以上。\t区甲局\t区乙局、区丙委\t2030年\n"
        "2\t\t编印读本。\t区乙局\t\t2026年\n"
        "3\t全民健身\t建好步道。\t区丙委、区甲局按职责分工负责\t\t\n";
    const auto plan = ReadPlan(text);
    ASSERT_TRUE(plan.ok());
    ASSERT_EQ(plan->tasks.size(), 3U);
    EXPECT_EQ(plan->tasks[0].title, "每月讲一课");
    EXPECT_EQ(plan->tasks[0].path, (Strings{"普及知识"}));
    EXPECT_EQ(plan->tasks[0].units, (Strings{"区甲局", "区乙局", "区丙委"}));
    ASSERT_EQ(plan->tasks[0].indicators.size(), 1U);
    EXPECT_EQ(plan->tasks[0].indicators[0].name, "甲率");
    EXPECT_EQ(plan->tasks[1].path, (Strings{"普及知识"}));  // merged downwards
    EXPECT_EQ(plan->tasks[1].lead_unit, "区乙局");
    EXPECT_EQ(plan->tasks[2].mode, ResponsibilityMode::kEachByDuty);
    EXPECT_EQ(SliceCodePoints(text, plan->tasks[2].offset), plan->tasks[2].text);
}

}  // namespace
}  // namespace kangqu::plan
