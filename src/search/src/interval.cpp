#include "interval.hpp"

#include <algorithm>

namespace kangqu::search {

namespace {

using core::CivilDate;
using core::InstantMs;
using core::JsonNode;

constexpr InstantMs kDayMs = 86'400'000;
constexpr InstantMs kChinaMs = core::kChinaOffsetMinutes * InstantMs{60'000};

// Digits at a fixed place; -1 when there are none.
int Number(std::string_view text, std::size_t at, std::size_t count) noexcept {
    if (at + count > text.size()) {
        return -1;
    }
    int value = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') {
            return -1;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

InstantMs ChinaMidnight(CivilDate date) noexcept {
    return core::DaysOf(date) * kDayMs - kChinaMs;
}

// "", "Z", "+08:00"; minutes, or nothing when it is none of these.
std::optional<int> ZoneMinutes(std::string_view text) noexcept {
    if (text.empty()) {
        return core::kChinaOffsetMinutes;
    }
    if (text == "Z") {
        return 0;
    }
    const int hours = Number(text, 1, 2);
    const int minutes = Number(text, 4, 2);
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || hours < 0 ||
        hours > 14 || minutes < 0 || minutes > 59) {
        return std::nullopt;
    }
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

// "hh:mm", "hh:mm:ss", "hh:mm:ss.fff", each with or without a zone.
std::optional<Interval> TimeOfDay(InstantMs utc_midnight, std::string_view text) noexcept {
    const int hour = Number(text, 0, 2);
    const int minute = Number(text, 3, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || text[2] != ':') {
        return std::nullopt;
    }
    InstantMs low = utc_midnight + (hour * 60 + minute) * InstantMs{60'000};
    InstantMs length = 60'000;
    std::size_t at = 5;
    if (at < text.size() && text[at] == ':') {
        const int second = Number(text, at + 1, 2);
        if (second < 0 || second > 60) {
            return std::nullopt;
        }
        low += second * 1'000;
        length = 1'000;
        at += 3;
        if (at < text.size() && text[at] == '.') {
            length = 1;
            int scale = 100;
            const std::size_t digits = ++at;
            for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
                low += (text[at] - '0') * scale;
                scale /= 10;
            }
            if (at == digits) {
                return std::nullopt;
            }
        }
    }
    const auto zone = ZoneMinutes(text.substr(at));
    if (!zone) {
        return std::nullopt;
    }
    low -= *zone * InstantMs{60'000};
    return Interval{low, low + length};
}

std::optional<Interval> PeriodOf(JsonNode period) noexcept {
    const auto start = IntervalOf(period["start"].text());
    const auto end = IntervalOf(period["end"].text());
    if (!start && !end) {
        return std::nullopt;
    }
    return Interval{start ? start->low : kFarPast, end ? end->high : kFarFuture};
}

}  // namespace

std::optional<Interval> IntervalOf(std::string_view text) noexcept {
    CivilDate date;
    date.year = Number(text, 0, 4);
    if (date.year < 1) {
        return std::nullopt;
    }
    if (text.size() == 4) {
        return Interval{ChinaMidnight(date), ChinaMidnight({date.year + 1, 1, 1})};
    }
    date.month = Number(text, 5, 2);
    if (text[4] != '-' || date.month < 1 || date.month > 12) {
        return std::nullopt;
    }
    if (text.size() == 7) {
        const InstantMs low = ChinaMidnight(date);
        return Interval{low, low + core::DaysInMonth(date.year, date.month) * kDayMs};
    }
    date.day = Number(text, 8, 2);
    if (text[7] != '-' || !core::IsValid(date)) {
        return std::nullopt;
    }
    if (text.size() == 10) {
        const InstantMs low = ChinaMidnight(date);
        return Interval{low, low + kDayMs};
    }
    if (text[10] != 'T' || text.size() < 16) {
        return std::nullopt;
    }
    return TimeOfDay(core::DaysOf(date) * kDayMs, text.substr(11));
}

std::vector<Interval> IntervalsOf(JsonNode value, fhir::TypeNumber type) {
    static const fhir::TypeNumber period = fhir::FindType("Period");
    static const fhir::TypeNumber timing = fhir::FindType("Timing");
    std::vector<Interval> out;
    const auto add = [&](std::optional<Interval> interval) {
        if (interval && interval->low < interval->high) {
            out.push_back(*interval);
        }
    };
    if (value.is_string()) {
        add(IntervalOf(value.text()));
    } else if (type == period) {
        add(PeriodOf(value));
    } else if (type == timing) {
        for (JsonNode event = value["event"].first(); event; event = event.next()) {
            add(IntervalOf(event.text()));
        }
        add(PeriodOf(value["repeat"]["boundsPeriod"]));
    }
    return out;
}

bool Holds(Prefix prefix, Interval target, Interval searched) noexcept {
    const bool within = searched.low <= target.low && target.high <= searched.high;
    switch (prefix) {
        case Prefix::kEq:
            return within;
        case Prefix::kNe:
            return !within;
        case Prefix::kGt:
            return target.high > searched.high;
        case Prefix::kLt:
            return target.low < searched.low;
        case Prefix::kGe:
            return target.high > searched.high || within;
        case Prefix::kLe:
            return target.low < searched.low || within;
        case Prefix::kSa:
            return target.low >= searched.high;
        case Prefix::kEb:
            return target.high <= searched.low;
        case Prefix::kAp:
            return target.low < searched.high && target.high > searched.low;
    }
    return false;
}

}  // namespace kangqu::search
