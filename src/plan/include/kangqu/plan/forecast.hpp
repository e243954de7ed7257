#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Where a series of yearly values is heading. Pure functions.
//
// Method. The values are put on a scale on which a steady pace is a straight line: shares (%) on
// the logit, other values above zero on the logarithm, the rest as they are. A line is laid through
// the points by Theil and Sen (the median of the slopes between all pairs of points, then the
// median intercept), which one odd year cannot turn. The interval is the line's prediction
// interval: the spread of the residuals (n-2 degrees of freedom; from eight points on by their
// median when an odd year would blow it up) times Student's t, growing with the distance from the
// middle of the series. It is stretched to hold the same for a pace that slows by a tenth a year,
// because pace wears off oftener than not; a chance is the mean of both. Ends are put back onto the
// printed scale, so that a share stays between 0 and 100.
//
// What it does not know: a change of policy, of definition or of population. It continues the past.
namespace kangqu::plan {

// Fewest points of a forecast: two make a line but no interval.
constexpr std::size_t kForecastFewest = 3;
constexpr std::size_t kForecastMost = 200;
// Years ahead that are looked at for "when".
constexpr int kForecastYears = 30;

// A value at a moment, in years; the figure of 2025 stands at 2026.0, where that year ends.
struct SeriesPoint {
    double time = 0;
    double value = 0;
};

enum class Scale : std::uint8_t { kPlain, kLogit, kLog };
// "plain" "logit" "log"
std::string_view NameOf(Scale scale) noexcept;
// By the unit: shares and per-mille on the logit, values that are all above zero on the logarithm.
Scale ScaleFor(std::string_view unit, const std::vector<SeriesPoint>& points) noexcept;

struct ForecastPoint {
    double time = 0;
    double value = 0;
    double low = 0;
    double high = 0;
};

// A line laid through points, ready to be asked.
class Trend {
public:
    // Nothing when there are fewer than kForecastFewest points or all at one time. `level`: share
    // of future values that shall lie inside the interval, held to 0.5 .. 0.99.
    static std::optional<Trend>
    Fit(std::vector<SeriesPoint> points, Scale scale, double whole, double level = 0.8);

    ForecastPoint At(double time) const;
    // Change a year at `time`, in the unit of the values.
    double PaceAt(double time) const;
    // Probability that the value at `time` is at least (at most) `goal`.
    double Chance(double time, double goal, bool at_least) const;
    Scale scale() const noexcept { return scale_; }
    std::size_t points() const noexcept { return count_; }

private:
    Trend() = default;
    double Up(double value) const noexcept;    // onto the scale
    double Down(double value) const noexcept;  // and back
    double Spread(double time) const noexcept;
    double LineAt(double time) const noexcept;    // on the scale
    double SlowedAt(double time) const noexcept;  // the same with a pace that slows

    Scale scale_ = Scale::kPlain;
    double whole_ = 100;
    double slope_ = 0;
    double intercept_ = 0;  // at middle_
    double middle_ = 0;
    double last_ = 0;
    double scatter_ = 0;  // squared deviations of the times
    double residual_ = 0;
    double quantile_ = 0;
    std::size_t count_ = 0;
};

// "Will it be met, when, at what pace."
struct Outlook {
    ForecastPoint at_due;
    double chance = 0;  // of being met when it is due
    enum class Answer : std::uint8_t { kYes, kLikely, kUnlikely, kNo } answer = Answer::kNo;
    // First moment at which the line meets the goal, and the same for the better and the worse end
    // of the interval; nothing within kForecastYears.
    std::optional<double> when;
    std::optional<double> when_early;
    std::optional<double> when_late;
    double pace = 0;                    // now, a year
    std::optional<double> pace_needed;  // to meet the goal when due; nothing once it is past
    std::vector<ForecastPoint> path;    // the ends of the years from now to the due year
};
// "yes" (chance from 90 %), "likely" (from 50 %), "unlikely" (from 10 %), "no"
std::string_view NameOf(Outlook::Answer answer) noexcept;

// `now` and `due` in years, `current` the value now.
Outlook
LookAhead(const Trend& trend, double now, double current, double due, double goal, bool at_least);

// What the units of a district add to the distance from a goal. The shares add up exactly: the
// district's gap in residents is the sum of its units' gaps.
struct UnitCount {
    std::string id;
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
};
struct Contribution {
    std::string id;
    double value = 0;  // in the unit of the goal
    bool meets = false;
    double residents = 0;  // by which the unit falls short of the goal; negative: it has to spare
    double effect = 0;     // the same as part of the district's value, in its unit
};
struct Contributions {
    double value = 0;
    double residents = 0;
    std::vector<Contribution> units;  // who holds back most first; units without residents left out
};
// `per`: 100 for %, 1000 for ‰, 100000 for /10万.
Contributions
Contribute(const std::vector<UnitCount>& units, double goal, bool at_least, double per = 100);

// What if units had other values: the district's value then. `values` in the unit of the goal, by
// id; units that are not named keep theirs. Nothing when no resident is left to count.
std::optional<double> WhatIf(
    const std::vector<UnitCount>& units,
    const std::vector<std::pair<std::string, double>>& values,
    double per = 100
);

}  // namespace kangqu::plan
