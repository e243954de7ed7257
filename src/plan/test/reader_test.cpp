#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"
#include "kangqu/plan/document.hpp"

#include "sample.hpp"
#include <string>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

PlanDocument Read(const std::string& text) {
    auto read = ReadPlan(text);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().Line());
    return read.ok() ? std::move(read).value() : PlanDocument{};
}

core::ErrorCode CodeOf(const std::string& text) {
    const auto read = ReadPlan(text);
    EXPECT_FALSE(read.ok());
    return read.ok() ? core::ErrorCode::kInternal : read.error().code;
}

using Strings = std::vector<std::string>;

TEST(ReadPlan, TakesTheLetterhead) {
    const PlanDocument plan = Read(kSmallPlan);
    EXPECT_EQ(plan.title, "“健康云澜2035”任务分工方案");
    EXPECT_EQ(plan.issuer, "云澜区人民政府办公室");
    EXPECT_EQ(plan.doc_no, "云政办〔2025〕7号");
    EXPECT_EQ(plan.date, "2025-03-12");
    EXPECT_EQ(plan.published, "2025-03-20");
}

TEST(ReadPlan, MakesATaskOfEachParagraphWithAClause) {
    const PlanDocument plan = Read(kSmallPlan);
    ASSERT_EQ(plan.tasks.size(), 4U);
    EXPECT_EQ(
        plan.tasks[0].path,
        (Strings{"一、人人动手,养成健康习惯", "(一)把知识送到家", "1.办好健康课堂"})
    );
    EXPECT_EQ(plan.tasks[0].title, "办好健康课堂");
    EXPECT_EQ(plan.tasks[1].path.back(), "1.办好健康课堂");
    EXPECT_EQ(plan.tasks[1].title, "烟酒少一点");
    EXPECT_EQ(plan.tasks[2].path.back(), "2. 让孩子动起来");
    EXPECT_EQ(plan.tasks[3].path.size(), 2U);
    EXPECT_EQ(plan.tasks[3].no, 4);
}

TEST(ReadPlan, ReadsUnitsInOrderWithInnerBracketsAndCommas) {
    const PlanDocument plan = Read(kSmallPlan);
    ASSERT_EQ(plan.tasks.size(), 4U);
    EXPECT_EQ(plan.tasks[0].units, (Strings{"区卫生健康局", "区教育局"}));
    EXPECT_EQ(plan.tasks[0].lead_unit, "区卫生健康局");
    EXPECT_EQ(plan.tasks[0].declaration, "排在第一位的为牵头单位,其他配合,下同");
    EXPECT_EQ(plan.tasks[1].units, (Strings{"区卫生健康局", "各街道办事处(管委会)"}));
    EXPECT_TRUE(plan.tasks[1].collective);
    EXPECT_FALSE(plan.tasks[0].collective);
    EXPECT_EQ(plan.tasks[2].units, (Strings{"区教育局", "各相关部门"}));
    EXPECT_EQ(plan.tasks[3].mode, ResponsibilityMode::kEachByDuty);
    EXPECT_EQ(plan.tasks[3].lead_unit, "");
}

TEST(ReadPlan, OffsetsSliceTheFileAsItStands) {
    const std::string with_bom = std::string("\xEF\xBB\xBF") + kSmallPlan;
    for (const std::string& text : {std::string(kSmallPlan), with_bom}) {
        for (const Task& task : Read(text).tasks) {
            EXPECT_EQ(SliceCodePoints(text, task.offset), task.text);
            EXPECT_EQ(task.text.substr(task.text.size() - 1), ")");
        }
    }
    EXPECT_EQ(Read(with_bom).tasks[0].offset.start, Read(kSmallPlan).tasks[0].offset.start + 1);
}

