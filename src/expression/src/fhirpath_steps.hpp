#pragma once

#include "evaluation.hpp"

namespace kangqu::expression {

Value RunSlot(Evaluation& evaluation, const PlanNode& node);
Value RunMember(Evaluation& evaluation, const PlanNode& node);
Value RunTypeOrMember(Evaluation& evaluation, const PlanNode& node);
Value RunIndex(Evaluation& evaluation, const PlanNode& node);
Value RunExternal(Evaluation& evaluation, const PlanNode& node);
Value RunContext(Evaluation& evaluation, const PlanNode& node);
Value RunResource(Evaluation& evaluation, const PlanNode& node);

}  // namespace kangqu::expression
