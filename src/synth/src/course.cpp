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
constexpr Day kFabricationAfterDeath = 90;

int VisitsPerMille(int age) noexcept {
    return age < 6 ? 900 : age >= 65 ? 800 : 400;
}

void Insert(ProgrammeCourse& course, FollowUp follow_up) {
    const auto at = std::lower_bound(
        course.follow_ups.begin(),
        course.follow_ups.end(),
        follow_up.day,
        [](const FollowUp& a, Day day) { return a.day < day; }
    );
    if (at == course.follow_ups.end() || at->day != follow_up.day) {
        course.follow_ups.insert(at, follow_up);
    }
}

}  // namespace

const ProgrammeCourse* Course::Of(std::size_t programme) const noexcept {
    for (const ProgrammeCourse& course : programmes) {
        if (course.programme == programme) {
            return &course;
        }
    }
    return nullptr;
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

CourseMaker::CourseMaker(
    std::uint64_t seed,
    const Window& window,
    const District& district,
    const Programmes& programmes
)
    : seed_(seed), window_(window), district_(district), programmes_(programmes) {
    for (const Row& row : RowsOf("diagnoses")) {
        diagnoses_.push_back({NumberOf(row[2]), NumberOf(row[3]), NumberOf(row[4])});
    }
    for (const Row& row : RowsOf("admissions")) {
        admissions_.push_back(
            {row[2] != "f",
             row[2] != "m",
             NumberOf(row[3]),
             NumberOf(row[4]),
             NumberOf(row[5]),
             NumberOf(row[6])}
        );
    }
}

Course CourseMaker::Make(const Resident& resident, FaultLog& faults) const {
    Course course;
    if (resident.detailed) {
        DrawStays(resident, course);
    }
    DrawProgrammes(resident, course, faults);
    DrawContracts(resident, course);
    DrawElderlyExams(resident, course);
    if (!resident.detailed) {
        DrawVisits(resident, course);
    }
    Random random(seed_, Stream::kDose, static_cast<std::uint64_t>(resident.number));
    vaccination_.Draw(random, resident, course.doses);
    return course;
}

void CourseMaker::DrawStays(const Resident& resident, Course& course) const {
    Random random(seed_, Stream::kAdmission, static_cast<std::uint64_t>(resident.number));
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Day first = window_.FirstDay(year);
        const int span = static_cast<int>(window_.LastDay(year) - first);
        const int age = AgeOn(resident.birth, first + span / 2);
        for (std::size_t i = 0; i < admissions_.size(); ++i) {
            const Admission& row = admissions_[i];
            const bool drawn = random.PerMillion(row.per_million);
            if (!drawn || age < row.from || age > row.to ||
                !(resident.male ? row.male : row.female)) {
                continue;
            }
            Stay stay;
            stay.from = first + random.Between(0, span);
            stay.to = stay.from + std::max(1, row.days + random.Bell(std::max(1, row.days / 3)));
            stay.reason = i;
            stay.hospital = district_.hospitals[random.Index(district_.hospitals.size())];
            const bool free =
                std::none_of(course.stays.begin(), course.stays.end(), [&stay](const Stay& other) {
                    return stay.from <= other.to + 1 && other.from <= stay.to + 1;
                });
            if (free && resident.Here(stay.from) && resident.Here(stay.to)) {
                course.stays.push_back(stay);
            }
        }
    }
    std::sort(course.stays.begin(), course.stays.end(), [](const Stay& a, const Stay& b) {
        return a.from < b.from;
    });
}