TEST(ReadPlan, TakesFullWidthPunctuationAndCrlf) {
    const std::string text =
        "关于健康行动的实施方案\r\n一、主要任务\r\n（一）控烟。\r\n"
        "１．少抽烟。到２０３０年，成人吸烟率控制在２０％以内。（责任单位：区卫健局、区教育局）\r"
        "\n";
    const PlanDocument plan = Read(text);
    ASSERT_EQ(plan.tasks.size(), 1U);
    EXPECT_EQ(plan.tasks[0].path, (Strings{"一、主要任务", "（一）控烟", "１．少抽烟"}));
    EXPECT_EQ(plan.tasks[0].units, (Strings{"区卫健局", "区教育局"}));
    ASSERT_EQ(plan.tasks[0].indicators.size(), 1U);
    EXPECT_EQ(plan.tasks[0].indicators[0].year, 2030);
    EXPECT_EQ(plan.tasks[0].indicators[0].value, TargetValue(20.0));
    EXPECT_EQ(SliceCodePoints(text, plan.tasks[0].offset), plan.tasks[0].text);
}

TEST(ReadPlan, JoinsTheLinesOfOneNumberedItem) {
    const PlanDocument plan = Read(
        "一、任务\n1.第一件。先这样做。\n再那样做。(责任单位:区甲局)\n"
        "2.第二件。就这样。\n(责任单位:区乙局、区丙局)\n"
    );
    ASSERT_EQ(plan.tasks.size(), 2U);
    EXPECT_NE(plan.tasks[0].text.find("先这样做。\n再那样做。"), std::string::npos);
    EXPECT_EQ(plan.tasks[1].units, (Strings{"区乙局", "区丙局"}));
}

TEST(ReadPlan, ReadsTheOtherWordsOfResponsibility) {
    const PlanDocument plan = Read(
        "一、任务\n1.甲事。做好。(市卫健委牵头,教育局、市财政局配合)\n"
        "2.乙事。做好。(牵头单位:市卫健委;配合单位:民政局、财政局)\n"
        "3.丙事。做好中心(站)。(市公安局负责)\n"
        "4.丁事。做好。(教育局、体育局等按职责分工负责)\n"
        "5.戊事。做好。\n责任单位：市残联、妇联\n"
    );
    ASSERT_EQ(plan.tasks.size(), 5U);
    EXPECT_EQ(plan.tasks[0].units, (Strings{"市卫健委", "教育局", "市财政局"}));
    EXPECT_EQ(plan.tasks[1].units, (Strings{"市卫健委", "民政局", "财政局"}));
    EXPECT_EQ(plan.tasks[2].units, (Strings{"市公安局"}));
    EXPECT_EQ(plan.tasks[3].units, (Strings{"教育局", "体育局"}));
    EXPECT_EQ(plan.tasks[3].mode, ResponsibilityMode::kEachByDuty);
    EXPECT_EQ(plan.tasks[4].units, (Strings{"市残联", "妇联"}));
    EXPECT_EQ(plan.tasks[4].units_full, (Strings{"市残联", "市妇联"}));
}

TEST(ReadPlan, ReadsTraditionalTextWithNoiseAndRepeatedItems) {
    const std::string text =
        "某市人民政府關於推進健康行動的實施意見\n一、行動任務\n(亂字一)健康環境。\n"
        "1.淨水行動。農村飲水實現達標人口全覆蓋。(責任單位:市水利局,列第一位的為牽頭單位,下同)\n"
        "1.淨水行動。農村飲水實現達標人口全覆蓋。(責任單位:市水利局,列第一位的為牽頭單位,下同)\n";
    const PlanDocument plan = Read(text);
    ASSERT_EQ(plan.tasks.size(), 1U);
    EXPECT_EQ(plan.issuer, "某市人民政府");
    EXPECT_EQ(plan.tasks[0].path[1], "(一)健康環境");
    EXPECT_EQ(plan.tasks[0].units, (Strings{"市水利局"}));
    EXPECT_EQ(plan.tasks[0].repeated_at.size(), 1U);
    EXPECT_EQ(plan.tasks[0].declaration, "列第一位的為牽頭單位,下同");
    ASSERT_EQ(plan.tasks[0].indicators.size(), 1U);
    EXPECT_EQ(plan.tasks[0].indicators[0].name, "农村饮水达标人口覆盖率");
}

