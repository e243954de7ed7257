#include "token_reader.hpp"

#include <array>

namespace kangqu::expression {

namespace {

std::string Shown(const Token& token) {
    switch (token.kind) {
        case TokenKind::kEnd:
            return "the end";
        case TokenKind::kString:
            return "'" + std::string(token.text) + "'";
        case TokenKind::kTemporal:
            return "@" + std::string(token.text);
        case TokenKind::kName:
        case TokenKind::kQuotedName:
        case TokenKind::kInteger:
        case TokenKind::kLong:
        case TokenKind::kDecimal:
        case TokenKind::kSymbol:
            break;
    }
    return "\"" + std::string(token.text) + "\"";
}

}  // namespace

std::string_view CalendarUnit(std::string_view word) {
    constexpr std::array<std::string_view, 8> kUnits = {
        "year", "month", "week", "day", "hour", "minute", "second", "millisecond"};
    for (const std::string_view unit : kUnits) {
        if (word == unit ||
            (word.size() == unit.size() + 1 && word.starts_with(unit) && word.back() == 's')) {
            return unit;
        }
    }
    return {};
}

bool TokenReader::ExpectSymbol(std::string_view text) {
    if (AcceptSymbol(text)) {
        return true;
    }
    Expected("\"" + std::string(text) + "\"");
    return false;
}

bool TokenReader::ExpectWord(std::string_view text) {
    if (AcceptWord(text)) {
        return true;
    }
    Expected("\"" + std::string(text) + "\"");
    return false;
}

Ast* TokenReader::Expected(std::string_view what) {
    return Wrong(Peek().at, "expected " + std::string(what) + ", found " + Shown(Peek()));
}

Ast* TokenReader::Wrong(std::uint32_t at, std::string what) {
    if (!failed_) {
        failed_ = true;
        error_ = SyntaxError(source_, at, std::move(what));
    }
    return nullptr;
}

bool TokenReader::AcceptUnit(std::string_view& unit, bool& calendar) {
    if (Peek().kind == TokenKind::kString) {
        unit = Next().text;
        calendar = false;
        return true;
    }
    const std::string_view word =
        Peek().kind == TokenKind::kName ? CalendarUnit(Peek().text) : std::string_view();
    // `2 months between a and b` multiplies nothing: the word belongs to the operator.
    if (word.empty() || IsWord("between", 1) || IsWord("from", 1)) {
        return false;
    }
    Next();
    unit = word;
    calendar = true;
    return true;
}

Ast* TokenReader::Literal() {
    const Token& token = Peek();
    AstKind kind = AstKind::kNull;
    switch (token.kind) {
        case TokenKind::kName:
            if (token.text != "true" && token.text != "false") {
                return nullptr;
            }
            kind = AstKind::kBoolean;
            break;
        case TokenKind::kString:
            kind = AstKind::kString;
            break;
        case TokenKind::kInteger:
            kind = AstKind::kInteger;
            break;
        case TokenKind::kLong:
            kind = AstKind::kLong;
            break;
        case TokenKind::kDecimal:
            kind = AstKind::kDecimal;
            break;
        case TokenKind::kTemporal:
            kind = AstKind::kTemporal;
            break;
        case TokenKind::kEnd:
        case TokenKind::kQuotedName:
        case TokenKind::kSymbol:
            return nullptr;
    }
    Next();
    Ast* node = pool_.New(kind, token.at, token.text);
    if (kind == AstKind::kInteger || kind == AstKind::kDecimal) {
        std::string_view unit;
        bool calendar = false;
        if (AcceptUnit(unit, calendar)) {
            node->kind = AstKind::kQuantity;
            node->extra = unit;
            node->flag = calendar;
        }
    }
    return node;
}

}  // namespace kangqu::expression