void CourseMaker::DrawProgrammes(const Resident& resident, Course& course, FaultLog& faults) const {
    const int age = AgeOn(resident.birth, resident.last_day);
    bool exams_drawn = false;
    for (std::size_t i = 0; i < programmes_.size(); ++i) {
        const Programme& programme = programmes_[i];
        if (!programme.core && !resident.detailed) {
            continue;
        }
        Random random(
            seed_, Stream::kProgramme, static_cast<std::uint64_t>(resident.number) | (i << 40U)
        );
        const int rate = programme.diagnosed[resident.male ? 1 : 0].At(age);
        if (static_cast<int>(random.Below(10'000)) >= rate) {
            continue;
        }
        ProgrammeDraw draw(random, window_, programme, resident);
        const int quality = district_.institutions[resident.site].quality_per_mille;
        ProgrammeCourse drawn = draw.Draw(quality, exams_drawn ? nullptr : &course.exams);
        drawn.programme = i;
        exams_drawn = exams_drawn || drawn.enrolled.has_value();
        course.programmes.push_back(std::move(drawn));
    }
    if (resident.detailed) {
        Fabricate(resident, course, faults);
    }
}

void CourseMaker::Fabricate(const Resident& resident, Course& course, FaultLog& faults) const {
    for (ProgrammeCourse& programme : course.programmes) {
        if (!programme.enrolled || programme.follow_ups.empty()) {
            continue;
        }
        Random random(
            seed_,
            Stream::kFault,
            static_cast<std::uint64_t>(resident.number) | (programme.programme << 40U)
        );
        if (programme.follow_ups.size() > 5 &&
            faults.Draw(random, Fault::kRepeatedValues, fault_rates_)) {
            const std::size_t first = programme.follow_ups.size() - 4;
            for (std::size_t i = first; i < programme.follow_ups.size(); ++i) {
                FollowUp& copy = programme.follow_ups[i];
                copy.value = programme.follow_ups[first - 1].value;
                copy.second = programme.follow_ups[first - 1].second;
                copy.contact = Contact::kClinic;
                copy.fabrication = Fabrication::kRepeated;
            }
        }
        FollowUp made = programme.follow_ups.back();
        made.contact = Contact::kClinic;
        if (resident.died && *resident.died + kFabricationAfterDeath < window_.until &&
            faults.Draw(random, Fault::kAfterDeath, fault_rates_)) {
            made.day = *resident.died + random.Between(5, kFabricationAfterDeath);
            made.fabrication = Fabrication::kAfterDeath;
            Insert(programme, made);
        }
        for (const Stay& stay : course.stays) {
            const Day until = programme.ended.value_or(window_.until);
            if (stay.to - stay.from >= 4 && stay.from > *programme.enrolled && stay.to < until &&
                faults.Draw(random, Fault::kInHospital, fault_rates_)) {
                made.day = stay.from + 2;
                made.fabrication = Fabrication::kInHospital;
                Insert(programme, made);
            }
        }
    }
}

void CourseMaker::DrawContracts(const Resident& resident, Course& course) const {
    Random random(seed_, Stream::kContract, static_cast<std::uint64_t>(resident.number));
    const int age = AgeOn(resident.birth, resident.last_day);
    const ProgrammeCourse* programme = course.Of(0);
    const bool enrolled = programme != nullptr && programme->enrolled;
    const int chance = enrolled          ? kContractedPatients
                       : age >= kOldAge  ? kContractedOld
                       : age < kYoungAge ? kContractedYoung
                                         : kContractedOthers;
    const int span = static_cast<int>(window_.until - window_.from);
    // From the year before the window on; half of those who ever sign have signed when it opens.
    Day from =
        window_.from + (random.PerMille(500) ? random.Between(-364, 0) : random.Between(0, span));
    from = std::max(from, resident.birth + 30);
    if (resident.came) {
        from = std::max(from, resident.first_day + 15);
    }
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
    if (std::any_of(course.programmes.begin(), course.programmes.end(), [](const auto& programme) {
            return programme.enrolled.has_value();
        })) {
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
        if (comes && resident.Here(day) && AgeOn(resident.birth, day) >= kOldAge) {
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
                district_.hospitals[random.Index(district_.hospitals.size())];
            if (random.PerMille(kHospitalVisitPerMille)) {
                visit.hospital = hospital;
            }
            if (random.PerMille(VisitsPerMille(age) / 2) && resident.Here(day)) {
                course.visits.push_back(visit);
            }
        }
    }
}

}  // namespace kangqu::synth
