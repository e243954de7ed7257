#pragma once

#include "random.hpp"
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kangqu::synth {

// What is put in wrongly on purpose. Keys and rates are rows of the table `faults`.
enum class Fault : std::uint8_t {
    kRepeatedValues,  // a course of follow-ups that repeats its last values
    kAfterDeath,      // a follow-up of somebody dead
    kInHospital,      // a follow-up at home or in the clinic of somebody in hospital
    kLateEntry,       // a measurement entered weeks after it was taken
    kMissingValue,    // a measurement without value
    kWrongValue,      // a decimal point slipped
    kLocalCode,       // a laboratory result under a code of the institution only
    kLateReport,      // a case card later than the limit
    kBrokenMessage,   // a message that cannot be read whole
    kCount
};
constexpr std::size_t kFaults = static_cast<std::size_t>(Fault::kCount);
std::string_view KeyOf(Fault fault) noexcept;

// Rates per million chances; nothing happens to who is told in core only.
class FaultRates {
public:
    FaultRates();
    std::int64_t operator[](Fault fault) const noexcept {
        return rates_[static_cast<std::size_t>(fault)];
    }
    std::string_view TextOf(Fault fault) const noexcept {
        return texts_[static_cast<std::size_t>(fault)];
    }

private:
    std::array<std::int64_t, kFaults> rates_{};
    std::array<std::string_view, kFaults> texts_;
};

// What was put in, in the order of the output. The references are kept as JSON strings with commas
// between them, so that a million residents' faults take some megabytes.
class FaultLog {
public:
    // Draws whether the fault happens, and counts the chance.
    bool Draw(Random& random, Fault fault, const FaultRates& rates) {
        ++chances_[static_cast<std::size_t>(fault)];
        return random.PerMillion(rates[fault]);
    }
    // "Observation/r0000001-v3-bp"
    void Add(Fault fault, std::string_view type, std::string_view id);
    // What happened later in the output.
    void Append(const FaultLog& later);
    std::int64_t count(Fault fault) const noexcept {
        return counts_[static_cast<std::size_t>(fault)];
    }
    // [{"fault","rate" (per million),"chances","count","items":[...]}]
    std::string Json(const FaultRates& rates) const;

private:
    std::array<std::int64_t, kFaults> chances_{};
    std::array<std::int64_t, kFaults> counts_{};
    std::array<std::string, kFaults> items_;
};

}  // namespace kangqu::synth
