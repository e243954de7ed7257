#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/expression/fhirpath.hpp"

#include "ast.hpp"
#include "plan.hpp"

namespace kangqu::expression {

// Slots of the outermost $this, $index and $total.
constexpr std::uint16_t kInputSlot = 0;

// Turns a FHIRPath tree into the nodes of `plan` and returns the root. `input` is the type of the
// value in kInputSlot, kNoType when not known.
core::Result<NodeIndex>
BindFhirPath(Plan& plan, const Ast& tree, fhir::TypeNumber input, const FhirPathOptions& options);

}  // namespace kangqu::expression
