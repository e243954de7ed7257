// library, using, include, codesystem, valueset, code, concept, parameter, context, define.
#include "cql/cql_parser.hpp"

namespace kangqu::expression {

std::string_view CqlParser::Identifier() {
    const Token& token = Peek();
    if (token.kind != TokenKind::kName && token.kind != TokenKind::kQuotedName) {
        Expected("a name");
        return {};
    }
    return Next().text;
}

// a.b.c as one text of the source (quoted parts stay apart only by their last name).
std::string_view CqlParser::Qualified() {
    std::string_view name = Identifier();
    while (!failed() && AcceptSymbol(".")) {
        name = Identifier();
    }
    return name;
}

std::string_view CqlParser::Text() {
    if (Peek().kind != TokenKind::kString) {
        Expected("a text in single quotes");
        return {};
    }
    return Next().text;
}

std::string_view CqlParser::Version() {
    return AcceptWord("version") ? Text() : std::string_view();
}

void CqlParser::Header(LibraryAst& out) {
    if (AcceptWord("library")) {
        out.name = Qualified();
        out.version = Version();
    }
}

void CqlParser::Include(LibraryAst& out) {
    IncludeAst include;
    include.at = Peek().at;
    include.name = Qualified();
    include.version = Version();
    include.alias = AcceptWord("called") ? Identifier() : include.name;
    out.includes.push_back(include);
}

void CqlParser::Term(LibraryAst& out, TermAst::Kind kind) {
    TermAst term;
    term.kind = kind;
    term.at = Peek().at;
    term.name = Identifier();
    ExpectSymbol(":");
    if (kind == TermAst::Kind::kConcept) {
        ExpectSymbol("{");
        do {
            term.codes.push_back(Qualified());
        } while (!failed() && AcceptSymbol(","));
        ExpectSymbol("}");
    } else {
        term.id = Text();
        term.version = Version();
        if (kind == TermAst::Kind::kCode && ExpectWord("from")) {
            term.system = Identifier();
            if (!failed() && AcceptSymbol(".")) {
                term.library = term.system;
                term.system = Identifier();
            }
        }
        if (kind == TermAst::Kind::kValueSet && AcceptWord("codesystems")) {
            ExpectSymbol("{");
            do {
                Qualified();
                Version();
            } while (!failed() && AcceptSymbol(","));
            ExpectSymbol("}");
        }
    }
    term.display = AcceptWord("display") ? Text() : std::string_view();
    out.terms.push_back(std::move(term));
}

void CqlParser::Parameter(LibraryAst& out) {
    ParameterAst parameter;
    parameter.at = Peek().at;
    parameter.name = Identifier();
    if (!failed() && !IsWord("default")) {
        parameter.type = TypeSpecifier();
    }
    if (AcceptWord("default")) {
        parameter.fallback = Expression();
    }
    out.parameters.push_back(parameter);
}

void CqlParser::Operands(DefinitionAst& out) {
    ExpectSymbol("(");
    if (AcceptSymbol(")")) {
        return;
    }
    do {
        OperandAst operand;
        operand.name = Identifier();
        operand.type = failed() ? nullptr : TypeSpecifier();
        out.operands.push_back(operand);
    } while (!failed() && AcceptSymbol(","));
    ExpectSymbol(")");
}

void CqlParser::Definition(LibraryAst& out, bool is_private) {
    DefinitionAst definition;
    definition.is_private = is_private;
    definition.unfiltered = unfiltered_;
    definition.context = context_;
    definition.is_fluent = AcceptWord("fluent");
    definition.is_function = AcceptWord("function");
    definition.at = Peek().at;
    definition.name = Identifier();
    if (definition.is_function && !failed()) {
        Operands(definition);
        if (AcceptWord("returns")) {
            definition.returns = TypeSpecifier();
        }
    }
    if (!failed() && ExpectSymbol(":")) {
        definition.is_external = definition.is_function && AcceptWord("external");
        definition.body = definition.is_external ? nullptr : Expression();
    }
    out.definitions.push_back(std::move(definition));
}

// using FHIR version '4.0.1' [called F]. System is always there and says nothing.
void CqlParser::Using(LibraryAst& out) {
    const std::uint32_t at = Peek().at;
    const std::string_view model = Qualified();
    const std::string_view version = Version();
    std::string_view name = model;
    if (AcceptWord("called")) {
        name = Identifier();
    }
    if (model != "System") {
        out.model = model;
        out.model_version = version;
        out.model_name = name;
        out.model_at = at;
    }
}

bool CqlParser::Declaration(LibraryAst& out, bool is_private) {
    if (AcceptWord("using")) {
        Using(out);
    } else if (AcceptWord("include")) {
        Include(out);
    } else if (AcceptWord("codesystem")) {
        Term(out, TermAst::Kind::kCodeSystem);
    } else if (AcceptWord("valueset")) {
        Term(out, TermAst::Kind::kValueSet);
    } else if (AcceptWord("code")) {
        Term(out, TermAst::Kind::kCode);
    } else if (AcceptWord("concept")) {
        Term(out, TermAst::Kind::kConcept);
    } else if (AcceptWord("parameter")) {
        Parameter(out);
    } else if (AcceptWord("context")) {
        context_ = Qualified();
        unfiltered_ = context_ == "Unfiltered" || context_ == "Population";
    } else if (AcceptWord("define")) {
        const bool hidden = AcceptWord("private");
        AcceptWord("public");
        Definition(out, hidden || is_private);
    } else {
        return false;
    }
    return true;
}

LibraryAst CqlParser::Library() {
    LibraryAst out;
    // Tags stand in comments, which are gone already.
    Header(out);
    while (!failed() && Peek().kind != TokenKind::kEnd) {
        const bool hidden = AcceptWord("private");
        AcceptWord("public");
        if (!Declaration(out, hidden)) {
            Expected(
                "a declaration (using, include, codesystem, valueset, code, concept, "
                "parameter, context, define)"
            );
        }
    }
    return out;
}

Ast* CqlParser::WholeExpression() {
    Ast* tree = Expression();
    if (!failed() && Peek().kind != TokenKind::kEnd) {
        return Expected("an operator or the end");
    }
    return tree;
}

core::Result<LibraryAst>
ParseCqlLibrary(std::string_view source, const Tokens& tokens, AstPool& pool) {
    CqlParser parser(source, tokens, pool);
    LibraryAst out = parser.Library();
    if (parser.failed()) {
        return parser.error();
    }
    return out;
}

core::Result<Ast*>
ParseCqlExpression(std::string_view source, const Tokens& tokens, AstPool& pool) {
    CqlParser parser(source, tokens, pool);
    Ast* tree = parser.WholeExpression();
    if (parser.failed()) {
        return parser.error();
    }
    return tree;
}

}  // namespace kangqu::expression
