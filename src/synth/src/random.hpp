#pragma once

#include <cstdint>

namespace kangqu::synth {

// Which kind of thing a stream of numbers is drawn for. The values are part of the output: append.
enum class Stream : std::uint64_t {
    kSite = 1,
    kStaff = 2,
    kHousehold = 3,
    kResident = 4,
    kContract = 5,
    kProgramme = 6,
    kVisit = 7,
    kDose = 8,
    kExam = 9,
    kClockTime = 10,
    kPerson = 11,
    kFamily = 12,
    kTrait = 13,
    kAdmission = 14,
    kPregnancy = 15,
    kService = 16,
    kEmergency = 17,
    kDeath = 18,
    kOutbreak = 19,
    kCase = 20,
    kValue = 21,
    kFault = 22,
    kSeries = 23,
    kStock = 24,
    kInspection = 25,
    kSender = 26,
    kRecord = 27,
    kPlace = 28,
};

// PCG XSH-RR 64/32 (M. O'Neill, 2014). Started by counter: every resident has a stream for
// each kind of thing, so one more kind changes nothing of the others. Integer arithmetic only: the
// same everywhere.
class Random {
public:
    Random(std::uint64_t seed, Stream stream, std::uint64_t index) noexcept;

    std::uint32_t Next() noexcept;
    // 0 .. bound-1, without bias. Requires bound > 0.
    std::uint32_t Below(std::uint32_t bound) noexcept;
    std::size_t Index(std::size_t size) noexcept { return Below(static_cast<std::uint32_t>(size)); }
    // low .. high, both included. Requires low <= high.
    int Between(int low, int high) noexcept;
    bool PerMille(int chance) noexcept { return static_cast<int>(Below(1000)) < chance; }
    // Out of a million.
    bool PerMillion(std::int64_t chance) noexcept {
        return static_cast<std::int64_t>(Below(1'000'000)) < chance;
    }
    // Bell-shaped around 0: the sum of four draws from -spread .. spread, halved.
    int Bell(int spread) noexcept;
    // How often something of `per_mille` expected times happens, by whole and broken part; never
    // more than 1 over the whole part, so rates keep their mean at any size.
    int Times(std::int64_t per_mille) noexcept {
        const auto whole = static_cast<int>(per_mille / 1000);
        return whole + (PerMille(static_cast<int>(per_mille % 1000)) ? 1 : 0);
    }

private:
    std::uint64_t state_;
    std::uint64_t increment_;
};

}  // namespace kangqu::synth
