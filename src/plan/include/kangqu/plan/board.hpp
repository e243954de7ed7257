#pragma once

#include "kangqu/plan/binding.hpp"
#include "kangqu/plan/document.hpp"
#include "kangqu/plan/target.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::plan {

// A value that a measure computed for one period, in the target's unit.
struct Measured {
    double value = 0;
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
};
// Or why there is none: a reason code ("measure-not-ready", "empty-denominator", "no-measure").
struct MeasuredAnswer {
    std::optional<Measured> measured;
    std::string reason;
    // Of the measure's definition: which way is better.
    Direction direction = Direction::kUnknown;
    // The same by assessed unit (street), for targets that each of them has to reach.
    std::vector<std::pair<std::string, std::optional<double>>> units = {};
};

// A period as the board needs it: a name for the measures, and where it ends.
struct BoardPeriod {
    std::string id;
    Period end;
};

// The answer of a measure for a period. Called for every bound target and period of a board.
using MeasuredBy = std::function<MeasuredAnswer(std::string_view measure, std::string_view period)>;

struct BoardTarget {
    std::string id;  // "t1", by the order of the document
    Target target;
    std::string attribute;  // 约束性, 预期性 or empty
    std::string words;      // of its first milestone
    std::string measure;    // empty: none
    std::optional<Measured> measured;
    TargetState state;
    std::vector<std::pair<std::string, double>> history;  // period, value; oldest first
    std::string basis;  // 考核单元 ("街道"): each of them has to reach it; else empty
    std::vector<std::string> short_units;  // those that do not
};

// How many targets stand where.
struct StateCounts {
    std::int64_t met = 0;
    std::int64_t on_track = 0;
    std::int64_t behind = 0;
    std::int64_t not_computable = 0;
    void Add(State state);
};

struct BoardUnit {
    std::string name;
    std::int64_t lead = 0;     // tasks it leads
    std::int64_t assist = 0;   // tasks it assists in, or shares by duty
    std::int64_t targets = 0;  // of the tasks it leads
    StateCounts states;        // of those
};

// A plan with its targets judged at one period.
struct Board {
    std::vector<BoardTarget> targets;  // in the order of the document
    std::vector<BoardUnit> units;      // by tasks led, then by first mention
    StateCounts states;
};

Board MakeBoard(
    const PlanDocument& document,
    const std::vector<Binding>& bindings,
    const MeasuredBy& measured_by,
    const BoardPeriod& period,
    const std::vector<BoardPeriod>& history
);

}  // namespace kangqu::plan
