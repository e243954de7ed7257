#pragma once

#include "kangqu/api/services.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::api {

// The period a request names, or the default. kInvalidArgument for an unknown one.
core::Result<PeriodChoice> PeriodOf(const Request& request, const PeriodChoices& periods);

// One measure's standings in one period, held to the residents of one unit and below, with the
// residents' units: what counts, strata, reasons and lists are made from, so that they agree.
struct MeasureView {
    struct Row {
        measure::Standing standing;
        std::string organization;
    };
    std::unordered_map<store::Home, Row> rows;
    store::Position position = 0;

    measure::Counts Count() const;
    // By organisation id, sorted by it.
    std::map<std::string, measure::Counts> ByOrganization() const;
};
core::Result<MeasureView> ViewOf(
    const MeasureServices& services,
    std::string_view measure,
    std::string_view period,
    std::string_view unit
);

}  // namespace kangqu::api
