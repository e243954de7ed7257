#include "ucum/terms.hpp"

#include "kangqu/core/utf8.hpp"
#include "kangqu/terminology/ucum.hpp"

#include <algorithm>
#include <cstdlib>

namespace kangqu::terminology::ucum {

namespace {

using core::Error;
using core::ErrorCode;
using core::MakeError;

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}
// What a unit text is made of: the visible characters of ASCII.
bool IsVisible(char c) {
    return c > ' ' && c <= '~';
}

// A unit text from the left, by the grammar: term = component {("." | "/")
// component}; component = annotatable [annotation] | annotation | factor [annotation] | "(" term
// ")".
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    core::Result<std::vector<Term>> Run() {
        KQ_TRY(ReadTerm(1, 0, true));
        if (at_ < text_.size()) {
            return Character();
        }
        return std::move(terms_);
    }

private:
    char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    std::string Text() const { return std::string(text_); }

    // The character at hand cannot stand there.
    Error Character() const {
        std::size_t end = at_;
        core::NextCodePoint(text_, end);
        return MakeError(
            ErrorCode::kUnitCharacter,
            Text(),
            std::to_string(core::CountCodePoints(text_.substr(0, at_)) + 1),
            std::string(text_.substr(at_, end - at_))
        );
    }
    Error NoOperand() const {
        const std::string before(at_ == 0 ? "" : text_.substr(at_ - 1, 1));
        return MakeError(ErrorCode::kUnitOperand, Text(), before);
    }

    core::Status ReadTerm(int sign, int depth, bool leading) {
        int own = 1;
        if (leading && Peek() == '/') {
            own = -1;
            ++at_;
        }
        while (true) {
            KQ_TRY(Component(sign * own, depth));
            if (Peek() != '.' && Peek() != '/') {
                break;
            }
            own = Peek() == '/' ? -1 : 1;
            ++at_;
        }
        if (at_ == text_.size() || Peek() == ')') {
            return {};
        }
        if (!IsVisible(Peek()) || Peek() == '}' || Peek() == ']') {
            return Character();
        }
        return MakeError(ErrorCode::kUnitOperator, Text(), std::to_string(at_ + 1));
    }

    core::Status Component(int sign, int depth) {
        const char c = Peek();
        if (at_ == text_.size() || c == ')' || c == '.' || c == '/') {
            return NoOperand();
        }
        if (c == '(') {
            return Parentheses(sign, depth);
        }
        if (c == '{') {
            return Annotation();
        }
        if (IsDigit(c) && !StartsTen()) {
            Number(sign);
        } else {
            KQ_TRY(Simple(sign));
        }
        return Peek() == '{' ? Annotation() : core::Status();
    }

    bool StartsTen() const {
        const std::string_view rest = text_.substr(at_);
        return rest.starts_with("10*") || rest.starts_with("10^");
    }

    core::Status Parentheses(int sign, int depth) {
        if (depth >= kMaxUnitDepth) {
            return MakeError(ErrorCode::kUnitTooDeep, Text(), std::to_string(kMaxUnitDepth));
        }
        ++at_;
        KQ_TRY(ReadTerm(sign, depth + 1, true));
        if (Peek() != ')') {
            return MakeError(ErrorCode::kUnitUnclosed, Text(), "(");
        }
        ++at_;
        return {};
    }

    core::Status Annotation() {
        ++at_;
        while (Peek() != '}') {
            if (at_ == text_.size()) {
                return MakeError(ErrorCode::kUnitUnclosed, Text(), "{");
            }
            if (!IsVisible(Peek()) || Peek() == '{') {
                return Character();
            }
            ++at_;
        }
        ++at_;
        return {};
    }

    void Number(int sign) {
        const std::size_t start = at_;
        while (IsDigit(Peek())) {
            ++at_;
        }
        const std::string_view digits = text_.substr(start, at_ - start);
        if (digits != "1") {
            terms_.push_back({{}, std::string(digits), sign, sign < 0});
        }
    }

    // Moves behind a symbol; the brackets in it may hold any character.
    core::Status ReadSymbol() {
        if (StartsTen()) {
            at_ += 3;
            return {};
        }
        constexpr std::string_view kEnd = ".(){}/+-0123456789";
        while (at_ < text_.size() && kEnd.find(Peek()) == std::string_view::npos) {
            if (!IsVisible(Peek()) || Peek() == ']' || Peek() == '=' || Peek() == '"') {
                return Character();
            }
            if (Peek() != '[') {
                ++at_;
                continue;
            }
            while (Peek() != ']') {
                if (at_ == text_.size()) {
                    return MakeError(ErrorCode::kUnitUnclosed, Text(), "[");
                }
                if (!IsVisible(Peek())) {
                    return Character();
                }
                ++at_;
            }
            ++at_;
        }
        return {};
    }

