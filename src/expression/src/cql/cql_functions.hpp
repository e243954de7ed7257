#pragma once

#include "evaluation.hpp"
#include <cstdint>
#include <span>
#include <string_view>

namespace kangqu::expression {

// One System function of CQL: its arguments are the children of the plan node. `result` is what it
// gives, kNull when that depends; `uses_patient` marks AgeInYears and its like.
struct CqlFunction {
    std::string_view name;
    std::uint8_t min_arguments;
    std::uint8_t max_arguments;
    Kind result;
    EvalFn run;
    bool uses_patient = false;
    std::uint32_t flags = 0;  // PlanNode::flags
};

// One family a file.
std::span<const CqlFunction> CqlListFunctions();
std::span<const CqlFunction> CqlAggregateFunctions();
std::span<const CqlFunction> CqlTemporalFunctions();
std::span<const CqlFunction> CqlConversionFunctions();
std::span<const CqlFunction> CqlTextFunctions();
std::span<const CqlFunction> CqlLogicFunctions();

const CqlFunction* FindCqlFunction(std::string_view name);
std::string_view NearestCqlFunction(std::string_view name);

// Evaluators of syntax, by file.
// steps.cpp
Value RunCqlMember(Evaluation&, const PlanNode&);  // data: step
// data: step with the address, flags 1: a list
Value RunExtensionMember(Evaluation&, const PlanNode&);
Value RunCqlIndex(Evaluation&, const PlanNode&);
Value RunDefinition(Evaluation&, const PlanNode&);  // data: definition
Value RunParameter(Evaluation&, const PlanNode&);   // data: parameter
Value RunPatient(Evaluation&, const PlanNode&);
Value RunSlotValue(Evaluation&, const PlanNode&);  // slot
Value RunIf(Evaluation&, const PlanNode&);
Value RunCase(Evaluation&, const PlanNode&);  // flags 1: comparand in child 0
Value RunList(Evaluation&, const PlanNode&);
Value RunTuple(Evaluation&, const PlanNode&);     // data: first step with the names
Value RunInterval(Evaluation&, const PlanNode&);  // flags: 1 low closed, 2 high closed
Value RunNullTest(Evaluation&, const PlanNode&);
Value RunTrueTest(Evaluation&, const PlanNode&);  // flags 1: is true, else is false
Value RunExists(Evaluation&, const PlanNode&);
Value RunCode(Evaluation&, const PlanNode&);      // children: code, system, version, display
Value RunConcept(Evaluation&, const PlanNode&);   // children: codes, display
Value RunQuantity(Evaluation&, const PlanNode&);  // children: value, unit
Value RunRatio(Evaluation&, const PlanNode&);
Value RunVocabulary(Evaluation&, const PlanNode&);  // children: id, version, name
// instances.cpp
Value RunFhirInstance(Evaluation&, const PlanNode&);  // data: first step with the names, flags:
                                                      // type
// query.cpp
Value RunQuery(Evaluation&, const PlanNode&);  // data: query
// The codes of a value set as a list; null for null.
Value CodesOfValueSet(Evaluation&, const PlanNode&, const Value& value_set);
Value RunRetrieve(Evaluation&, const PlanNode&);  // data: retrieve
// timing.cpp
EvalFn FindTiming(std::string_view relation);
constexpr std::uint32_t kTimingNoPrecision = 15;
// flags: precision (4 bits), properly (bit 4), offset kind (bits 5-7)
Value RunBetween(Evaluation&, const PlanNode&);
// bounds.cpp
EvalFn FindBoundary(std::string_view part);
Value RunExtent(Evaluation&, const PlanNode&);  // data: Kind; flags 1: maximum
// lists.cpp
EvalFn FindSetOperator(std::string_view text);
Value RunDistinct(Evaluation&, const PlanNode&);
Value RunFlatten(Evaluation&, const PlanNode&);
Value RunCollapse(Evaluation&, const PlanNode&);
Value RunExpand(Evaluation&, const PlanNode&);
// temporal.cpp
Value RunDuration(Evaluation&, const PlanNode&);   // data: TimeUnit; flags 1: difference
Value RunComponent(Evaluation&, const PlanNode&);  // data: Precision, or 16 date 17 time 18 offset
// conversions.cpp
Value RunCqlIs(Evaluation&, const PlanNode&);        // data: type test
Value RunCqlAs(Evaluation&, const PlanNode&);        // flags 1: cast, fails when it is not
Value RunConvert(Evaluation&, const PlanNode&);      // data: Kind
Value RunConvertUnit(Evaluation&, const PlanNode&);  // children: value, unit text
Value RunToCql(Evaluation&, const PlanNode&);

}  // namespace kangqu::expression
