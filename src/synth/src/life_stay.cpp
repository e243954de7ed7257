#include "life.hpp"
#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kReferredPerMille = 220;
constexpr int kReturnedPerMille = 260;
constexpr int kAdmittedAt = 10 * 60;
constexpr int kFenPerYuan = 100;
constexpr int kInsuredOfAHundred = 68;

}  // namespace

void LifeWriter::WriteStays() {
    Random random = Stream_(Stream::kAdmission, 1);
    int number = 0;
    for (const Stay& stay : course_->stays) {
        WriteStay(stay, random, ++number);
    }
}

void LifeWriter::WriteReferral(const Event& event, const Stay& stay, bool down) {
    fill_.Join(Slot::id, {event.id, down ? "-down" : "-up"});
    fill_.Set(Slot::kind, down ? "down" : "up");
    fill_.Set(Slot::kindtext, world_.texts[down ? "referral.down" : "referral.up"]);
    const AdmissionRow& row = world_.catalog.admissions[stay.reason];
    fill_.Set(Slot::code, row.code);
    fill_.Set(Slot::text, row.text);
    const std::string_view hospital = world_.district.institutions[stay.hospital].id;
    const std::string_view site = world_.district.institutions[resident_->site].id;
    fill_.Set(Slot::from, down ? hospital : site);
    fill_.Set(Slot::until, down ? site : hospital);
    fill_.SetTime(Slot::when, down ? stay.to : stay.from, down ? 11 * 60 : 8 * 60 + 30);
    emitter_.Put("referral.json", fill_);
    fill_.Join(Slot::reason, {event.id, down ? "-down" : "-up"});
    fill_.Join(Slot::id, {event.id, down ? "-down-task" : "-up-task"});
    emitter_.Put("referral-task.json", fill_);
    fill_.Clear(Slot::reason);
}

// The conditions of a stay; returns what the encounter says of them.
std::string
LifeWriter::WriteDiagnoses(const Event& event, const AdmissionRow& row, Random& random) {
    // What was found: the reason and what else there is.
    fill_.Join(Slot::id, {event.id, "-d0"});
    fill_.Set(Slot::code, row.code);
    fill_.Set(Slot::text, row.text);
    std::string diagnoses;
    const Template& line = world_.templates["stay-diagnosis.json"];
    emitter_.Put("condition-stay.json", fill_);
    fill_.SetInt(Slot::number, 1);
    line.Append(fill_, diagnoses);
    int others = 0;
    for (const std::string_view other : row.others) {
        const std::size_t equals = other.find('=');
        if (random.PerMille(450)) {
            fill_.Join(Slot::id, {event.id, "-d", std::to_string(++others)});
            fill_.Set(Slot::code, other.substr(0, equals));
            fill_.Set(Slot::text, other.substr(equals + 1));
            emitter_.Put("condition-stay.json", fill_);
            fill_.SetInt(Slot::number, others + 1);
            diagnoses += ',';
            line.Append(fill_, diagnoses);
        }
    }
    return diagnoses;
}

void LifeWriter::WriteOperation(const Event& event, const AdmissionRow& row, const Stay& stay) {
    if (row.procedure == "-") {
        return;
    }
    fill_.Join(Slot::id, {event.id, "-op"});
    fill_.Set(Slot::code, row.procedure);
    fill_.Set(Slot::text, row.procedure_text);
    fill_.SetTime(Slot::when, std::min(stay.from + 1, stay.to), 9 * 60);
    fill_.SetTime(Slot::end, std::min(stay.from + 1, stay.to), 10 * 60 + 30);
    emitter_.Put("procedure.json", fill_);
}

