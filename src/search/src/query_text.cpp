#include "query_text.hpp"

#include "kangqu/core/utf8.hpp"

namespace kangqu::search {

core::Error BadValue(const QueryPair& pair, std::string_view why) {
    return core::MakeError(
        core::ErrorCode::kSearchBadValue,
        pair.first,
        std::string(core::PrefixCodePoints(pair.second, 80)),
        std::string(why)
    );
}

// Pieces between `separator`s that no backslash stands before; the backslashes stay.
std::vector<std::string_view> Split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == separator) {
            pieces.push_back(text.substr(start, at - start));
            start = at + 1;
        }
    }
    pieces.push_back(text.substr(start));
    return pieces;
}

std::string Unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            ++at;
        }
        out.push_back(text[at]);
    }
    return out;
}

// Two letters in front of a digit or a sign; nothing when they are no known prefix.
std::optional<Prefix> TakePrefix(std::string_view& text) noexcept {
    constexpr std::pair<std::string_view, Prefix> kPrefixes[] = {
        {"eq", Prefix::kEq},
        {"ne", Prefix::kNe},
        {"gt", Prefix::kGt},
        {"lt", Prefix::kLt},
        {"ge", Prefix::kGe},
        {"le", Prefix::kLe},
        {"sa", Prefix::kSa},
        {"eb", Prefix::kEb},
        {"ap", Prefix::kAp}};
    if (text.empty() || text.front() < 'a' || text.front() > 'z') {
        return Prefix::kEq;
    }
    for (const auto& [name, prefix] : kPrefixes) {
        if (text.starts_with(name)) {
            text.remove_prefix(2);
            return prefix;
        }
    }
    return std::nullopt;
}

}  // namespace kangqu::search
