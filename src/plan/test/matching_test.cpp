#include "kangqu/plan/matching.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

UnitNames Names() {
    std::ifstream in(
        std::filesystem::path(KANGQU_SOURCE_DIR) / "packs/base/plan/organs.tsv", std::ios::binary
    );
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto organs = ReadOrgans(text, "base");
    EXPECT_TRUE(organs.ok()) << organs.error().Line();
    return {
        std::move(organs).value(),
        {{"o1", "云澜区卫生健康局", {}},
         {"o2", "云澜区市场监督管理局", {}},
         {"o3", "云澜区医疗保障局", {}},
         {"o4", "云澜区人力资源和社会保障局", {}},
         {"o5", "云澜区大数据管理局", {"区数据资源中心"}},
         {"o6", "云澜区教育局", {}},
         {"o7", "云澜区应急管理局", {}},
         {"o8", "中共云澜区委宣传部", {"区委宣传部"}},
         {"o9", "云澜街道社区卫生服务中心", {}}}};
}

struct Case {
    const char* printed;
    const char* date;
    MatchKind kind;
    const char* id;
};

class Units : public testing::TestWithParam<Case> {};

TEST_P(Units, AreFoundThroughShortFormsAndReforms) {
    static const UnitNames kNames = Names();
    const UnitMatch match = kNames.Match(GetParam().printed, GetParam().date);
    EXPECT_EQ(NameOf(match.kind), NameOf(GetParam().kind)) << GetParam().printed;
    EXPECT_EQ(match.id, GetParam().id) << GetParam().printed;
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Units,
    testing::Values(
        Case{"区卫生健康局", "2020-08", MatchKind::kExact, "o1"},
        Case{"区卫健委", "2020-08", MatchKind::kAlias, "o1"},
        Case{"卫健局", "", MatchKind::kAlias, "o1"},
        Case{"区大数據局", "2020-08", MatchKind::kAlias, "o5"},
        Case{"區大數據局", "2020-08", MatchKind::kAlias, "o5"},
        Case{"区数据资源中心", "", MatchKind::kExact, "o5"},
        Case{"区人社局", "2020-08", MatchKind::kAlias, "o4"},
        Case{"区教体局", "", MatchKind::kAlias, "o6"},
        Case{"区委宣传部", "", MatchKind::kExact, "o8"},
        Case{"区市场监管局", "2021-01", MatchKind::kAlias, "o2"},
        // Gone: who has the work now.
        Case{"区卫计委", "2016-12", MatchKind::kSuccessor, "o1"},
        Case{"区食药监局", "2017-01", MatchKind::kSuccessor, "o2"},
        Case{"市工商质监局", "2017-01", MatchKind::kSuccessor, "o2"},
        Case{"各街道办事处(管委会)", "", MatchKind::kCollective, ""},
        Case{"区戊己庚局", "", MatchKind::kNone, ""}
    )
);

TEST(Units, SayWhereAFunctionWent) {
    const UnitNames names = Names();
    const UnitMatch health = names.Match("区卫计委", "2017-03");
    EXPECT_TRUE(health.ended);
    EXPECT_EQ(health.ended_at, "2018-03");
    // Two heirs, so a person decides.
    const UnitMatch safety = names.Match("区安监局", "2017-03");
    EXPECT_EQ(safety.kind, MatchKind::kSuccessor);
    EXPECT_TRUE(safety.id.empty());
    EXPECT_EQ(safety.candidates.size(), 2U);
    // The body is still there, but medical insurance left it after this document.
    const UnitMatch insurance = names.Match("区人社局", "2017-03");
    EXPECT_EQ(insurance.id, "o4");
    ASSERT_FALSE(insurance.successors.empty());
    EXPECT_EQ(insurance.successors[0].name, "医疗保障局");
    EXPECT_TRUE(names.Match("区人社局", "2020-03").successors.empty());
}

TEST(Organs, RefuseABadTable) {
    for (const char* const table :
         {"",
          "# only remarks\n",
          "naem\taliases\n",
          "name\tfrom\n甲局\t2018\n",
          "name\tfrom\n甲局\t2018-13\n",
          "name\tsuccessors\n甲局\t乙局\n",
          "name\n\t\n"}) {
        const auto organs = ReadOrgans(table, "p");
        ASSERT_FALSE(organs.ok()) << table;
        EXPECT_EQ(organs.error().code, core::ErrorCode::kPackInvalid);
    }
}

TEST(Likeness, IgnoresWhereAndParticles) {
    EXPECT_EQ(Likeness("全区居民健康素养水平", "居民健康素养水平"), 1.0);
    EXPECT_EQ(Likeness("老年人的管理率", "老年人管理率"), 1.0);
    EXPECT_GT(Likeness("65岁以上老年人健康管理率", "老年人健康管理率"), 0.6);
    EXPECT_LT(Likeness("婴儿死亡率", "床位数"), 0.2);
    EXPECT_EQ(Likeness("", ""), 0.0);
}

TEST(Library, OffersTheMostAlikeFirst) {
    const std::vector<LibraryEntry> library = {
        {"m1", "甲患者管理率"}, {"m2", "乙患者规范管理率"}, {"m3", "平均床位"}};
    const auto matches = MatchIndicator("社区乙患者规范化管理率", library);
    ASSERT_FALSE(matches.empty());
    EXPECT_EQ(matches[0].entry.id, "m2");
    EXPECT_TRUE(MatchIndicator("空气质量", library).empty());
}

}  // namespace
}  // namespace kangqu::plan
