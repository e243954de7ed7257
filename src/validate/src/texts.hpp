#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"

#include <string>
#include <string_view>

namespace kangqu::validate {

// Longest part of a value that is repeated to the sender, in code points.
constexpr std::size_t kShownCodePoints = 80;

inline std::string Shown(std::string_view text) {
    const std::string_view part = core::PrefixCodePoints(text, kShownCodePoints);
    return std::string(part) + (part.size() < text.size() ? "…" : "");
}

// A value of a document as it is shown in a message.
inline std::string Shown(core::JsonNode node) {
    return Shown(
        node.is_object() || node.is_array() ? std::string_view(core::Minified(node)) : node.text()
    );
}

}  // namespace kangqu::validate
