#pragma once

#include "kangqu/core/result.hpp"

#include "ast.hpp"
#include "plan.hpp"

namespace kangqu::expression {

// The constant a literal node stands for, kept in the plan. kExpressionSyntax for dates that do not
// exist and numbers that do not fit.
core::Result<Value> LiteralValue(Plan& plan, const Ast& ast);
// A plan node that yields `value`.
NodeIndex AddConstant(Plan& plan, const Value& value, std::uint32_t at);
// kExpressionType with `what` at the node's place.
core::Error TypeError(const Plan& plan, std::uint32_t at, std::string what);
// kExpressionUnknownName; `nearest` may be empty.
core::Error
UnknownName(const Plan& plan, std::uint32_t at, std::string_view name, std::string_view nearest);
// The test for a type name with an optional namespace (System, FHIR); nothing when there is none.
std::optional<TypeTest> NamedTypeTest(std::string_view space, std::string_view name);

// The value of a constant's node; null for any other node.
const Value* ConstantOf(const Plan& plan, NodeIndex node);
// The address that %sct, %loinc and %ucum stand for; empty for other names.
std::string_view KnownAddress(std::string_view name);

}  // namespace kangqu::expression
