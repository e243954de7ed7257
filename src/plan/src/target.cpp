#include "kangqu/plan/target.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace kangqu::plan {

namespace {

// Binary fractions of decimal inputs differ by less than this.
constexpr double kSame = 1e-9;
// 左右: within this share of the goal's own size.
constexpr double kAboutShare = 0.05;
constexpr double kPercent = 100.0;

double EndOf(int year) noexcept {
    return static_cast<double>(year) + 1.0;
}

double NowOf(Period period) noexcept {
    return static_cast<double>(period.year) + std::clamp(period.fraction, 0.0, 1.0);
}

bool IsChange(Comparator comparator) noexcept {
    return comparator == Comparator::kReduceBy || comparator == Comparator::kIncreaseBy ||
           comparator == Comparator::kReduceByPerYear;
}

// The milestone to judge against: the next one due, else the last; one without year first.
std::optional<std::size_t> JudgedMilestone(const TargetQuestion& question) {
    std::optional<std::size_t> next;
    std::optional<std::size_t> last;
    const auto& all = question.milestones;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].year) {
            return i;
        }
        const bool due_later = EndOf(*all[i].year) + kSame >= NowOf(question.period);
        if (due_later && (!next || *all[i].year < *all[*next].year)) {
            next = i;
        }
        if (!last || *all[i].year > *all[*last].year) {
            last = i;
        }
    }
    return next ? next : last;
}

// A point of the schedule.
struct Point {
    double time = 0;
    double value = 0;
};

class Judgement {
public:
    explicit Judgement(const TargetQuestion& question) : question_(question) {}

    TargetState Run() {
        result_.milestone = JudgedMilestone(question_);
        if (!question_.actual) {
            return Unknown(
                question_.missing_reason.empty() ? "no-value" : question_.missing_reason
            );
        }
        if (!result_.milestone) {
            return Unknown("no-milestone");
        }
        const Milestone& milestone = question_.milestones[*result_.milestone];
        if (milestone.comparator == Comparator::kTrendDown) {
            return JudgeTrend();
        }
        if (std::holds_alternative<std::string>(milestone.value) ||
            milestone.comparator == Comparator::kRank ||
            milestone.comparator == Comparator::kInRange) {
            return Unknown("value-in-words");
        }
        if (IsChange(milestone.comparator) && !question_.baseline) {
            return Unknown("no-baseline");
        }
        if (milestone.comparator == Comparator::kReduceByPerYear || IsYearly(milestone)) {
            return JudgeYearlyChange(milestone);
        }
        return JudgeLevel(milestone);
    }

private:
    TargetState Unknown(std::string reason) {
        result_.state = State::kNotComputable;
        result_.reason = std::move(reason);
        return result_;
    }

    TargetState JudgeTrend() {
        std::optional<double> before = question_.previous;
        if (!before && question_.baseline && question_.baseline->year < question_.period.year) {
            before = question_.baseline->value;
        }
        if (!before) {
            return Unknown("no-previous");
        }
        result_.expected = before;
        result_.state = *question_.actual < *before - kSame ? State::kOnTrack : State::kBehind;
        return result_;
    }

    TargetState JudgeYearlyChange(const Milestone& milestone) {
        const double years =
            std::max(0.0, NowOf(question_.period) - EndOf(question_.baseline->year));
        const bool rises = milestone.comparator == Comparator::kIncreaseBy;
        const double pace = rises ? NumberOf(milestone) : -NumberOf(milestone);
        if (milestone.unit.find("百分点") == std::string::npos) {
            result_.notes.emplace_back("relative-change");
            result_.expected = question_.baseline->value * std::pow(1.0 + pace / kPercent, years);
        } else {
            result_.expected = question_.baseline->value + pace * years;
        }
        const double ahead =
            rises ? *question_.actual - *result_.expected : *result_.expected - *question_.actual;
        result_.state = ahead >= -kSame ? State::kOnTrack : State::kBehind;
        return result_;
    }

