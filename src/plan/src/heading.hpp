#pragma once

#include "text.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kangqu::plan {

// The numberings of official documents. Their nesting is what the document makes of it.
enum class HeadingKind : std::uint8_t {
    kChapter,       // 第一章
    kSection,       // 第一节
    kHan,           // 一、
    kHanBracket,    // (一)
    kDigit,         // 1. 1、
    kDigitBracket,  // (1)
    kCircled,       // ①
};

struct HeadingMark {
    HeadingKind kind = HeadingKind::kHan;
    // Characters of the number with its punctuation and the spaces behind it.
    std::size_t length = 0;
    // The number itself, without foreign characters inside the bracket.
    View number;
    // Foreign characters stood inside the bracket, as copies with noise have them.
    bool noisy = false;
};

// The number that a line begins with, or nothing. `line` is trimmed and folded.
std::optional<HeadingMark> ReadHeadingMark(View line) noexcept;

// The headings above the current line, outermost first.
class HeadingStack {
public:
    // A heading of a kind already open closes everything from it on.
    void Enter(HeadingKind kind, std::string text);
    std::vector<std::string> Path() const;
    bool empty() const noexcept { return open_.empty(); }

private:
    struct Open {
        HeadingKind kind;
        std::string text;
    };
    std::vector<Open> open_;
};

}  // namespace kangqu::plan
