#include "lexer.hpp"

#include "kangqu/core/utf8.hpp"
#include "kangqu/expression/environment.hpp"

#include "messages.hpp"
#include <algorithm>
#include <array>

namespace kangqu::expression {

namespace {

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}
bool IsNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool IsNamePart(char c) {
    return (IsNameStart(c) && c != '$') || IsDigit(c);
}

class Lexer {
public:
    Lexer(std::string_view source, Dialect dialect) : source_(source), dialect_(dialect) {}

    core::Result<Tokens> Run() {
        for (;;) {
            KQ_TRY(SkipSpace());
            if (at_ >= source_.size()) {
                Add(TokenKind::kEnd, {}, at_);
                return std::move(tokens_);
            }
            KQ_TRY(One());
        }
    }

private:
    char Peek(std::size_t ahead = 0) const {
        return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
    }
    bool DigitsAhead(std::size_t from, std::size_t count) const {
        for (std::size_t i = 0; i < count; ++i) {
            if (!IsDigit(Peek(from + i))) {
                return false;
            }
        }
        return true;
    }
    void Add(TokenKind kind, std::string_view text, std::size_t at) {
        tokens_.list.push_back({kind, text, static_cast<std::uint32_t>(at)});
    }
    core::Error Wrong(std::size_t at, std::string what) const {
        return SyntaxError(source_, static_cast<std::uint32_t>(at), std::move(what));
    }

    core::Status SkipSpace() {
        for (;;) {
            const char c = Peek();
            if (at_ < source_.size() && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
                ++at_;
            } else if (c == '/' && Peek(1) == '/') {
                at_ = std::min(source_.find('\n', at_), source_.size());
            } else if (c == '/' && Peek(1) == '*') {
                const std::size_t end = source_.find("*/", at_ + 2);
                if (end == std::string_view::npos) {
                    return Wrong(at_, "this comment has no end");
                }
                at_ = end + 2;
            } else {
                return {};
            }
        }
    }

    core::Status One() {
        const char c = Peek();
        if (IsDigit(c)) {
            Number();
            return {};
        }
        if (IsNameStart(c)) {
            const std::size_t start = at_++;
            while (IsNamePart(Peek())) {
                ++at_;
            }
            Add(TokenKind::kName, source_.substr(start, at_ - start), start);
            return {};
        }
        if (c == '\'') {
            return Quoted('\'', TokenKind::kString);
        }
        if (c == '`' || c == '"') {
            return Quoted(c, TokenKind::kQuotedName);
        }
        if (c == '@') {
            return TemporalLiteral();
        }
        return Symbol();
    }

    void Number() {
        const std::size_t start = at_;
        while (IsDigit(Peek())) {
            ++at_;
        }
        TokenKind kind = TokenKind::kInteger;
        if (Peek() == '.' && IsDigit(Peek(1))) {
            kind = TokenKind::kDecimal;
            ++at_;
            while (IsDigit(Peek())) {
                ++at_;
            }
        }
        const std::string_view text = source_.substr(start, at_ - start);
        if (kind == TokenKind::kInteger && Peek() == 'L') {
            kind = TokenKind::kLong;
            ++at_;
        }
        Add(kind, text, start);
    }

    core::Status TemporalLiteral() {
        const std::size_t start = at_++;
        const std::size_t text = at_;
        if (Peek() != 'T') {
            while (IsDigit(Peek())) {
                ++at_;
            }
            for (int part = 0; part < 2 && Peek() == '-' && DigitsAhead(1, 2); ++part) {
                at_ += 3;
            }
        }
        if (Peek() == 'T') {
            ++at_;
            ClockPart();
        }
        if (at_ == text) {
            return Wrong(start, "a date or time must follow @");
        }
        Add(TokenKind::kTemporal, source_.substr(text, at_ - text), start);
        return {};
    }

    void ClockPart() {
        if (!DigitsAhead(0, 2)) {
            return;
        }
        at_ += 2;
        while (Peek() == ':' && DigitsAhead(1, 2)) {
            at_ += 3;
        }
        if (Peek() == '.' && IsDigit(Peek(1))) {
            ++at_;
            while (IsDigit(Peek())) {
                ++at_;
            }
        }
        if (Peek() == 'Z') {
            ++at_;
        } else if ((Peek() == '+' || Peek() == '-') && DigitsAhead(1, 2) && Peek(3) == ':') {
            at_ += 6;
        }
    }

