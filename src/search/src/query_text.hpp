#pragma once

#include "kangqu/core/result.hpp"

#include "interval.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::search {

using QueryPair = std::pair<std::string, std::string>;

core::Error BadValue(const QueryPair& pair, std::string_view why);

// Pieces between `separator`s that no backslash stands before; the backslashes stay.
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string Unescaped(std::string_view text);

// Takes two letters in front of a digit or a sign; nothing when they are no known prefix.
std::optional<Prefix> TakePrefix(std::string_view& text) noexcept;

}  // namespace kangqu::search
