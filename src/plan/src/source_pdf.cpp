// PDF files: the text layer, page by page. Lines that the page's width broke are put together.
#include "kangqu/core/utf8.hpp"

#include "heading.hpp"
#include "source_parts.hpp"
#include "text.hpp"
#include <algorithm>
#include <memory>
#include <vector>

#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-page.h>

namespace kangqu::plan {

namespace {

using core::ErrorCode;
using core::MakeError;

constexpr int kMaxPages = 2000;
// A line of at least this share of the widest one runs on into the next.
constexpr std::size_t kFullPercent = 85;
constexpr std::size_t kShortest = 12;

void Quiet(const std::string& /*message*/, void* /*closure*/) {}

std::string Utf8(const poppler::ustring& text) {
    const poppler::byte_array bytes = text.to_utf8();
    return {bytes.begin(), bytes.end()};
}

// "— 3 —", "- 3 -", "3": a page number.
bool IsPageNumber(View line) {
    bool digit = false;
    for (const char32_t c : line) {
        digit = digit || IsDigit(c);
        if (!IsDigit(c) && View(U" -—–·第页").find(c) == View::npos) {
            return false;
        }
    }
    return digit && line.size() <= 9;
}

// Columns that stand apart are cells.
std::u32string WithTabs(View line) {
    std::u32string out;
    std::size_t spaces = 0;
    for (const char32_t c : line) {
        if (c == U' ' || c == U'\u00A0') {
            ++spaces;
            continue;
        }
        if (spaces > 0 && !out.empty()) {
            out += spaces >= 3 ? U'\t' : U' ';
        }
        spaces = 0;
        out.push_back(c);
    }
    return out;
}

bool EndsParagraph(View line) noexcept {
    return View(U"。:：;；!?！？").find(line.back()) != View::npos;
}

// Breaks of the page's width are taken back; headings, cells and short lines stay.
std::string Joined(const std::vector<std::u32string>& lines) {
    std::size_t widest = 0;
    for (const std::u32string& line : lines) {
        widest = std::max(widest, line.find(U'\t') == View::npos ? line.size() : 0);
    }
    std::u32string out;
    bool open = false;
    for (const std::u32string& line : lines) {
        if (line.empty()) {
            continue;
        }
        const std::string folded = core::EncodeUtf8(line);
        const SourceText source(folded);
        const bool starts = ReadHeadingMark(Trim(source.folded())).has_value();
        const bool cells = line.find(U'\t') != View::npos;
        if (!out.empty() && (!open || starts || cells)) {
            out += U'\n';
        }
        out += line;
        open = !cells && line.size() >= kShortest && line.size() * 100 >= widest * kFullPercent &&
               !EndsParagraph(line);
    }
    return core::EncodeUtf8(out);
}

}  // namespace

core::Result<std::string> TextOfPdf(std::string_view bytes) {
    poppler::set_debug_error_function(Quiet, nullptr);
    const std::unique_ptr<poppler::document> document(
        poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size()))
    );
    if (!document) {
        return MakeError(ErrorCode::kPlanDamaged, "PDF", "不是完整的 PDF (not a whole PDF)");
    }
    if (document->is_locked()) {
        return MakeError(ErrorCode::kPlanDamaged, "PDF", "需要密码 (needs a password)");
    }
    const int pages = std::min(document->pages(), kMaxPages);
    std::vector<std::u32string> lines;
    std::size_t letters = 0;
    std::size_t size = 0;
    for (int p = 0; p < pages && size < kSourceMaxText; ++p) {
        const std::unique_ptr<poppler::page> page(document->create_page(p));
        if (!page) {
            continue;
        }
        const std::string text = Utf8(page->text(poppler::rectf(), poppler::page::physical_layout));
        size += text.size();
        const std::u32string points = core::DecodeUtf8(text);
        for (const View raw : Lines(points)) {
            std::u32string plain(raw);
            plain.erase(
                std::remove_if(
                    plain.begin(), plain.end(), [](char32_t c) { return c == U'\f' || c == U'\r'; }
                ),
                plain.end()
            );
            std::u32string line = WithTabs(plain);
            if (IsPageNumber(line)) {
                continue;
            }
            letters += static_cast<std::size_t>(
                std::count_if(line.begin(), line.end(), [](char32_t c) { return !IsSpace(c); })
            );
            lines.push_back(std::move(line));
        }
    }
    // A watermark or a scanner's stamp is no text layer.
    if (letters < static_cast<std::size_t>(pages) * 10 + 1) {
        return MakeError(ErrorCode::kPlanScanned, std::to_string(document->pages()));
    }
    return Joined(lines);
}

}  // namespace kangqu::plan
