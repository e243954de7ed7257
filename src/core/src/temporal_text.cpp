// Reading and writing of dates and times.
#include "kangqu/core/temporal.hpp"

#include <array>
#include <cstdio>

namespace kangqu::core {

namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::int64_t kMsPerHour = 3'600'000;
constexpr std::int64_t kMsPerMinute = 60'000;

// Reads exactly `count` digits at `at` and moves past them.
bool Digits(std::string_view text, std::size_t& at, std::size_t count, int& value) noexcept {
    if (text.size() < at + count) {
        return false;
    }
    value = 0;
    for (const std::size_t end = at + count; at < end; ++at) {
        if (text[at] < '0' || text[at] > '9') {
            return false;
        }
        value = value * 10 + (text[at] - '0');
    }
    return true;
}

bool Take(std::string_view text, std::size_t& at, char wanted) noexcept {
    if (at < text.size() && text[at] == wanted) {
        ++at;
        return true;
    }
    return false;
}

// YYYY[-MM[-DD]]; leaves `at` behind it.
bool ReadDate(std::string_view text, std::size_t& at, Temporal& out) noexcept {
    CivilDate date{1, 1, 1};
    if (!Digits(text, at, 4, date.year) || date.year < 1) {
        return false;
    }
    out.precision = Precision::kYear;
    if (Take(text, at, '-')) {
        if (!Digits(text, at, 2, date.month)) {
            return false;
        }
        out.precision = Precision::kMonth;
        if (Take(text, at, '-')) {
            if (!Digits(text, at, 2, date.day)) {
                return false;
            }
            out.precision = Precision::kDay;
        }
    }
    if (!IsValid(date)) {
        return false;
    }
    out.local_ms = DaysOf(date) * kMsPerDay;
    return true;
}

// ".25" to milliseconds; finer digits are dropped.
bool ReadFraction(std::string_view text, std::size_t& at, Temporal& out) noexcept {
    int place = 100;
    bool any = false;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
        out.local_ms += (text[at] - '0') * place;
        place /= 10;
        any = true;
    }
    out.precision = Precision::kMillisecond;
    return any;
}

// hh[:mm[:ss[.f+]]]; leaves `at` behind it.
bool ReadTime(std::string_view text, std::size_t& at, Temporal& out) noexcept {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!Digits(text, at, 2, hour) || hour > 23) {
        return false;
    }
    out.local_ms += hour * kMsPerHour;
    out.precision = Precision::kHour;
    if (!Take(text, at, ':')) {
        return true;
    }
    if (!Digits(text, at, 2, minute) || minute > 59) {
        return false;
    }
    out.local_ms += minute * kMsPerMinute;
    out.precision = Precision::kMinute;
    if (!Take(text, at, ':')) {
        return true;
    }
    // A leap second counts as the last second of its minute.
    if (!Digits(text, at, 2, second) || second > 60) {
        return false;
    }
    out.local_ms += (second == 60 ? 59 : second) * 1000;
    out.precision = Precision::kSecond;
    return !Take(text, at, '.') || ReadFraction(text, at, out);
}

bool ReadZone(std::string_view text, std::size_t& at, Temporal& out) noexcept {
    if (Take(text, at, 'Z')) {
        out.has_offset = true;
        return true;
    }
    const bool minus = Take(text, at, '-');
    int hours = 0;
    int minutes = 0;
    if ((!minus && !Take(text, at, '+')) || !Digits(text, at, 2, hours) || !Take(text, at, ':') ||
        !Digits(text, at, 2, minutes) || hours > 14 || minutes > 59) {
        return false;
    }
    out.has_offset = true;
    out.offset_minutes = static_cast<std::int16_t>((minus ? -1 : 1) * (hours * 60 + minutes));
    return true;
}

void AppendClock(std::string& out, std::int64_t ms, Precision precision) {
    std::array<char, 16> text{};
    const auto part = [&](std::int64_t unit, std::int64_t wrap) {
        return static_cast<int>(ms / unit % wrap);
    };
    std::snprintf(text.data(), text.size(), "%02d", part(kMsPerHour, 24));
    out += text.data();
    if (precision >= Precision::kMinute) {
        std::snprintf(text.data(), text.size(), ":%02d", part(kMsPerMinute, 60));
        out += text.data();
    }
    if (precision >= Precision::kSecond) {
        std::snprintf(text.data(), text.size(), ":%02d", part(1000, 60));
        out += text.data();
    }
    if (precision >= Precision::kMillisecond) {
        std::snprintf(text.data(), text.size(), ".%03d", part(1, 1000));
        out += text.data();
    }
}

void AppendOffset(std::string& out, int offset) {
    std::array<char, 32> text{};
    const int size = offset < 0 ? -offset : offset;
    std::snprintf(
        text.data(), text.size(), "%c%02d:%02d", offset < 0 ? '-' : '+', size / 60, size % 60
    );
    out += text.data();
}

}  // namespace

std::optional<Temporal> Temporal::ParseDate(std::string_view text) noexcept {
    Temporal out;
    std::size_t at = 0;
    if (!ReadDate(text, at, out) || at != text.size()) {
        return std::nullopt;
    }
    return out;
}

std::optional<Temporal> Temporal::ParseDateTime(std::string_view text) noexcept {
    Temporal out;
    std::size_t at = 0;
    if (!ReadDate(text, at, out)) {
        return std::nullopt;
    }
    out.kind = TemporalKind::kDateTime;
    if (at == text.size()) {
        return out;
    }
    if (!Take(text, at, 'T')) {
        return std::nullopt;
    }
    if (at == text.size()) {
        return out;
    }
    if (out.precision != Precision::kDay || !ReadTime(text, at, out)) {
        return std::nullopt;
    }
    if (at != text.size() && (!ReadZone(text, at, out) || at != text.size())) {
        return std::nullopt;
    }
    return out;
}

std::optional<Temporal> Temporal::ParseTime(std::string_view text) noexcept {
    Temporal out;
    out.kind = TemporalKind::kTime;
    std::size_t at = 0;
    if (!ReadTime(text, at, out) || at != text.size()) {
        return std::nullopt;
    }
    return out;
}

std::string Temporal::ToString() const {
    std::string out;
    std::int64_t of_day = local_ms;
    if (kind != TemporalKind::kTime) {
        const std::int64_t days = local_ms / kMsPerDay - (local_ms % kMsPerDay < 0 ? 1 : 0);
        of_day = local_ms - days * kMsPerDay;
        const std::string date = FormatDate(CivilOf(days));
        out = precision == Precision::kYear    ? date.substr(0, 4)
              : precision == Precision::kMonth ? date.substr(0, 7)
                                               : date;
        if (precision <= Precision::kDay) {
            return out;
        }
        out += 'T';
    }
    AppendClock(out, of_day, precision);
    if (has_offset) {
        AppendOffset(out, offset_minutes);
    }
    return out;
}

}  // namespace kangqu::core
