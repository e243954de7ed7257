#include "kangqu/core/ids.hpp"

#include "plan.hpp"
#include <array>
#include <charconv>

namespace kangqu::search {

namespace {

char Mark(SortBy sort, bool descending) noexcept {
    constexpr std::string_view kAscending = "puidv";
    constexpr std::string_view kDescending = "PUIDV";
    return (descending ? kDescending : kAscending)[static_cast<std::size_t>(sort)];
}

// Texts in a cursor as two hexadecimal digits a byte.
std::string Hex(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(kDigits[byte >> 4U]);
        out.push_back(kDigits[byte & 0xFU]);
    }
    return out;
}

bool ReadHex(std::string_view text, std::string& out) {
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        unsigned byte = 0;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, byte, 16);
        if (error != std::errc{} || end != text.data() + at + 2) {
            return false;
        }
        out.push_back(static_cast<char>(byte));
    }
    return text.size() % 2 == 0;
}

bool TakeInteger(std::string_view& text, std::int64_t& value) noexcept {
    if (text.empty() || text.front() != '_') {
        return false;
    }
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc{};
}

}  // namespace

// "p_2166136261_0_1790000000000_12_34"; the id or the sort values stand behind everything else.
std::string CursorText(const CompiledSearch::Plan& plan, const Cursor& cursor) {
    std::string text(1, Mark(plan.sort, plan.descending));
    for (const std::int64_t part :
         {std::int64_t{plan.print}, cursor.span, cursor.at, cursor.home, cursor.key}) {
        text += '_' + std::to_string(part);
    }
    return cursor.text.empty() ? text : text + '_' + Hex(cursor.text);
}

std::optional<Cursor> ParseCursor(const CompiledSearch::Plan& plan, std::string_view text) {
    if (text.empty() || text.front() != Mark(plan.sort, plan.descending)) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    Cursor cursor;
    std::int64_t print = 0;
    if (!TakeInteger(text, print) || print != std::int64_t{plan.print} ||
        !TakeInteger(text, cursor.span) || !TakeInteger(text, cursor.at) ||
        !TakeInteger(text, cursor.home) || !TakeInteger(text, cursor.key)) {
        return std::nullopt;
    }
    const bool has_text = plan.sort == SortBy::kId || plan.sort == SortBy::kValues;
    if (has_text != text.starts_with('_') || (has_text && !ReadHex(text.substr(1), cursor.text)) ||
        (plan.sort == SortBy::kId && !core::IsFhirId(cursor.text))) {
        return std::nullopt;
    }
    return has_text || text.empty() ? std::optional(cursor) : std::nullopt;
}

bool ParseNumber(std::string_view text, Value& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value.number);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) {
        return false;
    }
    const std::size_t exponent_at = text.find_first_of("eE");
    const std::string_view digits = text.substr(0, exponent_at);
    int exponent = 0;
    if (exponent_at != std::string_view::npos) {
        std::string_view tail = text.substr(exponent_at + 1);
        tail.remove_prefix(tail.starts_with('+') ? 1 : 0);
        std::from_chars(tail.data(), tail.data() + tail.size(), exponent);
    }
    const std::size_t point = digits.find('.');
    const int decimals =
        point == std::string_view::npos ? 0 : static_cast<int>(digits.size() - point - 1);
    // Half of the last written digit's worth, read as decimal text so that 0.05 is exactly that.
    const std::string half = "5e" + std::to_string(exponent - decimals - 1);
    double margin = 0;
    std::from_chars(half.data(), half.data() + half.size(), margin);
    value.low = value.number - margin;
    value.high = value.number + margin;
    return true;
}

}  // namespace kangqu::search