TEST(ReadPlan, KeepsAnUnclosedClauseAndSaysSo) {
    const PlanDocument plan = Read("一、任务\n1.甲事。做好。(责任单位:区甲局、区乙局\n");
    ASSERT_EQ(plan.tasks.size(), 1U);
    EXPECT_EQ(plan.tasks[0].units, (Strings{"区甲局", "区乙局"}));
    ASSERT_FALSE(plan.tasks[0].doubts.empty());
    EXPECT_EQ(plan.tasks[0].doubts[0].code, "unclosed-clause");
}

TEST(ReadPlan, TakesNumberedItemsWhereNoUnitIsNamed) {
    const PlanDocument plan = Read(
        "一、发展基础\n(一)成绩。2020年全区服务覆盖率达到60%,超过预期很多很多。\n"
        "二、主要任务\n(一)行动\n1.体检。到2030年,老年人健康体检率达到85%以上,服务更加方便。\n"
    );
    ASSERT_EQ(plan.tasks.size(), 1U);
    EXPECT_EQ(plan.tasks[0].mode, ResponsibilityMode::kNone);
    EXPECT_EQ(plan.tasks[0].indicators.size(), 1U);
    EXPECT_EQ(plan.tasks[0].doubts[0].code, "no-units");
}

// One cell a line, as text extraction leaves a table.
TEST(ReadPlan, ReadsAFlattenedIndicatorTable) {
    const PlanDocument plan = Read(
        "一、发展目标\n主要指标\n类别\n指标名称\n2025年\n本区现状\n2030年\n本区目标值\n2030年市目标"
        "值\n属性\n"
        "健康\n水平\n甲死亡率(‰)\n0.9\n≤2.5\n2.6\n预期性\n\n乙病、丙病患者管理率(%)\n70.6;\n69."
        "1\n78\n80\n约束性\n"
        "每万人口丁人员(人/千人)\n-\n10\n-\n预期性\n二、任务\n"
    );
    ASSERT_EQ(plan.indicators.size(), 7U);
    const Indicator& own = plan.indicators[0];
    EXPECT_EQ(own.name, "甲死亡率");
    EXPECT_EQ(own.unit, "‰");
    EXPECT_EQ(own.comparator, Comparator::kAtMost);
    EXPECT_EQ(own.value, TargetValue(2.5));
    EXPECT_EQ(own.year, 2030);
    EXPECT_EQ(own.baseline, 0.9);
    EXPECT_EQ(own.baseline_year, 2025);
    EXPECT_EQ(own.attribute, "预期性");
    EXPECT_TRUE(own.doubts.empty());
    const Indicator& city = plan.indicators[1];
    EXPECT_EQ(city.comparator, Comparator::kAtMost);
    ASSERT_EQ(city.doubts.size(), 2U);
    EXPECT_EQ(city.doubts[0].code, "no-sign");
    EXPECT_EQ(city.doubts[1].code, "reference-column");
    EXPECT_EQ(plan.indicators[2].name, "乙病患者管理率");
    EXPECT_EQ(plan.indicators[2].baseline, 70.6);
    EXPECT_EQ(plan.indicators[4].name, "丙病患者管理率");
    EXPECT_EQ(plan.indicators[4].baseline, 69.1);
    EXPECT_EQ(plan.indicators[4].attribute, "约束性");
    EXPECT_EQ(plan.indicators[6].unit, "人/万人");
    EXPECT_FALSE(plan.indicators[6].baseline.has_value());
    EXPECT_EQ(plan.indicators[6].doubts[0].code, "odd-unit");
}

