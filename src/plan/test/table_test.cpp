// Indicator tables in the layouts that documents and their conversions have.
#include "kangqu/plan/document.hpp"

#include "table_cells.hpp"
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

std::vector<std::string> Targets(const std::string& table) {
    const auto plan = ReadPlan("一、目标\n主要指标\n" + table);
    std::vector<std::string> out;
    if (!plan.ok()) {
        return {plan.error().Line()};
    }
    for (const Indicator& indicator : plan->indicators) {
        std::string value;
        if (const auto* number = std::get_if<double>(&indicator.value)) {
            char buffer[32];
            std::snprintf(buffer, sizeof buffer, "%g", *number);
            value = buffer;
        } else if (const auto* words = std::get_if<std::string>(&indicator.value)) {
            value = *words;
        }
        out.push_back(
            indicator.name + " " + std::string(NameOf(indicator.comparator)) + " " + value + " " +
            indicator.unit + " " + std::to_string(indicator.year.value_or(0)) + " " +
            indicator.attribute
        );
    }
    return out;
}

TEST(Tables, WithTabsAndWithoutAttribute) {
    EXPECT_EQ(
        Targets("领域\t指标\t2015年\t2020年\t2030年\n"
                "健康水平\t人均寿命(岁)\t76.34\t77.3\t79.0\n"
                "\t某死亡率(1/10万)\t20.1\t18.0\t12.0\n"
                "\t某支出占比(%)\t29.3\t28左右\t持续改善\n"
                "\t过早死亡率(%)\t19.1(2013年)\t比2015年降低10%\t比2015年降低30%\n"),
        (std::vector<std::string>{
            "人均寿命 >= 77.3 岁 2020 ",
            "人均寿命 >= 79 岁 2030 ",
            "某死亡率 <= 18 /10万 2020 ",
            "某死亡率 <= 12 /10万 2030 ",
            "某支出占比 ~ 28 % 2020 ",
            "过早死亡率 reduce_by 10 % 2020 ",
            "过早死亡率 reduce_by 30 % 2030 "})
    );
}

TEST(Tables, OneCellALineWithUnitsOfTheirOwn) {
    EXPECT_EQ(
        Targets("序号\n类别\n指标名称\n单位\n2020年实际\n2025年目标\n属性\n"
                "1\n健康水平\n人均寿命\n岁\n80.2\n81.5\n预期性\n"
                "2\n某死亡率\n/10万\n5.6\n≤8\n约束性\n"),
        (std::vector<std::string>{
            "人均寿命 >= 81.5 岁 2025 预期性", "某死亡率 <= 8 /10万 2025 约束性"})
    );
}

TEST(Tables, OneCellALineWithoutAttribute) {
    EXPECT_EQ(
        Targets("指标\n2022年\n2030年\n甲率(%)\n60\n70\n乙率(‰)\n≤7.5\n≤5\n"),
        (std::vector<std::string>{
            "甲率 >= 60 % 2022 ", "甲率 >= 70 % 2030 ", "乙率 <= 7.5 ‰ 2022 ", "乙率 <= 5 ‰ 2030 "})
    );
}

TEST(Tables, AnotherLevelsColumnIsMarked) {
    const auto plan = ReadPlan(
        "一、目标\n指标\t2020年现状\t2025年区目标\t2025年市目标\t属性\n甲率(%)"
        "\t60\t80\t70\t预期性\n"
    );
    ASSERT_TRUE(plan.ok());
    ASSERT_EQ(plan->indicators.size(), 2U);
    EXPECT_EQ(plan->indicators[0].baseline, 60.0);
    EXPECT_EQ(plan->indicators[0].baseline_year, 2020);
    EXPECT_EQ(plan->indicators[1].value, TargetValue(70.0));
    EXPECT_FALSE(plan->indicators[1].baseline);
    EXPECT_EQ(plan->indicators[1].doubts.back().code, "reference-column");
}

TEST(Tables, ProseIsNone) {
    EXPECT_EQ(
        Targets("到2025年\n本区有三所医院\n12\n13\n1.某事。做好它。(责任单位:区甲局)\n"),
        (std::vector<std::string>{})
    );
}

TEST(Cells, AreReadForWhatTheySay) {
    struct Case {
        const char32_t* cell;
        bool value;
        double number;
        Comparator comparator;
    };
    for (const Case& one :
         {Case{U"≥95", true, 95, Comparator::kAtLeast},
          Case{U"<40", true, 40, Comparator::kBelow},
          Case{U"28左右", true, 28, Comparator::kAbout},
          Case{U"80以上", true, 80, Comparator::kAtLeast},
          Case{U"5以内", true, 5, Comparator::kAtMost},
          Case{U"89.6(2014年)", true, 89.6, Comparator::kAtLeast},
          Case{U"较2020年提高1", true, 1, Comparator::kIncreaseBy},
          Case{U"[1200]", true, 1200, Comparator::kAtLeast},
          Case{U"人均寿命", false, 0, Comparator::kAtLeast},
          Case{U"2020年", false, 0, Comparator::kAtLeast},
          Case{U"", false, 0, Comparator::kAtLeast}}) {
        const auto value = ReadCell(one.cell);
        ASSERT_EQ(value.has_value(), one.value) << one.number;
        if (value) {
            EXPECT_EQ(value->number, one.number);
            EXPECT_EQ(value->comparator, one.comparator);
        }
    }
    EXPECT_TRUE(ReadCell(U"—")->none);
}

}  // namespace
}  // namespace kangqu::plan
