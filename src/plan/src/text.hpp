#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::plan {

// Code points of the folded text, or of a constant.
using View = std::u32string_view;

// A document twice, position by position: as printed, and folded for matching. Folding maps
// full-width punctuation and digits to ASCII, every kind of space but tabs to U+0020, and
// Traditional characters to Simplified, always one code point to one, so an offset is good in both.
class SourceText {
public:
    // Requires valid UTF-8.
    explicit SourceText(std::string_view utf8);

    View folded() const noexcept { return folded_; }
    std::size_t size() const noexcept { return folded_.size(); }
    bool traditional() const noexcept { return traditional_; }
    // Position of a view into folded().
    std::size_t OffsetOf(View part) const noexcept {
        return static_cast<std::size_t>(part.data() - folded_.data());
    }
    // The words as printed, in UTF-8. A view that is not part of folded() stands for itself.
    std::string Printed(View part) const;
    // For names that are matched and compared: as printed, but in Simplified characters.
    std::string Named(View part) const;

private:
    bool Owns(View part) const noexcept;

    std::u32string printed_;
    std::u32string folded_;
    bool traditional_ = false;
};

bool IsDigit(char32_t c) noexcept;
bool IsHan(char32_t c) noexcept;
bool IsSpace(char32_t c) noexcept;
// 一 二 三 ... 十 百 零 〇 两
bool IsChineseDigit(char32_t c) noexcept;
// "十二" = 12; nothing for what is no number below 1000.
std::optional<int> ChineseNumber(View text) noexcept;

View Trim(View text) noexcept;
std::vector<View> Lines(View text);
bool Contains(View text, View word) noexcept;

// Removes the first of `words` that `text` begins (ends) with and says whether there was one.
bool DropPrefix(View& text, std::initializer_list<View> words) noexcept;
bool DropSuffix(View& text, std::initializer_list<View> words) noexcept;
// The part of `text` that is the first of `words`, in list order, which it begins (ends) with;
// empty when there is none.
View PrefixOf(View text, std::initializer_list<View> words) noexcept;
View SuffixOf(View text, std::initializer_list<View> words) noexcept;

// Splits at any of `separators` outside brackets and quotation marks. Where the brackets of `text`
// do not balance, they are not looked at. Parts are not trimmed and may be empty.
std::vector<View> SplitOutside(View text, View separators);
// Positions outside brackets and quotation marks, one flag a character.
std::vector<bool> OutsideBrackets(View text);

}  // namespace kangqu::plan
