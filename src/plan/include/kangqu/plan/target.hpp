#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/plan/document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Where a target stands against its schedule. Pure functions; the value of today comes from
// outside.
//
// Time. Figures of a year hold at its end: a milestone of 2030 is due, and a baseline of 2025 is
// taken, at the end of that year. A period is a year and the share of it that has gone by.
//
// Which milestone. The next one due at the period (its year has not ended, or ends now); when all
// are past, the last one: what was reached must be kept. A milestone without a year is always the
// next.
//
// The rules, in this order:
//  1. No actual value: not computable, with the reason of the caller.
//  2. The goal is words (a rank, a named range, a status): not computable, "value-in-words".
//  3. A change ("reduce by") needs the baseline: without it "no-baseline". In 百分点 it is
//     subtracted; in % it is taken relative to the baseline, with the note "relative-change",
//     because documents do not say which they mean.
//  4. The actual value satisfies the goal: met. ">=" and "<=" as they read. "=" is a count to be
//     set up or the whole of something: reached or passed, coming from the start. "~" is within
//     5 percent of the goal's own size, or better than that when the direction is known. "between"
//     includes both ends.
//  5. Not satisfied and the goal's year has ended: behind.
//  6. The start (below) already satisfied the goal (a target looser than today): the goal is a
//     limit to be kept, not a way to go. Not satisfied now means behind, and the expected value
//     is the goal. Note "looser-than-start".
//  7. Otherwise a straight line from the start to the goal gives the expected value at the
//     period: at least as good as it is on track, else behind.
//  8. No start, so no line: not computable, "no-baseline". A milestone without a year has no line
//     either: "no-year". Calling that behind would only say that the goal is not reached yet.
//
// The start is the latest of the baseline and the milestones before the judged one, that lies
// before it; milestones count as reached, so who missed one starts behind.
//
// A yearly change (reduce_by_per_year) has no end: on track while the actual value is not above
// the line from the baseline, else behind; never met. A falling trend compares with the value of
// the same period last year, else with the baseline, and without both is "no-previous".
namespace kangqu::plan {

enum class State : std::uint8_t {
    kMet,            // 已达标
    kOnTrack,        // 达序时进度
    kBehind,         // 滞后
    kNotComputable,  // 暂无法计算, with the reason
};
// "met" "onTrack" "behind" "notComputable"
std::string_view NameOf(State state) noexcept;
std::string_view TextOf(State state, core::Language language) noexcept;
// What a reason or note code says to a user; empty for a code that is not of this module.
std::string_view ReasonText(std::string_view code, core::Language language) noexcept;

enum class Direction : std::uint8_t { kUnknown, kUp, kDown };

struct Milestone {
    Comparator comparator = Comparator::kAtLeast;
    TargetValue value = 0.0;
    std::string unit;
    std::optional<int> year;
    friend bool operator==(const Milestone&, const Milestone&) = default;
};

struct KnownValue {
    int year = 0;
    double value = 0;
    friend bool operator==(const KnownValue&, const KnownValue&) = default;
};

// 2027 and 0.5: the middle of 2027. The fraction is held to 0..1.
struct Period {
    int year = 0;
    double fraction = 1.0;
};

struct TargetQuestion {
    std::vector<Milestone> milestones;
    std::optional<KnownValue> baseline;
    // The value at the period, in the unit of the target.
    std::optional<double> actual;
    // Why there is no actual value: "reported-by-unit", "no-measure", or a code of the caller.
    std::string missing_reason;
    Period period;
    // The value of the same period one year before.
    std::optional<double> previous;
    // Of the measure, for "=" and "~"; the other comparators say it themselves.
    Direction direction = Direction::kUnknown;
};

struct TargetState {
    State state = State::kNotComputable;
    // Why not computable; empty otherwise.
    std::string reason;
    // Position of the judged milestone in the question.
    std::optional<std::size_t> milestone;
    // What the milestone asks for as a number, changes worked out; of a range the end to reach.
    std::optional<double> goal;
    // The schedule's value at the period.
    std::optional<double> expected;
    // Share of the way from the start to the goal, 0 at the start, 1 at the goal; may lie outside.
    // Nothing when there is no way to go.
    std::optional<double> progress;
    // "relative-change", "looser-than-start"
    std::vector<std::string> notes;
};

TargetState Judge(const TargetQuestion& question);

// 考核单元: what a target is assessed by, from its name: "接种率(以街道为单位)" -> "街道"; else
// empty.
std::string BasisOf(std::string_view name);

// A target that every unit has to reach: met only when each is, behind when one is. `values` by
// unit name; a unit without value makes it not computable. `short_of_it` takes the units that do
// not reach it. `question.actual` is the value of the whole.
TargetState JudgeEach(
    const TargetQuestion& question,
    const std::vector<std::pair<std::string, std::optional<double>>>& values,
    std::vector<std::string>& short_of_it
);

// One target of a document with all its years: what is judged, bound to a measure and shown as one
// line. Columns of a table that print another level's targets are left out.
struct Target {
    int task_no = 0;  // 0 for targets that belong to no task
    std::string name;
    std::string unit;
    std::vector<Milestone> milestones;  // by year, the one without year last
    std::optional<KnownValue> baseline;
    std::string measure = {};  // that a person matched it with; empty: what the pack binds
};
std::vector<Target> TargetsOf(const PlanDocument& document);

}  // namespace kangqu::plan
