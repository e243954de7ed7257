#include "kangqu/search/text.hpp"

#include "interval.hpp"
#include "normal.hpp"

#include <gtest/gtest.h>

namespace kangqu::search {
namespace {

TEST(Text, Normalises) {
    EXPECT_EQ(Normalised("  Müller  ANNA\t"), "muller anna");
    EXPECT_EQ(Normalised("ＡＢＣ１２３"), "abc123");
    EXPECT_EQ(Normalised("Straße"), "strasse");
    EXPECT_EQ(Normalised("张三"), "张三");
    EXPECT_EQ(Normalised("が"), "が");
    EXPECT_EQ(Normalised("Ёлка"), "елка");
    EXPECT_EQ(Normalised(" "), "");
}

struct Reading {
    const char* name;
    const char* full;
    const char* initials;
};

TEST(Text, ReadsNames) {
    const Reading readings[] = {
        {"张三", "zhangsan", "zs"},
        {"李四", "lisi", "ls"},
        {"单雄信", "shanxiongxin", "sxx"},
        {"仇英", "qiuying", "qy"},
        {"曾国藩", "zengguofan", "zgf"},
        {"吕布", "lvbu", "lb"},
        {"沈从文", "shencongwen", "scw"},
        {"贾平凹", "jiapingao", "jpa"},
        {"欧阳修", "ouyangxiu", "oyx"},
        {"尉迟恭", "yuchigong", "ycg"},
        {"司马光", "simaguang", "smg"},
        {"王 小明", "wangxiaoming", "wxm"},
        {"Anna Bo", "annabo", "ab"},
        {"José-María", "josemaria", "jm"},
        {"王A", "wanga", "wa"},
        {"阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"},
        {"", "", ""},
    };
    for (const auto& [name, full, initials] : readings) {
        EXPECT_EQ(PinyinOf(name).full, full) << name;
        EXPECT_EQ(PinyinOf(name).initials, initials) << name;
    }
}

TEST(Text, LatinStaysAsItIsTyped) {
    EXPECT_EQ(PinyinOf("zhang").full, "zhang");
    EXPECT_EQ(PinyinOf("ZS").full, "zs");
    EXPECT_EQ(PinyinOf("lv").full, "lv");
}

TEST(Interval, HasThePrecisionThatIsWritten) {
    const auto length = [](std::string_view text) {
        const auto interval = IntervalOf(text);
        return interval ? interval->high - interval->low : -1;
    };
    constexpr std::int64_t kDay = 86'400'000;
    EXPECT_EQ(length("2023"), 365 * kDay);
    EXPECT_EQ(length("2024"), 366 * kDay);
    EXPECT_EQ(length("2024-02"), 29 * kDay);
    EXPECT_EQ(length("2024-02-29"), kDay);
    EXPECT_EQ(length("2024-02-29T10:00"), 60'000);
    EXPECT_EQ(length("2024-02-29T10:00:00Z"), 1'000);
    EXPECT_EQ(length("2024-02-29T10:00:00.250Z"), 1);
    for (const char* const wrong :
         {"",
          "24",
          "2024-13",
          "2024-02-30",
          "2024-02-29T",
          "2024-02-29T10",
          "2024-02-29T24:00",
          "2024-02-29T10:00:00.",
          "2024-02-29T10:00:00+15:00",
          "2024/02/29",
          "x"}) {
        EXPECT_EQ(length(wrong), -1) << wrong;
    }
}

TEST(Interval, WithoutZoneMeansChina) {
    EXPECT_EQ(IntervalOf("2024-02-29T08:00:00")->low, IntervalOf("2024-02-29T00:00:00Z")->low);
    EXPECT_EQ(IntervalOf("2024-02-29")->low, IntervalOf("2024-02-28T16:00:00Z")->low);
    // Months of a year, and days of a month, are the whole without gap or overlap.
    for (int year = 1990; year <= 2026; ++year) {
        auto at = IntervalOf(std::to_string(year))->low;
        for (int month = 1; month <= 12; ++month) {
            char text[16];
            std::snprintf(text, sizeof text, "%04d-%02d", year, month);
            EXPECT_EQ(IntervalOf(text)->low, at);
            at = IntervalOf(text)->high;
        }
        EXPECT_EQ(IntervalOf(std::to_string(year))->high, at);
    }
}

TEST(Interval, OfPeriodsAndTimings) {
    const auto of = [](const char* json, std::string_view type) {
        const auto document = core::JsonDocument::Parse(json);
        return IntervalsOf(document.value()->root(), fhir::FindType(type));
    };
    const auto open = of(R"({"start":"2024-01-01"})", "Period");
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0], (Interval{IntervalOf("2024-01-01")->low, kFarFuture}));
    EXPECT_EQ(of(R"({"end":"2024"})", "Period")[0].low, kFarPast);
    EXPECT_TRUE(of(R"({"start":"2024","end":"2020"})", "Period").empty());
    EXPECT_EQ(of(R"({"event":["2024","2025"]})", "Timing").size(), 2U);
}

}  // namespace
}  // namespace kangqu::search
