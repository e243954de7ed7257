#include "kangqu/plan/edition.hpp"

#include "kangqu/plan/matching.hpp"

#include <algorithm>
#include <array>

namespace kangqu::plan {

namespace {

constexpr double kSameTask = 0.55;
constexpr double kSameName = 0.8;
// Words of a task that are compared: enough to tell tasks apart, and bounded.
constexpr std::size_t kComparedBytes = 600;
constexpr std::size_t kMaxCompared = 100'000;

double TaskLikeness(const Task& a, const Task& b) {
    const double title = Likeness(a.title, b.title);
    const double text = Likeness(
        std::string_view(a.text).substr(0, kComparedBytes),
        std::string_view(b.text).substr(0, kComparedBytes)
    );
    return std::max(text, 0.5 * (title + text));
}

std::vector<std::string>
Missing(const std::vector<std::string>& from, const std::vector<std::string>& in) {
    std::vector<std::string> missing;
    for (const std::string& unit : from) {
        if (std::find(in.begin(), in.end(), unit) == in.end()) {
            missing.push_back(unit);
        }
    }
    return missing;
}

const std::vector<std::string>& UnitsOf(const Task& task) {
    return task.units_full.size() == task.units.size() ? task.units_full : task.units;
}

// For each task of `after` the position of its former self, each taken once; the most alike first.
std::vector<std::optional<std::size_t>>
Paired(const std::vector<Task>& before, const std::vector<Task>& after) {
    struct Pair {
        double likeness;
        std::size_t before;
        std::size_t after;
    };
    std::vector<Pair> pairs;
    // Beyond the size of any plan only equal words are looked for: the work stays bounded.
    const bool few = before.size() * after.size() <= kMaxCompared;
    for (std::size_t b = 0; b < before.size(); ++b) {
        for (std::size_t a = 0; a < after.size(); ++a) {
            const bool equal = before[b].text == after[a].text;
            const double likeness = equal ? 1.0 : (few ? TaskLikeness(before[b], after[a]) : 0.0);
            if (likeness >= kSameTask) {
                pairs.push_back({likeness, b, a});
            }
        }
    }
    std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) {
        return x.likeness > y.likeness;
    });
    std::vector<std::optional<std::size_t>> former(after.size());
    std::vector<bool> taken(before.size(), false);
    for (const Pair& pair : pairs) {
        if (!taken[pair.before] && !former[pair.after]) {
            taken[pair.before] = true;
            former[pair.after] = pair.before;
        }
    }
    return former;
}

struct Found {
    int task;
    const Indicator* target;
};

std::vector<Found> TargetsIn(const PlanDocument& document) {
    std::vector<Found> found;
    for (const Task& task : document.tasks) {
        for (const Indicator& target : task.indicators) {
            found.push_back({task.no, &target});
        }
    }
    for (const Indicator& target : document.indicators) {
        found.push_back({0, &target});
    }
    return found;
}

bool SameGoal(const Indicator& a, const Indicator& b) {
    return a.comparator == b.comparator && a.value == b.value && a.unit == b.unit &&
           a.attribute == b.attribute;
}

bool SameTarget(const Indicator& a, const Indicator& b) {
    if (a.year != b.year) {
        return false;
    }
    return a.name == b.name || (a.unit == b.unit && Likeness(a.name, b.name) >= kSameName);
}

void CompareTargets(const PlanDocument& before, const PlanDocument& after, EditionChanges& out) {
    std::vector<Found> former = TargetsIn(before);
    for (const Found& now : TargetsIn(after)) {
        auto then = std::find_if(former.begin(), former.end(), [&now](const Found& one) {
            return one.target->name == now.target->name && one.target->year == now.target->year;
        });
        if (then == former.end()) {
            then = std::find_if(former.begin(), former.end(), [&now](const Found& one) {
                return SameTarget(*one.target, *now.target);
            });
        }
        TargetChange change;
        change.name = now.target->name;
        change.year = now.target->year;
        change.task_after = now.task;
        change.after = *now.target;
        if (then == former.end()) {
            change.kind = ChangeKind::kAdded;
            out.targets.push_back(std::move(change));
            continue;
        }
        change.task_before = then->task;
        change.before = *then->target;
        const bool same = SameGoal(*then->target, *now.target);
        former.erase(then);
        if (same) {
            ++out.same_targets;
        } else {
            out.targets.push_back(std::move(change));
        }
    }
    for (const Found& gone : former) {
        TargetChange change;
        change.kind = ChangeKind::kRemoved;
        change.name = gone.target->name;
        change.year = gone.target->year;
        change.task_before = gone.task;
        change.before = *gone.target;
        out.targets.push_back(std::move(change));
    }
}

}  // namespace

std::string_view NameOf(ChangeKind kind) noexcept {
    constexpr std::array<std::string_view, 3> kNames = {"added", "removed", "changed"};
    return kNames[static_cast<std::size_t>(kind)];
}

EditionChanges Compare(const PlanDocument& before, const PlanDocument& after) {
    EditionChanges out;
    const auto former = Paired(before.tasks, after.tasks);
    std::vector<bool> kept(before.tasks.size(), false);
    for (std::size_t a = 0; a < after.tasks.size(); ++a) {
        const Task& now = after.tasks[a];
        TaskChange change;
        change.after = now.no;
        change.title = now.title;
        if (!former[a]) {
            change.kind = ChangeKind::kAdded;
            out.tasks.push_back(std::move(change));
            continue;
        }
        kept[*former[a]] = true;
        const Task& then = before.tasks[*former[a]];
        change.before = then.no;
        change.words = then.text != now.text;
        change.units_added = Missing(UnitsOf(now), UnitsOf(then));
        change.units_removed = Missing(UnitsOf(then), UnitsOf(now));
        if (then.lead_unit != now.lead_unit) {
            change.lead_before = then.lead_unit;
            change.lead_after = now.lead_unit;
        }
        const bool same = !change.words && change.units_added.empty() &&
                          change.units_removed.empty() && change.lead_after == change.lead_before;
        if (same) {
            ++out.same_tasks;
        } else {
            out.tasks.push_back(std::move(change));
        }
    }
    for (std::size_t b = 0; b < before.tasks.size(); ++b) {
        if (!kept[b]) {
            TaskChange change;
            change.kind = ChangeKind::kRemoved;
            change.before = before.tasks[b].no;
            change.title = before.tasks[b].title;
            out.tasks.push_back(std::move(change));
        }
    }
    CompareTargets(before, after, out);
    return out;
}

}  // namespace kangqu::plan
