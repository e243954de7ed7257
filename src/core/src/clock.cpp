#include "kangqu/core/clock.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace kangqu::core {

namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::int64_t kMsPerMinute = 60'000;

bool ReadDigits(std::string_view text, std::size_t at, std::size_t count, int& value) noexcept {
    if (at + count > text.size()) {
        return false;
    }
    value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}

// "Z", "+08:00", "-05:30" and nothing behind it.
bool ReadZone(std::string_view text, int& offset_minutes) noexcept {
    if (text == "Z") {
        offset_minutes = 0;
        return true;
    }
    int hours = 0;
    int minutes = 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
        !ReadDigits(text, 1, 2, hours) || !ReadDigits(text, 4, 2, minutes) || hours > 14 ||
        minutes > 59) {
        return false;
    }
    offset_minutes = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

}  // namespace

InstantMs SystemClock::Now() const {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t DaysOf(CivilDate date) noexcept {
    using namespace std::chrono;
    const year_month_day ymd{
        year(date.year),
        month(static_cast<unsigned>(date.month)),
        day(static_cast<unsigned>(date.day))};
    return sys_days(ymd).time_since_epoch().count();
}

CivilDate CivilOf(std::int64_t days) noexcept {
    using namespace std::chrono;
    const year_month_day ymd{sys_days(std::chrono::days(days))};
    return {
        static_cast<int>(ymd.year()),
        static_cast<int>(static_cast<unsigned>(ymd.month())),
        static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

int DaysInMonth(int year, int month) noexcept {
    constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool IsValid(CivilDate date) noexcept {
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= DaysInMonth(date.year, date.month);
}

CivilDate ChinaDate(InstantMs instant) noexcept {
    return CivilOf(FloorDivide(instant + kChinaOffsetMinutes * kMsPerMinute, kMsPerDay));
}

std::string FormatDate(CivilDate date) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", date.year, date.month, date.day);
    return buffer;
}

std::optional<CivilDate> ParseDate(std::string_view text) noexcept {
    CivilDate date;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' ||
        !ReadDigits(text, 0, 4, date.year) || !ReadDigits(text, 5, 2, date.month) ||
        !ReadDigits(text, 8, 2, date.day) || !IsValid(date)) {
        return std::nullopt;
    }
    return date;
}

std::string FormatInstant(InstantMs instant, int offset_minutes) {
    const std::int64_t local = instant + offset_minutes * kMsPerMinute;
    const std::int64_t days = FloorDivide(local, kMsPerDay);
    const auto ms = static_cast<int>(local - days * kMsPerDay);
    const int offset = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    char buffer[64];
    std::snprintf(
        buffer,
        sizeof buffer,
        "%sT%02d:%02d:%02d.%03d%c%02d:%02d",
        FormatDate(CivilOf(days)).c_str(),
        ms / 3'600'000,
        ms / 60'000 % 60,
        ms / 1000 % 60,
        ms % 1000,
        offset_minutes < 0 ? '-' : '+',
        offset / 60,
        offset % 60
    );
    return buffer;
}

std::optional<InstantMs> ParseInstant(std::string_view text) noexcept {
    const auto date = ParseDate(text.substr(0, 10));
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!date || text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        !ReadDigits(text, 11, 2, hour) || !ReadDigits(text, 14, 2, minute) ||
        !ReadDigits(text, 17, 2, second) || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    std::size_t at = 19;
    int ms = 0;
    if (text[at] == '.') {
        int scale = 100;
        const std::size_t digits = ++at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            ms += (text[at] - '0') * scale;
            scale /= 10;
            ++at;
        }
        if (at == digits) {
            return std::nullopt;
        }
    }
    int offset_minutes = 0;
    if (!ReadZone(text.substr(at), offset_minutes)) {
        return std::nullopt;
    }
    return DaysOf(*date) * kMsPerDay + hour * 3'600'000LL +
           (minute - offset_minutes) * kMsPerMinute + second * 1000LL + ms;
}

int AgeInYears(CivilDate birth, CivilDate on) noexcept {
    const bool before_birthday =
        on.month < birth.month || (on.month == birth.month && on.day < birth.day);
    const int age = on.year - birth.year - (before_birthday ? 1 : 0);
    return age < 0 ? 0 : age;
}

}  // namespace kangqu::core
