#pragma once

#include "kangqu/measure/populations.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kangqu::measure {

// FHIR MeasureReport of type summary, with the score when the denominator is not empty.
std::string SummaryReport(
    const Measure& measure,
    const Period& period,
    const std::vector<std::uint8_t>& subjects
);
// FHIR MeasureReport of type individual.
std::string IndividualReport(
    const Measure& measure,
    const Period& period,
    std::string_view patient_id,
    std::uint8_t populations
);

}  // namespace kangqu::measure
