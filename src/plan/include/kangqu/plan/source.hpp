#pragma once

#include "kangqu/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kangqu::plan {

// Most bytes of a file that is taken in. A plan with its annexes as a word processor file with
// pictures stays below.
constexpr std::size_t kSourceMaxBytes = std::size_t{32} << 20U;

enum class SourceKind : std::uint8_t { kText, kHtml, kDocx, kPdf };
// "text" "html" "docx" "pdf"
std::string_view NameOf(SourceKind kind) noexcept;

// The text of a file as the reader takes it. Offsets of a plan count code points of `text`.
struct SourceFile {
    SourceKind kind = SourceKind::kText;
    // "utf-8", "utf-16le", "utf-16be", "gb18030"; of docx and pdf empty.
    std::string encoding;
    // UTF-8. Of a UTF-8 text file the bytes as they stand; of the others one line a paragraph, and
    // one a table row with tabs between its cells.
    std::string text;
};

// What the file is, is told from its content, not from its name; `name` is for the messages.
// Fails with kTooLarge, kPlanEmpty, kPlanEncoding, kPlanMacros (a word processor file with macros),
// kPlanScanned (a PDF without text), kPlanDamaged (of the kind, but not to be opened) or
// kPlanUnsupportedFormat (another kind, which the message names).
core::Result<SourceFile> ReadSource(std::string_view bytes, std::string_view name);

}  // namespace kangqu::plan
