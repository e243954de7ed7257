#include "measure_view.hpp"

#include "resident_json.hpp"

namespace kangqu::api {

core::Result<PeriodChoice> PeriodOf(const Request& request, const PeriodChoices& periods) {
    const auto wanted = request.Query("period");
    for (const PeriodChoice& choice : periods()) {
        if (!wanted || wanted->empty() || choice.named.id == *wanted) {
            return choice;
        }
    }
    return core::MakeError(
        core::ErrorCode::kInvalidArgument, "period", std::string(wanted.value_or(""))
    );
}

measure::Counts MeasureView::Count() const {
    measure::Counts counts;
    for (const auto& [home, row] : rows) {
        counts.Add(row.standing);
    }
    return counts;
}

std::map<std::string, measure::Counts> MeasureView::ByOrganization() const {
    std::map<std::string, measure::Counts> counts;
    for (const auto& [home, row] : rows) {
        counts[row.organization].Add(row.standing);
    }
    return counts;
}

core::Result<MeasureView> ViewOf(
    const MeasureServices& services,
    std::string_view measure,
    std::string_view period,
    std::string_view unit
) {
    MeasureView view;
    auto position = services.populations.Visit(
        measure,
        period,
        [&view](store::Home home, const measure::Standing& standing) {
            view.rows.emplace(home, MeasureView::Row{standing, {}});
        }
    );
    if (!position.ok()) {
        return std::move(position).error();
    }
    view.position = *position;
    const auto of_unit = OfUnit(services.organizations, unit);
    std::unordered_map<store::Home, MeasureView::Row> kept;
    services.residents.Visit([&](const timeline::Resident& resident) {
        const auto found = view.rows.find(resident.home);
        if (found != view.rows.end() && of_unit(resident)) {
            kept.emplace(
                resident.home, MeasureView::Row{found->second.standing, resident.organization}
            );
        }
    });
    view.rows = std::move(kept);
    return view;
}

}  // namespace kangqu::api
