#include "text.hpp"

#include "kangqu/core/utf8.hpp"

#include "vocabulary.hpp"
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <unordered_map>

#include <unicode/translit.h>
#include <unicode/unistr.h>

namespace kangqu::plan {

namespace {

// Code points seen only in text of either script are kept; a document counts as Traditional when
// more than this share of its Han characters change.
constexpr std::size_t kTraditionalPercent = 5;

// Traditional to Simplified, one character to one. Characters that ICU would write as several are
// left alone.
class ScriptFolder {
public:
    ScriptFolder() {
        UErrorCode status = U_ZERO_ERROR;
        rules_.reset(
            icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status)
        );
        if (U_FAILURE(status) != 0) {
            rules_.reset();
        }
    }

    char32_t operator()(char32_t c) {
        if (!IsHan(c) || rules_ == nullptr) {
            return c;
        }
        const auto [slot, fresh] = seen_.try_emplace(c, c);
        if (fresh) {
            icu::UnicodeString text(static_cast<UChar32>(c));
            rules_->transliterate(text);
            if (text.countChar32() == 1) {
                slot->second = static_cast<char32_t>(text.char32At(0));
            }
        }
        return slot->second;
    }

private:
    std::unique_ptr<icu::Transliterator> rules_;
    std::unordered_map<char32_t, char32_t> seen_;
};

char32_t FoldPunctuation(char32_t c) noexcept {
    if (c >= 0xFF01 && c <= 0xFF5E) {
        return c - 0xFEE0;  // full-width forms of ASCII
    }
    if (IsSpace(c) && c != U'\n' && c != U'\t') {
        return U' ';
    }
    switch (c) {
        case U'「':
        case U'『':
        case U'〝':
            return U'“';
        case U'」':
        case U'』':
        case U'〞':
            return U'”';
        case U'．':
            return U'.';
        case U'箇':
        case U'個':
            return U'个';
        default:
            return c;
    }
}

bool Opens(char32_t c) noexcept {
    return View(U"(“《〈〔[【{").find(c) != View::npos;
}

bool Closes(char32_t c) noexcept {
    return View(U")”》〉〕]】}").find(c) != View::npos;
}

}  // namespace

SourceText::SourceText(std::string_view utf8) : printed_(core::DecodeUtf8(utf8)) {
    folded_.reserve(printed_.size());
    ScriptFolder folder;
    std::size_t han = 0;
    std::size_t changed = 0;
    for (const char32_t c : printed_) {
        const char32_t simplified = folder(c);
        han += IsHan(c) ? 1U : 0U;
        changed += simplified != c ? 1U : 0U;
        folded_.push_back(FoldPunctuation(simplified));
    }
    traditional_ = changed * 100 > han * kTraditionalPercent;
    if (traditional_) {
        FoldMainlandWords(folded_);
    }
}

bool SourceText::Owns(View part) const noexcept {
    const std::less<> before;
    const char32_t* const begin = folded_.data();
    return !before(part.data(), begin) &&
           !before(begin + folded_.size(), part.data() + part.size());
}

std::string SourceText::Printed(View part) const {
    if (!Owns(part)) {
        return core::EncodeUtf8(part);
    }
    return core::EncodeUtf8(View(printed_).substr(OffsetOf(part), part.size()));
}

std::string SourceText::Named(View part) const {
    if (!Owns(part)) {
        return core::EncodeUtf8(part);
    }
    return traditional_ ? core::EncodeUtf8(WithMainlandWords(std::u32string(part))) : Printed(part);
}

bool IsDigit(char32_t c) noexcept {
    return c >= U'0' && c <= U'9';
}

bool IsHan(char32_t c) noexcept {
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

bool IsSpace(char32_t c) noexcept {
    return c == U' ' || (c >= 0x09 && c <= 0x0D) || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) ||
           c == 0x202F || c == 0x3000 || c == 0xFEFF || c == 0x85;
}

bool IsChineseDigit(char32_t c) noexcept {
    return View(U"一二三四五六七八九十百零〇两").find(c) != View::npos;
}

std::optional<int> ChineseNumber(View text) noexcept {
    constexpr View kDigits = U"零一二三四五六七八九";
    int total = 0;
    int digit = -1;
    for (const char32_t c : text) {
        if (c == U'十' || c == U'百') {
            const int place = c == U'十' ? 10 : 100;
            total += (digit < 0 ? 1 : digit) * place;
            digit = -1;
            continue;
        }
        const char32_t plain = c == U'〇' ? U'零' : (c == U'两' ? U'二' : c);
        const std::size_t value = kDigits.find(plain);
        if (value == View::npos || digit > 0) {
            return std::nullopt;
        }
        digit = static_cast<int>(value);
    }
    total += digit < 0 ? 0 : digit;
    return text.empty() || total > 999 ? std::nullopt : std::optional<int>(total);
}

View Trim(View text) noexcept {
    while (!text.empty() && IsSpace(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && IsSpace(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::vector<View> Lines(View text) {
    std::vector<View> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(U'\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool Contains(View text, View word) noexcept {
    return text.find(word) != View::npos;
}

View PrefixOf(View text, std::initializer_list<View> words) noexcept {
    for (const View word : words) {
        if (text.starts_with(word)) {
            return text.substr(0, word.size());
        }
    }
    return {};
}

View SuffixOf(View text, std::initializer_list<View> words) noexcept {
    for (const View word : words) {
        if (text.ends_with(word)) {
            return text.substr(text.size() - word.size());
        }
    }
    return {};
}

bool DropPrefix(View& text, std::initializer_list<View> words) noexcept {
    const View word = PrefixOf(text, words);
    text.remove_prefix(word.size());
    return !word.empty();
}

bool DropSuffix(View& text, std::initializer_list<View> words) noexcept {
    const View word = SuffixOf(text, words);
    text.remove_suffix(word.size());
    return !word.empty();
}

std::vector<bool> OutsideBrackets(View text) {
    std::vector<bool> outside(text.size(), true);
    std::size_t depth = 0;
    bool balanced = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (Opens(text[at])) {
            ++depth;
        }
        outside[at] = depth == 0;
        if (Closes(text[at])) {
            balanced = balanced && depth > 0;
            depth -= depth > 0 ? 1U : 0U;
        }
    }
    if (!balanced || depth > 0) {
        outside.assign(text.size(), true);
    }
    return outside;
}

std::vector<View> SplitOutside(View text, View separators) {
    const std::vector<bool> outside = OutsideBrackets(text);
    std::vector<View> parts;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (outside[at] && separators.find(text[at]) != View::npos) {
            parts.push_back(text.substr(begin, at - begin));
            begin = at + 1;
        }
    }
    parts.push_back(text.substr(begin));
    return parts;
}

}  // namespace kangqu::plan
