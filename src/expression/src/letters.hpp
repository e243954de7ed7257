#pragma once

#include <string>
#include <string_view>

namespace kangqu::expression {

// Letters one to one, whatever the language of the text: Latin, Greek, Cyrillic, full-width Latin.
// What has no counterpart of one letter (ß) stays.
std::string UpperCase(std::string_view text);
std::string LowerCase(std::string_view text);

}  // namespace kangqu::expression
