#pragma once

#include "evaluation.hpp"

namespace kangqu::expression {

// Whether `item` is of the type that `test` of the plan names.
bool IsOfType(const Plan& plan, const TypeTest& test, const Value& item);

// Evaluators of is, as, ofType; the test is Plan::types[node.data].
Value EvalIs(Evaluation& evaluation, const PlanNode& node);
Value EvalAs(Evaluation& evaluation, const PlanNode& node);
Value EvalOfType(Evaluation& evaluation, const PlanNode& node);
// `resolve() is T` of search parameters: by the text of the reference, nothing is fetched.
Value EvalReferenceIs(Evaluation& evaluation, const PlanNode& node);

}  // namespace kangqu::expression
