#pragma once

#include "resident.hpp"
#include "tables.hpp"
#include <string_view>
#include <vector>

namespace kangqu::synth {

struct Dose {
    Day day = 0;
    std::size_t row = 0;  // of the table
    bool late = false;    // given after the age it should be complete by
};

// One dose of the table `immunizations`.
struct VaccineRow {
    std::string_view code;
    std::string_view name;
    std::string_view series;  // doses of one series follow one another
    int dose = 0;
    bool yearly = false;       // each season at the ages, instead of once at an age
    int due = 0;               // days of age; yearly: first age in years
    int minimum_interval = 0;  // days since the dose before of the series
    int complete_before = 0;   // days of age; yearly: last age in years
    Day from = 0;              // due within these days
    Day to = 0;
    std::string_view sex;  // m, f or -
    int coverage_per_mille = 0;
    bool live = false;
    std::string_view route;
    std::string_view site;
};

// Draws doses after the schedule of the table: families differ in promptness, every dose has its
// own delay, a missed one is caught up later or never, later doses of a series wait for earlier
// ones at the least interval, and injected live vaccines keep 28 days or the same day.
class Vaccination {
public:
    Vaccination();
    // Doses within the days the resident is here, by row of the table.
    void Draw(Random& random, const Resident& resident, std::vector<Dose>& doses) const;
    const std::vector<VaccineRow>& rows() const noexcept { return rows_; }

private:
    void DrawYearly(
        Random& random,
        const Resident& resident,
        std::size_t row,
        std::vector<Dose>& doses
    ) const;
    std::vector<VaccineRow> rows_;
};

}  // namespace kangqu::synth