    TargetState JudgeLevel(const Milestone& milestone) {
        const std::optional<Point> start = StartOf(milestone);
        direction_ = DirectionOf(milestone, start);
        result_.goal = GoalOf(milestone, start ? start->value : *question_.actual);
        const double actual = *question_.actual;
        const bool way_to_go = start && std::abs(*result_.goal - start->value) > kSame &&
                               !Satisfies(milestone, start->value);
        if (way_to_go) {
            result_.progress = (actual - start->value) / (*result_.goal - start->value);
            result_.expected = LineAt(*start, {EndOf(milestone.year.value_or(0)), *result_.goal});
        }
        if (!milestone.year) {
            result_.expected.reset();
        }
        if (Satisfies(milestone, actual)) {
            result_.state = State::kMet;
            return result_;
        }
        const bool ended =
            milestone.year && NowOf(question_.period) + kSame >= EndOf(*milestone.year);
        if (ended) {
            result_.state = State::kBehind;
            result_.expected = result_.goal;
            return result_;
        }
        if (start && !way_to_go) {
            result_.notes.emplace_back("looser-than-start");
            result_.expected = result_.goal;
            result_.state = State::kBehind;
            return result_;
        }
        if (!milestone.year) {
            return Unknown("no-year");
        }
        if (!start) {
            return Unknown("no-baseline");
        }
        const bool better = *result_.goal > start->value ? actual >= *result_.expected - kSame
                                                         : actual <= *result_.expected + kSame;
        result_.state = better ? State::kOnTrack : State::kBehind;
        return result_;
    }

    // "每年提高3个百分点": a pace without end.
    static bool IsYearly(const Milestone& milestone) {
        constexpr std::string_view kEveryYear = "/年";
        const std::string_view unit = milestone.unit;
        return milestone.comparator == Comparator::kIncreaseBy && unit.size() > kEveryYear.size() &&
               unit.substr(unit.size() - kEveryYear.size()) == kEveryYear;
    }

    static double NumberOf(const Milestone& milestone) {
        const auto* number = std::get_if<double>(&milestone.value);
        return number != nullptr ? *number : std::get<ValueRange>(milestone.value).low;
    }

    // The latest known point before the milestone: the baseline or an earlier milestone.
    std::optional<Point> StartOf(const Milestone& judged) const {
        const int until = judged.year.value_or(question_.period.year + 1);
        std::optional<Point> start;
        if (question_.baseline && question_.baseline->year < until) {
            start = Point{EndOf(question_.baseline->year), question_.baseline->value};
        }
        for (const Milestone& milestone : question_.milestones) {
            const auto* number = std::get_if<double>(&milestone.value);
            const bool level = number != nullptr && !IsChange(milestone.comparator) &&
                               milestone.comparator != Comparator::kTrendDown;
            if (level && milestone.year && *milestone.year < until &&
                (!start || EndOf(*milestone.year) > start->time)) {
                start = Point{EndOf(*milestone.year), *number};
            }
        }
        return start;
    }

    Direction DirectionOf(const Milestone& milestone, const std::optional<Point>& start) const {
        const Comparator comparator = milestone.comparator;
        if (comparator == Comparator::kAtLeast || comparator == Comparator::kAbove ||
            comparator == Comparator::kIncreaseBy) {
            return Direction::kUp;
        }
        if (comparator == Comparator::kAtMost || comparator == Comparator::kBelow ||
            comparator == Comparator::kReduceBy) {
            return Direction::kDown;
        }
        if (question_.direction != Direction::kUnknown || !start ||
            milestone.comparator == Comparator::kBetween) {
            return question_.direction;
        }
        const double goal = NumberOf(milestone);
        if (std::abs(start->value - goal) <= kSame) {
            return Direction::kUnknown;
        }
        return start->value < goal ? Direction::kUp : Direction::kDown;
    }

