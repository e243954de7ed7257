#pragma once

#include "kangqu/plan/document.hpp"

#include "text.hpp"
#include <optional>
#include <vector>

namespace kangqu::plan {

// "(责任单位:甲、乙)", "(甲、乙负责)", "(甲、乙按照职责分别负责)", "(甲牵头,乙配合)".
struct ResponsibilityClause {
    // The whole clause with its brackets.
    View span;
    std::vector<View> units;
    ResponsibilityMode mode = ResponsibilityMode::kLeadFirst;
    // The rule that a document declares inside its first clause, or empty.
    View declaration;
    bool collective = false;
    bool unclosed = false;
};

// The first clause in `text` (a folded line or the rest of one), or nothing.
std::optional<ResponsibilityClause> FindClause(View text);

// The units that a cell of a table names; sets `by_duty` when it says so.
std::vector<View> UnitsOf(View cell, bool& by_duty);

// "配合单位:甲、乙": a line that goes on with the clause of the line above.
bool IsClauseLabel(View line) noexcept;
// "完成时限:2025年底": stands beside a clause and is no part of the task.
bool IsClauseRemark(View line) noexcept;

}  // namespace kangqu::plan
