// What institutions would send of the same events: HL7 v2, CDA, rows of spreadsheets.
#include "life.hpp"
#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr std::string_view kSegmentEnd = "\r";

// Segments end with a carriage return on the wire.
std::string Segments(std::string text) {
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    std::replace(text.begin(), text.end(), '\n', '\r');
    return text + std::string(kSegmentEnd);
}

// Takes away what a reader needs, in one of several ways.
void Break(Random& random, std::string& text, bool segments) {
    switch (random.Between(0, segments ? 3 : 1)) {
        case 0:  // the line went dead, in the middle of a character too
            text.resize(text.size() * 3 / 5 + static_cast<std::size_t>(random.Between(0, 2)));
            return;
        case 1: {  // a byte that no character begins with
            const std::size_t at = text.size() / 3;
            text[at] = '\xFF';
            return;
        }
        case 2:  // no header
            text.erase(0, text.find('\r') + 1);
            return;
        default:  // no patient
            const std::size_t begin = text.find("PID|");
            text.erase(begin, text.find('\r', begin) + 1 - begin);
    }
}

}  // namespace

void LifeWriter::SetSender(const Event& event) {
    fill_.SetStamp(Slot::stamp, event.day, event.minute);
    std::string birth(DateText(resident_->birth));
    birth.erase(std::remove(birth.begin(), birth.end(), '-'), birth.end());
    fill_.Keep(Slot::birthstamp, birth);
    const auto& institutions = world_.district.institutions;
    for (const Institution& institution : institutions) {
        if (institution.id == event.org) {
            fill_.Set(Slot::orgname, institution.name);
        }
    }
    for (const Staff& staff : world_.district.staff) {
        if (staff.id == event.doctor) {
            fill_.Keep(Slot::doctorname, staff.name.text);
        }
    }
}

void LifeWriter::Send(const Event& event, std::string_view made, std::string_view suffix) {
    fill_.Join(Slot::control, {event.id, "-", suffix});
    const bool segments = made.substr(made.size() - 4) == ".hl7";
    Sent sent;
    sent.form = segments ? Sent::Form::kMessages : Sent::Form::kDocument;
    sent.folder = event.org;
    sent.name = std::string(fill_[Slot::control]) + (segments ? ".hl7" : ".xml");
    world_.templates[made].Append(fill_, sent.text);
    if (segments) {
        sent.text = Segments(std::move(sent.text));
    }
    Chunk& chunk = emitter_.chunk();
    if (chunk.faults.Draw(sending_, Fault::kBrokenMessage, world_.fault_rates)) {
        Break(sending_, sent.text, segments);
        chunk.faults.Add(Fault::kBrokenMessage, event.org, sent.name);
    }
    chunk.sent.push_back(std::move(sent));
}

void LifeWriter::SendVisit(const Event& event, const DiagnosisRow& diagnosis) {
    if (!world_.options.sent || !sending_.PerMille(world_.catalog.rules.Number("visits-sent"))) {
        return;
    }
    SetSender(event);
    fill_.Set(Slot::code, diagnosis.code);
    fill_.Set(Slot::text, diagnosis.text);
    Send(event, "adt-a04.hl7", "a04");
    Send(event, "cda-outpatient.xml", "c0002");
    const auto& observations = world_.catalog.panels[diagnosis.panel].observations;
    if (observations.empty()) {
        return;
    }
    const Random kept = values_;
    std::string lines;
    int number = 0;
    for (const std::size_t at : observations) {
        const ObservationRow& row = world_.catalog.observations[at];
        fill_.SetInt(Slot::number, ++number);
        const bool local = row.local != "-";
        fill_.Set(Slot::code, local ? row.local : row.code);
        fill_.Set(Slot::system, local ? "L" : "LN");
        fill_.Set(Slot::text, row.text);
        fill_.Set(Slot::unit, row.unit);
        fill_.SetFixed(Slot::value, ValueOf(row, at, event.day), row.decimals);
        lines += lines.empty() ? "" : "\n";
        world_.templates["obx.hl7"].Append(fill_, lines);
    }
    values_ = kept;
    fill_.Keep(Slot::items, lines);
    Send(event, "oru-r01.hl7", "r01");
}

void LifeWriter::SendStay(const Event& event, const AdmissionRow& row, const Stay& stay) {
    if (!world_.options.sent || !sending_.PerMille(world_.catalog.rules.Number("stays-sent"))) {
        return;
    }
    Event discharge = event;
    discharge.day = stay.to;
    SetSender(discharge);
    fill_.SetStamp(Slot::t1, event.day, event.minute);
    fill_.SetInt(Slot::days, stay.to - stay.from);
    fill_.Set(Slot::code, row.code);
    fill_.Set(Slot::text, row.text);
    Send(discharge, "adt-a03.hl7", "a03");
    Send(discharge, "cda-front-page.xml", "c0032");
}

// Follow-ups as the rows a station keeps: half of the institutions send text, half workbooks.
void LifeWriter::SendSheets() {
    if (!world_.options.sent) {
        return;
    }
    const Institution& site = world_.district.institutions[resident_->site];
    for (const ProgrammeCourse& course : course_->programmes) {
        const Programme& programme = world_.programmes[course.programme];
        for (const FollowUp& follow_up : course.follow_ups) {
            Sent sent;
            sent.form = site.kind == "station" ? Sent::Form::kCsv : Sent::Form::kSheet;
            sent.folder = site.id;
            sent.name = std::string(programme.follow_up);
            sent.text = resident_->name.text;
            const std::string_view ways[] = {"门诊", "家庭", "电话"};
            const std::string_view fields[] = {
                resident_->id_number,
                resident_->phone,
                DateText(follow_up.day),
                ways[static_cast<std::size_t>(follow_up.contact)]};
            for (const std::string_view field : fields) {
                sent.text.append("\t").append(field);
            }
            const bool measured =
                follow_up.contact != Contact::kTelephone && programme.first.observation != "-";
            sent.text.append("\t").append(measured ? std::to_string(follow_up.value) : "");
            const bool pair = measured && programme.second.observation != "-";
            sent.text.append("\t").append(pair ? std::to_string(follow_up.second) : "");
            sent.text.append("\t").append(std::to_string(follow_up.class_code));
            emitter_.chunk().sent.push_back(std::move(sent));
        }
    }
}

}  // namespace kangqu::synth
