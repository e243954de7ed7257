#include "life.hpp"
#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kOpens = 8 * 60;
constexpr int kCloses = 17 * 60;
constexpr int kHospitalPerMille = 420;
constexpr int kVisitFen = 6000;  // registration and examination
constexpr int kPerObservationFen = 1500;

int VisitMinute(Random& random) {
    return random.Between(kOpens / 5, kCloses / 5) * 5;
}

}  // namespace

std::size_t LifeWriter::DrawDiagnosis(Random& random, int age, int month) const {
    const auto& rows = world_.catalog.diagnoses;
    std::uint32_t sum = 0;
    const auto weight = [&](const DiagnosisRow& row) -> std::uint32_t {
        if (age < row.from || age > row.to) {
            return 0;
        }
        const int season = world_.catalog.seasons[row.season][static_cast<std::size_t>(month - 1)];
        return static_cast<std::uint32_t>(row.weight) * static_cast<std::uint32_t>(season);
    };
    for (const DiagnosisRow& row : rows) {
        sum += weight(row);
    }
    std::uint32_t drawn = random.Below(sum);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint32_t own = weight(rows[i]);
        if (drawn < own) {
            return i;
        }
        drawn -= own;
    }
    return 0;
}

void LifeWriter::WriteVisits() {
    Random random = Stream_(Stream::kVisit);
    const Window& window = world_.window;
    const auto& months = world_.catalog.seasons[0];  // of all visits
    for (int year = window.first_year; year <= window.last_year; ++year) {
        const int age = AgeOn(resident_->birth, window.LastDay(year));
        const std::string_view rule = age < 7    ? "visits-under-7"
                                      : age < 45 ? "visits-under-45"
                                      : age < 65 ? "visits-under-65"
                                                 : "visits-from-65";
        const int rate = world_.catalog.rules.Number(rule);
        for (int month = 1; month <= 12; ++month) {
            const int share = rate * months[static_cast<std::size_t>(month - 1)] / 12'000;
            const int times = random.Times(share);
            for (int i = 0; i < times; ++i) {
                const Day day = core::DaysOf({year, month, 1}) +
                                random.Between(0, core::DaysInMonth(year, month) - 1);
                const std::size_t at = DrawDiagnosis(random, age, month);
                if (resident_->Here(day) && day <= window.until) {
                    WriteVisit(random, day, world_.catalog.diagnoses[at]);
                }
            }
        }
    }
}

