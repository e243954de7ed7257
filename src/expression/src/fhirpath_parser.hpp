#pragma once

#include "kangqu/core/result.hpp"

#include "ast.hpp"
#include "lexer.hpp"
#include <string_view>

namespace kangqu::expression {

// FHIRPath 2.0, whole grammar. `tokens`, `source` and `pool` must outlive the answer.
core::Result<Ast*> ParseFhirPath(std::string_view source, const Tokens& tokens, AstPool& pool);

}  // namespace kangqu::expression
