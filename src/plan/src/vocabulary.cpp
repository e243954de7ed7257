#include "vocabulary.hpp"

#include "text.hpp"

namespace kangqu::plan {

namespace {

struct Pair {
    View taiwan;
    View mainland;
};

// Written in Simplified characters, as the folded text is. Words that mean something else on the
// mainland as well (档案, 程序, 品质) are left alone.
constexpr Pair kPairs[] = {
    {U"中国小学", U"中小学"},   {U"中国小", U"中小学"},
    {U"网际网路", U"互联网"},   {U"网际网络", U"互联网"},
    {U"互联网路", U"互联网"},   {U"最佳化", U"优化"},
    {U"人工智慧", U"人工智能"}, {U"爱滋病", U"艾滋病"},
    {U"套用程序", U"应用程序"}, {U"线上监测", U"在线监测"},
    {U"线上监控", U"在线监控"}, {U"资讯化", U"信息化"},
    {U"资讯平台", U"信息平台"}, {U"民众性", U"群众性"},
    {U"水准", U"水平"},         {U"平方公尺", U"平方米"},
    {U"公尺", U"米"},           {U"幼稚园", U"幼儿园"},
    {U"计程车", U"出租车"},     {U"智慧型手机", U"智能手机"},
};

// "中国小康社会" is no school.
bool IsOtherWord(View text, std::size_t at, View word) noexcept {
    const View behind = text.substr(at + word.size());
    return word == U"中国小" && !behind.empty() &&
           View(U"康组学").find(behind.front()) != View::npos;
}

}  // namespace

std::u32string WithMainlandWords(std::u32string text) {
    for (const Pair& pair : kPairs) {
        std::size_t at = text.find(pair.taiwan);
        while (at != std::u32string::npos) {
            const bool other = IsOtherWord(text, at, pair.taiwan);
            if (!other) {
                text.replace(at, pair.taiwan.size(), pair.mainland);
            }
            at = text.find(pair.taiwan, at + (other ? pair.taiwan.size() : pair.mainland.size()));
        }
    }
    return text;
}

void FoldMainlandWords(std::u32string& text) {
    for (const Pair& pair : kPairs) {
        if (pair.taiwan.size() != pair.mainland.size() || pair.taiwan == pair.mainland) {
            continue;
        }
        for (std::size_t at = text.find(pair.taiwan); at != std::u32string::npos;
             at = text.find(pair.taiwan, at + pair.taiwan.size())) {
            if (!IsOtherWord(text, at, pair.taiwan)) {
                text.replace(at, pair.taiwan.size(), pair.mainland);
            }
        }
    }
}

}  // namespace kangqu::plan
