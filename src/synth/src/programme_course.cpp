#include "programme_course.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kEnrolledBeforePerMille = 620;
constexpr int kEarliestDaysBefore = 6 * 365;
constexpr int kLostPerMille = 15;    // a year
constexpr int kRefusedPerMille = 7;  // a year
constexpr int kHomePerMille = 180;
constexpr int kExtraFollowUpPerMille = 150;
constexpr int kExamInPartYearPerMille = 500;
constexpr int kSystolicTarget = 140;
constexpr int kSystolicTargetOld = 150;
constexpr int kDiastolicTarget = 90;
constexpr int kTargetOldAge = 65;

}  // namespace

ProgrammeCourse ProgrammeDraw::Draw(int quality_per_mille, std::vector<Exam>& exams) {
    ProgrammeCourse course;
    const Day end = resident_.last_day;
    const Day start = std::min(end, window_.from + random_.Between(-3000, 1200));
    course.diagnosed = std::max(start, resident_.birth + Day{18} * 366);
    course.diagnosed = std::min(course.diagnosed, end);
    if (!DrawEnrolment(course)) {
        return course;
    }
    body_.systolic = 139 + random_.Bell(9);
    body_.diastolic = 84 + random_.Bell(6);
    const Exam base = DrawExam(random_, resident_, 0);
    body_.weight_hg = base.weight_hg;
    body_.height_cm = base.height_cm;
    body_.glucose_tenths = base.glucose_tenths + random_.Between(0, 6);
    DrawEnd(course);
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        DrawYear(year, DrawOutcome(year, quality_per_mille), course, exams);
    }
    return course;
}

bool ProgrammeDraw::DrawEnrolment(ProgrammeCourse& course) {
    const bool enrolled = random_.PerMille(norm_.enrolled_per_mille);
    const bool before = random_.PerMille(kEnrolledBeforePerMille);
    const int span = static_cast<int>(window_.until - window_.from);
    const Day day = before ? window_.from - random_.Between(0, kEarliestDaysBefore)
                           : window_.from + random_.Between(0, span);
    if (!enrolled || day >= resident_.last_day || AgeOn(resident_.birth, day) < norm_.minimum_age) {
        return false;
    }
    course.diagnosed = std::min(course.diagnosed, day);
    course.enrolled = day;
    return true;
}

void ProgrammeDraw::DrawEnd(ProgrammeCourse& course) {
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Day from = std::max(*course.enrolled + 1, window_.FirstDay(year));
        const Day to = std::min(resident_.last_day - 1, window_.LastDay(year));
        const int chance = random_.Between(0, 999);
        const Day day = from > to ? from : from + random_.Between(0, static_cast<int>(to - from));
        if (from <= to && chance < kLostPerMille + kRefusedPerMille) {
            course.ended = day;
            course.end_reason = chance < kLostPerMille ? EndReason::kLost : EndReason::kRefused;
            return;
        }
    }
    if (resident_.died || resident_.moved) {
        course.ended = resident_.last_day;
        course.end_reason = resident_.died ? EndReason::kDied : EndReason::kMoved;
    }
}

ProgrammeDraw::Outcome ProgrammeDraw::DrawOutcome(int year, int quality_per_mille) {
    const int chance = norm_.standard_per_mille + quality_per_mille +
                       norm_.standard_rise_per_mille * (year - window_.first_year);
    if (random_.PerMille(std::clamp(chance, 0, 1000))) {
        return Outcome::kStandard;
    }
    const int why = random_.Between(0, 99);
    return why < 45   ? Outcome::kTooFew
           : why < 68 ? Outcome::kTelephone
           : why < 94 ? Outcome::kNoExam
                      : Outcome::kNothing;
}

void ProgrammeDraw::DrawYear(
    int year,
    Outcome outcome,
    ProgrammeCourse& course,
    std::vector<Exam>& exams
) {
    const Day from = std::max(*course.enrolled, window_.FirstDay(year));
    const Day to = window_.LastDay(year);
    const Day last = std::min({to, resident_.last_day, course.ended.value_or(to)});
    if (from > last || from > to || outcome == Outcome::kNothing) {
        return;
    }
    int count = FollowUpsDue(norm_, from, to + 1);
    if (outcome == Outcome::kTooFew) {
        count -= 1 + (count > 2 ? random_.Between(0, 1) : 0);
    } else if (random_.PerMille(kExtraFollowUpPerMille)) {
        ++count;
    }
    const Day days = to - from + 1;
    count = static_cast<int>(std::min<Day>(count, days));
    for (int i = 0; i < count; ++i) {
        // One in each slot of equal length, so no two on one day.
        const Day slot = from + days * i / count;
        const Day length = from + days * (i + 1) / count - slot;
        const Day day = slot + random_.Between(0, static_cast<int>((length - 1) * 8 / 10));
        const FollowUp follow_up = DrawFollowUp(day, outcome, i);
        if (day <= last) {
            course.follow_ups.push_back(follow_up);
        }
    }
    const bool full = MonthsBetween(from, to + 1) >= norm_.months_for_exam;
    const bool examined =
        outcome != Outcome::kNoExam && (full || random_.PerMille(kExamInPartYearPerMille));
    const Day exam_day = from + random_.Between(0, static_cast<int>(days - 1));
    if (examined && exam_day <= last) {
        exams.push_back(
            {exam_day,
             body_.weight_hg + random_.Between(-15, 15),
             body_.height_cm,
             std::max(38, body_.glucose_tenths + random_.Between(-5, 6))}
        );
    }
}

FollowUp ProgrammeDraw::DrawFollowUp(Day day, Outcome outcome, int number) {
    FollowUp follow_up;
    follow_up.day = day;
    // Among the due ones at least every second is by telephone.
    if (outcome == Outcome::kTelephone && number % 2 == 0) {
        follow_up.contact = Contact::kTelephone;
    } else if (random_.PerMille(kHomePerMille)) {
        follow_up.contact = Contact::kHome;
    }
    const int years = static_cast<int>((day - window_.from) / 365);
    follow_up.systolic = std::clamp(body_.systolic - years + random_.Bell(7), 98, 198);
    follow_up.diastolic = std::clamp(body_.diastolic - years / 2 + random_.Bell(5), 56, 118);
    follow_up.diastolic = std::min(follow_up.diastolic, follow_up.systolic - 25);
    const int target =
        AgeOn(resident_.birth, day) >= kTargetOldAge ? kSystolicTargetOld : kSystolicTarget;
    const bool on_target = follow_up.systolic < target && follow_up.diastolic < kDiastolicTarget;
    const int other = random_.Between(0, 99);
    follow_up.class_code = other == 0 ? 4 : other < 3 ? 3 : on_target ? 1 : 2;
    return follow_up;
}

Exam DrawExam(Random& random, const Resident& resident, Day day) {
    Exam exam;
    exam.day = day;
    exam.height_cm = (resident.male ? 168 : 157) + random.Bell(5);
    const int index = 238 + random.Bell(26);  // tenths of kg/m2
    exam.weight_hg = index * exam.height_cm * exam.height_cm / 10'000;
    exam.glucose_tenths = std::max(38, 54 + random.Bell(7));
    return exam;
}

}  // namespace kangqu::synth
