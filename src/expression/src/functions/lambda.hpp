#pragma once

#include "evaluation.hpp"

namespace kangqu::expression {

// Runs argument `position` of `node` for one item of its input, with $this and $index set.
inline Value RunFor(
    Evaluation& evaluation,
    const PlanNode& node,
    std::size_t position,
    const Value& item,
    std::size_t index
) {
    evaluation.slot(node.slot) = item;
    evaluation.slot(node.slot + 1U) = Value::Integer(static_cast<std::int64_t>(index));
    return evaluation.Arg(node, position);
}

}  // namespace kangqu::expression
