#pragma once

#include "evaluation.hpp"
#include <cstdint>
#include <span>
#include <string_view>

namespace kangqu::expression {

// What a method of FHIRPath gives, as far as the binder can tell beforehand.
enum class ResultRule : std::uint8_t {
    kUnknown,
    kFocus,  // items of the input
    kBoolean,
    kInteger,
    kDecimal,
    kString,
    kProjection,  // what the first argument gives
};

// One method. Child 0 of its plan node is the input, then the arguments. Arguments whose bit is set
// in `lambdas` are run once an item, with $this, $index and $total in slots slot, slot + 1 and
// slot + 2; the others are run by the function with the $this of the surroundings.
struct Method {
    std::string_view name;
    std::uint8_t min_arguments;
    std::uint8_t max_arguments;
    std::uint8_t lambdas;
    ResultRule result;
    EvalFn run;
};

// One family a file.
std::span<const Method> ExistenceMethods();
std::span<const Method> FilteringMethods();
std::span<const Method> SubsetMethods();
std::span<const Method> CombiningMethods();
std::span<const Method> StringMethods();
std::span<const Method> MatchingMethods();
std::span<const Method> EncodingMethods();
std::span<const Method> MathMethods();
std::span<const Method> ConversionMethods();
std::span<const Method> BoundaryMethods();
std::span<const Method> UtilityMethods();
std::span<const Method> ResourceMethods();
std::span<const Method> ComponentMethods();
std::span<const Method> AggregateMethods();

const Method* FindMethod(std::string_view name);
// Of a bound call with a regular expression: one that is a constant is made now.
void KeepConstantPattern(Plan& plan, NodeIndex call);
// The method whose name is nearest, for messages; empty when none is near.
std::string_view NearestMethod(std::string_view name);
// `a` and `b` differ by at most two fifths of their length.
bool IsNear(std::string_view a, std::string_view b);

}  // namespace kangqu::expression
