#include "kangqu/expression/explain.hpp"

#include "kangqu/core/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kangqu::expression {

namespace {

struct Place {
    std::size_t line = 0;  // 0: not known
    std::size_t column = 0;
};

// "12:3" at the end of `where`; of an included library, whose text is not at hand, none.
Place PlaceIn(std::string_view where) {
    Place out;
    const std::size_t colon = where.find(':');
    if (colon == std::string_view::npos || where.find(' ') != std::string_view::npos) {
        return out;
    }
    const std::string_view line = where.substr(0, colon);
    const std::string_view column = where.substr(colon + 1);
    std::from_chars(line.data(), line.data() + line.size(), out.line);
    std::from_chars(column.data(), column.data() + column.size(), out.column);
    return out;
}

std::string_view LineOf(std::string_view source, std::size_t number) {
    for (std::size_t line = 1; line < number; ++line) {
        const std::size_t end = source.find('\n');
        if (end == std::string_view::npos) {
            return {};
        }
        source.remove_prefix(end + 1);
    }
    source = source.substr(0, source.find('\n'));
    source.remove_suffix(source.ends_with('\r') ? 1 : 0);
    return source;
}

bool IsNamePart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Bytes of the word, or quoted name, that begins at `at`; 1 for a sign.
std::size_t WordSize(std::string_view line, std::size_t at) {
    if (at >= line.size()) {
        return 1;
    }
    if (line[at] == '"' || line[at] == '\'' || line[at] == '`') {
        const std::size_t end = line.find(line[at], at + 1);
        return end == std::string_view::npos ? line.size() - at : end + 1 - at;
    }
    std::size_t end = at;
    while (end < line.size() && IsNamePart(line[end])) {
        ++end;
    }
    return end > at ? end - at : 1;
}

// Columns a text takes on a terminal: Han characters and their like take two.
std::size_t Width(std::string_view text) {
    constexpr char32_t kWide = 0x1100;
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        width += core::NextCodePoint(text, at) >= kWide ? 2U : 1U;
    }
    return width;
}

struct Advice {
    core::ErrorCode code;
    std::string_view zh;
    std::string_view en;
};
constexpr auto kAdvice = std::to_array<Advice>({
    {core::ErrorCode::kExpressionSyntax,
     "检查标记处及其前一个词：括号是否成对，define 后是否有冒号，文本用单引号，名称用双引号。",
     "Look at the marked place and the word before it: brackets in pairs, a colon behind the name "
     "of "
     "a define, texts in single quotes, names in double quotes."},
    {core::ErrorCode::kExpressionUnknownName,
     "名称区分大小写。资料类型用 FHIR R4 的英文名称；代码、值集、参数和定义要先在本库声明，"
     "或写成“库名.名称”。",
     "Names are case-sensitive. Types of records have their FHIR R4 names; codes, value sets, "
     "parameters and definitions must be declared in this library, or be written as library.name."},
    {core::ErrorCode::kExpressionType,
     "两边的类型要能一起计算或比较：数值带单位时写成 140 'mm[Hg]'，日期写成 @2025-01-01，"
     "可多选的元素先用 as 指明类型。",
     "Both sides must be of types that go together: write numbers with units as 140 'mm[Hg]', "
     "dates "
     "as @2025-01-01, and say with `as` which type of a choice is meant."},
    {core::ErrorCode::kExpressionLimit,
     "把表达式分成几个 define，或减少嵌套。",
     "Divide the expression into several definitions, or nest less."},
});

}  // namespace

std::string ExplainCql(
    const core::Error& error,
    std::string_view file,
    std::string_view source,
    core::Language language
) {
    core::Error placed = error;
    placed.where = std::string(file) + (error.where.empty() ? "" : ":" + error.where);
    std::string out = placed.Line(language) + "\n";
    const Place place = PlaceIn(error.where);
    const std::string_view line = place.line == 0 ? std::string_view() : LineOf(source, place.line);
    if (!line.empty() && place.column >= 1 && place.column <= line.size() + 1) {
        const std::string number = std::to_string(place.line);
        const std::size_t at = place.column - 1;
        std::string before(Width(line.substr(0, at)), ' ');
        const std::string_view word = line.substr(std::min(at, line.size()), WordSize(line, at));
        out += "  " + number + " | ";
        for (const char c : line) {
            out += c == '\t' ? ' ' : c;
        }
        out += "\n  " + std::string(number.size(), ' ') + " | " + before;
        out += std::string(std::max<std::size_t>(Width(word), 1), '^') + "\n";
    }
    for (const Advice& advice : kAdvice) {
        if (advice.code == error.code) {
            out.append(language == core::Language::kZh ? advice.zh : advice.en).append("\n");
        }
    }
    return out;
}

}  // namespace kangqu::expression
