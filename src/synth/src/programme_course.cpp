#include "programme_course.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kEnrolledBeforePerMille = 620;
constexpr int kEarliestDaysBefore = 6 * 365;
constexpr int kHomePerMille = 180;
constexpr int kExtraFollowUpPerMille = 150;
constexpr int kExamInPartYearPerMille = 500;
constexpr int kTargetOldAge = 65;

}  // namespace

ProgrammeCourse ProgrammeDraw::Draw(int quality_per_mille, std::vector<Exam>* exams) {
    ProgrammeCourse course;
    const Day end = resident_.last_day;
    const Day start = std::min(end, window_.from + random_.Between(-3000, 1200));
    course.diagnosed = std::max(start, resident_.birth + Day{18} * 366);
    course.diagnosed = std::min(course.diagnosed, end);
    if (!DrawEnrolment(course)) {
        return course;
    }
    base_ = programme_.first.mean + random_.Bell(programme_.first.between);
    base_second_ = programme_.second.mean + random_.Bell(programme_.second.between);
    body_ = DrawExam(random_, resident_, 0);
    body_.glucose_tenths += random_.Between(0, 6);
    DrawEnd(course);
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Outcome outcome = DrawOutcome(year, quality_per_mille);
        DrawFollowUps(year, outcome, course);
        if (exams != nullptr && outcome != Outcome::kNothing && LastDay(year, course) >= 0) {
            DrawYearsExam(year, outcome, *course.enrolled, *exams);
            while (!exams->empty() && exams->back().day > LastDay(year, course)) {
                exams->pop_back();
            }
        }
    }
    return course;
}

bool ProgrammeDraw::DrawEnrolment(ProgrammeCourse& course) {
    const bool enrolled = random_.PerMille(norm_.enrolled_per_mille);
    const bool before = random_.PerMille(kEnrolledBeforePerMille);
    const int span = static_cast<int>(window_.until - window_.from);
    Day day = before ? window_.from - random_.Between(0, kEarliestDaysBefore)
                     : window_.from + random_.Between(0, span);
    if (resident_.came) {
        day = std::max(day, resident_.first_day + 20);
    }
    if (!enrolled || day >= resident_.last_day || AgeOn(resident_.birth, day) < norm_.minimum_age) {
        return false;
    }
    course.diagnosed = std::min(course.diagnosed, day);
    course.enrolled = day;
    return true;
}

void ProgrammeDraw::DrawEnd(ProgrammeCourse& course) {
    const int lost = norm_.lost_per_mille;
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Day from = std::max(*course.enrolled + 1, window_.FirstDay(year));
        const Day to = std::min(resident_.last_day - 1, window_.LastDay(year));
        const int chance = random_.Between(0, 999);
        const Day day = from > to ? from : from + random_.Between(0, static_cast<int>(to - from));
        if (from <= to && chance < lost + norm_.refused_per_mille) {
            course.ended = day;
            course.end_reason = chance < lost ? EndReason::kLost : EndReason::kRefused;
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

// The last day of the year on which the patient can be served.
Day ProgrammeDraw::LastDay(int year, const ProgrammeCourse& course) const {
    const Day to = window_.LastDay(year);
    return std::min({to, resident_.last_day, course.ended.value_or(to)});
}

void ProgrammeDraw::DrawFollowUps(int year, Outcome outcome, ProgrammeCourse& course) {
    const Day from = std::max(*course.enrolled, window_.FirstDay(year));
    const Day to = window_.LastDay(year);
    const Day last = LastDay(year, course);
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
    const std::size_t before = course.follow_ups.size();
    for (int i = 0; i < count; ++i) {
        // One in each slot of equal length, so no two on one day; the late ones at its very end.
        const Day slot = from + days * i / count;
        const Day length = from + days * (i + 1) / count - slot;
        const bool late = random_.PerMille(norm_.late_per_mille);
        const Day first = late ? (length - 1) * 8 / 10 : 0;
        const Day open = late ? length - 1 : (length - 1) * 8 / 10;
        const Day day = slot + random_.Between(static_cast<int>(first), static_cast<int>(open));
        const FollowUp follow_up = DrawFollowUp(day, outcome, i);
        if (day <= last && day >= resident_.first_day) {
            course.follow_ups.push_back(follow_up);
        }
    }
    std::sort(
        course.follow_ups.begin() + static_cast<std::ptrdiff_t>(before),
        course.follow_ups.end(),
        [](const FollowUp& a, const FollowUp& b) { return a.day < b.day; }
    );
}

void ProgrammeDraw::DrawYearsExam(
    int year,
    Outcome outcome,
    Day enrolled,
    std::vector<Exam>& exams
) {
    const Day from = std::max(enrolled, window_.FirstDay(year));
    const Day to = window_.LastDay(year);
    if (from > to) {
        return;
    }
    const bool full = MonthsBetween(from, to + 1) >= norm_.months_for_exam;
    const bool examined =
        outcome != Outcome::kNoExam && (full || random_.PerMille(kExamInPartYearPerMille));
    const Day day = from + random_.Between(0, static_cast<int>(to - from));
    Exam exam = body_;
    exam.day = day;
    exam.weight_hg += random_.Between(-15, 15);
    exam.glucose_tenths = std::max(38, exam.glucose_tenths + random_.Between(-5, 6));
    if (examined && day >= resident_.first_day) {
        exams.push_back(exam);
    }
}

int ProgrammeDraw::DrawValue(const Controlled& controlled, int base, Day day) {
    const int years = static_cast<int>((day - window_.from) / 365);
    int value = base - controlled.fall_per_decade * years / 10 + random_.Bell(controlled.within);
    if (controlled.round_to > 0 && random_.PerMille(norm_.digit_preference_per_mille)) {
        value = (value + controlled.round_to / 2) / controlled.round_to * controlled.round_to;
    }
    return std::clamp(value, controlled.low, controlled.high);
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
    const bool old = AgeOn(resident_.birth, day) >= kTargetOldAge;
    const auto on_target = [old](const Controlled& controlled, int value) {
        return value < (old ? controlled.target_old : controlled.target);
    };
    follow_up.value = DrawValue(programme_.first, base_, day);
    bool satisfied = on_target(programme_.first, follow_up.value);
    if (programme_.second.observation != "-") {
        const int apart = programme_.second.high - programme_.second.low;
        follow_up.second = DrawValue(programme_.second, base_second_, day);
        follow_up.second = std::min(follow_up.second, follow_up.value - apart * 4 / 10);
        satisfied = satisfied && on_target(programme_.second, follow_up.second);
    }
    const int other = random_.Between(0, 99);
    follow_up.class_code = other == 0 ? 4 : other < 3 ? 3 : satisfied ? 1 : 2;
    return follow_up;
}

}  // namespace kangqu::synth