    // The number to reach, coming from `from`.
    double GoalOf(const Milestone& milestone, double from) {
        if (const auto* range = std::get_if<ValueRange>(&milestone.value)) {
            return from > range->high ? range->high : range->low;
        }
        const double value = std::get<double>(milestone.value);
        if (!IsChange(milestone.comparator)) {
            return value;
        }
        const double base = question_.baseline->value;
        const double sign = milestone.comparator == Comparator::kReduceBy ? -1.0 : 1.0;
        if (milestone.unit == "%") {
            result_.notes.emplace_back("relative-change");
            return base * (1.0 + sign * value / kPercent);
        }
        return base + sign * value;
    }

    bool Satisfies(const Milestone& milestone, double value) const {
        const double goal = *result_.goal;
        switch (milestone.comparator) {
            case Comparator::kAtLeast:
            case Comparator::kIncreaseBy:
                return value >= goal - kSame;
            case Comparator::kAtMost:
            case Comparator::kReduceBy:
                return value <= goal + kSame;
            case Comparator::kAbove:
                return value > goal + kSame;
            case Comparator::kBelow:
                return value < goal - kSame;
            case Comparator::kBetween: {
                const auto* range = std::get_if<ValueRange>(&milestone.value);
                return range != nullptr && value >= range->low - kSame &&
                       value <= range->high + kSame;
            }
            case Comparator::kEqual:
                return direction_ == Direction::kDown ? value <= goal + kSame
                                                      : value >= goal - kSame;
            case Comparator::kAbout:
                return SatisfiesAbout(goal, value);
            case Comparator::kReduceByPerYear:
            case Comparator::kRank:
            case Comparator::kInRange:
            case Comparator::kTrendDown:
                break;
        }
        return false;  // judged before levels are
    }

    bool SatisfiesAbout(double goal, double value) const {
        const double slack = std::abs(goal) * kAboutShare + kSame;
        if (direction_ == Direction::kUp) {
            return value >= goal - slack;
        }
        if (direction_ == Direction::kDown) {
            return value <= goal + slack;
        }
        return std::abs(value - goal) <= slack;
    }

    double LineAt(Point from, Point to) const {
        const double now = NowOf(question_.period);
        if (now <= from.time || to.time <= from.time) {
            return now <= from.time ? from.value : to.value;
        }
        const double share = std::min(1.0, (now - from.time) / (to.time - from.time));
        return from.value + (to.value - from.value) * share;
    }

    const TargetQuestion& question_;
    TargetState result_;
    Direction direction_ = Direction::kUnknown;
};

struct ReasonRow {
    std::string_view code;
    std::string_view zh;
    std::string_view en;
};
constexpr ReasonRow kReasons[] = {
    {"reported-by-unit",
     "由责任单位填报，尚无填报",
     "Reported by the responsible unit; nothing reported yet"},
    {"no-measure", "尚无指标口径", "No measure is defined for it yet"},
    {"no-value", "本期没有数值", "There is no value for this period"},
    {"no-milestone", "没有目标值", "The target has no value to reach"},
    {"value-in-words",
     "目标值是文字表述，不能按数值比较",
     "The target is stated in words and cannot be compared as a number"},
    {"no-baseline", "缺少基期值，无法画出序时进度", "Without a baseline no schedule can be drawn"},
    {"unit-without-value",
     "按单位逐一考核，有单位没有数值",
     "Every unit is assessed by itself, and one of them has no value"},
    {"not-every-unit",
     "按单位逐一考核，还有单位未达到目标",
     "Every unit is assessed by itself, and some have not reached the goal"},
    {"no-year", "文件未写明完成年份", "The document names no year for it"},
    {"no-previous", "缺少上年同期值", "The value of the same period last year is missing"},
    {"relative-change",
     "按基期值的相对变化计算，文件未写明是百分比还是百分点",
     "Taken relative to the baseline; the document does not say percent or percentage points"},
    {"looser-than-start",
     "目标比基期宽松，按不得突破的限值判断",
     "The target is looser than the baseline and is judged as a limit to be kept"},
};

}  // namespace

std::string_view NameOf(State state) noexcept {
    constexpr std::array<std::string_view, 4> kNames = {
        "met", "onTrack", "behind", "notComputable"};
    return kNames[static_cast<std::size_t>(state)];
}

