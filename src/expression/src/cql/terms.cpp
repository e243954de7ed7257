// Terms: literals, selectors, calls, steps, if and case, and the words that stand before a term.
#include "cql/cql_parser.hpp"
#include <array>

namespace kangqu::expression {

namespace {

// Words that begin or continue something and so cannot be a bare name.
constexpr std::array<std::string_view, 53> kReserved = {
    "and",      "or",       "xor",    "implies",   "not",        "exists",  "is",       "as",
    "in",       "contains", "union",  "intersect", "except",     "between", "then",     "else",
    "when",     "where",    "return", "sort",      "with",       "without", "let",      "aggregate",
    "such",     "that",     "from",   "div",       "mod",        "define",  "during",   "before",
    "after",    "starts",   "ends",   "occurs",    "overlaps",   "meets",   "properly", "includes",
    "included", "same",     "within", "context",   "parameter",  "of",      "to",       "starting",
    "per",      "asc",      "desc",   "ascending", "descending",
};

}  // namespace

bool IsReservedWord(std::string_view word) {
    for (const std::string_view entry : kReserved) {
        if (entry == word) {
            return true;
        }
    }
    return false;
}

// Words before a term: start of, date from, convert ... to, + and -.
Ast* CqlParser::TermPrefix() {
    const Token& token = Peek();
    if (IsSymbol("+") || IsSymbol("-")) {
        Next();
        Ast* operand = Expression(kUnaryLevel);
        return failed() ? nullptr : pool().New(AstKind::kUnary, token.at, token.text, {operand});
    }
    if (token.kind != TokenKind::kName) {
        return MaybeQuery(Postfix(Primary()));
    }
    const auto one_of = [&](std::initializer_list<std::string_view> words) {
        for (const std::string_view word : words) {
            if (token.text == word) {
                return true;
            }
        }
        return false;
    };
    if (IsWord("of", 1) && one_of({"start", "end", "width", "successor", "predecessor"})) {
        return OfOperand(AstKind::kBoundary, token.text, 2);
    }
    if (IsWord("from", 1) && one_of({"singleton", "point"})) {
        return OfOperand(AstKind::kBoundary, token.text, 2);
    }
    if (IsWord("from", 1) &&
        (IsPrecisionWord(token.text, false) || one_of({"date", "time", "timezoneoffset"}))) {
        return OfOperand(AstKind::kComponent, token.text, 2);
    }
    if (one_of({"distinct", "flatten"})) {
        Next();
        Ast* operand = Expression();
        return failed() ? nullptr
                        : pool().New(AstKind::kDistinctFlatten, token.at, token.text, {operand});
    }
    if (one_of({"expand", "collapse"})) {
        Next();
        Ast* node = pool().New(AstKind::kExpand, token.at, token.text, {Expression()});
        if (!failed() && AcceptWord("per")) {
            const std::string_view unit = CalendarUnit(Peek().text);
            Ast* per = pool().New(AstKind::kQuantity, Peek().at, "1");
            per->extra = unit;
            per->flag = true;
            node->kids.push_back(unit.empty() ? Expression(kAddLevel) : (Next(), per));
        }
        return failed() ? nullptr : node;
    }
    if (one_of({"minimum", "maximum"})) {
        Next();
        return pool().New(AstKind::kTypeExtent, token.at, token.text, {TypeSpecifier()});
    }
    if (token.text == "convert") {
        Next();
        Ast* node = pool().New(AstKind::kConvert, token.at, token.text, {Expression(kAddLevel)});
        if (failed() || !ExpectWord("to")) {
            return nullptr;
        }
        bool calendar = false;
        if (!AcceptUnit(node->extra, calendar)) {
            node->kids.push_back(TypeSpecifier());
        }
        return failed() ? nullptr : node;
    }
    return MaybeQuery(Postfix(Primary()));
}

Ast* CqlParser::OfOperand(AstKind kind, std::string_view text, int words) {
    const std::uint32_t at = Peek().at;
    for (int i = 0; i < words; ++i) {
        Next();
    }
    Ast* operand = Expression(kUnaryLevel);
    return failed() ? nullptr : pool().New(kind, at, text, {operand});
}

Ast* CqlParser::Postfix(Ast* left) {
    while (!failed()) {
        const std::uint32_t at = Peek().at;
        if (AcceptSymbol(".")) {
            const Token& name = Peek();
            const std::string_view text = Identifier();
            if (failed()) {
                return nullptr;
            }
            if (IsSymbol("(")) {
                left = Arguments(pool().New(AstKind::kMethod, name.at, text, {left}));
            } else {
                left = pool().New(AstKind::kMember, name.at, text, {left});
            }
        } else if (AcceptSymbol("[")) {
            Ast* index = Expression();
            if (failed() || !ExpectSymbol("]")) {
                return nullptr;
            }
            left = pool().New(AstKind::kIndex, at, {}, {left, index});
        } else {
            return left;
        }
    }
    return nullptr;
}

Ast* CqlParser::Arguments(Ast* call) {
    Next();
    if (AcceptSymbol(")")) {
        return call;
    }
    do {
        call->kids.push_back(Expression());
    } while (!failed() && AcceptSymbol(","));
    return !failed() && ExpectSymbol(")") ? call : nullptr;
}

Ast* CqlParser::Primary() {
    const Token& token = Peek();
    if (Ast* literal = Literal()) {
        // 1 'mg' : 2 'mL' is a ratio.
        const bool ratio =
            literal->kind == AstKind::kQuantity && IsSymbol(":") &&
            (Peek(1).kind == TokenKind::kInteger || Peek(1).kind == TokenKind::kDecimal);
        if (!ratio) {
            return literal;
        }
        Next();
        Ast* below = Literal();
        if (below != nullptr) {
            below->kind = AstKind::kQuantity;
        }
        return pool().New(AstKind::kRatio, token.at, {}, {literal, below});
    }
    if (AcceptSymbol("(")) {
        Ast* inner = Expression();
        bracketed_ = inner;
        return !failed() && ExpectSymbol(")") ? inner : nullptr;
    }
    if (IsSymbol("[")) {
        return Retrieve();
    }
    if (AcceptSymbol("{")) {
        return Braced(token.at);
    }
    if (AcceptSymbol("%")) {
        if (Peek().kind == TokenKind::kString) {
            return pool().New(AstKind::kExternal, token.at, Next().text);
        }
        return pool().New(AstKind::kExternal, token.at, Identifier());
    }
    if (token.kind == TokenKind::kQuotedName) {
        Next();
        if (IsSymbol("(")) {
            return Arguments(pool().New(AstKind::kCall, token.at, token.text));
        }
        if (ElementsAhead(0)) {
            Next();
            return Elements(pool().New(AstKind::kInstance, token.at, token.text));
        }
        Ast* name = pool().New(AstKind::kName, token.at, token.text);
        name->flag = true;
        return name;
    }
    if (token.kind == TokenKind::kName) {
        return Word();
    }
    return Expected("an expression");
}

bool CqlParser::ElementsAhead(std::size_t ahead) const {
    if (!IsSymbol("{", ahead)) {
        return false;
    }
    const TokenKind kind = Peek(ahead + 1).kind;
    return IsSymbol(":", ahead + 1) ||
           ((kind == TokenKind::kName || kind == TokenKind::kQuotedName) && IsSymbol(":", ahead + 2)
           );
}

Ast* CqlParser::Word() {
    const Token& token = Peek();
    if (token.text == "if") {
        return If();
    }
    if (token.text == "case") {
        return Case();
    }
    if (token.text == "null") {
        Next();
        return pool().New(AstKind::kNull, token.at);
    }
    if (token.text == "from") {
        return FromQuery();
    }
    if (token.text == "Interval" && (IsSymbol("[", 1) || IsSymbol("(", 1))) {
        return IntervalTerm();
    }
    if (token.text == "Code" && Peek(1).kind == TokenKind::kString) {
        return CodeTerm();
    }
    if (token.text == "Concept" && IsSymbol("{", 1) && IsWord("Code", 2) &&
        Peek(3).kind == TokenKind::kString) {
        return ConceptTerm();
    }
    if (token.text == "Tuple" && IsSymbol("{", 1)) {
        Next();
        Next();
        return Elements(pool().New(AstKind::kTuple, token.at));
    }
    if (token.text == "List" && (IsSymbol("{", 1) || IsSymbol("<", 1))) {
        Next();
        if (AcceptSymbol("<")) {
            TypeSpecifier();
            ExpectSymbol(">");
        }
        return !failed() && ExpectSymbol("{") ? ListItems(pool().New(AstKind::kList, token.at))
                                              : nullptr;
    }
    if (token.text[0] == '$') {
        Next();
        const AstKind kind = token.text == "$this"    ? AstKind::kThis
                             : token.text == "$index" ? AstKind::kIndexVariable
                                                      : AstKind::kTotal;
        return pool().New(kind, token.at, token.text);
    }
    if (IsReservedWord(token.text)) {
        return Expected("an expression");
    }
    Next();
    if (IsSymbol("(")) {
        return Arguments(pool().New(AstKind::kCall, token.at, token.text));
    }
    // Name { a: 1 } and Space.Name { a: 1 } select an instance.
    if (ElementsAhead(0)) {
        Next();
        return Elements(pool().New(AstKind::kInstance, token.at, token.text));
    }
    const bool dotted = Peek(1).kind == TokenKind::kName || Peek(1).kind == TokenKind::kQuotedName;
    if (IsSymbol(".") && dotted && ElementsAhead(2)) {
        Next();
        Ast* instance = pool().New(AstKind::kInstance, token.at, Next().text);
        instance->extra = token.text;
        Next();
        return Elements(instance);
    }
    return pool().New(AstKind::kName, token.at, token.text);
}

Ast* CqlParser::If() {
    Ast* node = pool().New(AstKind::kIf, Next().at);
    node->kids.push_back(Expression());
    if (!failed() && ExpectWord("then")) {
        node->kids.push_back(Expression());
    }
    if (!failed() && ExpectWord("else")) {
        node->kids.push_back(Expression());
    }
    return failed() ? nullptr : node;
}

Ast* CqlParser::Case() {
    Ast* node = pool().New(AstKind::kCase, Next().at);
    node->kids.push_back(IsWord("when") ? nullptr : Expression());
    while (!failed() && AcceptWord("when")) {
        node->kids.push_back(Expression());
        if (!failed() && ExpectWord("then")) {
            node->kids.push_back(Expression());
        }
    }
    if (!failed() && ExpectWord("else")) {
        node->kids.push_back(Expression());
    }
    return !failed() && ExpectWord("end") ? node : nullptr;
}

Ast* CqlParser::IntervalTerm() {
    Ast* node = pool().New(AstKind::kInterval, Next().at);
    const bool low_closed = Next().text == "[";
    node->kids.push_back(Expression());
    if (failed() || !ExpectSymbol(",")) {
        return nullptr;
    }
    node->kids.push_back(Expression());
    const bool high_closed = IsSymbol("]");
    if (failed() || (!AcceptSymbol("]") && !ExpectSymbol(")"))) {
        return nullptr;
    }
    node->text = low_closed ? (high_closed ? "[]" : "[)") : (high_closed ? "(]" : "()");
    return node;
}

// Behind an opening brace without a word before it: a list or a tuple.
Ast* CqlParser::Braced(std::uint32_t at) {
    const TokenKind kind = Peek().kind;
    const bool named =
        (kind == TokenKind::kName || kind == TokenKind::kQuotedName) && IsSymbol(":", 1);
    if (named || IsSymbol(":")) {
        return Elements(pool().New(AstKind::kTuple, at));
    }
    return ListItems(pool().New(AstKind::kList, at));
}

Ast* CqlParser::ListItems(Ast* list) {
    if (AcceptSymbol("}")) {
        return list;
    }
    do {
        list->kids.push_back(Expression());
    } while (!failed() && AcceptSymbol(","));
    return !failed() && ExpectSymbol("}") ? list : nullptr;
}

Ast* CqlParser::Elements(Ast* owner) {
    if (AcceptSymbol(":")) {
        return ExpectSymbol("}") ? owner : nullptr;
    }
    do {
        Ast* element = pool().New(AstKind::kElement, Peek().at, Identifier());
        if (failed() || !ExpectSymbol(":")) {
            return nullptr;
        }
        element->kids.push_back(Expression());
        owner->kids.push_back(element);
    } while (!failed() && AcceptSymbol(","));
    return !failed() && ExpectSymbol("}") ? owner : nullptr;
}

// Code 'x' from "System" display 'y', as an instance with elements.
Ast* CqlParser::CodeTerm() {
    Ast* node = pool().New(AstKind::kInstance, Next().at, "Code");
    const auto add = [&](std::string_view name, Ast* value) {
        node->kids.push_back(pool().New(AstKind::kElement, node->at, name, {value}));
    };
    add("code", pool().New(AstKind::kString, Peek().at, Text()));
    if (failed() || !ExpectWord("from")) {
        return nullptr;
    }
    Ast* system = pool().New(AstKind::kName, Peek().at, Qualified());
    add("system", system);
    if (AcceptWord("display")) {
        add("display", pool().New(AstKind::kString, Peek().at, Text()));
    }
    return failed() ? nullptr : node;
}

Ast* CqlParser::ConceptTerm() {
    Ast* node = pool().New(AstKind::kInstance, Next().at, "Concept");
    Next();
    Ast* codes = pool().New(AstKind::kList, node->at);
    do {
        if (!IsWord("Code")) {
            return Expected("\"Code\"");
        }
        codes->kids.push_back(CodeTerm());
    } while (!failed() && AcceptSymbol(","));
    if (failed() || !ExpectSymbol("}")) {
        return nullptr;
    }
    node->kids.push_back(pool().New(AstKind::kElement, node->at, "codes", {codes}));
    if (AcceptWord("display")) {
        Ast* display = pool().New(AstKind::kString, Peek().at, Text());
        node->kids.push_back(pool().New(AstKind::kElement, node->at, "display", {display}));
    }
    return failed() ? nullptr : node;
}

}  // namespace kangqu::expression
