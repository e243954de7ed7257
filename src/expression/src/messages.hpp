#pragma once

#include <string>

namespace kangqu::expression {

// What an error of an expression says, in both languages: the English text with its Chinese beside
// it where there is one (core::Words).
std::string InBothLanguages(std::string english);

}  // namespace kangqu::expression
