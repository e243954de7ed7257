#include "kangqu/plan/forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace kangqu::plan {

namespace {

// A share of 0 or 100 % has no logit: it is held this far inside.
constexpr double kInside = 1e-3;
// Points from which the residuals' median says more than their squares.
constexpr std::size_t kManyPoints = 8;
constexpr double kMadToSigma = 1.4826;
// An odd year shows when the squares say much more than the median does.
constexpr double kOddYears = 2.5;
constexpr double kBesideOddYears = 1.5;
// Share of its pace that a slowing series keeps each year.
constexpr double kSlowing = 0.9;
// The median line scatters a little more than that of least squares.
constexpr double kMedianCost = 1.1;
constexpr double kStep = 1.0 / 12.0;

double Median(std::vector<double> values) {
    const std::size_t half = values.size() / 2;
    std::nth_element(
        values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), values.end()
    );
    const double upper = values[half];
    if (values.size() % 2 == 1) {
        return upper;
    }
    return 0.5 *
           (upper +
            *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half)));
}

// Regularised incomplete beta by its continued fraction (Lentz), for Student's t.
double BetaFraction(double a, double b, double x) {
    constexpr int kTerms = 200;
    constexpr double kTiny = 1e-300;
    double c = 1.0;
    double d = 1.0 - (a + b) * x / (a + 1.0);
    d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
    double h = d;
    for (int m = 1; m <= kTerms; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        for (const double term : {even, odd}) {
            d = 1.0 + term * d;
            c = 1.0 + term / c;
            d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
            c = std::abs(c) < kTiny ? kTiny : c;
            h *= d * c;
        }
        if (std::abs(d * c - 1.0) < 1e-12) {
            break;
        }
    }
    return h;
}

double IncompleteBeta(double a, double b, double x) {
    if (x <= 0 || x >= 1) {
        return x <= 0 ? 0.0 : 1.0;
    }
    const double front = std::exp(
        std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) +
        b * std::log(1.0 - x)
    );
    if (x < (a + 1.0) / (a + b + 2.0)) {
        return front * BetaFraction(a, b, x) / a;
    }
    return 1.0 - front * BetaFraction(b, a, 1.0 - x) / b;
}

// P(T <= t) of Student's t.
double StudentBelow(double t, double freedom) {
    const double tail = 0.5 * IncompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
    return t > 0 ? 1.0 - tail : tail;
}

