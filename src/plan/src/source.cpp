#include "kangqu/plan/source.hpp"

#include "kangqu/core/utf8.hpp"

#include "source_parts.hpp"
#include <algorithm>
#include <array>
#include <optional>

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

namespace kangqu::plan {

namespace {

using core::ErrorCode;
using core::MakeError;

// How much of a text is looked at to tell what it is.
constexpr std::size_t kHead = 4096;

struct Magic {
    std::string_view bytes;
    const char* kind;
};
// Kinds that people send by mistake, to name them in the refusal.
constexpr Magic kForeign[] = {
    {"\x89PNG", "PNG"},
    {"\xFF\xD8\xFF", "JPEG"},
    {"GIF8", "GIF"},
    {"\xD0\xCF\x11\xE0", "Word 97-2003 (.doc) / Excel 97-2003"},
    {"Rar!", "RAR"},
    {"7z\xBC\xAF", "7z"},
    {"\x1F\x8B", "gzip"},
    {"II*", "TIFF"},
    {"MM", "TIFF"},
    {"{\\rtf", "RTF"},
    {"\x7F"
     "ELF",
     "ELF"},
    {"MZ", "EXE"},
    {"ID3", "MP3"},
    {"OggS", "Ogg"},
    {"BM", "BMP"},
};

char Lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool LooksLikeHtml(std::string_view utf8) {
    std::string head(utf8.substr(0, kHead));
    std::transform(head.begin(), head.end(), head.begin(), Lower);
    for (const char* const mark :
         {"<!doctype html", "<html", "<body", "<head", "<div", "<table", "<p>", "<p "}) {
        if (head.find(mark) != std::string::npos) {
            return true;
        }
    }
    return false;
}

// Bytes in `encoding` as UTF-8; nothing when one does not belong to it.
std::optional<std::string> Converted(std::string_view bytes, const char* encoding) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter* const converter = ucnv_open(encoding, &status);
    if (U_FAILURE(status) != 0) {
        return std::nullopt;
    }
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    icu::UnicodeString text(
        bytes.data(), static_cast<std::int32_t>(bytes.size()), converter, status
    );
    ucnv_close(converter);
    if (U_FAILURE(status) != 0) {
        return std::nullopt;
    }
    std::string out;
    text.toUTF8String(out);
    return out;
}

// Half of the bytes of UTF-16 text are zero for ASCII, and line feeds stand at even distances.
const char* Utf16Without(std::string_view bytes) {
    std::size_t even = 0;
    std::size_t odd = 0;
    const std::string_view head = bytes.substr(0, kHead);
    for (std::size_t i = 0; i < head.size(); ++i) {
        (i % 2 == 0 ? even : odd) += head[i] == '\0' ? 1U : 0U;
    }
    const std::size_t enough = std::max<std::size_t>(head.size() / 200, 1);
    if (odd > enough && even * 4 < odd) {
        return "UTF-16LE";
    }
    return even > enough && odd * 4 < even ? "UTF-16BE" : nullptr;
}

// Chinese prose has Han characters; arbitrary bytes read as GB18030 are rarely all assigned, and
// then seldom Han of everyday use.
bool LooksLikeProse(std::string_view utf8) {
    std::size_t han = 0;
    std::size_t odd = 0;
    std::size_t all = 0;
    for (const char32_t c : core::DecodeUtf8(core::PrefixCodePoints(utf8, kHead))) {
        ++all;
        han += c >= 0x4E00 && c <= 0x9FFF ? 1U : 0U;
        const bool control = c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
        const bool unused = (c >= 0xE000 && c <= 0xF8FF) || c == 0xFFFD || c >= 0x30000;
        odd += control || unused ? 1U : 0U;
    }
    return all > 0 && odd * 50 <= all && han * 5 >= all;
}

core::Result<SourceFile> TextOfBytes(std::string_view bytes) {
    SourceFile file;
    const bool little = bytes.substr(0, 2) == "\xFF\xFE";
    const bool big = bytes.substr(0, 2) == "\xFE\xFF";
    const char* const wide = little ? "UTF-16LE" : (big ? "UTF-16BE" : Utf16Without(bytes));
    const auto bad = core::FindInvalidUtf8(bytes);
    if (wide != nullptr) {
        auto text = Converted(bytes.substr(little || big ? 2 : 0), wide);
        if (!text) {
            return MakeError(ErrorCode::kPlanEncoding, "0");
        }
        file.encoding = wide == std::string_view("UTF-16LE") ? "utf-16le" : "utf-16be";
        file.text = std::move(*text);
    } else if (!bad) {
        file.encoding = "utf-8";
        file.text = std::string(bytes);
    } else {
        auto text = Converted(bytes, "GB18030");
        if (!text || !LooksLikeProse(*text)) {
            return MakeError(ErrorCode::kPlanEncoding, std::to_string(*bad));
        }
        file.encoding = "gb18030";
        file.text = std::move(*text);
    }
    if (LooksLikeHtml(file.text)) {
        file.kind = SourceKind::kHtml;
        file.text = TextOfHtml(file.text);
    }
    return file;
}

bool HasText(std::string_view utf8) {
    for (const char32_t c : core::DecodeUtf8(utf8)) {
        if (c > 0x20 && c != 0xFEFF && c != 0x3000 && c != 0xA0) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::string_view NameOf(SourceKind kind) noexcept {
    constexpr std::array<std::string_view, 4> kNames = {"text", "html", "docx", "pdf"};
    return kNames[static_cast<std::size_t>(kind)];
}

core::Result<SourceFile> ReadSource(std::string_view bytes, std::string_view name) {
    if (bytes.size() > kSourceMaxBytes) {
        return MakeError(
            ErrorCode::kTooLarge,
            std::to_string(bytes.size()) + " B",
            std::to_string(kSourceMaxBytes) + " B"
        );
    }
    if (bytes.empty()) {
        return MakeError(ErrorCode::kPlanEmpty, std::string(name));
    }
    SourceFile file;
    if (bytes.substr(0, 2) == "PK") {
        file.kind = SourceKind::kDocx;
        KQ_ASSIGN(file.text, TextOfDocx(bytes));
    } else if (bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos) {
        file.kind = SourceKind::kPdf;
        KQ_ASSIGN(file.text, TextOfPdf(bytes));
    } else {
        for (const Magic& magic : kForeign) {
            const bool plain =
                magic.bytes.size() < 3 && !core::FindInvalidUtf8(bytes.substr(0, 64));
            if (bytes.substr(0, magic.bytes.size()) == magic.bytes && !plain) {
                return MakeError(ErrorCode::kPlanUnsupportedFormat, magic.kind);
            }
        }
        KQ_ASSIGN(file, TextOfBytes(bytes));
    }
    if (!HasText(file.text)) {
        return MakeError(ErrorCode::kPlanEmpty, std::string(name));
    }
    return file;
}

}  // namespace kangqu::plan
