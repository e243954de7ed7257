#include "plan_board.hpp"

#include <algorithm>
#include <map>

namespace kangqu::api {

namespace {

// Past years shown behind a target.
constexpr std::size_t kHistoryYears = 5;
// Deeper trees of organisations are cycles.
constexpr int kMaxLevels = 16;

plan::MeasuredAnswer Measure(
    const MeasureServices& services,
    std::string_view measure,
    std::string_view period,
    std::string_view unit
) {
    const measure::Measure* const definition = services.populations.Find(measure);
    if (definition == nullptr) {
        return {std::nullopt, "no-measure"};
    }
    const auto view = ViewOf(services, measure, period, unit);
    if (!view.ok()) {
        return {std::nullopt, std::string(core::FactsOf(view.error().code).code)};
    }
    const measure::Counts counts = view->Count();
    const auto percent = counts.Percent();
    if (!percent) {
        return {std::nullopt, "empty-denominator"};
    }
    plan::MeasuredAnswer answer{plan::Measured{*percent, counts.numerator, counts.denominator}, ""};
    answer.direction = definition->increase ? plan::Direction::kUp : plan::Direction::kDown;
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> units;
    for (const auto& [organization, part] : view->ByOrganization()) {
        auto& [numerator, denominator] = units[AssessedUnit(services.organizations, organization)];
        numerator += part.numerator;
        denominator += part.denominator;
    }
    for (const auto& [id, count] : units) {
        const auto [numerator, denominator] = count;
        if (denominator > 0) {
            answer.units.emplace_back(
                services.organizations.NameOf(id),
                100.0 * static_cast<double>(numerator) / static_cast<double>(denominator)
            );
        }
    }
    return answer;
}

}  // namespace

std::string AssessedUnit(const timeline::Organizations& organizations, std::string_view id) {
    std::string unit(id);
    for (int level = 0; level < kMaxLevels; ++level) {
        const auto found = organizations.Find(unit);
        if (!found || found->parent.empty()) {
            break;
        }
        const auto parent = organizations.Find(found->parent);
        if (!parent || parent->parent.empty()) {
            break;
        }
        unit = found->parent;
    }
    return unit;
}

plan::Board BoardOf(
    const PlanServices& services,
    const StoredPlan& stored,
    const PeriodChoice& period,
    std::string_view unit
) {
    std::vector<plan::BoardPeriod> history;
    for (const PeriodChoice& choice : services.measures.periods()) {
        const bool earlier = choice.complete && choice.end.year < period.end.year;
        if (earlier && history.size() < kHistoryYears) {
            history.push_back({choice.named.id, choice.end});
        }
    }
    std::reverse(history.begin(), history.end());
    return plan::MakeBoard(
        stored.document,
        services.bindings(stored.id),
        [&](std::string_view measure, std::string_view at) {
            return Measure(services.measures, measure, at, unit);
        },
        {period.named.id, period.end},
        history
    );
}

}  // namespace kangqu::api