void LifeWriter::WriteVisit(Random& random, Day day, const DiagnosisRow& diagnosis) {
    const bool fever = diagnosis.setting == "fever";
    const bool hospital =
        fever || diagnosis.setting == "hospital" || random.PerMille(kHospitalPerMille);
    const std::size_t where =
        hospital ? world_.district.hospitals[random.Index(world_.district.hospitals.size())]
                 : resident_->site;
    Event event = Begin(day, VisitMinute(random), world_.district.institutions[where].id, "-o");
    if (hospital) {
        event.doctor = HospitalDoctor(where, random);
        fill_.Set(Slot::doctor, event.doctor);
    }
    fill_.Set(Slot::code, diagnosis.code);
    fill_.Set(Slot::text, diagnosis.text);
    EndEncounter(
        "encounter-visit.json",
        fever ? "fever-clinic" : "outpatient",
        world_.texts[fever ? "fever-clinic" : "outpatient"]
    );
    ObservePanel(event, diagnosis.panel);
    Prescribe(event, diagnosis.drugs);
    std::int64_t fen = kVisitFen + random.Between(0, 20'000);
    for (const std::size_t drug : diagnosis.drugs) {
        fen += world_.catalog.medications[drug].price_fen;
    }
    fen += std::int64_t{kPerObservationFen} *
           static_cast<std::int64_t>(world_.catalog.panels[diagnosis.panel].observations.size());
    Claim(event, fen, "professional");
    if (hospital) {
        SendVisit(event, diagnosis);
    }
    if (diagnosis.report_hours > 0) {
        WriteCase(event, nullptr, diagnosis.code, diagnosis.text, diagnosis.report_hours);
    }
    const core::CivilDate date = core::CivilOf(day);
    const auto month = static_cast<std::size_t>(date.month - 1);
    marginals_.Add(fever ? Mark::fever_month : Mark::visits_month, month);
    marginals_.Add(Mark::visits_age, static_cast<std::size_t>(AgeOn(resident_->birth, day) / 5));
}

void LifeWriter::WriteCase(
    const Event& event,
    const Outbreak* outbreak,
    std::string_view code,
    std::string_view text,
    int hours
) {
    FaultLog& log = emitter_.chunk().faults;
    fill_.Join(Slot::id, {event.id, "-case"});
    fill_.Set(Slot::code, code);
    fill_.Set(Slot::text, text);
    fill_.SetDate(Slot::from, std::max(resident_->birth, event.day - faults_.Between(0, 3)));
    emitter_.Put("condition-case.json", fill_);
    // The report card: within the limit, or late.
    int minutes = faults_.Between(20, hours * 60 - 20);
    fill_.Join(Slot::id, {event.id, "-card"});
    if (log.Draw(faults_, Fault::kLateReport, world_.fault_rates)) {
        minutes = hours * 60 + faults_.Between(60, 4 * 24 * 60);
        if (event.day + (event.minute + minutes) / (24 * 60) <= world_.window.until) {
            log.Add(Fault::kLateReport, "QuestionnaireResponse", fill_[Slot::id]);
        } else {
            minutes = 20;
        }
    }
    const Day last = world_.window.until;
    if (event.day + (event.minute + minutes) / (24 * 60) > last) {
        minutes = 20;
    }
    fill_.SetTime(Slot::issued, event.day, event.minute + minutes);
    emitter_.Put("report-card.json", fill_);
    marginals_.Add(
        Mark::case_year,
        static_cast<std::size_t>(core::CivilOf(event.day).year - world_.window.first_year)
    );
    if (outbreak != nullptr) {
        const auto at = static_cast<std::size_t>(outbreak - world_.outbreaks.all().data());
        Chunk& chunk = emitter_.chunk();
        chunk.cases.resize(world_.outbreaks.all().size());
        chunk.case_counts.resize(world_.outbreaks.all().size(), 0);
        ++chunk.case_counts[at];
        chunk.cases[at] += chunk.cases[at].empty() ? "\"" : ",\"";
        chunk.cases[at].append("Condition/").append(event.id).append("-case\"");
    }
}

void LifeWriter::WriteOutbreaks() {
    const auto& outbreaks = world_.outbreaks.all();
    for (std::size_t i = 0; i < outbreaks.size(); ++i) {
        const Outbreak& outbreak = outbreaks[i];
        const auto onset = world_.outbreaks.Onset(outbreak, i, *resident_);
        if (!onset) {
            continue;
        }
        Random random = Stream_(Stream::kCase, 64 + i);
        const Day day = std::min(*onset + random.Between(0, 2), resident_->last_day);
        const std::size_t where =
            world_.district.hospitals[random.Index(world_.district.hospitals.size())];
        const Event event =
            Begin(day, VisitMinute(random), world_.district.institutions[where].id, "-o");
        fill_.Set(Slot::doctor, HospitalDoctor(where, random));
        fill_.Set(Slot::code, outbreak.code);
        fill_.Set(Slot::text, outbreak.text);
        EndEncounter("encounter-visit.json", "outpatient", world_.texts["outpatient"]);
        WriteCase(event, &outbreak, outbreak.code, outbreak.text, outbreak.report_hours);
    }
}

void LifeWriter::WriteEmergencies() {
    Random random = Stream_(Stream::kEmergency);
    const Window& window = world_.window;
    for (int year = window.first_year; year <= window.last_year; ++year) {
        const Day first = window.FirstDay(year);
        const int span = static_cast<int>(window.LastDay(year) - first);
        const int age = AgeOn(resident_->birth, first);
        const int rate = world_.catalog.rules.Number(age < 65 ? "calls-under-65" : "calls-from-65");
        const bool called = random.PerMillion(rate);
        const Day day = first + random.Between(0, span);
        if (called && resident_->Here(day)) {
            WriteCall(random, day);
        }
    }
}

void LifeWriter::WriteCall(Random& random, Day day) {
    const auto& ambulances = world_.sites.OfKind("ambulance");
    const Site& ambulance = world_.sites[ambulances[random.Index(ambulances.size())]];
    const std::size_t hospital =
        world_.district.hospitals[random.Index(world_.district.hospitals.size())];
    int minute = random.Between(0, 22 * 60);
    Begin(day, minute, world_.district.institutions[hospital].id, "-e");
    fill_.Set(Slot::doctor, HospitalDoctor(hospital, random));
    // Call, vehicle called, out, at the scene, with the patient, off, at the hospital.
    const Slot times[] = {Slot::t1, Slot::t2, Slot::t3, Slot::t4, Slot::t5, Slot::t6, Slot::t7};
    const int steps[] = {
        0,
        random.Between(1, 2),
        random.Between(1, 3),
        std::max(3, 9 + random.Bell(5)),
        random.Between(1, 4),
        random.Between(6, 18),
        std::max(4, 14 + random.Bell(6))};
    int call_to_scene = 0;
    for (std::size_t i = 0; i < std::size(times); ++i) {
        minute += steps[i];
        call_to_scene += i < 4 ? steps[i] : 0;
        fill_.SetTime(times[i], day, minute);
    }
    fill_.SetTime(Slot::end, day, minute + 10);
    fill_.Set(Slot::place, ambulance.id);
    const auto& reasons = world_.catalog.admissions;
    const AdmissionRow& reason = reasons[random.Index(reasons.size())];
    fill_.Set(Slot::code, reason.code);
    fill_.Set(Slot::text, reason.text);
    EndEncounter("encounter-emergency.json", "emergency-call", world_.texts["emergency-call"]);
    marginals_.Add(Mark::emergency_minutes, static_cast<std::size_t>(call_to_scene));
}

}  // namespace kangqu::synth
