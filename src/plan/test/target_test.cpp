#include "kangqu/plan/target.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kangqu::plan {
namespace {

constexpr double kNone = -12345.0;

struct Row {
    const char* why;
    std::vector<Milestone> milestones;
    std::optional<KnownValue> baseline;
    std::optional<double> actual;
    Period period;
    State state;
    std::string reason;
    double expected = kNone;  // not looked at when kNone
    Direction direction = Direction::kUnknown;
    std::optional<double> previous = std::nullopt;
};

Milestone AtLeast(double value, int year) {
    return {Comparator::kAtLeast, value, "%", year};
}
Milestone AtMost(double value, int year) {
    return {Comparator::kAtMost, value, "%", year};
}
Milestone Change(Comparator comparator, double value, const char* unit, std::optional<int> year) {
    return {comparator, value, unit, year};
}

class Rules : public testing::TestWithParam<Row> {};

TEST_P(Rules, Judge) {
    const Row& row = GetParam();
    TargetQuestion question;
    question.milestones = row.milestones;
    question.baseline = row.baseline;
    question.actual = row.actual;
    question.missing_reason = "reported-by-unit";
    question.period = row.period;
    question.previous = row.previous;
    question.direction = row.direction;
    const TargetState state = Judge(question);
    EXPECT_EQ(NameOf(state.state), NameOf(row.state)) << row.why;
    EXPECT_EQ(state.reason, row.reason) << row.why;
    if (row.expected != kNone) {
        ASSERT_TRUE(state.expected.has_value()) << row.why;
        EXPECT_NEAR(*state.expected, row.expected, 1e-6) << row.why;
    }
    EXPECT_TRUE((state.state == State::kNotComputable) != state.reason.empty()) << row.why;
    EXPECT_TRUE(state.reason.empty() || !ReasonText(state.reason, core::Language::kZh).empty())
        << row.why;
}

const std::vector<Milestone> kUp = {AtLeast(75, 2030), AtLeast(80, 2035)};
const std::vector<Milestone> kDown = {AtMost(22, 2030), AtMost(18, 2035)};
const KnownValue kBase68{2025, 68};
const KnownValue kBase24{2025, 24};

INSTANTIATE_TEST_SUITE_P(
    Table,
    Rules,
    testing::Values(
        Row{"no value", kUp, kBase68, {}, {2026, 1}, State::kNotComputable, "reported-by-unit"},
        Row{"no milestone", {}, kBase68, 70, {2026, 1}, State::kNotComputable, "no-milestone"},
        Row{"on the line", kUp, kBase68, 69.4, {2026, 1}, State::kOnTrack, "", 69.4},
        Row{"half a year", kUp, kBase68, 68.7, {2026, 0.5}, State::kOnTrack, "", 68.7},
        Row{"below the line", kUp, kBase68, 69.39, {2026, 1}, State::kBehind, "", 69.4},
        Row{"reached early", kUp, kBase68, 75, {2026, 1}, State::kMet, ""},
        Row{"at the end of the baseline year",
            kUp,
            kBase68,
            68,
            {2025, 1},
            State::kOnTrack,
            "",
            68},
        Row{"inside the baseline year", kUp, kBase68, 67, {2025, 0.5}, State::kBehind, "", 68},
        Row{"due now and reached", kUp, kBase68, 75, {2030, 1}, State::kMet, ""},
        Row{"due now and missed", kUp, kBase68, 74.9, {2030, 1}, State::kBehind, "", 75},
        Row{"second leg starts at the first goal",
            kUp,
            kBase68,
            77,
            {2032, 1},
            State::kOnTrack,
            "",
            77},
        Row{"second leg after a missed first",
            kUp,
            kBase68,
            74,
            {2031, 0.5},
            State::kBehind,
            "",
            75.5},
        Row{"after the last year, kept", kUp, kBase68, 81, {2036, 0.5}, State::kMet, ""},
        Row{"after the last year, lost", kUp, kBase68, 79, {2036, 0.5}, State::kBehind, "", 80},
        Row{"smaller is better, on track",
            kDown,
            kBase24,
            23.6,
            {2026, 1},
            State::kOnTrack,
            "",
            23.6},
        Row{"smaller is better, behind", kDown, kBase24, 23.7, {2026, 1}, State::kBehind, "", 23.6},
        Row{"smaller is better, met", kDown, kBase24, 21, {2026, 1}, State::kMet, ""},
        Row{"no baseline, reached", kUp, {}, 76, {2026, 1}, State::kMet, ""},
        Row{"no baseline, not reached",
            kUp,
            {},
            70,
            {2026, 1},
            State::kNotComputable,
            "no-baseline"},
        Row{"no baseline, due", kUp, {}, 70, {2030, 1}, State::kBehind, "", 75},
        Row{"no baseline, second leg has the first goal",
            kUp,
            {},
            76,
            {2031, 1},
            State::kOnTrack,
            "",
            76},
        Row{"no year, reached",
            {{Comparator::kEqual, 100.0, "%", {}}},
            {},
            100,
            {2026, 1},
            State::kMet,
            ""},
        Row{"no year, not reached",
            {{Comparator::kEqual, 100.0, "%", {}}},
            {},
            99,
            {2026, 1},
            State::kNotComputable,
            "no-year"},
        Row{"looser than today, kept",
            {AtMost(2.5, 2030)},
            KnownValue{2025, 0.9},
            1.5,
            {2027, 1},
            State::kMet,
            ""},
        Row{"looser than today, broken",
            {AtMost(2.5, 2030)},
            KnownValue{2025, 0.9},
            2.7,
            {2027, 1},
            State::kBehind,
            "",
            2.5},
        Row{"looser than zero today",
            {AtMost(9, 2030)},
            KnownValue{2025, 0},
            0,
            {2027, 1},
            State::kMet,
            ""},
        Row{"reduce by percent",
            {Change(Comparator::kReduceBy, 20, "%", 2030)},
            KnownValue{2025, 10},
            9.6,
            {2026, 1},
            State::kOnTrack,
            "",
            9.6},
        Row{"reduce by percent, reached",
            {Change(Comparator::kReduceBy, 20, "%", 2030)},
            KnownValue{2025, 10},
            8,
            {2026, 1},
            State::kMet,
            ""},
        Row{"reduce by points",
            {Change(Comparator::kReduceBy, 5, "百分点", 2030)},
            KnownValue{2025, 50},
            49.5,
            {2026, 1},
            State::kBehind,
            "",
            49},
        Row{"increase by points",
            {Change(Comparator::kIncreaseBy, 5, "百分点", 2030)},
            KnownValue{2020, 85},
            90,
            {2030, 1},
            State::kMet,
            ""},
        Row{"change without baseline",
            {Change(Comparator::kReduceBy, 20, "%", 2030)},
            {},
            8,
            {2026, 1},
            State::kNotComputable,
            "no-baseline"},
        Row{"yearly change kept",
            {Change(Comparator::kReduceByPerYear, 0.5, "百分点/年", {})},
            KnownValue{2025, 50},
            49,
            {2027, 1},
            State::kOnTrack,
            "",
            49},
        Row{"yearly change missed",
            {Change(Comparator::kReduceByPerYear, 0.5, "百分点/年", {})},
            KnownValue{2025, 50},
            49.2,
            {2027, 1},
            State::kBehind,
            "",
            49},
        Row{"yearly change without baseline",
            {Change(Comparator::kReduceByPerYear, 0.5, "百分点/年", {})},
            {},
            49,
            {2027, 1},
            State::kNotComputable,
            "no-baseline"},
        Row{"about, inside",
            {{Comparator::kAbout, 20.0, "%", 2030}},
            {},
            20.9,
            {2030, 1},
            State::kMet,
            ""},
        Row{"about, outside",
            {{Comparator::kAbout, 20.0, "%", 2030}},
            {},
            21.1,
            {2030, 1},
            State::kBehind,
            ""},
        Row{"about, better",
            {{Comparator::kAbout, 20.0, "%", 2030}},
            {},
            12,
            {2030, 1},
            State::kMet,
            "",
            kNone,
            Direction::kDown},
        Row{"about, direction of the start",
            {{Comparator::kAbout, 26.0, "%", 2030}},
            KnownValue{2025, 30},
            24,
            {2027, 1},
            State::kMet,
            ""},
        Row{"between, inside",
            {{Comparator::kBetween, ValueRange{80, 85}, "%", 2030}},
            {},
            85,
            {2030, 1},
            State::kMet,
            ""},
        Row{"between, from below",
            {{Comparator::kBetween, ValueRange{80, 85}, "%", 2030}},
            KnownValue{2025, 70},
            72,
            {2026, 1},
            State::kOnTrack,
            "",
            72},
        Row{"between, from above",
            {{Comparator::kBetween, ValueRange{80, 85}, "%", 2030}},
            KnownValue{2025, 95},
            94,
            {2026, 1},
            State::kBehind,
            "",
            93},
        Row{"below is strict",
            {{Comparator::kBelow, 40.0, "", 2030}},
            {},
            40,
            {2030, 1},
            State::kBehind,
            ""},
        Row{"above is strict",
            {{Comparator::kAbove, 40.0, "", 2030}},
            {},
            40.1,
            {2030, 1},
            State::kMet,
            ""},
        Row{"fixed count passed",
            {{Comparator::kEqual, 3.0, "所", 2030}},
            {},
            4,
            {2027, 1},
            State::kMet,
            ""},
        Row{"count down to zero",
            {{Comparator::kEqual, 0.0, "处", 2030}},
            KnownValue{2025, 10},
            8,
            {2026, 1},
            State::kOnTrack,
            "",
            8},
        Row{"rank",
            {{Comparator::kRank, std::string("全市前列"), "位次", 2035}},
            {},
            1,
            {2026, 1},
            State::kNotComputable,
            "value-in-words"},
        Row{"limit in words",
            {AtMost(26, 2030), {Comparator::kAtMost, std::string("控制值"), "%", 2035}},
            {},
            25,
            {2033, 1},
            State::kNotComputable,
            "value-in-words"},
        Row{"trend falls",
            {{Comparator::kTrendDown, std::string("逐年下降"), "", {}}},
            {},
            9,
            {2026, 1},
            State::kOnTrack,
            "",
            10,
            Direction::kUnknown,
            10},
        Row{"trend stands",
            {{Comparator::kTrendDown, std::string("逐年下降"), "", {}}},
            {},
            10,
            {2026, 1},
            State::kBehind,
            "",
            10,
            Direction::kUnknown,
            10},
        Row{"trend against the baseline",
            {{Comparator::kTrendDown, std::string("逐年下降"), "", {}}},
            KnownValue{2025, 12},
            10,
            {2026, 1},
            State::kOnTrack,
            "",
            12},
        Row{"trend alone",
            {{Comparator::kTrendDown, std::string("逐年下降"), "", {}}},
            {},
            10,
            {2026, 1},
            State::kNotComputable,
            "no-previous"}
    )
);

TEST(Judge, TellsProgressAndNotes) {
    TargetQuestion question;
    question.milestones = kUp;
    question.baseline = kBase68;
    question.actual = 71.5;
    question.period = {2027, 1.0};
    const TargetState state = Judge(question);
    EXPECT_EQ(state.milestone, 0U);
    EXPECT_EQ(state.goal, 75.0);
    EXPECT_NEAR(state.progress.value(), 0.5, 1e-9);
    question.milestones = {Change(Comparator::kReduceBy, 20, "%", 2030)};
    EXPECT_EQ(Judge(question).notes, std::vector<std::string>{"relative-change"});
    question.milestones = {AtMost(90, 2030)};
    question.actual = 95;
    EXPECT_EQ(Judge(question).notes, std::vector<std::string>{"looser-than-start"});
    EXPECT_FALSE(Judge(question).progress.has_value());
}

TEST(Judge, TextsAreWhole) {
    for (const State state :
         {State::kMet, State::kOnTrack, State::kBehind, State::kNotComputable}) {
        EXPECT_FALSE(TextOf(state, core::Language::kZh).empty());
        EXPECT_FALSE(TextOf(state, core::Language::kEn).empty());
    }
    EXPECT_EQ(TextOf(State::kOnTrack, core::Language::kZh), "达序时进度");
    EXPECT_EQ(ReasonText("no-such-code", core::Language::kZh), "");
}

// A better value never makes the state worse.
RC_GTEST_PROP(JudgeProperty, BetterIsNeverWorse, ()) {
    TargetQuestion question;
    const bool up = *rc::gen::arbitrary<bool>();
    const auto number = [] {
        return static_cast<double>(*rc::gen::inRange(0, 1000)) / 10.0;
    };
    const double first = number();
    question.milestones = {
        up ? AtLeast(first, 2030) : AtMost(first, 2030),
        up ? AtLeast(first + 5, 2035) : AtMost(std::max(0.0, first - 5), 2035)};
    question.baseline = KnownValue{*rc::gen::inRange(2020, 2028), number()};
    question.period = {*rc::gen::inRange(2025, 2038), number() / 100.0};
    const double worse = number();
    const double better = up ? worse + number() : worse - number();
    question.actual = worse;
    const State before = Judge(question).state;
    question.actual = better;
    const State after = Judge(question).state;
    RC_ASSERT(static_cast<int>(after) <= static_cast<int>(before));
}

TEST(TargetsOf, GathersTheYearsOfOneName) {
    const auto plan = ReadPlan(
        "一、任务\n1.某事。甲率2025年为60%,到2035年、2030年分别达到80%、70%,乙率达到100%。("
        "责任单位:区甲局)\n"
        "2.别事。甲率达到50%。(责任单位:区甲局)\n"
    );
    ASSERT_TRUE(plan.ok());
    const std::vector<Target> targets = TargetsOf(*plan);
    ASSERT_EQ(targets.size(), 3U);
    EXPECT_EQ(targets[0].name, "甲率");
    ASSERT_EQ(targets[0].milestones.size(), 2U);
    EXPECT_EQ(targets[0].milestones[0].year, 2030);
    EXPECT_EQ(targets[0].baseline, (KnownValue{2025, 60}));
    EXPECT_EQ(targets[2].task_no, 2);
}

TEST(EachUnit, HasToReachTheGoal) {
    TargetQuestion question;
    question.milestones = {{Comparator::kAtLeast, 90.0, "%", 2030}};
    question.baseline = KnownValue{2025, 80};
    question.period = {2028, 1.0};
    question.actual = 92;
    std::vector<std::string> short_of_it;
    EXPECT_EQ(
        JudgeEach(question, {{"甲街道", 95.0}, {"乙街道", 91.0}}, short_of_it).state, State::kMet
    );
    EXPECT_TRUE(short_of_it.empty());
    // 86 is the schedule's value: short of the goal, but on its way.
    const TargetState on_way =
        JudgeEach(question, {{"甲街道", 95.0}, {"乙街道", 89.0}}, short_of_it);
    EXPECT_EQ(on_way.state, State::kOnTrack);
    EXPECT_EQ(short_of_it, (std::vector<std::string>{"乙街道"}));
    EXPECT_EQ(on_way.notes.back(), "not-every-unit");
    short_of_it.clear();
    EXPECT_EQ(
        JudgeEach(question, {{"甲街道", 95.0}, {"乙街道", 60.0}}, short_of_it).state, State::kBehind
    );
    const TargetState unknown =
        JudgeEach(question, {{"甲街道", 95.0}, {"乙街道", std::nullopt}}, short_of_it);
    EXPECT_EQ(unknown.state, State::kNotComputable);
    EXPECT_EQ(unknown.reason, "unit-without-value");
    for (const char* const code : {"unit-without-value", "not-every-unit"}) {
        EXPECT_FALSE(ReasonText(code, core::Language::kZh).empty());
        EXPECT_FALSE(ReasonText(code, core::Language::kEn).empty());
    }
}

TEST(EachUnit, IsNamedByTheTarget) {
    EXPECT_EQ(BasisOf("接种率(以街道(管委会)为单位)"), "街道(管委会)");
    EXPECT_EQ(BasisOf("接种率(以街道为单位)"), "街道");
    EXPECT_EQ(BasisOf("接种率"), "");
    EXPECT_EQ(BasisOf("(以为单位)"), "");
}

TEST(YearlyRise, IsJudgedByItsPace) {
    TargetQuestion question;
    question.milestones = {{Comparator::kIncreaseBy, 3.0, "百分点/年", std::nullopt}};
    question.baseline = KnownValue{2025, 40};
    question.period = {2027, 1.0};
    question.actual = 46;
    EXPECT_EQ(Judge(question).state, State::kOnTrack);
    EXPECT_EQ(*Judge(question).expected, 46.0);
    question.actual = 45;
    EXPECT_EQ(Judge(question).state, State::kBehind);
}

}  // namespace
}  // namespace kangqu::plan
