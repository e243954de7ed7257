// encode, decode, escape, unescape.
#include "functions/registry.hpp"
#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace kangqu::expression {

namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

unsigned Byte(char c) {
    return static_cast<unsigned char>(c);
}

std::string ToBase64(std::string_view text, std::string_view alphabet) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, text.size() - i);
        unsigned bits = Byte(text[i]) << 16U;
        bits |= left > 1 ? Byte(text[i + 1]) << 8U : 0U;
        bits |= left > 2 ? Byte(text[i + 2]) : 0U;
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= left ? alphabet[bits >> (18U - 6U * k) & 63U] : '=';
        }
    }
    return out;
}

std::optional<std::string> FromBase64(std::string_view text, std::string_view alphabet) {
    while (!text.empty() && text.back() == '=') {
        text.remove_suffix(1);
    }
    std::string out;
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t digit = alphabet.find(c);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        bits = bits << 6U | static_cast<unsigned>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 255U);
        }
    }
    return out;
}

std::string ToHex(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += kHex[Byte(c) >> 4U];
        out += kHex[Byte(c) & 15U];
    }
    return out;
}

std::optional<std::string> FromHex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const std::size_t high = kHex.find(static_cast<char>(text[i] | (text[i] > '9' ? 0x20 : 0)));
        const std::size_t low =
            kHex.find(static_cast<char>(text[i + 1] | (text[i + 1] > '9' ? 0x20 : 0)));
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

struct Escape {
    std::string_view plain;
    std::string_view written;
};
constexpr std::array<Escape, 5> kHtml = {{
    {"&", "&amp;"},
    {"<", "&lt;"},
    {">", "&gt;"},
    {"\"", "&quot;"},
    {"'", "&#39;"},
}};
constexpr std::array<Escape, 6> kJson = {{
    {"\\", "\\\\"},
    {"\"", "\\\""},
    {"\n", "\\n"},
    {"\r", "\\r"},
    {"\t", "\\t"},
    {"\f", "\\f"},
}};

std::string Mapped(std::string_view text, std::span<const Escape> table, bool escape) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        bool found = false;
        for (const Escape& row : table) {
            const std::string_view from = escape ? row.plain : row.written;
            if (text.substr(i).starts_with(from)) {
                out += escape ? row.written : row.plain;
                i += from.size();
                found = true;
                break;
            }
        }
        if (!found) {
            out += text[i++];
        }
    }
    return out;
}

// Input and name of the form; false when either is empty.
bool Arguments(Evaluation& evaluation, const PlanNode& node, Value& text, Value& form) {
    text = evaluation.Typed(node, 0, Kind::kString);
    form = evaluation.Typed(node, 1, Kind::kString);
    return !text.is_null() && !form.is_null();
}

Value Shown(Evaluation& evaluation, const std::optional<std::string>& text) {
    return text ? Value::String(evaluation.Text(*text)) : Value();
}

Value Encode(Evaluation& evaluation, const PlanNode& node) {
    Value text;
    Value form;
    if (!Arguments(evaluation, node, text, form)) {
        return {};
    }
    if (form.text() == "hex") {
        return Shown(evaluation, ToHex(text.text()));
    }
    if (form.text() == "base64" || form.text() == "urlbase64") {
        return Shown(
            evaluation, ToBase64(text.text(), form.text() == "base64" ? kBase64 : kUrlBase64)
        );
    }
    return {};
}

Value Decode(Evaluation& evaluation, const PlanNode& node) {
    Value text;
    Value form;
    if (!Arguments(evaluation, node, text, form)) {
        return {};
    }
    if (form.text() == "hex") {
        return Shown(evaluation, FromHex(text.text()));
    }
    if (form.text() == "base64" || form.text() == "urlbase64") {
        return Shown(
            evaluation, FromBase64(text.text(), form.text() == "base64" ? kBase64 : kUrlBase64)
        );
    }
    return {};
}

Value Escaped(Evaluation& evaluation, const PlanNode& node, bool escape) {
    Value text;
    Value form;
    if (!Arguments(evaluation, node, text, form)) {
        return {};
    }
    if (form.text() == "html") {
        return Shown(evaluation, Mapped(text.text(), kHtml, escape));
    }
    return form.text() == "json" ? Shown(evaluation, Mapped(text.text(), kJson, escape)) : Value();
}

Value EscapeText(Evaluation& evaluation, const PlanNode& node) {
    return Escaped(evaluation, node, true);
}
Value UnescapeText(Evaluation& evaluation, const PlanNode& node) {
    return Escaped(evaluation, node, false);
}

constexpr std::array<Method, 4> kMethods = {{
    {"encode", 1, 1, 0, ResultRule::kString, Encode},
    {"decode", 1, 1, 0, ResultRule::kString, Decode},
    {"escape", 1, 1, 0, ResultRule::kString, EscapeText},
    {"unescape", 1, 1, 0, ResultRule::kString, UnescapeText},
}};

}  // namespace

std::span<const Method> EncodingMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
