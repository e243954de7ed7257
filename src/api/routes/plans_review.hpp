#pragma once

#include "kangqu/api/services.hpp"

#include "route_family.hpp"

namespace kangqu::api {

// Routes of the plan family, by file.
void RegisterPlanReview(RouteFamily<PlanServices>& family);
void RegisterPlanOutlook(RouteFamily<PlanServices>& family);

}  // namespace kangqu::api
