#include "slots.hpp"

#include "kangqu/core/check.hpp"

#include <charconv>
#include <cstdio>
#include <vector>

namespace kangqu::synth {
namespace {

constexpr std::string_view kWords[] = {
#define KANGQU_SYNTH_SLOT(name) #name,
    KANGQU_SYNTH_SLOTS(KANGQU_SYNTH_SLOT)
#undef KANGQU_SYNTH_SLOT
};

constexpr int kFirstYear = 1840;
constexpr int kLastYear = 2130;
constexpr std::size_t kDateSize = 10;

struct Calendar {
    Day first = core::DaysOf({kFirstYear, 1, 1});
    Day last = core::DaysOf({kLastYear, 12, 31});
    std::string text;
    Calendar() {
        for (Day day = first; day <= last; ++day) {
            text += core::FormatDate(core::CivilOf(day));
        }
    }
};

}  // namespace

Slot SlotOf(std::string_view word) {
    for (std::size_t i = 0; i < kSlots; ++i) {
        if (kWords[i] == word ||
            (kWords[i].back() == '_' && kWords[i].substr(0, kWords[i].size() - 1) == word)) {
            return static_cast<Slot>(i);
        }
    }
    std::fprintf(stderr, "synth: no slot named %.*s\n", static_cast<int>(word.size()), word.data());
    KQ_CHECK(false, "a template of the synthetic district names a slot that does not exist");
    return Slot::kCount;
}

std::string_view DateText(Day day) {
    static const Calendar kCalendar;
    KQ_CHECK(day >= kCalendar.first && day <= kCalendar.last, "a date outside the calendar");
    const auto at = static_cast<std::size_t>(day - kCalendar.first) * kDateSize;
    return std::string_view(kCalendar.text).substr(at, kDateSize);
}

std::string TimeText(Day day, int minute) {
    constexpr int kDayMinutes = 24 * 60;
    std::string out(DateText(day + minute / kDayMinutes));
    const int rest = minute % kDayMinutes;
    const char time[] = {
        'T',
        static_cast<char>('0' + rest / 600),
        static_cast<char>('0' + rest / 60 % 10),
        ':',
        static_cast<char>('0' + rest % 60 / 10),
        static_cast<char>('0' + rest % 10)};
    out.append(time, sizeof time).append(":00+08:00");
    return out;
}

void Fill::Keep(Slot slot, std::string text) {
    own_[At(slot)] = std::move(text);
    values_[At(slot)] = own_[At(slot)];
}

void Fill::Join(Slot slot, std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts) {
        text += part;
    }
    Keep(slot, std::move(text));
}

void Fill::SetInt(Slot slot, std::int64_t value) {
    char buffer[24];
    Keep(slot, std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr));
}

void Fill::SetFixed(Slot slot, std::int64_t value, int decimals) {
    char buffer[24];
    const std::int64_t size = value < 0 ? -value : value;
    std::string digits(buffer, std::to_chars(buffer, buffer + sizeof buffer, size).ptr);
    if (decimals > 0) {
        const auto places = static_cast<std::size_t>(decimals);
        if (digits.size() <= places) {
            digits.insert(0, places + 1 - digits.size(), '0');
        }
        digits.insert(digits.size() - places, 1, '.');
    }
    if (value < 0) {
        digits.insert(0, 1, '-');
    }
    Keep(slot, std::move(digits));
}

void Fill::SetStamp(Slot slot, Day day, int minute) {
    std::string stamp;
    for (const char c : TimeText(day, minute).substr(0, 19)) {
        if (c >= '0' && c <= '9') {
            stamp += c;
        }
    }
    Keep(slot, std::move(stamp));
}

}  // namespace kangqu::synth
