#pragma once

#include "kangqu/core/clock.hpp"

#include "district.hpp"
#include "names.hpp"
#include "random.hpp"
#include "slots.hpp"
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

// The calendar years simulated.
struct Window {
    Day from = 0;   // 1 January of first_year
    Day until = 0;  // included
    int first_year = 0;
    int last_year = 0;
    // The days of a year that lie in the window.
    Day FirstDay(int year) const { return core::DaysOf({year, 1, 1}); }
    Day LastDay(int year) const { return std::min(until, core::DaysOf({year, 12, 31})); }
    static Window Of(const SynthOptions& options);
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
    std::optional<Day> came;  // moved in within the window
    std::optional<Day> died;
    std::optional<Day> moved;  // away; at most one of died and moved is set
    // Nothing happens to them outside these days.
    Day first_day = 0;
    Day last_day = 0;

    std::int64_t household = 0;  // the number of its head
    int household_size = 0;
    std::int64_t mother = 0;  // number, when she lives in the same household
    bool twin = false;
    std::size_t ethnic = 0;   // row of the table
    std::string_view origin;  // division of first registration, in the id number
    int employer = -1;        // into the enterprises
    // Everything that happens to them is told, not only the core.
    bool detailed = false;

    bool Here(Day day) const noexcept { return day >= first_day && day <= last_day; }
};

// Makes the residents block by block. A block is drawn whole from its own streams; only serials of
// id numbers and record numbers go on from block to block, so blocks are made in order, which takes
// some microseconds a resident. Memory: a counter for each day of birth and each community,
// whatever the number of residents.
class ResidentSource {
public:
    ResidentSource(
        const SynthOptions& options,
        const Window& window,
        const District& district,
        const Names& names
    );
    // The next residents, in order of number; a household is never divided, except by the end of
    // the last block. Empty when all are made.
    std::vector<Resident> NextBlock();

private:
    struct Household {
        std::vector<std::size_t> members;  // the head first
    };
    void DrawTraits(std::vector<Resident>& household, const Household& drafts);
    void DrawNames(std::vector<Resident>& household, std::string_view family);
    void DrawStay(Random& random, Resident& resident) const;
    void DrawPhone(Random& random, Resident& resident) const;
    void NumberPerson(Resident& resident);

    const SynthOptions& options_;
    const Window& window_;
    const District& district_;
    const Names& names_;
    Texts rules_;
    Weights age_weights_;
    std::vector<Row> age_rows_;
    std::vector<Row> ethnic_rows_;
    Weights ethnic_weights_;
    std::vector<Row> origin_rows_;
    Weights origin_weights_;
    AgeRates mortality_;
    std::vector<std::uint16_t> born_;  // by day since 1850 and sex
    std::vector<std::uint32_t> records_;
    std::int64_t blocks_ = 0;
    std::int64_t made_ = 0;
};

}  // namespace kangqu::synth
