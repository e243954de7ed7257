#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/expression/environment.hpp"

#include "ast.hpp"
#include "lexer.hpp"
#include <cstddef>
#include <string>
#include <string_view>

namespace kangqu::expression {

// Walks over tokens and makes what both grammars share. Parse functions answer null once failed();
// the first failure is kept.
class TokenReader {
public:
    TokenReader(std::string_view source, const Tokens& tokens, AstPool& pool)
        : source_(source), tokens_(tokens), pool_(pool) {}

    bool failed() const { return failed_; }
    const core::Error& error() const { return error_; }

protected:
    const Token& Peek(std::size_t ahead = 0) const {
        const std::size_t last = tokens_.list.size() - 1;
        return tokens_.list[at_ + ahead < last ? at_ + ahead : last];
    }
    const Token& Next() {
        const Token& token = Peek();
        if (at_ < tokens_.list.size() - 1) {
            ++at_;
        }
        return token;
    }
    bool IsSymbol(std::string_view text, std::size_t ahead = 0) const {
        return Peek(ahead).kind == TokenKind::kSymbol && Peek(ahead).text == text;
    }
    bool IsWord(std::string_view text, std::size_t ahead = 0) const {
        return Peek(ahead).kind == TokenKind::kName && Peek(ahead).text == text;
    }
    bool AcceptSymbol(std::string_view text) { return IsSymbol(text) && (Next(), true); }
    bool AcceptWord(std::string_view text) { return IsWord(text) && (Next(), true); }
    bool ExpectSymbol(std::string_view text);
    bool ExpectWord(std::string_view text);

    // Records "expected X, found Y" and returns null.
    Ast* Expected(std::string_view what);
    Ast* Wrong(std::uint32_t at, std::string what);

    // true, false, numbers, quantities, texts, dates; null without a failure when it is none.
    Ast* Literal();
    // The unit behind a number: a text or a calendar word; false when there is none.
    bool AcceptUnit(std::string_view& unit, bool& calendar);

    // Counts nesting; failing beyond kMaxNesting.
    class Nest {
    public:
        explicit Nest(TokenReader& reader) : reader_(reader) {
            if (++reader_.nesting_ > kMaxNesting) {
                reader_.Wrong(reader_.Peek().at, "nested too deeply");
            }
        }
        ~Nest() { --reader_.nesting_; }
        Nest(const Nest&) = delete;
        Nest& operator=(const Nest&) = delete;

    private:
        TokenReader& reader_;
    };

    AstPool& pool() { return pool_; }
    std::size_t position() const { return at_; }
    void GoBack(std::size_t position) { at_ = position; }
    std::string_view source() const { return source_; }

private:
    std::string_view source_;
    const Tokens& tokens_;
    AstPool& pool_;
    std::size_t at_ = 0;
    int nesting_ = 0;
    bool failed_ = false;
    core::Error error_;
};

// year, years, ... to the singular; empty for anything else.
std::string_view CalendarUnit(std::string_view word);

}  // namespace kangqu::expression
