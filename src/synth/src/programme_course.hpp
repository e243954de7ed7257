#pragma once

#include "course.hpp"

namespace kangqu::synth {

// Draws when a patient is enrolled, how it ends, and year by year what is done of what is due.
class ProgrammeDraw {
public:
    ProgrammeDraw(
        Random& random,
        const Window& window,
        const Programme& programme,
        const Resident& resident
    )
        : random_(random),
          window_(window),
          programme_(programme),
          norm_(programme.norm),
          resident_(resident) {}

    // `quality_per_mille` shifts the chance of a year to standard. Exams go to `exams`, where it is
    // given.
    ProgrammeCourse Draw(int quality_per_mille, std::vector<Exam>* exams);

private:
    // How a year of management turns out.
    enum class Outcome : std::uint8_t { kStandard, kTooFew, kTelephone, kNoExam, kNothing };
    bool DrawEnrolment(ProgrammeCourse& course);
    void DrawEnd(ProgrammeCourse& course);
    Outcome DrawOutcome(int year, int quality_per_mille);
    void DrawFollowUps(int year, Outcome outcome, ProgrammeCourse& course);
    void DrawYearsExam(int year, Outcome outcome, Day enrolled, std::vector<Exam>& exams);
    FollowUp DrawFollowUp(Day day, Outcome outcome, int number);
    int DrawValue(const Controlled& controlled, int base, Day day);
    Day LastDay(int year, const ProgrammeCourse& course) const;

    Random& random_;
    const Window& window_;
    const Programme& programme_;
    const Norm& norm_;
    const Resident& resident_;
    int base_ = 0;
    int base_second_ = 0;
    Exam body_;
};

}  // namespace kangqu::synth