void LifeWriter::WriteStay(const Stay& stay, Random& random, int number) {
    const AdmissionRow& row = world_.catalog.admissions[stay.reason];
    Event event =
        Begin(stay.from, kAdmittedAt, world_.district.institutions[stay.hospital].id, "-h");
    event.doctor = HospitalDoctor(stay.hospital, random);
    fill_.Set(Slot::doctor, event.doctor);
    const std::string diagnoses = WriteDiagnoses(event, row, random);
    const bool referred = random.PerMille(kReferredPerMille);
    const bool died = resident_->died && *resident_->died - stay.to < 2;
    const bool returned = !died && random.PerMille(kReturnedPerMille);
    fill_.Keep(Slot::id, event.id);
    fill_.Set(Slot::items, diagnoses);
    fill_.Set(Slot::code, row.code);
    fill_.Set(Slot::text, row.text);
    fill_.SetTime(Slot::when, stay.from, kAdmittedAt);
    fill_.SetTime(Slot::end, stay.to, 11 * 60);
    fill_.SetInt(Slot::days, stay.to - stay.from);
    fill_.SetInt(Slot::number, number);
    const std::string_view way = died ? "5" : returned ? "3" : "1";
    fill_.Set(Slot::code2, way);
    fill_.Set(Slot::text2, world_.texts["discharge." + std::string(way)]);
    fill_.Set(Slot::status, referred ? "referred" : "own");
    emitter_.Put("encounter-stay.json", fill_);
    WriteOperation(event, row, stay);
    if (referred) {
        WriteReferral(event, stay, false);
    }
    ObservePanel(event, row.panel);
    Prescribe(event, row.drugs);
    const std::int64_t fen = WriteCosts(row, stay, random);
    SendStay(event, row, stay);
    if (returned) {
        WriteReferral(event, stay, true);
    }
    marginals_.Add(
        Mark::stays_age, static_cast<std::size_t>(AgeOn(resident_->birth, stay.from) / 5)
    );
    marginals_.Add(Mark::stay_days, 0, stay.to - stay.from);
    marginals_.Add(Mark::stay_days, 1);
    marginals_.Add(Mark::stay_cost, 0, fen);
    marginals_.Add(Mark::stay_cost, 1);
}

// The costs of the front page by the kinds of the table, to the fen; the sum is the total.
std::int64_t LifeWriter::WriteCosts(const AdmissionRow& row, const Stay& stay, Random& random) {
    static const std::vector<Row> kKinds = RowsOf("cost-kinds");
    const std::int64_t days = stay.to - stay.from + 1;
    std::int64_t care = row.yuan_per_day * days * kFenPerYuan;
    care += care * random.Bell(200) / 1000;
    const std::int64_t operation = std::int64_t{row.operation_yuan} * kFenPerYuan;
    std::int64_t total = 0;
    std::string items;
    std::string front;
    const Template& item = world_.templates["cost-item.json"];
    const Template& section = world_.templates["cost-section.txt"];
    for (const Row& kind : kKinds) {
        std::int64_t fen = care * NumberOf(kind[2]) / 1000 + operation * NumberOf(kind[3]) / 1000;
        if (fen == 0) {
            continue;
        }
        fen += random.Between(0, 99);
        total += fen;
        fill_.SetInt(Slot::number, static_cast<std::int64_t>(&kind - kKinds.data()) + 1);
        fill_.Set(Slot::code, kind[0]);
        fill_.Set(Slot::text, kind[1]);
        fill_.SetFixed(Slot::value, fen, 2);
        items += items.empty() ? "" : ",";
        item.Append(fill_, items);
        front += front.empty() ? "" : "，";
        section.Append(fill_, front);
    }
    const std::string encounter(fill_[Slot::encounter]);
    fill_.Join(Slot::id, {encounter, "-claim"});
    fill_.Set(Slot::items, items);
    fill_.SetFixed(Slot::total, total, 2);
    const std::int64_t paid = total * kInsuredOfAHundred / 100;
    fill_.SetFixed(Slot::part, paid, 2);
    fill_.SetFixed(Slot::part2, total - paid, 2);
    fill_.SetTime(Slot::issued, stay.to, 11 * 60);
    fill_.SetDate(Slot::from, stay.from);
    fill_.SetDate(Slot::until, stay.to);
    emitter_.Put("claim-stay.json", fill_);
    fill_.Join(Slot::id, {encounter, "-front"});
    fill_.Keep(Slot::extra, front);
    emitter_.Put("front-page.json", fill_);
    return total;
}

}  // namespace kangqu::synth
