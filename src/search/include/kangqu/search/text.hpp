#pragma once

#include <string>
#include <string_view>

namespace kangqu::search {

// A name's reading in Latin letters, for search and order: "张三" -> {"zhangsan", "zs"}. Latin text
// is lower-cased without accents and white space, and its initials are those of its words ("Anna
// Bo" -> {"annabo", "ab"}).
struct Pinyin {
    std::string full;
    std::string initials;
    // The syllables and words apart ("zhang san"): the order of a list, in which all of one surname
    // stand together.
    std::string order;
};
// Any thread. ICU's Han-Latin; surnames with their own reading (单 shan, 仇 qiu, 曾 zeng...) when
// first.
Pinyin PinyinOf(std::string_view name);

}  // namespace kangqu::search
