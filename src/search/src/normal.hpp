#pragma once

#include <string>
#include <string_view>

namespace kangqu::search {

// The form in which strings are compared: NFKC, case folded, without accents, Traditional
// characters as Simplified ones, white space runs made one space and cut off at the ends. Requires
// valid UTF-8.
std::string Normalised(std::string_view text);

// Contains a Han character.
bool HasHan(std::string_view text) noexcept;

}  // namespace kangqu::search
