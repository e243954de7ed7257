#pragma once

#include "course.hpp"

namespace kangqu::synth {

// Draws when a patient is enrolled, how it ends, and year by year what is done of what is due.
class ProgrammeDraw {
public:
    ProgrammeDraw(Random& random, const Window& window, const Norm& norm, const Resident& resident)
        : random_(random), window_(window), norm_(norm), resident_(resident) {}

    // `quality_per_mille` shifts the chance of a year to standard. Exams go to `exams`.
    ProgrammeCourse Draw(int quality_per_mille, std::vector<Exam>& exams);

private:
    // How a year of management turns out.
    enum class Outcome : std::uint8_t { kStandard, kTooFew, kTelephone, kNoExam, kNothing };
    struct Body {
        int systolic;
        int diastolic;
        int weight_hg;
        int height_cm;
        int glucose_tenths;
    };
    bool DrawEnrolment(ProgrammeCourse& course);
    void DrawEnd(ProgrammeCourse& course);
    Outcome DrawOutcome(int year, int quality_per_mille);
    void DrawYear(int year, Outcome outcome, ProgrammeCourse& course, std::vector<Exam>& exams);
    FollowUp DrawFollowUp(Day day, Outcome outcome, int number);

    Random& random_;
    const Window& window_;
    const Norm& norm_;
    const Resident& resident_;
    Body body_{};
};

// Weight, height and glucose of somebody of this sex and age.
Exam DrawExam(Random& random, const Resident& resident, Day day);

}  // namespace kangqu::synth
