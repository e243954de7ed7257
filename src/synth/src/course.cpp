#include "course.hpp"

#include "programme_course.hpp"
#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kContractedPatients = 860;  // per mille, ever
constexpr int kContractedOld = 720;
constexpr int kContractedYoung = 640;
constexpr int kContractedOthers = 430;
constexpr int kRenewedPerMille = 890;
constexpr int kComesBackPerMille = 450;
constexpr int kOldAge = 65;
constexpr int kYoungAge = 7;
constexpr int kElderlyExamPerMille = 610;
constexpr int kHospitalVisitPerMille = 350;
constexpr int kDosePerMille = 930;
constexpr int kInfluenzaPerMille = 120;

bool Lives(const Resident& resident, Day day) {
    return day >= resident.first_day && day <= resident.last_day;
}

int VisitsPerMille(int age) noexcept {
    return age < 6 ? 900 : age >= 65 ? 800 : 400;
}

}  // namespace

std::string_view CodeOf(EndReason reason) noexcept {
    switch (reason) {
        case EndReason::kMoved:
            return "moved";
        case EndReason::kDied:
            return "died";
        case EndReason::kLost:
            return "lost";
        case EndReason::kRefused:
            break;
    }
    return "refused";
}

Norm ReadNorm(const Texts& programme) {
    return {
        programme.Number("minimum-age"),
        programme.Number("months-per-follow-up"),
        programme.Number("fewest-follow-ups"),
        programme.Number("months-for-exam"),
        programme.Number("months-before-judged"),
        programme.Number("enrolled-per-mille"),
        programme.Number("standard-per-mille"),
        programme.Number("standard-rise-per-mille")};
}

int MonthsBetween(Day from, Day to) {
    const core::CivilDate a = core::CivilOf(from);
    const core::CivilDate b = core::CivilOf(to);
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0);
}

int FollowUpsDue(const Norm& norm, Day from, Day day_after) {
    return std::max(
        MonthsBetween(from, day_after) / norm.months_per_follow_up, norm.fewest_follow_ups
    );
}

CourseMaker::CourseMaker(
    std::uint64_t seed,
    const Window& window,
    const District& district,
    const Norm& norm
)
    : seed_(seed),
      window_(window),
      district_(district),
      norm_(norm),
      diagnosed_("programme-ages"),
      doses_(RowsOf("immunizations")) {
    for (const Row& row : RowsOf("diagnoses")) {
        diagnoses_.push_back({NumberOf(row[2]), NumberOf(row[3]), NumberOf(row[4])});
    }
}

Course CourseMaker::Make(const Resident& resident) const {
    Course course;
    DrawProgramme(resident, course);
    DrawContracts(resident, course);
    DrawElderlyExams(resident, course);
    DrawVisits(resident, course);
    DrawDoses(resident, course);
    return course;
}

void CourseMaker::DrawProgramme(const Resident& resident, Course& course) const {
    Random random(seed_, Stream::kProgramme, static_cast<std::uint64_t>(resident.number));
    if (!random.PerMille(diagnosed_.At(AgeOn(resident.birth, resident.last_day)))) {
        return;
    }
    ProgrammeDraw draw(random, window_, norm_, resident);
    const int quality = district_.institutions[resident.site].quality_per_mille;
    course.programme = draw.Draw(quality, course.exams);
}

void CourseMaker::DrawContracts(const Resident& resident, Course& course) const {
    Random random(seed_, Stream::kContract, static_cast<std::uint64_t>(resident.number));
    const int age = AgeOn(resident.birth, resident.last_day);
    const bool enrolled = course.programme && course.programme->enrolled;
    const int chance = enrolled          ? kContractedPatients
                       : age >= kOldAge  ? kContractedOld
                       : age < kYoungAge ? kContractedYoung
                                         : kContractedOthers;
    const int span = static_cast<int>(window_.until - window_.from);
    // From the year before the window on; half of those who ever sign have signed when it opens.
    Day from =
        window_.from + (random.PerMille(500) ? random.Between(-364, 0) : random.Between(0, span));
    from = std::max(from, resident.birth + 30);
    if (!random.PerMille(chance)) {
        return;
    }
    while (from <= resident.last_day) {
        core::CivilDate anniversary = core::CivilOf(from);
        ++anniversary.year;
        anniversary.day = std::min(anniversary.day, 28);
        Contract contract{from, core::DaysOf(anniversary) - 1};
        const Day next = contract.to + 1;
        if (resident.died || resident.moved) {
            contract.to = std::min(contract.to, resident.last_day);
        }
        course.contracts.push_back(contract);
        from = next;
        if (!random.PerMille(kRenewedPerMille)) {
            if (!random.PerMille(kComesBackPerMille)) {
                return;
            }
            from += random.Between(60, 400);
        }
    }
}

void CourseMaker::DrawElderlyExams(const Resident& resident, Course& course) const {
    if (course.programme && course.programme->enrolled) {
        return;
    }
    Random random(seed_, Stream::kExam, static_cast<std::uint64_t>(resident.number));
    const Exam base = DrawExam(random, resident, 0);
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Day first = window_.FirstDay(year);
        const Day day = first + random.Between(0, static_cast<int>(window_.LastDay(year) - first));
        const bool comes = random.PerMille(kElderlyExamPerMille);
        Exam exam = base;
        exam.day = day;
        exam.weight_hg += random.Between(-15, 15);
        exam.glucose_tenths += random.Between(-3, 3);
        if (comes && Lives(resident, day) && AgeOn(resident.birth, day) >= kOldAge) {
            course.exams.push_back(exam);
        }
    }
}

std::size_t CourseMaker::DrawDiagnosis(Random& random, int age) const {
    Weights weights;
    for (const Diagnosis& diagnosis : diagnoses_) {
        weights.Add(age >= diagnosis.from && age <= diagnosis.to ? diagnosis.weight : 0);
    }
    return weights.Pick(random);
}

void CourseMaker::DrawVisits(const Resident& resident, Course& course) const {
    Random random(seed_, Stream::kVisit, static_cast<std::uint64_t>(resident.number));
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Day first = window_.FirstDay(year);
        const int span = static_cast<int>(window_.LastDay(year) - first);
        for (int i = 0; i < 2; ++i) {
            const Day day = first + random.Between(0, span);
            const int age = AgeOn(resident.birth, day);
            Visit visit{day, DrawDiagnosis(random, age), std::nullopt};
            const std::size_t hospital =
                district_.hospitals[random.Below(static_cast<std::uint32_t>(district_.hospitals
                                                                                .size()))];
            if (random.PerMille(kHospitalVisitPerMille)) {
                visit.hospital = hospital;
            }
            if (random.PerMille(VisitsPerMille(age) / 2) && Lives(resident, day)) {
                course.visits.push_back(visit);
            }
        }
    }
}

void CourseMaker::DrawDoses(const Resident& resident, Course& course) const {
    Random random(seed_, Stream::kDose, static_cast<std::uint64_t>(resident.number));
    for (std::size_t i = 0; i < doses_.size(); ++i) {
        const Day day =
            resident.birth + NumberOf(doses_[i][3]) * Day{61} / 2 + random.Between(0, 12);
        if (random.PerMille(kDosePerMille) && Lives(resident, day)) {
            course.doses.push_back({day, i});
        }
    }
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Day day = window_.FirstDay(year) + random.Between(260, 330);
        if (random.PerMille(kInfluenzaPerMille) && Lives(resident, day) &&
            AgeOn(resident.birth, day) >= kOldAge) {
            course.doses.push_back({day, std::nullopt});
        }
    }
}

}  // namespace kangqu::synth
