#include "truth.hpp"
#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kGroupYears = 5;
constexpr std::size_t kLastGroup = 20;
constexpr std::size_t kKnownSurnames = 20;
constexpr int kAdult = 18;

std::size_t GroupOf(int age) noexcept {
    return std::min(kLastGroup, static_cast<std::size_t>(age / kGroupYears));
}

// The position of a surname in the table's first rows, or one over.
std::size_t SurnameAt(std::string_view surname) {
    static const std::vector<Row> kRows = RowsOf("surnames");
    for (std::size_t i = 0; i < kKnownSurnames; ++i) {
        if (kRows[i][0] == surname) {
            return i;
        }
    }
    return kKnownSurnames;
}

}  // namespace

void Truth::AddMarginals(const Resident& resident, const Course& course) {
    const bool here = !resident.died && !resident.moved;
    const int age = AgeOn(resident.birth, window_.until);
    Marginals& m = marginals_;
    const auto year_of = [this](Day day) {
        return static_cast<std::size_t>(core::CivilOf(day).year - window_.first_year);
    };
    // The drawn structure is that of everybody made; deaths and moves are told beside it.
    m.Add(resident.male ? Mark::age_male : Mark::age_female, GroupOf(age));
    if (resident.number == resident.household) {
        m.Add(
            Mark::household_size, static_cast<std::size_t>(std::min(resident.household_size, 10))
        );
    }
    m.Add(Mark::surname, SurnameAt(resident.name.family));
    m.Add(Mark::residence, static_cast<std::size_t>(resident.residence));
    m.Add(Mark::ethnic, resident.ethnic);
    if (resident.birth >= window_.from) {
        m.Add(Mark::births_year, year_of(resident.birth));
        m.Add(Mark::births, resident.male ? 1 : 0);
        m.Add(Mark::births, 2, resident.twin ? 1 : 0);
    }
    if (resident.died) {
        m.Add(Mark::deaths_year, year_of(*resident.died));
        m.Add(Mark::death_age, GroupOf(AgeOn(resident.birth, *resident.died)));
    }
    m.Add(Mark::came, 0, resident.came ? 1 : 0);
    m.Add(Mark::moved, 0, resident.moved ? 1 : 0);
    const Day days = resident.last_day - resident.first_day + 1;
    m.Add(Mark::person_years, resident.detailed ? 1 : 0, days);
    if (here && age >= kAdult) {
        m.Add(Mark::adults_sex, resident.male ? 1 : 0);
        m.Add(Mark::hypertensive_sex, resident.male ? 1 : 0, course.Of(0) != nullptr ? 1 : 0);
        m.Add(Mark::persons_age, GroupOf(age));
        m.Add(Mark::diagnosed_age, GroupOf(age), course.Of(0) != nullptr ? 1 : 0);
    }
    for (const ProgrammeCourse& programme : course.programmes) {
        AddProgrammeMarginals(resident, programme);
    }
    for (const Dose& dose : course.doses) {
        m.Add(Mark::dose_given, dose.row);
        m.Add(Mark::dose_in_time, dose.row, dose.late ? 0 : 1);
    }
}

void Truth::AddProgrammeMarginals(const Resident& resident, const ProgrammeCourse& course) {
    if (resident.died || resident.moved) {
        return;
    }
    marginals_.Add(Mark::programme_diagnosed, course.programme);
    marginals_.Add(Mark::programme_enrolled, course.programme, course.enrolled ? 1 : 0);
    if (course.programme != 0) {
        return;
    }
    for (const FollowUp& follow_up : course.follow_ups) {
        marginals_.Add(Mark::follow_up_class, static_cast<std::size_t>(follow_up.class_code));
        if (follow_up.contact != Contact::kTelephone) {
            marginals_.Add(
                Mark::follow_up_last_digit, static_cast<std::size_t>(follow_up.value % 10)
            );
        }
    }
}

}  // namespace kangqu::synth
