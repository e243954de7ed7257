#include "primitives.hpp"

#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>
#include <vector>

namespace kangqu::fhir {

namespace {

using Format = PrimitiveFormat;

bool IsDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool IsHex(char c) noexcept {
    return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool IsSpace(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Bytes below 32 other than tab and line ends have no place in any text.
bool IsForbidden(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20U && !IsSpace(c);
}

// `count` digits at the front, which are taken off; -1 when they are not there.
int TakeNumber(std::string_view& text, std::size_t count) noexcept {
    if (text.size() < count || !std::all_of(text.begin(), text.begin() + count, IsDigit)) {
        return -1;
    }
    int value = 0;
    for (const char c : text.substr(0, count)) {
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool Take(std::string_view& text, char c) noexcept {
    if (text.empty() || text.front() != c) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

// hh:mm:ss and an optional fraction; 60 seconds for leap seconds.
bool TakeTime(std::string_view& text) noexcept {
    const int hour = TakeNumber(text, 2);
    if (hour < 0 || hour > 23 || !Take(text, ':')) {
        return false;
    }
    const int minute = TakeNumber(text, 2);
    if (minute < 0 || minute > 59 || !Take(text, ':')) {
        return false;
    }
    const int second = TakeNumber(text, 2);
    if (second < 0 || second > 60) {
        return false;
    }
    if (!Take(text, '.')) {
        return true;
    }
    const auto digits = std::find_if_not(text.begin(), text.end(), IsDigit) - text.begin();
    text.remove_prefix(static_cast<std::size_t>(digits));
    return digits > 0;
}

bool TakeZone(std::string_view& text) noexcept {
    if (Take(text, 'Z')) {
        return true;
    }
    if (!Take(text, '+') && !Take(text, '-')) {
        return false;
    }
    const int hour = TakeNumber(text, 2);
    if (hour < 0 || hour > 14 || !Take(text, ':')) {
        return false;
    }
    const int minute = TakeNumber(text, 2);
    return minute >= 0 && minute <= 59 && (hour < 14 || minute == 0);
}

// YYYY, YYYY-MM or YYYY-MM-DD at the front; true for a whole date.
enum class DatePart : std::uint8_t { kNone, kPartial, kWhole };
DatePart TakeDate(std::string_view& text) noexcept {
    core::CivilDate date;
    date.year = TakeNumber(text, 4);
    if (date.year < 1) {
        return DatePart::kNone;
    }
    if (!Take(text, '-')) {
        return DatePart::kPartial;
    }
    date.month = TakeNumber(text, 2);
    if (date.month < 1 || date.month > 12) {
        return DatePart::kNone;
    }
    if (!Take(text, '-')) {
        return DatePart::kPartial;
    }
    date.day = TakeNumber(text, 2);
    return core::IsValid(date) ? DatePart::kWhole : DatePart::kNone;
}

bool IsDate(std::string_view text) noexcept {
    return TakeDate(text) != DatePart::kNone && text.empty();
}

bool IsInstant(std::string_view text) noexcept {
    return TakeDate(text) == DatePart::kWhole && Take(text, 'T') && TakeTime(text) &&
           TakeZone(text) && text.empty();
}

bool IsTime(std::string_view text) noexcept {
    return TakeTime(text) && text.empty();
}

// JSON has checked the grammar of numbers; integers may have no fraction and no exponent.
bool IsIntegerFrom(std::string_view text, std::int64_t lowest) noexcept {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= lowest &&
           value <= std::numeric_limits<std::int32_t>::max();
}

bool IsString(std::string_view text) noexcept {
    return text.size() <= kMaxStringBytes && !std::all_of(text.begin(), text.end(), IsSpace) &&
           std::none_of(text.begin(), text.end(), IsForbidden);
}

// No white space at either end, single spaces inside.
bool IsCode(std::string_view text) noexcept {
    bool after_space = true;
    for (const char c : text) {
        if (IsForbidden(c) || (IsSpace(c) && after_space)) {
            return false;
        }
        after_space = IsSpace(c);
    }
    return !after_space;
}

bool IsUri(std::string_view text) noexcept {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        return IsSpace(c) || IsForbidden(c);
    });
}

// urn:oid: and arcs without leading zeros, the first one 0, 1 or 2.
bool IsOid(std::string_view text) noexcept {
    constexpr std::string_view kPrefix = "urn:oid:";
    if (!text.starts_with(kPrefix)) {
        return false;
    }
    text.remove_prefix(kPrefix.size());
    if (text.size() < 3 || text[0] < '0' || text[0] > '2' || text[1] != '.') {
        return false;
    }
    text.remove_prefix(1);
    while (Take(text, '.')) {
        const auto digits = static_cast<std::size_t>(
            std::find_if_not(text.begin(), text.end(), IsDigit) - text.begin()
        );
        if (digits == 0 || (digits > 1 && text.front() == '0')) {
            return false;
        }
        text.remove_prefix(digits);
    }
    return text.empty();
}

bool IsUuid(std::string_view text) noexcept {
    constexpr std::string_view kPrefix = "urn:uuid:";
    if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + 36) {
        return false;
    }
    text.remove_prefix(kPrefix.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (dash ? text[at] != '-' : !IsHex(text[at])) {
            return false;
        }
    }
    return true;
}

// Groups of four, white space between them allowed, padding only at the end.
bool IsBase64(std::string_view text) noexcept {
    std::size_t count = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (IsSpace(c)) {
            continue;
        }
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == '=') {
            ++padding;
        } else if (padding > 0 || !(letter || IsDigit(c) || c == '+' || c == '/')) {
            return false;
        }
        ++count;
    }
    return count > 0 && count % 4 == 0 && padding <= 2;
}

// One div; what stands inside is kept as source text and never trusted by those who show it.
bool IsXhtml(std::string_view text) noexcept {
    const auto start = std::find_if_not(text.begin(), text.end(), IsSpace);
    return text.substr(static_cast<std::size_t>(start - text.begin())).starts_with("<div") &&
           std::none_of(text.begin(), text.end(), IsForbidden);
}

std::vector<Format> FormatsByType() {
    constexpr std::pair<std::string_view, Format> kFormats[] = {
        {"base64Binary", Format::kBase64Binary},
        {"boolean", Format::kBoolean},
        {"canonical", Format::kUri},
        {"code", Format::kCode},
        {"date", Format::kDate},
        {"dateTime", Format::kDateTime},
        {"decimal", Format::kDecimal},
        {"id", Format::kId},
        {"instant", Format::kInstant},
        {"integer", Format::kInteger},
        {"markdown", Format::kString},
        {"oid", Format::kOid},
        {"positiveInt", Format::kPositiveInt},
        {"string", Format::kString},
        {"time", Format::kTime},
        {"unsignedInt", Format::kUnsignedInt},
        {"uri", Format::kUri},
        {"url", Format::kUri},
        {"uuid", Format::kUuid},
        {"xhtml", Format::kXhtml},
    };
    std::vector<Format> formats(TypeCount(), Format::kNone);
    for (const auto& [name, format] : kFormats) {
        const TypeNumber type = FindType(name);
        KQ_CHECK(type != kNoType, "a primitive type is missing from the tables");
        formats[type] = format;
    }
    return formats;
}

}  // namespace

PrimitiveFormat FormatOf(TypeNumber type) noexcept {
    static const std::vector<Format> formats = FormatsByType();
    return formats[type];
}

core::JsonKind KindOf(PrimitiveFormat format) noexcept {
    if (format == Format::kBoolean) {
        return core::JsonKind::kBoolean;
    }
    return format == Format::kInteger || format == Format::kPositiveInt ||
                   format == Format::kUnsignedInt || format == Format::kDecimal
               ? core::JsonKind::kNumber
               : core::JsonKind::kString;
}

bool Matches(PrimitiveFormat format, std::string_view text) noexcept {
    switch (format) {
        case Format::kNone:
            return false;
        case Format::kBoolean:
        case Format::kDecimal:
            return true;
        case Format::kInteger:
            return IsIntegerFrom(text, std::numeric_limits<std::int32_t>::min());
        case Format::kPositiveInt:
            return IsIntegerFrom(text, 1);
        case Format::kUnsignedInt:
            return IsIntegerFrom(text, 0);
        case Format::kString:
            return IsString(text);
        case Format::kCode:
            return IsCode(text);
        case Format::kId:
            return core::IsFhirId(text);
        case Format::kUri:
            return IsUri(text);
        case Format::kOid:
            return IsOid(text);
        case Format::kUuid:
            return IsUuid(text);
        case Format::kBase64Binary:
            return IsBase64(text);
        case Format::kDate:
            return IsDate(text);
        case Format::kDateTime:
            return IsDate(text) || IsInstant(text);
        case Format::kInstant:
            return IsInstant(text);
        case Format::kTime:
            return IsTime(text);
        case Format::kXhtml:
            return IsXhtml(text);
    }
    return false;
}

}  // namespace kangqu::fhir
