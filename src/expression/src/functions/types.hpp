#pragma once

#include "evaluation.hpp"

namespace kangqu::expression {

// Whether `item` is of the type that `test` of the plan names.
bool IsOfType(const Plan& plan, const TypeTest& test, const Value& item);

// Evaluators of is, as, ofType; the test is Plan::types[node.data].
Value EvalIs(Evaluation& evaluation, const PlanNode& node);
Value EvalAs(Evaluation& evaluation, const PlanNode& node);
Value EvalOfType(Evaluation& evaluation, const PlanNode& node);
// The resource a Reference, or the text of one, leads to; null when it is not at hand.
Value ResolveReference(Evaluation& evaluation, const Value& reference);
// `resolve() is T` of search parameters: by the text of the reference where that says the type, so
// that nothing is fetched.
Value EvalReferenceIs(Evaluation& evaluation, const PlanNode& node);

}  // namespace kangqu::expression
