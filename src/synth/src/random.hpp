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
    // low .. high, both included. Requires low <= high.
    int Between(int low, int high) noexcept;
    bool PerMille(int chance) noexcept { return static_cast<int>(Below(1000)) < chance; }
    // Bell-shaped around 0: the sum of four draws from -spread .. spread, halved.
    int Bell(int spread) noexcept;

private:
    std::uint64_t state_;
    std::uint64_t increment_;
};

}  // namespace kangqu::synth
