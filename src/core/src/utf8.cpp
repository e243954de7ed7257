#include "kangqu/core/utf8.hpp"

namespace kangqu::core {

namespace {

constexpr unsigned char Byte(char c) noexcept {
    return static_cast<unsigned char>(c);
}

constexpr bool IsContinuation(char c) noexcept {
    return (Byte(c) & 0xC0U) == 0x80U;
}

struct Lead {
    std::size_t length;
    unsigned char low;   // smallest second byte
    unsigned char high;  // largest second byte
};

// Table 3-7 of the Unicode Standard: well-formed UTF-8 byte sequences.
constexpr Lead LeadOf(unsigned char byte) noexcept {
    if (byte < 0x80U) {
        return {1, 0, 0};
    }
    if (byte < 0xC2U) {
        return {0, 0, 0};
    }
    if (byte < 0xE0U) {
        return {2, 0x80U, 0xBFU};
    }
    if (byte < 0xF0U) {
        return {
            3,
            byte == 0xE0U ? static_cast<unsigned char>(0xA0U) : static_cast<unsigned char>(0x80U),
            byte == 0xEDU ? static_cast<unsigned char>(0x9FU) : static_cast<unsigned char>(0xBFU)};
    }
    if (byte < 0xF5U) {
        return {
            4,
            byte == 0xF0U ? static_cast<unsigned char>(0x90U) : static_cast<unsigned char>(0x80U),
            byte == 0xF4U ? static_cast<unsigned char>(0x8FU) : static_cast<unsigned char>(0xBFU)};
    }
    return {0, 0, 0};
}

}  // namespace

std::optional<std::size_t> FindInvalidUtf8(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const Lead lead = LeadOf(Byte(text[at]));
        if (lead.length == 1) {
            ++at;
            continue;
        }
        if (lead.length == 0 || at + lead.length > text.size()) {
            return at;
        }
        const unsigned char second = Byte(text[at + 1]);
        if (second < lead.low || second > lead.high) {
            return at;
        }
        for (std::size_t i = 2; i < lead.length; ++i) {
            if (!IsContinuation(text[at + i])) {
                return at;
            }
        }
        at += lead.length;
    }
    return std::nullopt;
}

std::size_t CountCodePoints(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text) {
        count += IsContinuation(c) ? 0U : 1U;
    }
    return count;
}

char32_t NextCodePoint(std::string_view text, std::size_t& offset) noexcept {
    const unsigned char first = Byte(text[offset++]);
    if (first < 0x80U) {
        return first;
    }
    const int more = first >= 0xF0U ? 3 : (first >= 0xE0U ? 2 : 1);
    char32_t code_point = first & (0x3FU >> static_cast<unsigned>(more));
    for (int i = 0; i < more && offset < text.size(); ++i) {
        code_point = (code_point << 6U) | (Byte(text[offset++]) & 0x3FU);
    }
    return code_point;
}

std::u32string DecodeUtf8(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        out.push_back(NextCodePoint(text, at));
    }
    return out;
}

void AppendUtf8(char32_t code_point, std::string& out) {
    const auto put = [&out](char32_t bits) {
        out.push_back(static_cast<char>(bits));
    };
    if (code_point < 0x80U) {
        put(code_point);
    } else if (code_point < 0x800U) {
        put(0xC0U | (code_point >> 6U));
        put(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000U) {
        put(0xE0U | (code_point >> 12U));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    } else {
        put(0xF0U | (code_point >> 18U));
        put(0x80U | ((code_point >> 12U) & 0x3FU));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    }
}

std::string EncodeUtf8(std::u32string_view text) {
    std::string out;
    out.reserve(text.size() * 3);
    for (const char32_t code_point : text) {
        AppendUtf8(code_point, out);
    }
    return out;
}

std::string_view PrefixCodePoints(std::string_view text, std::size_t count) noexcept {
    std::size_t at = 0;
    while (at < text.size() && count > 0) {
        NextCodePoint(text, at);
        --count;
    }
    return text.substr(0, at);
}

std::string_view WithoutBom(std::string_view text) noexcept {
    return text.substr(0, 3) == "\xEF\xBB\xBF" ? text.substr(3) : text;
}

}  // namespace kangqu::core
