#pragma once

#include "kangqu/plan/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a new edition of a plan changes.
namespace kangqu::plan {

enum class ChangeKind : std::uint8_t { kAdded, kRemoved, kChanged };
// "added" "removed" "changed"
std::string_view NameOf(ChangeKind kind) noexcept;

struct TaskChange {
    ChangeKind kind = ChangeKind::kChanged;
    int before = 0;  // number in the former edition, 0: none
    int after = 0;
    std::string title;   // of the new edition where it has the task
    bool words = false;  // other words
    std::vector<std::string> units_added;
    std::vector<std::string> units_removed;
    std::string lead_before;  // both empty when the lead is the same
    std::string lead_after;
};

struct TargetChange {
    ChangeKind kind = ChangeKind::kChanged;
    std::string name;
    std::optional<int> year;
    int task_before = 0;
    int task_after = 0;
    std::optional<Indicator> before;
    std::optional<Indicator> after;
};

struct EditionChanges {
    std::vector<TaskChange> tasks;  // by the order of the new edition, removed ones last
    std::vector<TargetChange> targets;
    std::int64_t same_tasks = 0;
    std::int64_t same_targets = 0;
};

// Tasks are the same when their words are alike (Likeness of title and text), whatever their
// numbers; targets when name and year agree, or a name alike enough has the same year and unit.
EditionChanges Compare(const PlanDocument& before, const PlanDocument& after);

}  // namespace kangqu::plan
