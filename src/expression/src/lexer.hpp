#pragma once

#include "kangqu/core/result.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression {

enum class Dialect : std::uint8_t { kFhirPath, kCql };

enum class TokenKind : std::uint8_t {
    kEnd,
    kName,        // also keywords, $this, $index, $total
    kQuotedName,  // `x` or, in CQL, "x"
    kString,
    kInteger,
    kLong,  // CQL 5L, text without the L
    kDecimal,
    kTemporal,  // text without @; a time begins with T
    kSymbol,
};

struct Token {
    TokenKind kind = TokenKind::kEnd;
    std::string_view text;  // escapes resolved
    std::uint32_t at = 0;   // byte offset in the source
};

// The tokens of one source text, ended by kEnd. Views point into the source, which must outlive
// this, or into it.
struct Tokens {
    std::vector<Token> list;
    std::deque<std::string> unescaped;
};
core::Result<Tokens> Tokenize(std::string_view source, Dialect dialect);

// "line:column", both from 1; columns count bytes.
std::string PlaceOf(std::string_view source, std::uint32_t at);
// kExpressionSyntax with `what` at a place of the source.
core::Error SyntaxError(std::string_view source, std::uint32_t at, std::string what);

}  // namespace kangqu::expression