    core::Status Quoted(char quote, TokenKind kind) {
        const std::size_t start = at_++;
        const std::size_t end = source_.find(quote, at_);
        const std::size_t slash = source_.find('\\', at_);
        if (end != std::string_view::npos && (slash == std::string_view::npos || slash > end)) {
            Add(kind, source_.substr(at_, end - at_), start);
            at_ = end + 1;
            return {};
        }
        std::string out;
        while (at_ < source_.size() && Peek() != quote) {
            if (Peek() == '\\') {
                KQ_TRY(Escape(out));
            } else {
                out += source_[at_++];
            }
        }
        if (at_ >= source_.size()) {
            return Wrong(start, "this text has no closing " + std::string(1, quote));
        }
        ++at_;
        tokens_.unescaped.push_back(std::move(out));
        Add(kind, tokens_.unescaped.back(), start);
        return {};
    }

    core::Status Escape(std::string& out) {
        const std::size_t start = at_;
        const char c = Peek(1);
        at_ += 2;
        if (c == 'u') {
            std::uint32_t code = 0;
            for (int i = 0; i < 4; ++i) {
                const char digit = static_cast<char>(Peek() | 0x20);
                if (!IsDigit(Peek()) && (digit < 'a' || digit > 'f')) {
                    return Wrong(start, "four hexadecimal digits must follow \\u");
                }
                code =
                    code * 16 +
                    static_cast<std::uint32_t>(IsDigit(Peek()) ? Peek() - '0' : digit - 'a' + 10);
                ++at_;
            }
            if (code >= 0xD800 && code < 0xE000) {
                return Wrong(start, "half of a surrogate pair is not a character");
            }
            core::AppendUtf8(static_cast<char32_t>(code), out);
            return {};
        }
        constexpr std::string_view kFrom = "nrtf";
        constexpr std::string_view kTo = "\n\r\t\f";
        const std::size_t found = kFrom.find(c);
        out += found == std::string_view::npos ? c : kTo[found];
        return {};
    }

    core::Status Symbol() {
        constexpr std::array<std::string_view, 5> kTwo = {"<=", ">=", "!=", "!~", ".."};
        constexpr std::string_view kOne = ".[](){},+-*/&|<>=~^:;%?";
        const std::string_view rest = source_.substr(at_);
        for (const std::string_view symbol : kTwo) {
            if (rest.starts_with(symbol)) {
                Add(TokenKind::kSymbol, rest.substr(0, 2), at_);
                at_ += 2;
                return {};
            }
        }
        if (kOne.find(rest[0]) == std::string_view::npos) {
            return Wrong(
                at_, "character \"" + std::string(rest.substr(0, 1)) + "\" means nothing here"
            );
        }
        Add(TokenKind::kSymbol, rest.substr(0, 1), at_);
        ++at_;
        return {};
    }

    std::string_view source_;
    Dialect dialect_;
    std::size_t at_ = 0;
    Tokens tokens_;
};

}  // namespace

core::Result<Tokens> Tokenize(std::string_view source, Dialect dialect) {
    if (source.size() > kMaxSourceBytes) {
        return core::MakeError(
            core::ErrorCode::kTooLarge,
            std::to_string(source.size()) + " bytes",
            std::to_string(kMaxSourceBytes) + " bytes"
        );
    }
    return Lexer(source, dialect).Run();
}

std::string PlaceOf(std::string_view source, std::uint32_t at) {
    const std::string_view before = source.substr(0, std::min<std::size_t>(at, source.size()));
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n');
    const std::size_t column =
        start == std::string_view::npos ? before.size() : before.size() - start - 1;
    return std::to_string(lines + 1) + ":" + std::to_string(column + 1);
}

core::Error SyntaxError(std::string_view source, std::uint32_t at, std::string what) {
    return core::At(
        core::MakeError(core::ErrorCode::kExpressionSyntax, InBothLanguages(std::move(what))),
        PlaceOf(source, at)
    );
}

}  // namespace kangqu::expression
