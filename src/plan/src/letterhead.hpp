#pragma once

#include "text.hpp"
#include <string>
#include <vector>

namespace kangqu::plan {

struct Letterhead {
    std::string title;
    std::string issuer;
    std::string doc_no;
    std::string date;
    std::string published;
};

// What stands above the first heading: `lines` are folded and trimmed.
Letterhead ReadLetterhead(const SourceText& source, const std::vector<View>& lines);

// "2020年8月23日" or "2020-09-04" at the beginning of `text` as YYYY-MM-DD; empty when it is no
// date that exists.
std::string ReadDate(View text);

}  // namespace kangqu::plan
