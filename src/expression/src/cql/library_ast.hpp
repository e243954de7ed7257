#pragma once

#include "kangqu/core/result.hpp"

#include "ast.hpp"
#include "lexer.hpp"
#include <cstdint>
#include <string_view>
#include <vector>

namespace kangqu::expression {

struct IncludeAst {
    std::string_view name;
    std::string_view version;
    std::string_view alias;
    std::uint32_t at = 0;
};
// codesystem, valueset, code, concept.
struct TermAst {
    enum class Kind : std::uint8_t { kCodeSystem, kValueSet, kCode, kConcept };
    Kind kind = Kind::kCodeSystem;
    std::string_view name;
    std::string_view id;
    std::string_view version;
    std::string_view system;   // of a code: the name of its code system
    std::string_view library;  // the include that declares it; empty: this library
    std::string_view display;
    std::vector<std::string_view> codes;  // of a concept
    std::uint32_t at = 0;
};
struct ParameterAst {
    std::string_view name;
    Ast* type = nullptr;
    Ast* fallback = nullptr;
    std::uint32_t at = 0;
};
struct OperandAst {
    std::string_view name;
    Ast* type = nullptr;
};
struct DefinitionAst {
    std::string_view name;
    Ast* body = nullptr;
    bool is_function = false;
    bool is_private = false;
    bool is_fluent = false;
    bool is_external = false;  // has no body
    bool unfiltered = false;
    std::string_view context;  // Patient, Practitioner, ...
    Ast* returns = nullptr;
    std::vector<OperandAst> operands;
    std::uint32_t at = 0;
};
struct LibraryAst {
    std::string_view name;
    std::string_view version;
    std::string_view model;  // FHIR, QICore; empty when none is used
    std::string_view model_version;
    std::string_view model_name;  // as `called`
    std::uint32_t model_at = 0;
    std::vector<IncludeAst> includes;
    std::vector<TermAst> terms;
    std::vector<ParameterAst> parameters;
    std::vector<DefinitionAst> definitions;
};

// CQL 1.5. `tokens`, `source` and `pool` must outlive the answer.
core::Result<LibraryAst>
ParseCqlLibrary(std::string_view source, const Tokens& tokens, AstPool& pool);
core::Result<Ast*> ParseCqlExpression(std::string_view source, const Tokens& tokens, AstPool& pool);

}  // namespace kangqu::expression
