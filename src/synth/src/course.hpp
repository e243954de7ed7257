#pragma once

#include "resident.hpp"
#include "tables.hpp"
#include <optional>
#include <string_view>
#include <vector>

namespace kangqu::synth {

struct Contract {
    Day from = 0;
    Day to = 0;  // included; of the running one it lies after the window
};

enum class Contact : std::uint8_t { kClinic, kHome, kTelephone };

struct FollowUp {
    Day day = 0;
    Contact contact = Contact::kClinic;
    int systolic = 0;
    int diastolic = 0;
    int class_code = 1;  // 1 on target .. 4, as in the follow-up form
};

struct Exam {
    Day day = 0;
    int weight_hg = 0;  // tenths of a kilogram
    int height_cm = 0;
    int glucose_tenths = 0;  // of mmol/l
};

enum class EndReason : std::uint8_t { kMoved, kDied, kLost, kRefused };
std::string_view CodeOf(EndReason reason) noexcept;

struct ProgrammeCourse {
    Day diagnosed = 0;
    std::optional<Day> enrolled;
    std::optional<Day> ended;
    EndReason end_reason = EndReason::kLost;
    std::vector<FollowUp> follow_ups;  // by day, one a day
};

struct Visit {
    Day day = 0;
    std::size_t diagnosis = 0;  // row of the table
    std::optional<std::size_t> hospital;
};

struct Dose {
    Day day = 0;
    std::optional<std::size_t> row;  // of the table; the yearly influenza dose has none
};

// What happens to one resident.
struct Course {
    std::vector<Contract> contracts;
    std::optional<ProgrammeCourse> programme;
    std::vector<Exam> exams;
    std::vector<Visit> visits;
    std::vector<Dose> doses;
};

// The numbers of the programme table.
struct Norm {
    int minimum_age = 0;
    int months_per_follow_up = 0;
    int fewest_follow_ups = 0;
    int months_for_exam = 0;
    int months_before_judged = 0;
    int enrolled_per_mille = 0;
    int standard_per_mille = 0;
    int standard_rise_per_mille = 0;
};
Norm ReadNorm(const Texts& programme);
// Whole months from one day to the other.
int MonthsBetween(Day from, Day to);
// Follow-ups due to who is managed from `from` to the day before `day_after`.
int FollowUpsDue(const Norm& norm, Day from, Day day_after);

class CourseMaker {
public:
    CourseMaker(
        std::uint64_t seed,
        const Window& window,
        const District& district,
        const Norm& norm
    );
    Course Make(const Resident& resident) const;

private:
    void DrawProgramme(const Resident& resident, Course& course) const;
    void DrawContracts(const Resident& resident, Course& course) const;
    void DrawElderlyExams(const Resident& resident, Course& course) const;
    void DrawVisits(const Resident& resident, Course& course) const;
    void DrawDoses(const Resident& resident, Course& course) const;

    std::uint64_t seed_;
    const Window& window_;
    const District& district_;
    const Norm& norm_;
    AgeRates diagnosed_;
    struct Diagnosis {
        int weight;
        int from;
        int to;
    };
    std::size_t DrawDiagnosis(Random& random, int age) const;
    std::vector<Diagnosis> diagnoses_;
    std::vector<Row> doses_;
};

}  // namespace kangqu::synth
