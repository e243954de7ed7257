#include "heading.hpp"

#include <algorithm>

namespace kangqu::plan {

namespace {

// Longest number in characters ("一百二十三"), and most foreign characters before it in a bracket.
constexpr std::size_t kMaxNumber = 5;
constexpr std::size_t kMaxNoise = 4;

std::size_t RunOf(View text, bool (*belongs)(char32_t)) noexcept {
    std::size_t length = 0;
    while (length < text.size() && length < kMaxNumber && belongs(text[length])) {
        ++length;
    }
    return length;
}

bool IsNumeral(char32_t c) {
    return IsChineseDigit(c);
}

bool IsArabic(char32_t c) {
    return IsDigit(c);
}

std::size_t WithSpaces(View line, std::size_t length) noexcept {
    while (length < line.size() && IsSpace(line[length])) {
        ++length;
    }
    return length;
}

std::optional<HeadingMark> Bracketed(View line) noexcept {
    const std::size_t close = line.substr(0, kMaxNumber + kMaxNoise + 2).find(U')');
    if (close == View::npos || close < 2) {
        return std::nullopt;
    }
    const View inside = line.substr(1, close - 1);
    HeadingMark mark;
    mark.length = WithSpaces(line, close + 1);
    mark.number = inside;
    if (RunOf(inside, IsArabic) == inside.size()) {
        mark.kind = HeadingKind::kDigitBracket;
        return mark;
    }
    mark.kind = HeadingKind::kHanBracket;
    std::size_t tail = inside.size();
    while (tail > 0 && IsChineseDigit(inside[tail - 1])) {
        --tail;
    }
    const View foreign = inside.substr(0, tail);
    if (tail == inside.size() || !std::all_of(foreign.begin(), foreign.end(), IsHan)) {
        return std::nullopt;
    }
    mark.noisy = tail > 0;
    mark.number = inside.substr(tail);
    return mark;
}

std::optional<HeadingMark> Chapter(View line) noexcept {
    const std::size_t run = RunOf(line.substr(1), IsNumeral);
    if (run == 0 || run + 1 >= line.size()) {
        return std::nullopt;
    }
    HeadingMark mark;
    const char32_t word = line[run + 1];
    if (word == U'章' || word == U'篇') {
        mark.kind = HeadingKind::kChapter;
    } else if (word == U'节') {
        mark.kind = HeadingKind::kSection;
    } else {
        return std::nullopt;
    }
    mark.number = line.substr(1, run);
    mark.length = WithSpaces(line, run + 2);
    return mark;
}

std::optional<HeadingMark> Plain(View line) noexcept {
    HeadingMark mark;
    std::size_t run = RunOf(line, IsArabic);
    mark.kind = HeadingKind::kDigit;
    if (run == 0) {
        run = RunOf(line, IsNumeral);
        mark.kind = HeadingKind::kHan;
    }
    if (run == 0 || run >= line.size()) {
        return std::nullopt;
    }
    const char32_t point = line[run];
    const bool stops =
        mark.kind == HeadingKind::kHan ? point == U'、' : (point == U'.' || point == U'、');
    const bool decimal = run + 1 < line.size() && IsDigit(line[run + 1]);
    if (!stops || (point == U'.' && decimal)) {
        return std::nullopt;
    }
    mark.number = line.substr(0, run);
    mark.length = WithSpaces(line, run + 1);
    return mark;
}

}  // namespace

std::optional<HeadingMark> ReadHeadingMark(View line) noexcept {
    if (line.empty()) {
        return std::nullopt;
    }
    std::optional<HeadingMark> mark;
    if (line.front() == U'(') {
        mark = Bracketed(line);
    } else if (line.front() == U'第') {
        mark = Chapter(line);
    } else if (line.front() >= U'①' && line.front() <= U'⑳') {
        mark = HeadingMark{HeadingKind::kCircled, WithSpaces(line, 1), line.substr(0, 1), false};
    } else {
        mark = Plain(line);
    }
    // A number alone on its line heads nothing.
    return mark && mark->length < line.size() ? mark : std::nullopt;
}

void HeadingStack::Enter(HeadingKind kind, std::string text) {
    const auto same = std::find_if(open_.begin(), open_.end(), [kind](const Open& open) {
        return open.kind == kind;
    });
    open_.erase(same, open_.end());
    open_.push_back({kind, std::move(text)});
}

std::vector<std::string> HeadingStack::Path() const {
    std::vector<std::string> path;
    for (const Open& open : open_) {
        path.push_back(open.text);
    }
    return path;
}

}  // namespace kangqu::plan
