#pragma once

#include "kangqu/plan/document.hpp"

#include <vector>

namespace kangqu::plan {

// Fills units_full. Documents that print 市 (区, 县 ...) before the first unit of a clause only get
// it put back before the others; collective units (各…) and units with any level of their own keep
// their name.
void RestoreElidedPrefixes(std::vector<Task>& tasks);

}  // namespace kangqu::plan