double StudentQuantile(double probability, double freedom) {
    double low = 0;
    double high = 1e6;
    for (int i = 0; i < 64; ++i) {
        const double middle = 0.5 * (low + high);
        (StudentBelow(middle, freedom) < probability ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace

std::string_view NameOf(Scale scale) noexcept {
    constexpr std::array<std::string_view, 3> kNames = {"plain", "logit", "log"};
    return kNames[static_cast<std::size_t>(scale)];
}

std::string_view NameOf(Outlook::Answer answer) noexcept {
    constexpr std::array<std::string_view, 4> kNames = {"yes", "likely", "unlikely", "no"};
    return kNames[static_cast<std::size_t>(answer)];
}

Scale ScaleFor(std::string_view unit, const std::vector<SeriesPoint>& points) noexcept {
    if (unit == "%" || unit == "‰") {
        return Scale::kLogit;
    }
    const bool above = std::all_of(points.begin(), points.end(), [](const SeriesPoint& point) {
        return point.value > 0;
    });
    return above ? Scale::kLog : Scale::kPlain;
}

double Trend::Up(double value) const noexcept {
    if (scale_ == Scale::kLogit) {
        const double share = std::clamp(value / whole_, kInside, 1.0 - kInside);
        return std::log(share / (1.0 - share));
    }
    return scale_ == Scale::kLog ? std::log(std::max(value, kInside)) : value;
}

double Trend::Down(double value) const noexcept {
    if (scale_ == Scale::kLogit) {
        return whole_ / (1.0 + std::exp(-value));
    }
    return scale_ == Scale::kLog ? std::exp(std::min(value, 300.0)) : value;
}

std::optional<Trend>
Trend::Fit(std::vector<SeriesPoint> points, Scale scale, double whole, double level) {
    if (points.size() < kForecastFewest || points.size() > kForecastMost) {
        return std::nullopt;
    }
    Trend trend;
    trend.scale_ = scale;
    trend.whole_ = whole;
    trend.count_ = points.size();
    const auto count = static_cast<double>(points.size());
    for (SeriesPoint& point : points) {
        point.value = trend.Up(point.value);
        trend.middle_ += point.time / count;
    }
    std::vector<double> slopes;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double off = points[i].time - trend.middle_;
        trend.scatter_ += off * off;
        for (std::size_t k = i + 1; k < points.size(); ++k) {
            const double between = points[k].time - points[i].time;
            if (std::abs(between) > 1e-9) {
                slopes.push_back((points[k].value - points[i].value) / between);
            }
        }
    }
    if (slopes.empty()) {
        return std::nullopt;
    }
    trend.slope_ = Median(slopes);
    std::vector<double> levels;
    for (const SeriesPoint& point : points) {
        levels.push_back(point.value - trend.slope_ * (point.time - trend.middle_));
    }
    trend.intercept_ = Median(levels);
    double squares = 0;
    std::vector<double> sizes;
    for (const double one : levels) {
        squares += (one - trend.intercept_) * (one - trend.intercept_);
        sizes.push_back(std::abs(one - trend.intercept_));
    }
    const double freedom = count - 2.0;
    const double sigma = std::sqrt(squares / freedom);
    const double robust = kMadToSigma * Median(sizes) * std::sqrt(count / freedom);
    const bool odd = points.size() >= kManyPoints && sigma > kOddYears * robust;
    trend.residual_ = odd ? kBesideOddYears * robust : sigma;
    trend.last_ = std::max_element(points.begin(), points.end(), [](const auto& a, const auto& b) {
                      return a.time < b.time;
                  })->time;
    level = std::clamp(level, 0.5, 0.99);
    trend.quantile_ = StudentQuantile(0.5 + level / 2, freedom);
    return trend;
}

double Trend::Spread(double time) const noexcept {
    const double off = time - middle_;
    const double line = kMedianCost * (1.0 / static_cast<double>(count_) + off * off / scatter_);
    return residual_ * std::sqrt(1.0 + line);
}

double Trend::LineAt(double time) const noexcept {
    return intercept_ + slope_ * (time - middle_);
}

double Trend::SlowedAt(double time) const noexcept {
    if (time <= last_) {
        return LineAt(time);
    }
    const double kept = (1.0 - std::pow(kSlowing, time - last_)) / -std::log(kSlowing);
    return LineAt(last_) + slope_ * kept;
}

ForecastPoint Trend::At(double time) const {
    const double line = LineAt(time);
    const double slowed = SlowedAt(time);
    const double reach = quantile_ * Spread(time);
    return {
        time,
        Down(line),
        Down(std::min(line, slowed) - reach),
        Down(std::max(line, slowed) + reach)};
}

double Trend::PaceAt(double time) const {
    constexpr double kHalf = 0.05;
    return (At(time + kHalf).value - At(time - kHalf).value) / (2 * kHalf);
}

double Trend::Chance(double time, double goal, bool at_least) const {
    const double spread = Spread(time);
    const auto chance = [&](double value) {
        const double off = value - Up(goal);
        // Points on one line leave no doubt.
        if (spread < 1e-9) {
            return (at_least ? off >= -1e-9 : off <= 1e-9) ? 1.0 : 0.0;
        }
        const double above = StudentBelow(off / spread, static_cast<double>(count_) - 2.0);
        return at_least ? above : 1.0 - above;
    };
    return 0.5 * (chance(LineAt(time)) + chance(SlowedAt(time)));
}

Outlook
LookAhead(const Trend& trend, double now, double current, double due, double goal, bool at_least) {
    constexpr double kSure = 0.9;
    constexpr double kEven = 0.5;
    constexpr double kHardly = 0.1;
    Outlook out;
    const double at = std::max(due, now);
    out.at_due = trend.At(at);
    out.chance = trend.Chance(at, goal, at_least);
    out.answer = out.chance >= kSure     ? Outlook::Answer::kYes
                 : out.chance >= kEven   ? Outlook::Answer::kLikely
                 : out.chance >= kHardly ? Outlook::Answer::kUnlikely
                                         : Outlook::Answer::kNo;
    out.pace = trend.PaceAt(now);
    const bool met = at_least ? current >= goal : current <= goal;
    if (due > now + 1e-9) {
        out.pace_needed = met ? 0.0 : (goal - current) / (due - now);
    }
    const auto reaches = [&](double value) {
        return at_least ? value >= goal : value <= goal;
    };
    for (double time = now; time <= now + kForecastYears; time += kStep) {
        const ForecastPoint point = trend.At(time);
        const double better = at_least ? point.high : point.low;
        const double worse = at_least ? point.low : point.high;
        if (!out.when_early && reaches(better)) {
            out.when_early = time;
        }
        if (!out.when && (reaches(point.value) || (met && time == now))) {
            out.when = time;
        }
        if (!out.when_late && reaches(worse)) {
            out.when_late = time;
        }
    }
    for (double year = std::floor(now) + 1; year <= std::min(at, now + kForecastYears) + 1e-9;
         year += 1) {
        out.path.push_back(trend.At(year));
    }
    return out;
}

Contributions
Contribute(const std::vector<UnitCount>& units, double goal, bool at_least, double per) {
    Contributions out;
    double numerator = 0;
    double denominator = 0;
    for (const UnitCount& unit : units) {
        numerator += static_cast<double>(unit.numerator);
        denominator += static_cast<double>(unit.denominator);
    }
    if (denominator <= 0) {
        return out;
    }
    const double sign = at_least ? 1.0 : -1.0;
    out.value = per * numerator / denominator;
    out.residents = sign * (goal / per * denominator - numerator);
    for (const UnitCount& unit : units) {
        if (unit.denominator <= 0) {
            continue;
        }
        const auto below = static_cast<double>(unit.denominator);
        const auto above = static_cast<double>(unit.numerator);
        Contribution one;
        one.id = unit.id;
        one.value = per * above / below;
        one.residents = sign * (goal / per * below - above);
        one.effect = per * one.residents / denominator;
        one.meets = one.residents <= 1e-9;
        out.units.push_back(std::move(one));
    }
    std::stable_sort(
        out.units.begin(),
        out.units.end(),
        [](const Contribution& a, const Contribution& b) { return a.residents > b.residents; }
    );
    return out;
}

std::optional<double> WhatIf(
    const std::vector<UnitCount>& units,
    const std::vector<std::pair<std::string, double>>& values,
    double per
) {
    const std::map<std::string, double> asked(values.begin(), values.end());
    double numerator = 0;
    double denominator = 0;
    for (const UnitCount& unit : units) {
        const auto found = asked.find(unit.id);
        denominator += static_cast<double>(unit.denominator);
        numerator += found == asked.end()
                         ? static_cast<double>(unit.numerator)
                         : found->second / per * static_cast<double>(unit.denominator);
    }
    return denominator > 0 ? std::optional<double>(per * numerator / denominator) : std::nullopt;
}

}  // namespace kangqu::plan