std::string_view TextOf(State state, core::Language language) noexcept {
    constexpr std::array<std::string_view, 4> kZh = {"已达标", "达序时进度", "滞后", "暂无法计算"};
    constexpr std::array<std::string_view, 4> kEn = {
        "Met", "On schedule", "Behind schedule", "Cannot be computed"};
    const auto index = static_cast<std::size_t>(state);
    return language == core::Language::kZh ? kZh[index] : kEn[index];
}

std::string_view ReasonText(std::string_view code, core::Language language) noexcept {
    for (const ReasonRow& row : kReasons) {
        if (row.code == code) {
            return language == core::Language::kZh ? row.zh : row.en;
        }
    }
    return {};
}

TargetState Judge(const TargetQuestion& question) {
    return Judgement(question).Run();
}

std::string BasisOf(std::string_view name) {
    constexpr std::string_view kOpen = "(以";
    constexpr std::string_view kClose = "为单位)";
    const std::size_t open = name.rfind(kOpen);
    if (open == std::string_view::npos || name.size() < open + kOpen.size() + kClose.size() ||
        name.substr(name.size() - kClose.size()) != kClose) {
        return {};
    }
    const std::size_t begin = open + kOpen.size();
    return std::string(name.substr(begin, name.size() - kClose.size() - begin));
}

TargetState JudgeEach(
    const TargetQuestion& question,
    const std::vector<std::pair<std::string, std::optional<double>>>& values,
    std::vector<std::string>& short_of_it
) {
    TargetState whole = Judge(question);
    if (values.empty() || whole.state == State::kNotComputable) {
        return whole;
    }
    bool all = true;
    for (const auto& [unit, value] : values) {
        TargetQuestion one = question;
        one.actual = value;
        one.missing_reason = "unit-without-value";
        const TargetState state = Judge(one);
        if (state.state == State::kNotComputable) {
            whole.state = State::kNotComputable;
            whole.reason = state.reason;
            return whole;
        }
        all = all && state.state == State::kMet;
        if (state.state != State::kMet) {
            short_of_it.push_back(unit);
        }
        if (state.state == State::kBehind) {
            whole.state = State::kBehind;
        }
    }
    if (!all && whole.state == State::kMet) {
        whole.state = State::kOnTrack;
    }
    if (!all) {
        whole.notes.emplace_back("not-every-unit");
    }
    return whole;
}

std::vector<Target> TargetsOf(const PlanDocument& document) {
    std::vector<Target> targets;
    std::map<std::pair<int, std::string>, std::size_t> places;
    const auto add = [&](int task_no, const Indicator& indicator) {
        for (const Doubt& doubt : indicator.doubts) {
            if (doubt.code == "reference-column") {
                return;  // somebody else's target
            }
        }
        const auto [place, fresh] = places.try_emplace({task_no, indicator.name}, targets.size());
        if (fresh) {
            targets.push_back({task_no, indicator.name, indicator.unit, {}, std::nullopt, {}});
        }
        Target& target = targets[place->second];
        target.milestones.push_back(
            {indicator.comparator, indicator.value, indicator.unit, indicator.year}
        );
        if (target.measure.empty()) {
            target.measure = indicator.measure;
        }
        if (indicator.baseline && indicator.baseline_year) {
            target.baseline = KnownValue{*indicator.baseline_year, *indicator.baseline};
        }
    };
    for (const Task& task : document.tasks) {
        for (const Indicator& indicator : task.indicators) {
            add(task.no, indicator);
        }
    }
    for (const Indicator& indicator : document.indicators) {
        add(0, indicator);
    }
    for (Target& target : targets) {
        std::stable_sort(
            target.milestones.begin(),
            target.milestones.end(),
            [](const Milestone& a, const Milestone& b) {
                return a.year && (!b.year || *a.year < *b.year);
            }
        );
    }
    return targets;
}

}  // namespace kangqu::plan
