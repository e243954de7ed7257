#pragma once

#include "resident.hpp"
#include "tables.hpp"
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace kangqu::synth {

enum class Contact : std::uint8_t { kClinic, kHome, kTelephone };
enum class EndReason : std::uint8_t { kMoved, kDied, kLost, kRefused };
std::string_view CodeOf(EndReason reason) noexcept;
// What makes a follow-up one that did not happen.
enum class Fabrication : std::uint8_t { kNone, kRepeated, kAfterDeath, kInHospital };

struct FollowUp {
    Day day = 0;
    Contact contact = Contact::kClinic;
    int value = 0;       // of the first controlled observation, in its last decimal
    int second = 0;      // of the second, where the programme has one
    int class_code = 1;  // 1 on target .. 4, as in the follow-up form
    Fabrication fabrication = Fabrication::kNone;
};

struct ProgrammeCourse {
    std::size_t programme = 0;  // into Programmes
    Day diagnosed = 0;
    std::optional<Day> enrolled;
    std::optional<Day> ended;
    EndReason end_reason = EndReason::kLost;
    std::vector<FollowUp> follow_ups;  // by day, one a day
};

// The numbers of a programme's norm and how well it is kept.
struct Norm {
    int minimum_age = 0;
    int months_per_follow_up = 0;
    int fewest_follow_ups = 0;
    int months_for_exam = 0;
    int months_before_judged = 0;
    int enrolled_per_mille = 0;
    int standard_per_mille = 0;
    int standard_rise_per_mille = 0;
    int late_per_mille = 0;
    int digit_preference_per_mille = 0;
    int lost_per_mille = 0;     // a year
    int refused_per_mille = 0;  // a year
};

// One controlled observation: how patients differ, and what is on target.
struct Controlled {
    std::string_view observation;  // "-" for none
    int mean = 0;
    int between = 0;  // spread between patients
    int within = 0;   // spread of one patient's values
    int fall_per_decade = 0;
    int low = 0;
    int high = 0;
    int target = 0;  // on target below it
    int target_old = 0;
    int round_to = 0;
};

struct Programme {
    std::string_view key;
    std::string_view episode_text;
    std::string_view follow_up;
    std::string_view follow_up_text;
    std::string_view condition;
    std::string_view condition_text;
    std::string_view panel;  // more observations of a follow-up, "-" for none
    std::string_view drugs;  // what is prescribed, "-" for none
    bool core = false;       // told of every resident
    Norm norm;
    Controlled first;
    Controlled second;
    std::array<AgeRates, 2> diagnosed;  // per 10,000; female, male
};

// The columns of the table `programmes`.
class Programmes {
public:
    Programmes();
    std::size_t size() const noexcept { return all_.size(); }
    const Programme& operator[](std::size_t at) const { return all_[at]; }

private:
    std::vector<Programme> all_;
};

// Whole months from one day to the other.
int MonthsBetween(Day from, Day to);
// Follow-ups due to who is managed from `from` to the day before `day_after`.
int FollowUpsDue(const Norm& norm, Day from, Day day_after);

}  // namespace kangqu::synth
