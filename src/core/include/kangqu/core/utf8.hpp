#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::core {

// The first byte offset at which `text` stops being well-formed UTF-8 (no overlong forms, no
// surrogates, nothing above U+10FFFF), or nothing if all of it is.
std::optional<std::size_t> FindInvalidUtf8(std::string_view text) noexcept;

// Number of code points. Requires valid UTF-8; a stray continuation byte is not counted.
std::size_t CountCodePoints(std::string_view text) noexcept;

// Decodes the code point at byte `offset` and moves `offset` behind it. Requires valid UTF-8 and
// offset < text.size().
char32_t NextCodePoint(std::string_view text, std::size_t& offset) noexcept;

// Whole texts. Decode requires valid UTF-8; Encode requires scalar values.
std::u32string DecodeUtf8(std::string_view text);
std::string EncodeUtf8(std::u32string_view text);
void AppendUtf8(char32_t code_point, std::string& out);

// The first `count` code points of `text`.
std::string_view PrefixCodePoints(std::string_view text, std::size_t count) noexcept;

// Without the byte-order mark a file may begin with.
std::string_view WithoutBom(std::string_view text) noexcept;

}  // namespace kangqu::core
