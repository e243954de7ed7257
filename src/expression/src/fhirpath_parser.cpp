#include "fhirpath_parser.hpp"

#include "token_reader.hpp"
#include <array>

namespace kangqu::expression {

namespace {

struct BinaryOperator {
    std::string_view text;
    int level;  // higher binds tighter
};
// Levels of the published grammar; `is` and `as` stand between 8 and 9.
constexpr std::array<BinaryOperator, 25> kBinaryOperators = {{
    {"implies", 1}, {"or", 2},   {"xor", 2},  {"and", 3}, {"in", 4}, {"contains", 4}, {"=", 5},
    {"~", 5},       {"!=", 5},   {"!~", 5},   {"<=", 6},  {"<", 6},  {">", 6},        {">=", 6},
    {"|", 7},       {"is", 8},   {"as", 8},   {"+", 9},   {"-", 9},  {"&", 9},        {"*", 10},
    {"/", 10},      {"div", 10}, {"mod", 10}, {"", 0},
}};
constexpr int kUnaryLevel = 11;

class FhirPathParser final : public TokenReader {
public:
    using TokenReader::TokenReader;

    Ast* Whole() {
        Ast* tree = Expression(1);
        if (!failed() && Peek().kind != TokenKind::kEnd) {
            return Expected("an operator or the end");
        }
        return tree;
    }

private:
    const BinaryOperator* OperatorHere() const {
        if (Peek().kind != TokenKind::kSymbol && Peek().kind != TokenKind::kName) {
            return nullptr;
        }
        for (const BinaryOperator& entry : kBinaryOperators) {
            if (entry.level > 0 && entry.text == Peek().text) {
                return &entry;
            }
        }
        return nullptr;
    }

    Ast* Expression(int level) {
        const Nest nest(*this);
        if (failed()) {
            return nullptr;
        }
        Ast* left = Unary();
        for (const BinaryOperator* found = OperatorHere();
             !failed() && found != nullptr && found->level >= level;
             found = OperatorHere()) {
            const std::uint32_t at = Next().at;
            if (found->level == 8) {
                Ast* type = TypeName();
                left = pool().New(
                    found->text == "is" ? AstKind::kIs : AstKind::kAs, at, found->text, {left, type}
                );
            } else {
                Ast* right = Expression(found->level + 1);
                left = pool().New(AstKind::kBinary, at, found->text, {left, right});
            }
        }
        return failed() ? nullptr : left;
    }

    Ast* Unary() {
        if (IsSymbol("+") || IsSymbol("-")) {
            const Token& sign = Next();
            Ast* operand = Expression(kUnaryLevel);
            return failed() ? nullptr : pool().New(AstKind::kUnary, sign.at, sign.text, {operand});
        }
        return Postfix(Term());
    }

    Ast* Postfix(Ast* left) {
        while (!failed()) {
            if (AcceptSymbol(".")) {
                left = Step(left);
            } else if (IsSymbol("[")) {
                const std::uint32_t at = Next().at;
                Ast* index = Expression(1);
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

    // What follows a point.
    Ast* Step(Ast* target) {
        const Token& token = Peek();
        if (token.kind != TokenKind::kName && token.kind != TokenKind::kQuotedName) {
            return Expected("a name");
        }
        Next();
        if (token.kind == TokenKind::kName && token.text[0] == '$') {
            return Variable(token);
        }
        if (token.kind == TokenKind::kName && IsSymbol("(")) {
            Ast* call = pool().New(AstKind::kMethod, token.at, token.text, {target});
            return Arguments(call);
        }
        Ast* member = pool().New(AstKind::kMember, token.at, token.text, {target});
        member->flag = token.kind == TokenKind::kQuotedName;
        return member;
    }

    Ast* Arguments(Ast* call) {
        Next();
        if (AcceptSymbol(")")) {
            return call;
        }
        do {
            Ast* argument = Expression(1);
            const bool directed = IsWord("asc") || IsWord("desc");
            if (!failed() && directed && call->text == "sort") {
                argument = pool().New(AstKind::kSortBy, argument->at, {}, {argument});
                argument->flag = Next().text == "desc";
            }
            call->kids.push_back(argument);
        } while (!failed() && AcceptSymbol(","));
        return !failed() && ExpectSymbol(")") ? call : nullptr;
    }

    Ast* Variable(const Token& token) {
        if (token.text == "$this") {
            return pool().New(AstKind::kThis, token.at, token.text);
        }
        if (token.text == "$index") {
            return pool().New(AstKind::kIndexVariable, token.at, token.text);
        }
        if (token.text == "$total") {
            return pool().New(AstKind::kTotal, token.at, token.text);
        }
        return Wrong(token.at, "there is no " + std::string(token.text));
    }

    Ast* Term() {
        if (Ast* literal = Literal()) {
            return literal;
        }
        const Token& token = Peek();
        if (AcceptSymbol("(")) {
            Ast* inner = Expression(1);
            return !failed() && ExpectSymbol(")") ? inner : nullptr;
        }
        if (AcceptSymbol("{")) {
            return ExpectSymbol("}") ? pool().New(AstKind::kNull, token.at) : nullptr;
        }
        if (AcceptSymbol("%")) {
            const Token& name = Peek();
            if (name.kind != TokenKind::kName && name.kind != TokenKind::kQuotedName &&
                name.kind != TokenKind::kString) {
                return Expected("a name");
            }
            Next();
            return pool().New(AstKind::kExternal, token.at, name.text);
        }
        if (token.kind != TokenKind::kName && token.kind != TokenKind::kQuotedName) {
            return Expected("an expression");
        }
        Next();
        if (token.kind == TokenKind::kName && token.text[0] == '$') {
            return Variable(token);
        }
        if (token.kind == TokenKind::kName && IsSymbol("(")) {
            return Arguments(pool().New(AstKind::kCall, token.at, token.text));
        }
        Ast* name = pool().New(AstKind::kName, token.at, token.text);
        name->flag = token.kind == TokenKind::kQuotedName;
        return name;
    }

    // Name or Namespace.Name.
    Ast* TypeName() {
        Ast* type = nullptr;
        do {
            const Token& token = Peek();
            if (token.kind != TokenKind::kName && token.kind != TokenKind::kQuotedName) {
                return Expected("a type name");
            }
            Next();
            Ast* part = pool().New(AstKind::kNamedType, token.at, token.text);
            if (type != nullptr) {
                part->extra = type->text;  // the namespace
            }
            type = part;
        } while (AcceptSymbol("."));
        return type;
    }
};

}  // namespace

core::Result<Ast*> ParseFhirPath(std::string_view source, const Tokens& tokens, AstPool& pool) {
    FhirPathParser parser(source, tokens, pool);
    Ast* tree = parser.Whole();
    if (parser.failed()) {
        return parser.error();
    }
    return tree;
}

}  // namespace kangqu::expression
