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
        Case{
            "全区锻炼人数分别达到20万、21万以上。",
            {"锻炼人数 >= 20 万人 -", "锻炼人数 >= 21 万人 -"}},
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

INSTANTIATE_TEST_SUITE_P(
    Grades,
    Sentences,
    testing::Values(
        Case{"到2027年,区医院达到三级甲等标准。", {"区医院等级 >= 三级甲等 等级 2027"}},
        Case{
            "区医院达到三级甲等、镇卫生院达到一级甲等水平。",
            {"区医院等级 >= 三级甲等 等级 -", "镇卫生院等级 >= 一级甲等 等级 -"}},
        Case{"区中心2026年底前达到二级甲等以上。", {"区中心等级 >= 二级甲等 等级 2026"}},
        Case{"平台互联互通测评等级达到四级及以上。", {"平台互联互通测评等级 >= 四级 等级 -"}},
        Case{
            "到2026年,互联互通测评,区平台全面达到五级乙等标准。",
            {"区平台互联互通测评等级 >= 五级乙等 等级 2026"}},
        Case{"实验室达到P2+标准。", {"实验室等级 >= P2+ 等级 -"}},
        Case{"医护比达到1:1.3。", {"医护比 >= 1:1.3  -"}},
        Case{"加强三级甲等医院建设。", {}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Changes,
    Sentences,
    testing::Values(
        Case{
            "到2030年,甲率比2020年降低30%,乙寿命较2020年提高1岁。",
            {"甲率 reduce_by 30 % 2030", "乙寿命 increase_by 1 岁 2030"}},
        Case{"到2025年,甲水平由2020年的21.3%提高到28%。", {"甲水平 >= 28 % 2025"}},
        Case{"甲率由92%提高至96%以上。", {"甲率 >= 96 % -"}},
        Case{
            "到2020年,甲率达到85%;到2030年,在2020年的基础上提高5个百分点左右。",
            {"甲率 >= 85 % 2020", "甲率 increase_by 5 百分点 2030"}},
        Case{"签约率每年提高3个百分点。", {"签约率 increase_by 3 百分点/年 -"}},
        Case{"诊疗人次年均增长10%。", {"诊疗人次 increase_by 10 %/年 -"}},
        Case{
            "到2030年,新发甲率明显下降,乙比例实现逐步降低。",
            {"新发甲率 trend_down 明显下降  2030", "乙比例 trend_down 逐步降低  2030"}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    ManyInOneBreath,
    Sentences,
    testing::Values(
        Case{
            "到2025年,甲死亡率、乙死亡率、丙死亡率分别控制在9/10万、4‰、5‰以内。",
            {"甲死亡率 <= 9 /10万 2025", "乙死亡率 <= 4 ‰ 2025", "丙死亡率 <= 5 ‰ 2025"}},
        Case{
            "6岁以下儿童甲率和乙缓率分别控制在10%和5%以下。",
            {"6岁以下儿童甲率 <= 10 % -", "6岁以下儿童乙缓率 <= 5 % -"}},
        Case{
            "到2022年和2030年,甲率分别达到60%及以上和70%及以上。",
            {"甲率 >= 60 % 2022", "甲率 >= 70 % 2030"}},
        Case{
            "妇女子癌和丑癌筛查率达到80%以上。",
            {"妇女子癌筛查率 >= 80 % -", "妇女丑癌筛查率 >= 80 % -"}},
        Case{
            "到2025年,甲监测、乙监测实现全覆盖。",
            {"甲监测覆盖率 = 100 % 2025", "乙监测覆盖率 = 100 % 2025"}},
        Case{
            "以镇(街道)为单位,甲苗接种率保持在95%以上。",
            {"甲苗接种率(以镇(街道)为单位) >= 95 % -"}},
        Case{
            "临床医生80%以上达到大专以上学历,50%达到本科以上学历。",
            {"临床医生大专以上学历比例 >= 80 % -", "临床医生本科以上学历比例 >= 50 % -"}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Amounts,
    Sentences,
    testing::Values(
        Case{"每1万人配备1名营养指导员。", {"每1万人配备营养指导员 >= 1 名/万人 -"}},
        Case{"每10万人口甲医师达到3.3名。", {"每10万人口甲医师 >= 3.3 名/10万人 -"}},
        Case{
            "急救站点达到30个,服务半径不超过5公里。",
            {"急救站点数 >= 30 个 -", "服务半径 <= 5 公里 -"}},
        Case{"新增床位600张。", {"新增床位 = 600 张 -"}},
        Case{"引进高层次人才15-20名。", {"引进高层次人才 between 15-20 名 -"}},
        Case{"全区新增4个急救分中心。", {"新增急救分中心 = 4 个 -"}},
        Case{"建设不少于10个托育机构。", {"托育机构数 >= 10 个 -"}},
        Case{"每年培训乡村医生不少于2次。", {"培训乡村医生次数 >= 2 次/年 -"}},
        Case{"到2025年,人均寿命达到81.5岁左右。", {"人均寿命 ~ 81.5 岁 2025"}},
        Case{"65岁以上老年人建档率达到百分之八十五。", {"65岁以上老年人建档率 >= 85 % -"}},
        Case{"建设无烟机关达90%以上。", {"无烟机关比例 >= 90 % -"}},
        Case{"县级以上医疗机构全部建成示范医院。", {"县级以上医疗机构建成示范医院比例 = 100 % -"}},
        Case{"公共场所全面禁烟。", {"公共场所禁烟覆盖率 = 100 % -"}},
        Case{"服务热线987个,“985”工程不算。", {"服务热线 = 987 个 -"}},
        Case{"到2025年,达到示范县标准。", {}},
        Case{"到2030年,建成国家卫生县城。", {"国家卫生县城 = 建成  2030"}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    YearsOverFullStops,
    Sentences,
    testing::Values(
        Case{
            "到2025年,甲率达到95%。乙率达到90%以上,丙率达到80%。",
            {"甲率 >= 95 % 2025", "乙率 >= 90 % 2025", "丙率 >= 80 % 2025"}},
        // What is to be kept, hoped for or done every year is of no one year.
        Case{"到2025年,甲率达到95%。乙率保持在90%以上。", {"甲率 >= 95 % 2025", "乙率 >= 90 % -"}},
        Case{
            "到2025年,甲率达到95%。加强宣传。乙率达到90%。",
            {"甲率 >= 95 % 2025", "乙率 >= 90 % -"}}
    )
);

INSTANTIATE_TEST_SUITE_P(
    ConvertedWords,
    Sentences,
    testing::Values(
        Case{
            "到2025年,全縣中國小開課率達到100%,居民素養水準達到26%,網際網路醫院實現全覆蓋。",
            {"全县中小学开课率 = 100 % 2025",
             "居民素养水平 >= 26 % 2025",
             "互联网医院覆盖率 = 100 % 2025"}},
        Case{"人均體育場地面積達到2.8平方公尺。", {"人均体育场地面积 >= 2.8 平方米/人 -"}}
    )
);

TEST(Baselines, OfAChangeAreTakenFromItsWords) {
    const auto found = Indicators("到2030年,甲率比2020年降低30%,乙水平由2021年的21.3%提高到28%。");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].baseline_year, 2020);
    EXPECT_FALSE(found[0].baseline);
    EXPECT_EQ(found[1].baseline, 21.3);
    EXPECT_EQ(found[1].baseline_year, 2021);
}

TEST(Doubts, SayThatAYearWasCarriedOver) {
    const auto found = Indicators("到2025年,甲率达到95%。乙率达到90%以上。");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_TRUE(found[0].doubts.empty());
    ASSERT_EQ(found[1].doubts.size(), 1U);
    EXPECT_EQ(found[1].doubts[0].code, "year-carried");
    EXPECT_FALSE(TextOf(found[1].doubts[0], core::Language::kZh).empty());
    EXPECT_FALSE(TextOf(found[1].doubts[0], core::Language::kEn).empty());
}

TEST(Places, SliceTheWordsThatSayTheTarget) {
    const std::string text =
        "一、任务\n1.某事。到2030年,甲率达到80%,乙率控制在5‰以内。(责任单位:区甲局)\n";
    const auto read = ReadPlan(text);
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read->tasks[0].indicators.size(), 2U);
    EXPECT_EQ(SliceCodePoints(text, read->tasks[0].indicators[0].place), "甲率达到80%");
    EXPECT_EQ(SliceCodePoints(text, read->tasks[0].indicators[1].place), "乙率控制在5‰以内");
}

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
    // More values than years: kept without a year, each marked.
    ASSERT_EQ(read->tasks[0].indicators.size(), 3U);
    for (const Indicator& indicator : read->tasks[0].indicators) {
        EXPECT_FALSE(indicator.year);
        EXPECT_EQ(indicator.doubts.back().code, "values-unmatched");
        EXPECT_LT(ConfidenceOf(indicator.doubts), 0.6);
    }
    ASSERT_EQ(read->tasks[0].doubts.size(), 1U);
    EXPECT_EQ(read->tasks[0].doubts[0].code, "values-unmatched");
    ASSERT_EQ(read->tasks[1].indicators.size(), 2U);
    EXPECT_EQ(read->tasks[1].indicators[0].doubts[0].code, "no-baseline");
    EXPECT_EQ(read->tasks[1].indicators[1].doubts[0].code, "composed-name");
}

}  // namespace
}  // namespace kangqu::plan
