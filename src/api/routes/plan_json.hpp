#pragma once

#include "kangqu/api/schema.hpp"
#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/plan/board.hpp"
#include "kangqu/store/store.hpp"

#include <string>
#include <string_view>

namespace kangqu::api {

// What the values of a plan are true of.
struct PlanMoment {
    std::string period;
    store::Position position = 0;
    core::InstantMs as_of = 0;
    core::Language language = core::Language::kZh;
};

// A plan with chapters, units, tasks and judged targets, as the plan page takes it.
std::string PlanJson(
    std::string_view id,
    const plan::PlanDocument& document,
    const plan::Board& board,
    const PlanMoment& at
);
Schema PlanSchema();

}  // namespace kangqu::api
