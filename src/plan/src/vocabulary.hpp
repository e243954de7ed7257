#pragma once

#include <string>

namespace kangqu::plan {

// A document converted to Traditional script by machine often has its words converted too
// ("網際網路" for 互联网). Text in Simplified characters whose words are of Taiwan usage comes back
// in the words of the mainland.
//
// WithMainlandWords may change the length and is for names that are shown and compared.
std::u32string WithMainlandWords(std::u32string text);

// Only pairs of the same length, in place, so that positions stay good: for text that rules read.
void FoldMainlandWords(std::u32string& text);

}  // namespace kangqu::plan
