#pragma once

#include "kangqu/core/clock.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace kangqu::synth {

// Days since 1970-01-01.
using Day = std::int64_t;

// The places a template may leave open. One word each, the same in C++ and in `${word}`.
// The formatter moves these lines anew at every run.
// clang-format off
#define KANGQU_SYNTH_SLOTS(X) \
    X(id) X(patient) X(encounter) X(org) X(doctor) X(date) X(when) X(end) X(issued) X(system) \
    X(code) X(text) X(value) X(unit) X(value2) X(code2) X(text2) X(category) X(kind) \
    X(kindtext) X(class_) X(classtext) X(items) X(total) X(part) X(part2) X(status) X(place) \
    X(name) X(family) X(given) X(sex) X(birth) X(idnumber) X(record) X(phone) X(address) \
    X(division) X(divisiontext) X(number) X(dose) X(lot) X(expiry) X(site) X(route) X(reason) \
    X(reasontext) X(low) X(high) X(flag) X(t1) X(t2) X(t3) X(t4) X(t5) X(t6) X(t7) X(from) \
    X(until) X(members) X(head) X(series) X(community) X(street) X(role) X(ethnic) \
    X(ethnictext) X(age) X(orgname) X(doctorname) X(sexcode) X(stamp) X(birthstamp) X(control) \
    X(days) X(extra) X(count)
// clang-format on

enum class Slot : std::uint8_t {
#define KANGQU_SYNTH_SLOT(name) name,
    KANGQU_SYNTH_SLOTS(KANGQU_SYNTH_SLOT)
#undef KANGQU_SYNTH_SLOT
        kCount
};
constexpr std::size_t kSlots = static_cast<std::size_t>(Slot::kCount);
// The slot of a word in a template; aborts on a word that is none: the pack is part of the build.
Slot SlotOf(std::string_view word);

// "2025-03-01", out of a table made once: dates are half of what is written.
std::string_view DateText(Day day);
// A moment in China: minutes since midnight, over 24 hours allowed.
std::string TimeText(Day day, int minute);

// What is written into the open places. A value set stays until it is set again or cleared.
class Fill {
public:
    // A view that outlives the use: pack texts, strings of the caller.
    void Set(Slot slot, std::string_view view) noexcept { values_[At(slot)] = view; }
    // Puts pieces together and keeps them.
    void Join(Slot slot, std::initializer_list<std::string_view> parts);
    void SetInt(Slot slot, std::int64_t value);
    // value / 10^decimals, with exactly that many decimals.
    void SetFixed(Slot slot, std::int64_t value, int decimals);
    void SetDate(Slot slot, Day day) { Set(slot, DateText(day)); }
    void SetTime(Slot slot, Day day, int minute) { Keep(slot, TimeText(day, minute)); }
    // HL7 v2 and CDA: 20250301081500
    void SetStamp(Slot slot, Day day, int minute);
    void Keep(Slot slot, std::string text);
    void Clear(Slot slot) noexcept { values_[At(slot)] = {}; }
    std::string_view operator[](Slot slot) const noexcept { return values_[At(slot)]; }

private:
    static std::size_t At(Slot slot) noexcept { return static_cast<std::size_t>(slot); }
    std::array<std::string_view, kSlots> values_;
    std::array<std::string, kSlots> own_;
};

}  // namespace kangqu::synth