TEST(ReadPlan, ReadsATableWithTabs) {
    const PlanDocument plan = Read(
        "一、目标\n指标\t2025年现状\t2030年目标\t属性\n甲率(%)\t60\t70\t预期性\n乙率(%)"
        "\t80\t100\t约束性\n"
    );
    ASSERT_EQ(plan.indicators.size(), 2U);
    EXPECT_EQ(plan.indicators[0].baseline, 60.0);
    EXPECT_EQ(plan.indicators[1].comparator, Comparator::kEqual);
}

TEST(ReadPlan, RefusesWhatIsNoPlan) {
    EXPECT_EQ(CodeOf(""), core::ErrorCode::kPlanNotADocument);
    EXPECT_EQ(CodeOf("今天天气很好。\n我们去公园。"), core::ErrorCode::kPlanNotADocument);
    EXPECT_EQ(CodeOf("一、前言\n说几句话。"), core::ErrorCode::kPlanNotADocument);
    EXPECT_EQ(CodeOf("一、\xFF\xFE"), core::ErrorCode::kNotUtf8);
    EXPECT_EQ(CodeOf(std::string(kPlanMaxBytes + 1, 'a')), core::ErrorCode::kTooLarge);
    const auto read = ReadPlan("一、前言\n说几句话。");
    EXPECT_NE(read.error().Text(core::Language::kZh).find("责任单位"), std::string::npos);
}

TEST(ReadPlan, RefusesMoreTasksThanTheLimit) {
    std::string text = "一、任务\n";
    for (std::size_t i = 0; i <= kPlanMaxTasks; ++i) {
        text += "某事。(责任单位:区甲局)\n";
    }
    EXPECT_EQ(CodeOf(text), core::ErrorCode::kTooLarge);
}

TEST(ReadPlan, StandsHostileNesting) {
    std::string text = "一、任务\n1.";
    for (int i = 0; i < 200000; ++i) {
        text += i % 3 == 0 ? "(" : "“";
    }
    EXPECT_FALSE(ReadPlan(text).ok());
    std::string numbers = "一、任务\n1.甲率达到";
    for (int i = 0; i < 20000; ++i) {
        numbers += "1%、";
    }
    const PlanDocument plan = Read(numbers + "(责任单位:区甲局)\n");
    EXPECT_EQ(plan.tasks.size(), 1U);
}

TEST(ToJson, WritesThePlanDocumentForm) {
    const auto parsed = core::JsonDocument::Parse(ToJson(Read(kSmallPlan)));
    ASSERT_TRUE(parsed.ok());
    const core::JsonNode root = (*parsed)->root();
    EXPECT_EQ(root["doc_no"].text(), "云政办〔2025〕7号");
    const core::JsonNode task = root["tasks"][0];
    EXPECT_EQ(task["no"].integer(), 1);
    EXPECT_EQ(task["mode"].text(), "lead-first");
    EXPECT_EQ(task["path"].size(), 3U);
    EXPECT_TRUE(task["offset_start"].integer().has_value());
    const core::JsonNode indicator = task["indicators"][0];
    EXPECT_EQ(indicator["name"].text(), "居民健康素养水平");
    EXPECT_EQ(indicator["comparator"].text(), ">=");
    EXPECT_EQ(indicator["value"].text(), "40");
    EXPECT_EQ(indicator["year"].integer(), 2030);
    EXPECT_EQ(root["tasks"][3]["lead_unit"].kind(), core::JsonKind::kNull);
    EXPECT_EQ(root["tasks"][3]["mode"].text(), "each-by-duty");
}

TEST(Comparators, HaveTheNamesOfTheForm) {
    for (const char* const name :
         {">=",
          "<=",
          "=",
          "~",
          "<",
          ">",
          "between",
          "reduce_by",
          "increase_by",
          "reduce_by_per_year",
          "rank",
          "in_range",
          "trend_down"}) {
        const auto found = FindComparator(name);
        ASSERT_TRUE(found.has_value()) << name;
        EXPECT_EQ(NameOf(*found), name);
    }
    EXPECT_FALSE(FindComparator("≥").has_value());
}

}  // namespace
}  // namespace kangqu::plan
