#include "kangqu/plan/document.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

std::string Text(const Indicator& indicator) {
    std::string value;
    if (const auto* number = std::get_if<double>(&indicator.value)) {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%g", *number);
        value = buffer;
    } else if (const auto* range = std::get_if<ValueRange>(&indicator.value)) {
        char buffer[64];
        std::snprintf(buffer, sizeof buffer, "%g-%g", range->low, range->high);
        value = buffer;
    } else {
        value = std::get<std::string>(indicator.value);
    }
    return indicator.name + " " + std::string(NameOf(indicator.comparator)) + " " + value + " " +
           indicator.unit + " " + (indicator.year ? std::to_string(*indicator.year) : "-");
}

std::vector<Indicator> Indicators(const std::string& sentence) {
    const auto read = ReadPlan("一、任务\n1.某事。" + sentence + "(责任单位:区甲局)\n");
    EXPECT_TRUE(read.ok());
    return read.ok() && !read->tasks.empty() ? read->tasks[0].indicators : std::vector<Indicator>{};
}

struct Case {
    const char* sentence;
    std::vector<std::string> expected;
};

class Sentences : public testing::TestWithParam<Case> {};

TEST_P(Sentences, GiveTheirTargets) {
    std::vector<std::string> found;
    for (const Indicator& indicator : Indicators(GetParam().sentence)) {
        found.push_back(Text(indicator));
    }
    EXPECT_EQ(found, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Measured,
    Sentences,
    testing::Values(
        Case{"到2030年,随访率达到80%。", {"随访率 >= 80 % 2030"}},
        Case{
            "到2030、2035年,随访率分别达到80%、85%以上。",
            {"随访率 >= 80 % 2030", "随访率 >= 85 % 2035"}},
        Case{
            "到2030年、2035年,随访率分别达到80%、85%,开课率达到100%。",
            {"随访率 >= 80 % 2030",
             "随访率 >= 85 % 2035",
             "开课率 = 100 % 2030",
             "开课率 = 100 % 2035"}},
        Case{
            "到2030年,甲率控制在8.5/10万以下,乙率控制在2.8‰以内;到2035年,分别控制在8/"
            "10万以下、2‰以内。",
            {"甲率 <= 8.5 /10万 2030",
             "乙率 <= 2.8 ‰ 2030",
             "甲率 <= 8 /10万 2035",
             "乙率 <= 2 ‰ 2035"}},
        Case{
            "到2030年,15岁以上人群吸烟率降低到20%以下;到2035年,力争降低到18%左右。",
            {"15岁以上人群吸烟率 <= 20 % 2030", "15岁以上人群吸烟率 ~ 18 % 2035"}},
        Case{"到2030年达到35%的说法不算。", {}},
        Case{
            "甲比例到2030年达到35%;到2035年达到40%。",
            {"甲比例 >= 35 % 2030", "甲比例 >= 40 % 2035"}},
        Case{
            "到2030年,总体5年生存率提高15%,人均每日糖摄入量降低20%。",
            {"总体5年生存率 increase_by 15 % 2030", "人均每日糖摄入量 reduce_by 20 % 2030"}},
        Case{"近视率每年下降0.5个百分点以上。", {"近视率 reduce_by_per_year 0.5 百分点/年 -"}},
        Case{
            "每千人口医师达到3.9人、护士达到4.8人、床位达到7.8张。",
            {"每千人口医师 >= 3.9 人/千人 -",
             "每千人口护士 >= 4.8 人/千人 -",
             "每千人口床位 >= 7.8 张/千人 -"}},
        Case{"人均场地面积达到2.5平方米。", {"人均场地面积 >= 2.5 平方米/人 -"}},
        Case{"全区锻炼人数分别达到20万、21万以上。", {}},
        Case{
            "到2030年,社区甲病和乙病患者管理率达到80%以上。",
            {"社区甲病患者管理率 >= 80 % 2030", "社区乙病患者管理率 >= 80 % 2030"}},
        Case{
            "农村供水率和厕所普及率达到85%。",
            {"农村供水率 >= 85 % -", "农村厕所普及率 >= 85 % -"}},
        Case{"专业人员占比80%-85%。", {"专业人员占比 between 80-85 % -"}},
        Case{
            "确保排查率达到100%,对有症状者的发现率达到100%。",
            {"排查率 = 100 % -", "有症状者发现率 = 100 % -"}},
        Case{
            "到2035年,以街道(管委会)为单位的接种率达到98.5%。",
            {"接种率(以街道(管委会)为单位) >= 98.5 % 2035"}},
        Case{"开通“12320”热线,服务24小时。", {}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Shares,
    Sentences,
    testing::Values(
        Case{"到2030年,甲机构实现乙馆全覆盖。", {"甲机构乙馆覆盖率 = 100 % 2030"}},
        Case{"推进乙馆使用全覆盖。", {}},
        Case{"建立全覆盖、保基本的制度。", {}},
        Case{"到2030年,场所均配备急救设施。", {"场所急救设施配备率 = 100 % 2030"}},
        Case{"全区场所均设有急救设备。", {"场所急救设备设置率 = 100 % -"}},
        Case{"所有医院设有药房。", {"医院设有药房比例 = 100 % -"}},
        Case{
            "100%的卫生院和80%以上的卫生室具备服务能力。",
            {"卫生院具备服务能力比例 = 100 % -", "卫生室具备服务能力比例 >= 80 % -"}},
        Case{"全区90%规模企业通过认证。", {"规模企业通过认证比例 >= 90 % -"}},
        Case{"菜市场内100%设置检测室。", {"菜市场设置检测室比例 = 100 % -"}},
        Case{"逐步实现场地设施100%向社会开放。", {"场地设施开放率 = 100 % -"}},
        Case{"签约服务覆盖全人群。", {"签约服务人群覆盖率 = 100 % -"}},
        Case{"某付费覆盖全区所有医院。", {"某付费医院覆盖率 = 100 % -"}},
        Case{"老年人实现人人享有服务。", {"老年人享有服务比例 = 100 % -"}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    CountsAndWords,
    Sentences,
    testing::Values(
        Case{"打造2所健康馆。", {"健康馆 = 2 所 -"}},
        Case{"到2030年,区至少设立1家专科医院。", {"专科医院数 >= 1 家 2030"}},
        Case{"每个县(市、区)至少有一家服务机构。", {"每个县(市、区)服务机构数 >= 1 家/县 -"}},
        Case{"到2035年,建立涵盖至少1万人的数据库。", {"数据库涵盖人数 >= 1 万人 2035"}},
        Case{
            "到2030年、2035年,每千人分别拥有3名、3.5名指导员。",
            {"每千人拥有指导员 >= 3 名/千人 2030", "每千人拥有指导员 >= 3.5 名/千人 2035"}},
        Case{
            "健身活动倡导街道每2年组织1次、社区每年组织2次以上。",
            {"街道组织健身活动频次 >= 0.5 次/年 -", "社区组织健身活动频次 >= 2 次/年 -"}},
        Case{"构建城市“15分钟服务圈”。", {"城市服务圈时间 <= 15 分钟 -"}},
        Case{
            "到2035年,力争机构实力进入全市第一方阵。",
            {"机构实力位次 rank 全市第一方阵 位次 2035"}},
        Case{
            "到2030年,出生人口性别比实现自然平衡。",
            {"出生人口性别比 in_range 自然平衡 女=100 2030"}},
        Case{"某病报告率持续下降。", {"某病报告率 trend_down 持续下降  -"}},
        Case{
            "确保事故数,死亡人数和死亡率逐年下降。",
            {"事故数、死亡人数和死亡率 trend_down 逐年下降  -"}},
        Case{
            "到2020年,建成区黑水体比例控制在5%以内;到2035年,总体消除黑水体。",
            {"建成区黑水体比例 <= 5 % 2020", "黑水体 = 总体消除  2035"}},
        Case{
            "到2030年,个人支出比重控制在25%左右;到2035年,保持在国家确定的控制值以内。",
            {"个人支出比重 ~ 25 % 2030", "个人支出比重 <= 国家确定的控制值 % 2035"}},
        Case{"化肥使用零增长。", {"化肥使用增长率 <= 0 % -"}}
    )
);

TEST(Baselines, AreKeptAndAreNoTargets) {
    const auto found = Indicators("甲患者管理率2025年为68%,到2030年、2035年分别达到75%、80%以上。");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(Text(found[0]), "甲患者管理率 >= 75 % 2030");
    EXPECT_EQ(found[0].baseline, 68.0);
    EXPECT_EQ(found[1].baseline_year, 2025);
}

TEST(Doubts, AreRaisedWhereTheSentenceLeavesThem) {
    const auto read = ReadPlan(
        "一、任务\n1.某事。到2030年、2035年,甲率分别达到1%、2%、3%。(责任单位:区甲局)\n"
        "2.别事。甲率下降30%,所有医院设有药房。(责任单位:区甲局)\n"
    );
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read->tasks[0].indicators.empty());
    ASSERT_EQ(read->tasks[0].doubts.size(), 1U);
    EXPECT_EQ(read->tasks[0].doubts[0].code, "values-unmatched");
    ASSERT_EQ(read->tasks[1].indicators.size(), 2U);
    EXPECT_EQ(read->tasks[1].indicators[0].doubts[0].code, "no-baseline");
    EXPECT_EQ(read->tasks[1].indicators[1].doubts[0].code, "composed-name");
}

}  // namespace
}  // namespace kangqu::plan
