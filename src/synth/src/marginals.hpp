#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

// What the report compares with published figures. The order is part of truth.json.
// The formatter moves these lines anew at every run.
// clang-format off
#define KANGQU_SYNTH_MARKS(X) \
    X(age_male) X(age_female) X(household_size) X(surname) X(residence) X(ethnic) \
    X(births_year) X(births) X(deaths_year) X(death_group) X(death_age) X(came) X(moved) \
    X(diagnosed_age) X(persons_age) X(programme_diagnosed) X(programme_enrolled) \
    X(follow_up_class) X(follow_up_last_digit) X(dose_given) X(dose_in_time) X(visits_month) \
    X(visits_age) X(fever_month) X(stays_age) X(stay_days) X(stay_cost) X(delivery) \
    X(birth_weight) X(risk) X(emergency_minutes) X(person_years) X(case_year) X(adults_sex) \
    X(hypertensive_sex)
// clang-format on

enum class Mark : std::uint8_t {
#define KANGQU_SYNTH_MARK(name) name,
    KANGQU_SYNTH_MARKS(KANGQU_SYNTH_MARK)
#undef KANGQU_SYNTH_MARK
        kCount
};
constexpr std::size_t kMarks = static_cast<std::size_t>(Mark::kCount);
std::string_view NameOf(Mark mark) noexcept;

// Counters by position. Sums, so that any order of adding gives the same.
class Marginals {
public:
    void Add(Mark mark, std::size_t at, std::int64_t by = 1);
    std::int64_t At(Mark mark, std::size_t at) const noexcept;
    std::int64_t Sum(Mark mark) const noexcept;
    const std::vector<std::int64_t>& Of(Mark mark) const noexcept {
        return counts_[static_cast<std::size_t>(mark)];
    }
    void Merge(const Marginals& other);
    // {"age_male": [..], ...}
    std::string Json() const;

private:
    std::array<std::vector<std::int64_t>, kMarks> counts_;
};

}  // namespace kangqu::synth
