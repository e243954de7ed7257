#include "kangqu/plan/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kangqu::plan {
namespace {

std::vector<SeriesPoint> Line(double from, double pace, int points) {
    std::vector<SeriesPoint> out;
    for (int i = 0; i < points; ++i) {
        out.push_back({2020.0 + i, from + pace * i});
    }
    return out;
}

TEST(Trend, ContinuesAStraightLineExactly) {
    const auto trend = Trend::Fit(Line(70, -1.5, 5), Scale::kPlain, 100);
    ASSERT_TRUE(trend);
    EXPECT_NEAR(trend->At(2030).value, 55.0, 1e-9);
    EXPECT_NEAR(trend->At(2030).low, 55.0, 1e-6);
    // A pace that slows by a tenth a year from 2024 on lies inside.
    EXPECT_NEAR(trend->At(2030).high, 64.0 - 1.5 * (1 - std::pow(0.9, 6)) / -std::log(0.9), 1e-6);
    EXPECT_NEAR(trend->PaceAt(2025), -1.5, 1e-6);
}

// 60 % rising by one unit of log-odds in ten years, a logistic curve: known in closed form.
TEST(Trend, ContinuesALogisticCurveAndStaysBelowTheWhole) {
    std::vector<SeriesPoint> points;
    const auto curve = [](double time) {
        return 100.0 / (1.0 + std::exp(-(std::log(1.5) + 0.1 * (time - 2020.0))));
    };
    for (int i = 0; i < 6; ++i) {
        points.push_back({2020.0 + i, curve(2020.0 + i)});
    }
    const auto trend = Trend::Fit(points, ScaleFor("%", points), 100);
    ASSERT_TRUE(trend);
    EXPECT_EQ(trend->scale(), Scale::kLogit);
    EXPECT_NEAR(trend->At(2035).value, curve(2035), 1e-6);
    EXPECT_LT(trend->At(2400).value, 100.0 + 1e-9);
}

TEST(Trend, OneOddYearDoesNotTurnIt) {
    std::vector<SeriesPoint> points = Line(50, 2, 9);
    points[4].value = 20;
    const auto trend = Trend::Fit(points, Scale::kPlain, 100);
    ASSERT_TRUE(trend);
    EXPECT_NEAR(trend->At(2030).value, 70.0, 0.5);
}

TEST(Trend, NeedsThreePointsInTime) {
    EXPECT_FALSE(Trend::Fit(Line(50, 2, 2), Scale::kPlain, 100));
    EXPECT_FALSE(Trend::Fit({{2020, 1}, {2020, 2}, {2020, 3}}, Scale::kPlain, 100));
    EXPECT_TRUE(Trend::Fit(Line(50, 2, 3), Scale::kPlain, 100));
}

// The published death rates of infants in China, per mille (2015 to 2020): the forecast made in
// 2020 for 2021 and 2022 (5.0 and 4.9) holds them.
TEST(Trend, HoldsAKnownSeries) {
    const std::vector<SeriesPoint> points = {
        {2016, 8.1}, {2017, 7.5}, {2018, 6.8}, {2019, 6.1}, {2020, 5.6}, {2021, 5.4}};
    const auto trend = Trend::Fit(points, ScaleFor("‰", points), 1000, 0.95);
    ASSERT_TRUE(trend);
    for (const auto& [time, value] : {std::pair{2022.0, 5.0}, std::pair{2023.0, 4.9}}) {
        const ForecastPoint point = trend->At(time);
        EXPECT_LE(point.low, value);
        EXPECT_GE(point.high, value);
        EXPECT_NEAR(point.value, value, 0.8);
    }
}

// Of many series with a known line and known noise, the share of next values inside the interval is
// what the interval says.
TEST(Trend, IntervalsCoverWhatTheySay) {
    for (const int points : {5, 8, 12}) {
        for (const double level : {0.8, 0.95}) {
            std::mt19937 random(20300101U + static_cast<unsigned>(points));
            std::normal_distribution<double> noise(0.0, 0.15);
            std::uniform_real_distribution<double> slope(-0.2, 0.2);
            constexpr int kRounds = 2000;
            int inside = 0;
            for (int round = 0; round < kRounds; ++round) {
                const double pace = slope(random);
                const auto value = [&](int i) {
                    return 100.0 / (1.0 + std::exp(-(0.4 + pace * i + noise(random))));
                };
                std::vector<SeriesPoint> series;
                for (int i = 0; i < points; ++i) {
                    series.push_back({2010.0 + i, value(i)});
                }
                const auto trend = Trend::Fit(series, Scale::kLogit, 100, level);
                ASSERT_TRUE(trend);
                const int ahead = points + 2;
                const double next = value(ahead);
                const ForecastPoint point = trend->At(2010.0 + ahead);
                inside += next >= point.low && next <= point.high ? 1 : 0;
            }
            const double share = static_cast<double>(inside) / kRounds;
            EXPECT_GT(share, level - 0.04) << points << " points";
            // Wider than it says only by what it leaves for a slowing pace.
            EXPECT_LT(share, level + 0.12) << points << " points";
        }
    }
}

TEST(Outlook, SaysWhetherWhenAndAtWhatPace) {
    const auto trend = Trend::Fit(Line(60, 2, 6), Scale::kPlain, 100);
    ASSERT_TRUE(trend);
    // 2025.0: 70 %; 80 % is reached at 2030.0.
    const Outlook on_time = LookAhead(*trend, 2025, 70, 2031, 80, true);
    EXPECT_EQ(on_time.answer, Outlook::Answer::kLikely);  // unless the pace slows
    EXPECT_EQ(LookAhead(*trend, 2025, 70, 2036, 80, true).answer, Outlook::Answer::kYes);
    ASSERT_TRUE(on_time.when);
    EXPECT_NEAR(*on_time.when, 2030.0, 0.1);
    EXPECT_NEAR(on_time.pace, 2.0, 1e-6);
    EXPECT_NEAR(*on_time.pace_needed, 10.0 / 6.0, 1e-9);
    EXPECT_EQ(on_time.path.size(), 6U);
    const Outlook late = LookAhead(*trend, 2025, 70, 2027, 80, true);
    EXPECT_EQ(late.answer, Outlook::Answer::kNo);
    EXPECT_LT(late.chance, 0.01);
    EXPECT_NEAR(*late.pace_needed, 5.0, 1e-9);
    // Already below what must not be exceeded.
    const Outlook met = LookAhead(*trend, 2025, 70, 2026, 75, false);
    EXPECT_EQ(met.answer, Outlook::Answer::kYes);
    EXPECT_EQ(*met.pace_needed, 0.0);
    // Never, at this pace.
    const auto falling = Trend::Fit(Line(60, -1, 6), Scale::kPlain, 100);
    EXPECT_FALSE(LookAhead(*falling, 2025, 55, 2030, 80, true).when);
}

TEST(Contributions, AddUpToTheGapOfTheWhole) {
    const std::vector<UnitCount> units = {{"a", 50, 100}, {"b", 180, 200}, {"c", 0, 0}};
    const Contributions all = Contribute(units, 80, true);
    EXPECT_NEAR(all.value, 230.0 / 3, 1e-9);
    ASSERT_EQ(all.units.size(), 2U);  // nobody to count in c
    EXPECT_EQ(all.units[0].id, "a");
    EXPECT_NEAR(all.units[0].residents, 30.0, 1e-9);
    EXPECT_NEAR(all.units[0].effect, 10.0, 1e-9);
    EXPECT_NEAR(all.units[1].residents, -20.0, 1e-9);
    EXPECT_TRUE(all.units[1].meets);
    EXPECT_NEAR(all.residents, 10.0, 1e-9);
    // What must stay below is held back by who is above.
    const Contributions below = Contribute(units, 60, false);
    EXPECT_EQ(below.units[0].id, "b");
    EXPECT_NEAR(below.units[0].residents, 60.0, 1e-9);
    EXPECT_TRUE(Contribute({}, 80, true).units.empty());
}

RC_GTEST_PROP(
    Contributions,
    SharesSumForAnyUnits,
    (const std::vector<std::pair<std::uint16_t, std::uint16_t>>& counts)
) {
    std::vector<UnitCount> units;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto [a, b] = counts[i];
        units.push_back({std::to_string(i), std::min(a, b), std::max(a, b)});
    }
    const Contributions all = Contribute(units, 75, true);
    double sum = 0;
    double effect = 0;
    for (const Contribution& one : all.units) {
        sum += one.residents;
        effect += one.effect;
    }
    RC_ASSERT(std::abs(sum - all.residents) < 1e-6);
    RC_ASSERT(all.units.empty() || std::abs(effect - (75 - all.value)) < 1e-6);
}

TEST(WhatIf, ChangesOnlyTheUnitsThatAreNamed) {
    const std::vector<UnitCount> units = {{"a", 50, 100}, {"b", 180, 200}};
    EXPECT_NEAR(*WhatIf(units, {}), 230.0 / 3, 1e-9);
    EXPECT_NEAR(*WhatIf(units, {{"a", 80}}), 260.0 / 3, 1e-9);
    EXPECT_FALSE(WhatIf({{"a", 0, 0}}, {}));
}

}  // namespace
}  // namespace kangqu::plan
