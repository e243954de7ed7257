#include "kangqu/core/ids.hpp"

#include "plan.hpp"
#include <array>
#include <charconv>

namespace kangqu::search {

namespace {

char Mark(SortBy sort, bool descending) noexcept {
    constexpr std::string_view kAscending = "puid";
    constexpr std::string_view kDescending = "PUID";
    return (descending ? kDescending : kAscending)[static_cast<std::size_t>(sort)];
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

// "p_0_1790000000000_12_34"; for _sort=_id the id stands behind everything else.
std::string CursorText(const CompiledSearch::Plan& plan, const Cursor& cursor) {
    std::string text(1, Mark(plan.sort, plan.descending));
    for (const std::int64_t part : {cursor.span, cursor.at, cursor.home, cursor.key}) {
        text += '_' + std::to_string(part);
    }
    return cursor.id.empty() ? text : text + '_' + cursor.id;
}

std::optional<Cursor> ParseCursor(const CompiledSearch::Plan& plan, std::string_view text) {
    if (text.empty() || text.front() != Mark(plan.sort, plan.descending)) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    Cursor cursor;
    if (!TakeInteger(text, cursor.span) || !TakeInteger(text, cursor.at) ||
        !TakeInteger(text, cursor.home) || !TakeInteger(text, cursor.key)) {
        return std::nullopt;
    }
    if (plan.sort == SortBy::kId) {
        if (text.empty() || !core::IsFhirId(text.substr(1))) {
            return std::nullopt;
        }
        cursor.id = text.substr(1);
        return cursor;
    }
    return text.empty() ? std::optional(cursor) : std::nullopt;
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
