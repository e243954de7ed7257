#include "plan.hpp"

#include "cql/calls.hpp"
#include "cql/query_plan.hpp"

namespace kangqu::expression {

Plan::Plan() = default;
Plan::~Plan() = default;

}  // namespace kangqu::expression
