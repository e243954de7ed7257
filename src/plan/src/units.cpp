#include "units.hpp"

#include "kangqu/core/utf8.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kangqu::plan {

namespace {

constexpr std::string_view kLevels[] = {"市", "区", "县", "旗", "省", "州", "盟", "镇"};

std::string_view LevelOf(std::string_view unit) noexcept {
    for (const std::string_view level : kLevels) {
        if (unit.substr(0, level.size()) == level) {
            return level;
        }
    }
    return {};
}

bool Collective(std::string_view unit) noexcept {
    constexpr std::string_view kEach = "各";
    return unit.substr(0, kEach.size()) == kEach;
}

}  // namespace

void RestoreElidedPrefixes(std::vector<Task>& tasks) {
    std::map<std::string_view, std::size_t> levels;
    std::size_t with = 0;
    std::size_t without = 0;
    for (const Task& task : tasks) {
        for (std::size_t i = 0; i < task.units.size(); ++i) {
            const std::string_view level = LevelOf(task.units[i]);
            if (!level.empty()) {
                ++levels[level];
            }
            if (i > 0 && !Collective(task.units[i])) {
                ++(level.empty() ? without : with);
            }
        }
    }
    std::string_view usual;
    std::size_t most = 0;
    for (const auto& [level, count] : levels) {
        if (count > most) {
            usual = level;
            most = count;
        }
    }
    const bool elided = without > with;
    for (Task& task : tasks) {
        task.units_full.clear();
        for (const std::string& unit : task.units) {
            const bool restore = elided && !Collective(unit) && LevelOf(unit).empty();
            task.units_full.push_back(restore ? std::string(usual) + unit : unit);
        }
    }
}

}  // namespace kangqu::plan
