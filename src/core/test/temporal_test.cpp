#include "kangqu/core/temporal.hpp"

#include "kangqu/core/decimal.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::core {
namespace {

Temporal Read(const std::string& text) {
    const auto value = text[0] == 'T' ? Temporal::ParseTime(std::string_view(text).substr(1))
                       : text.find('T') != std::string::npos ? Temporal::ParseDateTime(text)
                                                             : Temporal::ParseDate(text);
    EXPECT_TRUE(value.has_value()) << text;
    return value.value_or(Temporal{});
}

TEST(Decimal, ReadsAndWritesAsWritten) {
    for (const std::string text :
         {"0", "1.00", "-12.50", "9999999999999999999999999999.99999999", "0.00000001"}) {
        const auto value = Decimal::Parse(text);
        ASSERT_TRUE(value.has_value()) << text;
        EXPECT_EQ(value->ToString(), text);
    }
    EXPECT_EQ(Decimal::Parse("1.5e2")->ToString(), "150");
    EXPECT_EQ(Decimal::Parse("15e-1")->ToString(), "1.5");
    for (const std::string text :
         {"", "-", "1.", ".5", "1e", "1e999", "abc", "1 ", "99999999999999999999999999999"}) {
        EXPECT_FALSE(Decimal::Parse(text).has_value()) << text;
    }
}

TEST(Decimal, ComparesByValue) {
    EXPECT_EQ(*Decimal::Parse("1.50"), *Decimal::Parse("1.5"));
    EXPECT_LT(*Decimal::Parse("-1.5"), *Decimal::Parse("-1.4999999999"));
    EXPECT_GT(Decimal::Largest(), *Decimal::Parse("0.0000000000000000000000000001"));
}

TEST(Decimal, CalculatesExactly) {
    struct Row {
        const char* a;
        char op;
        const char* b;
        const char* expected;
    };
    const std::vector<Row> rows = {
        {"0.1", '+', "0.2", "0.3"},
        {"1.8", '-', "1.2", "0.6"},
        {"1.2", '*', "1.8", "2.16"},
        {"1234567890123456789.12345678", '*', "9876.12345678", "12192744898635665285160.91348028"},
        {"10", '/', "3", "3.33333333"},
        {"2", '/', "-3", "-0.66666667"},
        {"1", '/', "0", "none"},
        {"2.2", '%', "1.8", "0.4"},
        {"-7", '%', "3", "-1"},
        {"7.9", 'd', "-2", "-3"},
        {"9999999999999999999999999999", '+', "1", "none"},
    };
    for (const Row& row : rows) {
        const Decimal a = *Decimal::Parse(row.a);
        const Decimal b = *Decimal::Parse(row.b);
        const auto got = row.op == '+'   ? a.Plus(b)
                         : row.op == '-' ? a.Minus(b)
                         : row.op == '*' ? a.Times(b)
                         : row.op == '/' ? a.Over(b)
                         : row.op == '%' ? a.Modulo(b)
                                         : a.DividedWhole(b);
        EXPECT_EQ(got ? got->ToString() : "none", row.expected) << row.a << row.op << row.b;
    }
}

TEST(Decimal, RoundsHalfAwayFromZero) {
    EXPECT_EQ(Decimal::Parse("2.5")->Rounded(0).ToString(), "3");
    EXPECT_EQ(Decimal::Parse("-2.5")->Rounded(0).ToString(), "-3");
    EXPECT_EQ(Decimal::Parse("-2.1")->Floor().ToString(), "-3");
    EXPECT_EQ(Decimal::Parse("-2.1")->Ceiling().ToString(), "-2");
    EXPECT_EQ(Decimal::Parse("1.56")->Truncated().ToString(), "1");
    EXPECT_EQ(Decimal(2).Power(Decimal(-2))->ToString(), "0.25");
}

TEST(Temporal, ReadsAndWritesEveryPrecision) {
    for (const std::string text :
         {"2026",
          "2026-11",
          "2026-11-22",
          "2026-11-22T14",
          "2026-11-22T14:30",
          "2026-11-22T14:30:05+08:00",
          "2026-11-22T14:30:05.123-05:30",
          "0001-01-01"}) {
        EXPECT_EQ(Read(text).ToString(), text);
    }
    EXPECT_EQ(Temporal::ParseTime("14:30:05.5")->ToString(), "14:30:05.500");
    for (const std::string text :
         {"2026-02-29",
          "2026-13",
          "26-01-01",
          "2026-1-1",
          "2026-11-22T24",
          "2026-11T10",
          "2026-11-22T10:00+15:00",
          "2026-11-22T10:60"}) {
        EXPECT_FALSE(Temporal::ParseDateTime(text).has_value()) << text;
    }
}

TEST(Temporal, ComparesWithUncertainty) {
    struct Row {
        const char* a;
        const char* b;
        char expected;
    };
    const std::vector<Row> rows = {
        {"2026-11-22", "2026-11-23", '<'},
        {"2026-11", "2026-11-23", '?'},
        {"2026-10", "2026-11-23", '<'},
        {"2026-11-22T10:00:00", "2026-11-22T10:00:00.000", '='},
        {"2026-11-22T10:00", "2026-11-22T10:00:00", '?'},
        {"2026-11-22T10:00:00+08:00", "2026-11-22T02:00:00Z", '='},
        {"2026-11-22T10:00:00", "2026-11-22T02:00:00Z", '='},
        {"2026-11-22T00:30:00+08:00", "2026-11-21", '>'},
        {"T10:00", "T11", '<'},
        {"T10:00", "2026", '?'},
    };
    for (const Row& row : rows) {
        const auto order = CompareTemporal(Read(row.a), Read(row.b), kChinaOffsetMinutes);
        const char got = !order ? '?' : *order < 0 ? '<' : *order > 0 ? '>' : '=';
        EXPECT_EQ(got, row.expected) << row.a << " " << row.b;
    }
    EXPECT_EQ(
        CompareTemporal(
            Read("2026-11-22T23:00:00Z"),
            Read("2026-11-23T09:00:00+08:00"),
            kChinaOffsetMinutes,
            Precision::kDay
        ),
        std::strong_ordering::equal
    );
}

TEST(Temporal, AddsCalendarUnits) {
    EXPECT_EQ(Read("2026-01-31").Plus(1, TimeUnit::kMonth)->ToString(), "2026-02-28");
    EXPECT_EQ(Read("2024-02-29").Plus(1, TimeUnit::kYear)->ToString(), "2025-02-28");
    EXPECT_EQ(Read("2026").Plus(13, TimeUnit::kMonth)->ToString(), "2027");
    EXPECT_EQ(Read("2026-06").Plus(31, TimeUnit::kDay)->ToString(), "2026-07");
    EXPECT_EQ(Read("2026-11-22").Plus(25, TimeUnit::kHour)->ToString(), "2026-11-23");
    EXPECT_EQ(Read("T23:30").Plus(1, TimeUnit::kHour)->ToString(), "00:30");
    EXPECT_EQ(Read("2026-11-22").Plus(-2, TimeUnit::kWeek)->ToString(), "2026-11-08");
    EXPECT_FALSE(Read("9999-12-31").Plus(1, TimeUnit::kDay).has_value());
    EXPECT_FALSE(Read("2026-01-01").Plus(INT64_MAX, TimeUnit::kYear).has_value());
}

TEST(Temporal, CountsDurationsAndBoundaries) {
    const auto years = DurationBetween(
        Read("2000-02-29"), Read("2001-02-28"), TimeUnit::kYear, kChinaOffsetMinutes
    );
    EXPECT_EQ(years->low, 0);
    EXPECT_EQ(years->high, 0);
    const auto unsure =
        DurationBetween(Read("1990"), Read("2026-06-01"), TimeUnit::kYear, kChinaOffsetMinutes);
    EXPECT_EQ(unsure->low, 35);
    EXPECT_EQ(unsure->high, 36);
    const auto crossed = DifferenceBetween(
        Read("2026-12-31"), Read("2027-01-01"), TimeUnit::kYear, kChinaOffsetMinutes
    );
    EXPECT_EQ(crossed->low, 1);
    EXPECT_EQ(
        DurationBetween(Read("2026-01-01"), Read("2025-01-01"), TimeUnit::kDay, 0)->low, -365
    );
}

}  // namespace
}  // namespace kangqu::core
