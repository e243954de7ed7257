#pragma once

#include "evaluation.hpp"
#include <string_view>

namespace kangqu::expression {

// Evaluators of the operators both dialects share, by their sign; null when there is none. Operands
// are child 0 and, for two-sided ones, child 1.
EvalFn FindBinaryOperator(std::string_view text);
EvalFn FindUnaryOperator(std::string_view text);

// Arithmetic on System values; null when an operand is null, the divisor is zero or the result does
// not fit. Fails for kinds that cannot be calculated with. `op` is one of + - * / d (div) m (mod).
Value Calculate(
    Evaluation& evaluation,
    const PlanNode& node,
    char op,
    const Value& a,
    const Value& b
);
Value Negate(Evaluation& evaluation, const PlanNode& node, const Value& value);

// Truth of a single item as three-valued logic takes it; in FHIRPath anything that is not a
// boolean counts as true.
Value Truth(Evaluation& evaluation, const PlanNode& node, const Value& value);

}  // namespace kangqu::expression