    core::Status Simple(int sign) {
        const std::size_t start = at_;
        KQ_TRY(ReadSymbol());
        const std::string_view code = text_.substr(start, at_ - start);
        if (code.empty()) {
            return Character();
        }
        const auto symbol = FindSymbol(code);
        if (!symbol) {
            return Unknown(code);
        }
        KQ_ASSIGN(const int power, Exponent());
        terms_.push_back({*symbol, {}, sign * power, sign < 0});
        return {};
    }

    core::Result<int> Exponent() {
        const bool minus = Peek() == '-';
        const bool has_sign = minus || Peek() == '+';
        at_ += has_sign ? 1 : 0;
        const std::size_t start = at_;
        while (IsDigit(Peek())) {
            ++at_;
        }
        if (at_ == start) {
            return has_sign ? core::Result<int>(at_ == text_.size() ? NoOperand() : Character())
                            : core::Result<int>(1);
        }
        const std::string digits(text_.substr(start, at_ - start));
        const long power = digits.size() > 6 ? kMaxUnitExponent + 1 : std::atol(digits.c_str());
        if (power > kMaxUnitExponent) {
            return MakeError(ErrorCode::kUnitTooGreat, Text());
        }
        return static_cast<int>(minus ? -power : power);
    }

    Error Unknown(std::string_view code) const {
        if (NamesPrefixedAtom(code)) {
            return MakeError(ErrorCode::kUnitPrefix, Text(), std::string(code));
        }
        if (const auto near = NearestCode(code)) {
            return MakeError(ErrorCode::kUnitUnknownNear, Text(), std::string(code), *near);
        }
        return MakeError(ErrorCode::kUnitUnknown, Text(), std::string(code));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Term> terms_;
};

}  // namespace

core::Result<std::vector<Term>> ParseTerms(std::string_view text) {
    if (text.empty()) {
        return MakeError(ErrorCode::kUnitEmpty);
    }
    if (text.size() > kMaxUnitBytes) {
        return MakeError(
            ErrorCode::kUnitTooLong, std::to_string(text.size()), std::to_string(kMaxUnitBytes)
        );
    }
    if (const auto bad = core::FindInvalidUtf8(text)) {
        return MakeError(ErrorCode::kNotUtf8, std::to_string(*bad));
    }
    return Parser(text).Run();
}

std::string CodeOf(const Symbol& symbol) {
    std::string out;
    if (symbol.prefix != kNone) {
        out += PrefixRows()[static_cast<std::size_t>(symbol.prefix)].code;
    }
    out += AtomRows()[static_cast<std::size_t>(symbol.atom)].code;
    return out;
}

std::vector<Term> JoinTerms(const std::vector<Term>& a, const std::vector<Term>& b, int sign) {
    std::vector<Term> out;
    const auto add = [&out](Term term, int by) {
        term.power *= by;
        const auto same = std::find_if(out.begin(), out.end(), [&term](const Term& mine) {
            return mine.symbol == term.symbol && mine.number == term.number;
        });
        if (same == out.end()) {
            out.push_back(std::move(term));
        } else {
            same->power += term.power;
        }
    };
    for (const Term& term : a) {
        add(term, 1);
    }
    for (const Term& term : b) {
        add(term, sign);
    }
    std::erase_if(out, [](const Term& term) { return term.power == 0 || term.number == "1"; });
    return out;
}

namespace {

// A factor with the sign before it, as `style` writes it.
std::string TextOf(const Term& term, TermStyle style) {
    const bool number = term.symbol.atom == kNone;
    const bool slash = term.power < 0 && (number || style == TermStyle::kSlash);
    const char* sign = slash ? "/" : ".";
    if (!number) {
        const int power = slash ? -term.power : term.power;
        return sign + CodeOf(term.symbol) + (power == 1 ? "" : std::to_string(power));
    }
    // A whole number takes no exponent.
    std::string out;
    for (int i = 0; i < std::abs(term.power); ++i) {
        out += sign + term.number;
    }
    return out;
}

}  // namespace

std::string TextOf(const std::vector<Term>& terms, TermStyle style) {
    std::string above;
    std::string below;
    for (const Term& term : terms) {
        const std::string text = TextOf(term, style);
        (text.starts_with('/') ? below : above) += text;
    }
    const std::string text = above + below;
    return text.empty() ? "1" : text.starts_with('.') ? text.substr(1) : text;
}

}  // namespace kangqu::terminology::ucum
