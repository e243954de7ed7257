#include "emit.hpp"

namespace kangqu::synth {
namespace {

constexpr std::string_view kConditionStatus =
    "http://terminology.hl7.org/CodeSystem/condition-clinical";
constexpr std::string_view kIcd10 = "http://hl7.org/fhir/sid/icd-10";
constexpr int kDeathMinute = 22 * 60 + 40;

void WritePeriod(core::JsonWriter& writer, Day from, std::optional<Day> to) {
    writer.Key("period").BeginObject().Field("start", DateText(from));
    if (to) {
        writer.Field("end", DateText(*to));
    }
    writer.EndObject();
}

}  // namespace

ResidentEmitter::ResidentEmitter(
    const District& district,
    const Window& window,
    const Programmes& programmes,
    Emitter& emitter
)
    : district_(district),
      window_(window),
      programmes_(programmes),
      emitter_(emitter),
      ethnicities_(RowsOf("ethnicities")),
      diagnoses_(RowsOf("diagnoses")) {}

void ResidentEmitter::Emit(const Resident& resident, const Course& course, Random& random) {
    resident_ = &resident;
    course_ = &course;
    encounters_ = 0;
    EmitPatient(!course.contracts.empty());
    EmitContracts();
    for (const ProgrammeCourse& programme : course.programmes) {
        EmitProgramme(programme);
        EmitFollowUps(programme, random);
    }
    EmitExams(random);
    EmitVisits(random);
    EmitDoses();
}

std::string_view ResidentEmitter::SiteId() const {
    return district_.institutions[resident_->site].id;
}

std::string_view ResidentEmitter::DoctorId() const {
    return district_.staff[district_.teams[resident_->team].members[0]].id;
}

void ResidentEmitter::EmitPatient(bool contracted) {
    auto& writer = emitter_.Begin("Patient", resident_->id);
    const std::string_view residence = CodeOf(resident_->residence);
    writer.Key("extension").BeginArray();
    writer.BeginObject().Field("url", "urn:kangqu:ext:residence").Key("valueCoding");
    emitter_.Coding(
        "urn:kangqu:residence", residence, emitter_.Text("residence." + std::string(residence))
    );
    writer.EndObject();
    writer.BeginObject().Field("url", "urn:kangqu:ext:ethnic-group").Key("valueCoding");
    const Row& ethnic = ethnicities_[resident_->ethnic];
    emitter_.Coding("urn:oid:2.16.156.10011.2.3.3.3", ethnic[0], ethnic[1]);
    writer.EndObject();
    if (resident_->came) {
        writer.BeginObject().Field("url", "urn:kangqu:ext:moved-in");
        writer.Field("valueDate", DateText(*resident_->came)).EndObject();
    }
    if (resident_->moved) {
        writer.BeginObject().Field("url", "urn:kangqu:ext:moved-out");
        writer.Field("valueDate", DateText(*resident_->moved)).EndObject();
    }
    writer.EndArray();
    EmitNameAndNumbers();
    if (resident_->died) {
        writer.Field("deceasedDateTime", TimeText(*resident_->died, kDeathMinute));
    }
    EmitAddress();
    if (contracted) {
        writer.Key("generalPractitioner").BeginArray();
        emitter_.Reference("", "Practitioner", DoctorId());
        writer.EndArray();
    }
    emitter_.Reference("managingOrganization", "Organization", SiteId());
    emitter_.End();
}

void ResidentEmitter::EmitNameAndNumbers() {
    auto& writer = emitter_.writer();
    writer.Key("identifier").BeginArray();
    emitter_.Identifier(
        "urn:oid:2.16.156.10011.1.3", resident_->id_number, emitter_.Text("id-number")
    );
    emitter_.Identifier(
        "urn:oid:2.16.156.10011.1.2", resident_->record_number, emitter_.Text("record-number")
    );
    writer.EndArray().Field("active", !resident_->died && !resident_->moved);
    writer.Key("name").BeginArray().BeginObject().Field("use", "official");
    writer.Field("text", resident_->name.text).Field("family", resident_->name.family);
    writer.Key("given").BeginArray().String(resident_->name.given).EndArray();
    writer.EndObject().EndArray();
    writer.Key("telecom").BeginArray().BeginObject().Field("system", "phone");
    writer.Field("value", resident_->phone).Field("use", "mobile").EndObject().EndArray();
    writer.Field("gender", resident_->male ? "male" : "female");
    writer.Field("birthDate", DateText(resident_->birth));
}

void ResidentEmitter::EmitAddress() {
    auto& writer = emitter_.writer();
    const Community& community = district_.communities[resident_->community];
    const Place& street = district_.streets[community.street];
    std::string line(street.name);
    line.append(community.place.name);
    std::string text(district_.city.name);
    text.append(district_.county.name).append(line).append(resident_->address_line);
    writer.Key("address").BeginArray().BeginObject().Key("extension").BeginArray();
    writer.BeginObject().Field("url", "urn:kangqu:ext:division").Key("valueCoding");
    emitter_.Coding("urn:kangqu:division", community.place.code, community.place.name);
    writer.EndObject().EndArray().Field("use", "home").Field("text", text);
    writer.Key("line").BeginArray().String(line).String(resident_->address_line).EndArray();
    writer.Field("city", district_.city.name).Field("district", district_.county.name);
    writer.Field("state", district_.province.name).Field("country", "CN");
    writer.EndObject().EndArray();
}

void ResidentEmitter::EmitContracts() {
    int number = 0;
    for (const Contract& contract : course_->contracts) {
        const bool running = contract.to >= window_.until && !resident_->died && !resident_->moved;
        auto& writer =
            emitter_.Begin("EpisodeOfCare", resident_->id + "-c" + std::to_string(++number));
        writer.Field("status", running ? "active" : "finished").Key("type").BeginArray();
        emitter_.ConceptElement(
            "urn:kangqu:episode", "family-doctor-contract", emitter_.Text("contract")
        );
        writer.EndArray();
        emitter_.Reference("patient", "Patient", resident_->id);
        emitter_.Reference("managingOrganization", "Organization", SiteId());
        WritePeriod(writer, contract.from, contract.to);
        emitter_.Reference("careManager", "Practitioner", DoctorId());
        writer.Key("team").BeginArray();
        emitter_.Reference("", "CareTeam", district_.teams[resident_->team].id);
        writer.EndArray();
        emitter_.End();
    }
}

void ResidentEmitter::EmitProgramme(const ProgrammeCourse& course) {
    const Programme& programme = programmes_[course.programme];
    const std::string number = std::to_string(course.programme + 1);
    const std::string condition = resident_->id + "-d" + number;
    auto& writer = emitter_.Begin("Condition", condition);
    emitter_.Concept("clinicalStatus", kConditionStatus, "active", "");
    emitter_.Concept("code", kIcd10, programme.condition, programme.condition_text);
    emitter_.Reference("subject", "Patient", resident_->id);
    writer.Field("recordedDate", DateText(course.diagnosed));
    emitter_.End();
    if (!course.enrolled) {
        return;
    }
    emitter_.Begin("EpisodeOfCare", resident_->id + "-p" + number);
    if (course.ended) {
        writer.Key("extension").BeginArray().BeginObject();
        writer.Field("url", "urn:kangqu:ext:end-reason");
        writer.Field("valueCode", CodeOf(course.end_reason)).EndObject().EndArray();
    }
    writer.Field("status", course.ended ? "finished" : "active").Key("type").BeginArray();
    emitter_.ConceptElement("urn:kangqu:episode", programme.key, programme.episode_text);
    writer.EndArray().Key("diagnosis").BeginArray().BeginObject();
    emitter_.Reference("condition", "Condition", condition);
    writer.EndObject().EndArray();
    emitter_.Reference("patient", "Patient", resident_->id);
    emitter_.Reference("managingOrganization", "Organization", SiteId());
    WritePeriod(writer, *course.enrolled, course.ended);
    emitter_.Reference("careManager", "Practitioner", DoctorId());
    emitter_.End();
}

}  // namespace kangqu::synth
