#pragma once

#include "evaluation.hpp"

namespace kangqu::expression {

Value EvalPlus(Evaluation& evaluation, const PlanNode& node);
Value EvalMinus(Evaluation& evaluation, const PlanNode& node);
Value EvalTimes(Evaluation& evaluation, const PlanNode& node);
Value EvalOver(Evaluation& evaluation, const PlanNode& node);
Value EvalDiv(Evaluation& evaluation, const PlanNode& node);
Value EvalMod(Evaluation& evaluation, const PlanNode& node);
// Texts side by side, an empty one for nothing.
Value EvalConcatenate(Evaluation& evaluation, const PlanNode& node);
Value EvalNegate(Evaluation& evaluation, const PlanNode& node);
Value EvalPositive(Evaluation& evaluation, const PlanNode& node);

}  // namespace kangqu::expression
