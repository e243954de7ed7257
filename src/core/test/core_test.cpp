#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/core/utf8.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::core {
namespace {

TEST(ErrorTable, EveryRowIsWholeAndUnique) {
    std::set<std::string_view> codes;
    std::size_t rows = 0;
#define KQ_ERROR(constant, code, http, issue, zh, en)                                     \
    ++rows;                                                                               \
    EXPECT_TRUE(codes.insert(code).second) << (code);                                     \
    EXPECT_TRUE((http) >= 400 && (http) < 600) << (code);                                 \
    EXPECT_FALSE(std::string_view(zh).empty() || std::string_view(en).empty()) << (code); \
    EXPECT_EQ(FindErrorCode(code), ErrorCode::constant);
#include "kangqu/core/error_table.inc"
#undef KQ_ERROR
    EXPECT_GT(rows, 40U);
    EXPECT_FALSE(FindErrorCode("no-such-code").has_value());
}

TEST(Error, FillsBothLanguages) {
    const Error error =
        At(MakeError(ErrorCode::kFhirMissingElement, "Patient.name"), "Bundle.entry[3]");
    EXPECT_EQ(error.Text(Language::kZh), "缺少必填元素 Patient.name。");
    EXPECT_EQ(error.Line(), "Bundle.entry[3]: Required element Patient.name is missing.");
}

Result<int> Half(int value) {
    if (value % 2 != 0) {
        return MakeError(ErrorCode::kInvalidArgument, "value", "odd");
    }
    return value / 2;
}

Result<int> Quarter(int value) {
    KQ_ASSIGN(const int half, Half(value));
    return Half(half);
}

TEST(Result, PassesValuesAndErrorsOn) {
    EXPECT_EQ(Quarter(8).value(), 2);
    EXPECT_EQ(Quarter(6).error().code, ErrorCode::kInvalidArgument);
}

TEST(Utf8, FindsTheFirstBadByte) {
    EXPECT_FALSE(FindInvalidUtf8("康衢 𠮷 é").has_value());
    EXPECT_EQ(FindInvalidUtf8("ab\xC0\x80"), 2U);
    EXPECT_EQ(FindInvalidUtf8("\xED\xA0\x80"), 0U);
    EXPECT_EQ(FindInvalidUtf8("\xF4\x90\x80\x80"), 0U);
    EXPECT_EQ(FindInvalidUtf8("a\xE5\xBA"), 1U);
}

TEST(Utf8, RoundTrips) {
    const std::string text = "康衢𠮷é~";
    EXPECT_EQ(EncodeUtf8(DecodeUtf8(text)), text);
    EXPECT_EQ(CountCodePoints(text), 5U);
    EXPECT_EQ(PrefixCodePoints(text, 3), "康衢𠮷");
    EXPECT_EQ(WithoutBom("\xEF\xBB\xBFx"), "x");
}

TEST(Clock, DatesRoundTripOverFourCenturies) {
    for (std::int64_t days = -100'000; days <= 100'000; days += 17) {
        const CivilDate date = CivilOf(days);
        EXPECT_TRUE(IsValid(date));
        EXPECT_EQ(DaysOf(date), days);
        EXPECT_EQ(ParseDate(FormatDate(date)), date);
    }
    EXPECT_FALSE(ParseDate("2026-02-29").has_value());
    EXPECT_FALSE(ParseDate("2026-2-09").has_value());
}

TEST(Clock, InstantsCarryTheirZone) {
    const InstantMs instant = ParseInstant("2026-11-22T06:00:26.120Z").value();
    EXPECT_EQ(FormatInstant(instant), "2026-11-22T14:00:26.120+08:00");
    EXPECT_EQ(ParseInstant("2026-11-22T14:00:26.12+08:00"), instant);
    EXPECT_EQ(ChinaDate(ParseInstant("2026-11-22T16:00:00Z").value()), (CivilDate{2026, 11, 23}));
    EXPECT_FALSE(ParseInstant("2026-11-22T14:00:26").has_value());
    EXPECT_FALSE(ParseInstant("2026-11-22T14:00:26.+08:00").has_value());
    EXPECT_EQ(FormatInstant(-1), "1970-01-01T07:59:59.999+08:00");
}

TEST(Clock, AgeTurnsOnTheBirthday) {
    EXPECT_EQ(AgeInYears({1990, 5, 2}, {2026, 5, 1}), 35);
    EXPECT_EQ(AgeInYears({1990, 5, 2}, {2026, 5, 2}), 36);
    EXPECT_EQ(AgeInYears({2000, 2, 29}, {2025, 2, 28}), 24);
    EXPECT_EQ(AgeInYears({2000, 2, 29}, {2025, 3, 1}), 25);
}

TEST(IdSource, RisesWithinOneMillisecond) {
    const FixedClock clock(1'700'000'000'000);
    IdSource ids(clock);
    std::string last;
    for (int i = 0; i < 10'000; ++i) {
        const std::string id = ids.Next();
        EXPECT_TRUE(IsFhirId(id));
        EXPECT_EQ(id[14], '7');
        EXPECT_LT(last, id);
        last = id;
    }
}

TEST(IdSource, KnowsFhirIds) {
    EXPECT_TRUE(IsFhirId("a-1.B"));
    EXPECT_FALSE(IsFhirId(""));
    EXPECT_FALSE(IsFhirId("a/b"));
    EXPECT_FALSE(IsFhirId(std::string(65, 'a')));
}

}  // namespace
}  // namespace kangqu::core
