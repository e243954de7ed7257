// Operators between expressions, and type specifiers.
#include "cql/cql_parser.hpp"
#include <array>

namespace kangqu::expression {

namespace {

struct Operator {
    std::string_view text;
    int level;
};
constexpr std::array<Operator, 27> kOperators = {{
    {"union", kSetLevel},       {"intersect", kSetLevel},
    {"except", kSetLevel},      {"|", kSetLevel},
    {"implies", kImpliesLevel}, {"or", kOrLevel},
    {"xor", kOrLevel},          {"and", kAndLevel},
    {"in", kMembershipLevel},   {"contains", kMembershipLevel},
    {"=", kEqualityLevel},      {"!=", kEqualityLevel},
    {"~", kEqualityLevel},      {"!~", kEqualityLevel},
    {"<", kInequalityLevel},    {"<=", kInequalityLevel},
    {">", kInequalityLevel},    {">=", kInequalityLevel},
    {"is", kTypeLevel},         {"as", kTypeLevel},
    {"+", kAddLevel},           {"-", kAddLevel},
    {"&", kAddLevel},           {"*", kMultiplyLevel},
    {"/", kMultiplyLevel},      {"div", kMultiplyLevel},
    {"mod", kMultiplyLevel},
}};

int LevelOf(const Token& token) {
    if (token.kind != TokenKind::kName && token.kind != TokenKind::kSymbol) {
        return 0;
    }
    if (token.text == "^") {
        return kPowerLevel;
    }
    for (const Operator& entry : kOperators) {
        if (entry.text == token.text) {
            return entry.level;
        }
    }
    return 0;
}

}  // namespace

bool IsPrecisionWord(std::string_view word, bool plural) {
    const std::string_view unit = CalendarUnit(word);
    return !unit.empty() && (word.size() > unit.size()) == plural;
}

Ast* CqlParser::Expression(int level) {
    const Nest nest(*this);
    if (failed()) {
        return nullptr;
    }
    Ast* left = Prefix();
    while (!failed()) {
        Ast* wider = Infix(left, level);
        if (wider == nullptr || wider == left) {
            break;
        }
        left = wider;
    }
    return failed() ? nullptr : left;
}

// The expression continued by one operator of at least `level`, or `left` itself.
Ast* CqlParser::Infix(Ast* left, int level) {
    if (level <= kBetweenLevel &&
        (IsWord("between") || (IsWord("properly") && IsWord("between", 1)))) {
        return Between(left);
    }
    if (level <= kTimingLevel && TimingHere()) {
        return Timing(left);
    }
    return Binary(left, level);
}

Ast* CqlParser::Binary(Ast* left, int level) {
    const int found = LevelOf(Peek());
    if (found == 0 || found < level) {
        return left;
    }
    if (found == kTypeLevel) {
        return TypeTail(left);
    }
    const Token& sign = Next();
    if (found == kMembershipLevel) {
        Ast* node = pool().New(AstKind::kTiming, sign.at, sign.text, {left});
        PrecisionOf(node);
        node->kids.push_back(Expression(found + 1));
        return node;
    }
    // Power binds to the right's left like the others; the grammar says so.
    Ast* right = Expression(found + 1);
    return pool().New(
        AstKind::kBinary, sign.at, sign.text == "|" ? "union" : sign.text, {left, right}
    );
}

// is [not] null|true|false, is T, as T.
Ast* CqlParser::TypeTail(Ast* left) {
    const Token& word = Next();
    if (word.text == "as") {
        return pool().New(AstKind::kAs, word.at, word.text, {left, TypeSpecifier()});
    }
    const bool negated = IsWord("not");
    const std::size_t ahead = negated ? 1 : 0;
    for (const std::string_view value : {"null", "true", "false"}) {
        if (IsWord(value, ahead)) {
            Ast* test = pool().New(AstKind::kUnary, word.at, "is ", {left});
            if (negated) {
                Next();
            }
            Next();
            test->text = value == "null" ? "is null" : value == "true" ? "is true" : "is false";
            return negated ? pool().New(AstKind::kUnary, word.at, "not", {test}) : test;
        }
    }
    return pool().New(AstKind::kIs, word.at, word.text, {left, TypeSpecifier()});
}

Ast* CqlParser::Between(Ast* left) {
    Ast* node = pool().New(AstKind::kTernary, Peek().at, "between", {left});
    node->flag = AcceptWord("properly");
    Next();
    node->kids.push_back(Expression(kAddLevel));
    if (!failed() && ExpectWord("and")) {
        node->kids.push_back(Expression(kAddLevel));
    }
    return failed() ? nullptr : node;
}

// [duration in] days between a and b; difference in days between a and b; ... in days of i.
Ast* CqlParser::DurationBetween() {
    const std::uint32_t at = Peek().at;
    const bool difference = AcceptWord("difference");
    if (difference || AcceptWord("duration")) {
        ExpectWord("in");
    }
    if (failed() || !IsPrecisionWord(Peek().text, true)) {
        return Expected("years, months, weeks, days, hours, minutes, seconds or milliseconds");
    }
    Ast* node = pool().New(AstKind::kDuration, at, CalendarUnit(Next().text));
    node->flag = difference;
    if (AcceptWord("of")) {
        Ast* interval = Expression(kUnaryLevel);
        node->kids = {Boundary("start", interval), Boundary("end", interval)};
        return failed() ? nullptr : node;
    }
    if (!ExpectWord("between")) {
        return nullptr;
    }
    node->kids.push_back(Expression(kAddLevel));
    if (!failed() && ExpectWord("and")) {
        node->kids.push_back(Expression(kAddLevel));
    }
    return failed() ? nullptr : node;
}

Ast* CqlParser::Prefix() {
    const Token& token = Peek();
    if (token.kind != TokenKind::kName) {
        return TermPrefix();
    }
    if (token.text == "not" || token.text == "exists") {
        Next();
        Ast* operand = Expression(kPrefixLevel);
        return failed() ? nullptr : pool().New(AstKind::kUnary, token.at, token.text, {operand});
    }
    if (token.text == "cast") {
        Next();
        Ast* operand = Expression(kTypeLevel + 1);
        if (failed() || !ExpectWord("as")) {
            return nullptr;
        }
        Ast* node = pool().New(AstKind::kCast, token.at, token.text, {operand, TypeSpecifier()});
        return failed() ? nullptr : node;
    }
    const bool duration =
        (token.text == "duration" || token.text == "difference") && IsWord("in", 1);
    if (duration || (IsPrecisionWord(token.text, true) && IsWord("between", 1))) {
        return DurationBetween();
    }
    return TermPrefix();
}

Ast* CqlParser::TypeSpecifier() {
    const Nest nest(*this);
    const Token& token = Peek();
    if (failed()) {
        return nullptr;
    }
    const bool generic = IsSymbol("<", 1);
    if (generic && (token.text == "List" || token.text == "Interval" || token.text == "Choice")) {
        Next();
        Next();
        Ast* type = pool().New(
            token.text == "List"       ? AstKind::kListType
            : token.text == "Interval" ? AstKind::kIntervalType
                                       : AstKind::kChoiceType,
            token.at,
            token.text
        );
        do {
            type->kids.push_back(TypeSpecifier());
        } while (!failed() && AcceptSymbol(","));
        return !failed() && ExpectSymbol(">") ? type : nullptr;
    }
    if (token.text == "Tuple" && IsSymbol("{", 1)) {
        Next();
        Next();
        Ast* type = pool().New(AstKind::kTupleType, token.at, token.text);
        do {
            Ast* element = pool().New(AstKind::kElement, Peek().at, Identifier());
            element->kids.push_back(TypeSpecifier());
            type->kids.push_back(element);
        } while (!failed() && AcceptSymbol(","));
        return !failed() && ExpectSymbol("}") ? type : nullptr;
    }
    Ast* type = pool().New(AstKind::kNamedType, token.at, Identifier());
    while (!failed() && IsSymbol(".")) {
        Next();
        type->extra = type->text;
        type->text = Identifier();
    }
    return failed() ? nullptr : type;
}

}  // namespace kangqu::expression
