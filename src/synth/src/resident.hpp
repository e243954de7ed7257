#pragma once

#include "kangqu/core/clock.hpp"

#include "district.hpp"
#include "names.hpp"
#include "random.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

// Days since 1970-01-01.
using Day = std::int64_t;

// The calendar years simulated.
struct Window {
    Day from = 0;   // 1 January of first_year
    Day until = 0;  // included
    int first_year = 0;
    int last_year = 0;
    // The days of a year that lie in the window.
    Day FirstDay(int year) const { return core::DaysOf({year, 1, 1}); }
    Day LastDay(int year) const { return std::min(until, core::DaysOf({year, 12, 31})); }
};
int AgeOn(Day birth, Day on);

enum class Residence : std::uint8_t { kRegistered, kResident, kFloating };
std::string_view CodeOf(Residence residence) noexcept;

struct Resident {
    std::int64_t number = 0;  // from 1
    std::string id;
    bool male = false;
    Day birth = 0;
    PersonName name;
    std::string id_number;
    std::string record_number;
    std::string phone;
    std::size_t community = 0;  // into District::communities
    std::size_t site = 0;       // into District::institutions
    std::size_t team = 0;       // into District::teams; who would contract with them
    std::string address_line;
    Residence residence = Residence::kRegistered;
    std::optional<Day> died;
    std::optional<Day> moved;  // away; at most one of the two is set
    // Nothing happens to them outside these days.
    Day first_day = 0;
    Day last_day = 0;
};

// Makes the residents one after the other, household by household. Memory: a counter for each day
// of birth and each community, whatever the number of residents.
class ResidentSource {
public:
    ResidentSource(
        const SynthOptions& options,
        const Window& window,
        const District& district,
        const Names& names
    );
    // The next resident, in order of number. Valid until the next call.
    const Resident& Next();

private:
    struct Household {
        std::size_t community = 0;
        std::string address_line;
        std::string_view surname;
        int left = 0;
        bool with_dot = false;
        bool has_adult = true;
    };
    void OpenHousehold();
    void DrawBirth(Random& random);
    void DrawName(Random& random);
    void DrawLeaving(Random& random);
    void NumberPerson();

    const SynthOptions& options_;
    const Window& window_;
    const District& district_;
    const Names& names_;
    std::vector<Row> age_rows_;
    Weights age_weights_;
    Weights household_sizes_;
    AgeRates mortality_;
    std::vector<std::uint16_t> born_;  // by day since 1850 and sex
    std::vector<std::uint32_t> records_;
    Household household_;
    Resident resident_;
    std::int64_t made_ = 0;
};

}  // namespace kangqu::synth
