#pragma once

#include "kangqu/core/result.hpp"

#include <string>
#include <string_view>

namespace kangqu::expression {

// An error of a CQL library for the one who writes it: its place and text, the line of the source
// with a mark under the place, and what to do. Several lines, each with its end. `file` names the
// source; `source` is its text.
//
//   htn.cql:3:21: The expression names "Observaton", which does not exist (Observation?).
//     3 | define BP: exists [Observaton: "Systolic"]
//       |                    ^^^^^^^^^^
//   Names of records are those of FHIR R4 ...
std::string ExplainCql(
    const core::Error& error,
    std::string_view file,
    std::string_view source,
    core::Language language
);

}  // namespace kangqu::expression
