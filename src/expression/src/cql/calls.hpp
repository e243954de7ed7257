#pragma once

#include "evaluation.hpp"
#include "plan.hpp"
#include <cstdint>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// A call whose overload depends on what the arguments turn out to be.
struct DispatchPlan {
    struct Choice {
        std::uint32_t function = 0;
        std::vector<std::uint32_t> tests;  // of Plan::types, one an operand
    };
    std::string_view name;
    std::vector<Choice> choices;
};

// CQL's implicit conversions between System types: Integer to Long to Decimal to Quantity, Date to
// DateTime, Code to Concept.
bool ConvertsImplicitly(Kind from, Kind to);

Value RunFunctionCall(Evaluation&, const PlanNode&);      // data: function
Value RunDispatch(Evaluation&, const PlanNode&);          // data: dispatch
Value RunExternalFunction(Evaluation&, const PlanNode&);  // data: step with the name
Value RunVariable(Evaluation&, const PlanNode&);          // data: step with the name

}  // namespace kangqu::expression
