#pragma once

#include "measure_view.hpp"
#include "plan_store.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::api {

// The board of a plan at `period`, held to one unit and below.
plan::Board BoardOf(
    const PlanServices& services,
    const StoredPlan& stored,
    const PeriodChoice& period,
    std::string_view unit
);

// The organisation below the root that `id` belongs to: the street or its centre. `id` itself when
// it is the root or unknown.
std::string AssessedUnit(const timeline::Organizations& organizations, std::string_view id);

}  // namespace kangqu::api
