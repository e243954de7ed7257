#include "emit.hpp"

namespace kangqu::synth {
namespace {

constexpr std::string_view kActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view kConditionStatus =
    "http://terminology.hl7.org/CodeSystem/condition-clinical";
constexpr std::string_view kIcd10 = "http://hl7.org/fhir/sid/icd-10";
constexpr std::string_view kLoinc = "http://loinc.org";
constexpr std::string_view kUcum = "http://unitsofmeasure.org";
constexpr int kOpens = 8 * 60;
constexpr int kLastStart = 16 * 60 + 30;

std::string_view CodeOf(Contact contact) noexcept {
    switch (contact) {
        case Contact::kClinic:
            return "AMB";
        case Contact::kHome:
            return "HH";
        case Contact::kTelephone:
            break;
    }
    return "VR";
}

int DrawMinute(Random& random) noexcept {
    return random.Between(kOpens / 5, kLastStart / 5) * 5;
}

std::string Tenths(int value) {
    return std::to_string(value / 10) + "." + std::to_string(value % 10);
}

void WriteQuantity(core::JsonWriter& writer, std::string_view value, std::string_view unit) {
    writer.Key("valueQuantity").BeginObject().Key("value").Raw(value);
    writer.Field("unit", unit).Field("system", kUcum).Field("code", unit).EndObject();
}

}  // namespace

std::string ResidentEmitter::BeginEncounter(Day day, int minute, std::string_view contact) {
    std::string id = resident_->id + "-v" + std::to_string(++encounters_);
    auto& writer = emitter_.Begin("Encounter", id);
    writer.Field("status", "finished").Key("class");
    emitter_.Coding(kActCode, contact, emitter_.Text("class." + std::string(contact)));
    emitter_.Reference("subject", "Patient", resident_->id);
    writer.Key("period").BeginObject().Field("start", TimeText(day, minute));
    writer.Field("end", TimeText(day, minute + 20)).EndObject();
    return id;
}

void ResidentEmitter::BeginObservation(
    std::string_view id,
    std::string_view encounter,
    std::string_view when
) {
    auto& writer = emitter_.Begin("Observation", id);
    writer.Field("status", "final");
    emitter_.Reference("subject", "Patient", resident_->id);
    emitter_.Reference("encounter", "Encounter", encounter);
    writer.Field("effectiveDateTime", when);
}

void ResidentEmitter::EmitFollowUps(const ProgrammeCourse& course, Random& random) {
    const Programme& programme = programmes_[course.programme];
    const std::string episode = resident_->id + "-p" + std::to_string(course.programme + 1);
    for (const FollowUp& follow_up : course.follow_ups) {
        const int minute = DrawMinute(random);
        const std::string id = BeginEncounter(follow_up.day, minute, CodeOf(follow_up.contact));
        auto& writer = emitter_.writer();
        writer.Key("type").BeginArray();
        emitter_.ConceptElement(
            "urn:kangqu:encounter", programme.follow_up, programme.follow_up_text
        );
        writer.EndArray().Key("episodeOfCare").BeginArray();
        emitter_.Reference("", "EpisodeOfCare", episode);
        writer.EndArray().Key("participant").BeginArray().BeginObject();
        emitter_.Reference("individual", "Practitioner", DoctorId());
        writer.EndObject().EndArray();
        emitter_.Reference("serviceProvider", "Organization", SiteId());
        emitter_.End();
        NoteFabrication(follow_up, id);
        if (follow_up.contact != Contact::kTelephone) {
            EmitControlled(programme, follow_up, id, minute + 5);
        }
        EmitFollowUpClass(follow_up, id, minute + 15);
    }
}

void ResidentEmitter::NoteFabrication(const FollowUp& follow_up, std::string_view encounter) {
    switch (follow_up.fabrication) {
        case Fabrication::kNone:
            return;
        case Fabrication::kRepeated:
            emitter_.chunk().faults.Add(Fault::kRepeatedValues, "Encounter", encounter);
            return;
        case Fabrication::kAfterDeath:
            emitter_.chunk().faults.Add(Fault::kAfterDeath, "Encounter", encounter);
            return;
        case Fabrication::kInHospital:
            emitter_.chunk().faults.Add(Fault::kInHospital, "Encounter", encounter);
            return;
    }
}

void ResidentEmitter::EmitControlled(
    const Programme& programme,
    const FollowUp& follow_up,
    std::string_view encounter,
    int minute
) {
    if (programme.second.observation != "-") {
        EmitPair(follow_up, encounter, minute);
        return;
    }
    if (programme.first.observation == "-") {
        return;
    }
    const ObservationRow& row =
        catalog_.observations[catalog_.ObservationOf(programme.first.observation)];
    const std::string value =
        row.decimals == 1 ? Tenths(follow_up.value) : std::to_string(follow_up.value);
    EmitMeasurement(
        encounter, TimeText(follow_up.day, minute), {row.key, row.code, row.text, value, row.unit}
    );
}

void ResidentEmitter::EmitPair(const FollowUp& follow_up, std::string_view encounter, int minute) {
    BeginObservation(std::string(encounter) + "-bp", encounter, TimeText(follow_up.day, minute));
    auto& writer = emitter_.writer();
    writer.Key("category").BeginArray();
    emitter_.ConceptElement(
        "http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", ""
    );
    writer.EndArray();
    emitter_.Concept("code", kLoinc, "85354-9", emitter_.Text("blood-pressure"));
    writer.Key("component").BeginArray().BeginObject();
    emitter_.Concept("code", kLoinc, "8480-6", emitter_.Text("systolic"));
    WriteQuantity(writer, std::to_string(follow_up.value), "mm[Hg]");
    writer.EndObject().BeginObject();
    emitter_.Concept("code", kLoinc, "8462-4", emitter_.Text("diastolic"));
    WriteQuantity(writer, std::to_string(follow_up.second), "mm[Hg]");
    writer.EndObject().EndArray();
    emitter_.End();
}

void ResidentEmitter::EmitFollowUpClass(
    const FollowUp& follow_up,
    std::string_view encounter,
    int minute
) {
    BeginObservation(std::string(encounter) + "-fc", encounter, TimeText(follow_up.day, minute));
    emitter_.Concept(
        "code", "urn:kangqu:observation", "follow-up-class", emitter_.Text("follow-up-class")
    );
    const std::string code = std::to_string(follow_up.class_code);
    emitter_.Concept(
        "valueCodeableConcept",
        "urn:kangqu:follow-up-class",
        code,
        emitter_.Text("follow-up-class." + code)
    );
    emitter_.End();
}

void ResidentEmitter::EmitMeasurement(
    std::string_view encounter,
    std::string_view when,
    const Measurement& measurement
) {
    std::string id(encounter);
    id.append("-").append(measurement.suffix);
    BeginObservation(id, encounter, when);
    emitter_.Concept("code", kLoinc, measurement.loinc, measurement.text);
    WriteQuantity(emitter_.writer(), measurement.value, measurement.unit);
    emitter_.End();
}

void ResidentEmitter::EmitExams(Random& random) {
    for (const Exam& exam : course_->exams) {
        const int minute = DrawMinute(random);
        const std::string id = BeginEncounter(exam.day, minute, "AMB");
        auto& writer = emitter_.writer();
        writer.Key("type").BeginArray();
        emitter_.ConceptElement("urn:kangqu:encounter", "annual-exam", emitter_.Text("exam"));
        writer.EndArray();
        emitter_.Reference("serviceProvider", "Organization", SiteId());
        emitter_.End();
        const std::string when = TimeText(exam.day, minute + 10);
        EmitMeasurement(
            id, when, {"wt", "29463-7", emitter_.Text("weight"), Tenths(exam.weight_hg), "kg"}
        );
        EmitMeasurement(
            id,
            when,
            {"ht", "8302-2", emitter_.Text("height"), std::to_string(exam.height_cm), "cm"}
        );
        EmitMeasurement(
            id,
            when,
            {"fg",
             "14771-0",
             emitter_.Text("fasting-glucose"),
             Tenths(exam.glucose_tenths),
             "mmol/L"}
        );
    }
}

void ResidentEmitter::EmitVisits(Random& random) {
    for (const Visit& visit : course_->visits) {
        const std::string id = BeginEncounter(visit.day, DrawMinute(random), "AMB");
        auto& writer = emitter_.writer();
        writer.Key("type").BeginArray();
        emitter_.ConceptElement("urn:kangqu:encounter", "outpatient", emitter_.Text("outpatient"));
        writer.EndArray();
        const std::string_view provider =
            visit.hospital ? district_.institutions[*visit.hospital].id : SiteId();
        emitter_.Reference("serviceProvider", "Organization", provider);
        emitter_.End();
        emitter_.Begin("Condition", id + "-d");
        emitter_.Concept("clinicalStatus", kConditionStatus, "resolved", "");
        emitter_.Concept(
            "code", kIcd10, diagnoses_[visit.diagnosis][0], diagnoses_[visit.diagnosis][1]
        );
        emitter_.Reference("subject", "Patient", resident_->id);
        emitter_.Reference("encounter", "Encounter", id);
        writer.Field("recordedDate", DateText(visit.day));
        emitter_.End();
    }
}

void ResidentEmitter::EmitDoses() {
    Fill fill;
    int number = 0;
    fill.Set(Slot::patient, resident_->id);
    fill.Set(Slot::org, SiteId());
    for (const Dose& dose : course_->doses) {
        const VaccineRow& row = vaccination_.rows()[dose.row];
        fill.Join(Slot::id, {resident_->id, "-i", std::to_string(++number)});
        fill.Set(Slot::code, row.code);
        fill.Set(Slot::text, row.name);
        fill.SetInt(Slot::dose, row.yearly ? 1 : row.dose);
        fill.SetDate(Slot::date, dose.day);
        fill.Set(Slot::series, row.series);
        fill.Set(Slot::route, row.route);
        fill.Set(Slot::site, row.site);
        // A lot a vaccine and half year, good for two years.
        const core::CivilDate date = core::CivilOf(dose.day);
        const std::string half = date.month < 7 ? "A" : "B";
        fill.Join(Slot::lot, {row.code, "-", std::to_string(date.year), half});
        fill.SetDate(Slot::expiry, core::DaysOf({date.year + 2, date.month < 7 ? 3 : 9, 30}));
        emitter_.Put("immunization.json", fill);
    }
}

}  // namespace kangqu::synth
