#include "life.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kDeathMinute = 22 * 60 + 40;

}  // namespace

World::World(const SynthOptions& asked)
    : options(asked),
      window(Window::Of(options)),
      district(MakeDistrict(options, names, texts)),
      sites(district),
      outbreaks(options, window, district, sites),
      templates(SyntheticMeta(texts)) {}

LifeWriter::LifeWriter(const World& world, Emitter& emitter, Marginals& marginals)
    : world_(world),
      emitter_(emitter),
      marginals_(marginals),
      observation_(world.templates["observation.json"]),
      coded_(world.templates["observation-coded.json"]),
      medication_(world.templates["medication-request.json"]),
      claim_(world.templates["claim.json"]) {}

Random LifeWriter::Stream_(Stream stream, std::uint64_t sub) const {
    const auto number = static_cast<std::uint64_t>(resident_->number);
    return {world_.options.seed, stream, number | (sub << 40U)};
}

void LifeWriter::Write(
    const Resident& resident,
    const Course& course,
    const std::vector<const Resident*>& household,
    int encounters
) {
    resident_ = &resident;
    course_ = &course;
    encounters_ = encounters;
    conditions_ = static_cast<int>(world_.programmes.size());
    orders_ = 0;
    values_ = Stream_(Stream::kValue);
    faults_ = Stream_(Stream::kFault, 0xFF);
    sending_ = Stream_(Stream::kSender);
    SetPerson();
    WritePerson();
    WriteOutbreaks();
    WriteServices();
    WriteVisits();
    WriteStays();
    if (!resident.male) {
        WritePregnancies(household);
    }
    WriteEmergencies();
    SendSheets();
    if (resident.died) {
        WriteDeath();
    }
    if (household.back() == &resident) {
        WriteHousehold(household);
    }
}

void LifeWriter::SetPerson() {
    const Resident& r = *resident_;
    fill_.Set(Slot::patient, r.id);
    fill_.Set(Slot::name, r.name.text);
    fill_.Set(Slot::family, r.name.family);
    fill_.Set(Slot::given, r.name.given);
    fill_.Set(Slot::sex, r.male ? "male" : "female");
    fill_.Set(Slot::sexcode, r.male ? "1" : "2");
    fill_.SetDate(Slot::birth, r.birth);
    fill_.Set(Slot::idnumber, r.id_number);
    fill_.Set(Slot::record, r.record_number);
    fill_.Set(Slot::phone, r.phone);
    fill_.Set(Slot::address, r.address_line);
    const Community& community = world_.district.communities[r.community];
    fill_.Set(Slot::community, community.place.name);
    fill_.Set(Slot::street, world_.district.streets[community.street].name);
    fill_.Set(Slot::division, community.place.code);
}

Event LifeWriter::Begin(Day day, int minute, std::string_view org, std::string_view suffix) {
    Event event;
    event.id = resident_->id;
    event.id.append(suffix).append(std::to_string(++encounters_));
    event.day = day;
    event.minute = minute;
    event.org = org;
    const Team& team = world_.district.teams[resident_->team];
    event.doctor = world_.district.staff[team.members[0]].id;
    fill_.Set(Slot::encounter, event.id);
    fill_.Keep(Slot::id, event.id);
    fill_.Keep(Slot::encounter, event.id);
    fill_.Set(Slot::org, org);
    fill_.Set(Slot::doctor, event.doctor);
    fill_.SetDate(Slot::date, day);
    fill_.SetTime(Slot::when, day, minute);
    fill_.SetTime(Slot::end, day, minute + 25);
    fill_.SetTime(Slot::issued, day, minute + 40);
    fill_.Clear(Slot::code2);
    fill_.Clear(Slot::text2);
    return event;
}

void LifeWriter::EndEncounter(std::string_view name, std::string_view type, std::string_view text) {
    fill_.Set(Slot::kind, type);
    fill_.Set(Slot::kindtext, text);
    emitter_.Put(name, fill_);
}

std::string_view LifeWriter::HospitalDoctor(std::size_t hospital, Random& random) const {
    const auto& doctors = world_.district.institutions[hospital].doctors;
    return world_.district.staff[doctors[random.Index(doctors.size())]].id;
}

void LifeWriter::WritePerson() {
    fill_.Join(Slot::id, {resident_->id, "-cov"});
    Random random = Stream_(Stream::kTrait, 1);
    const int age = AgeOn(resident_->birth, world_.window.until);
    const bool employee = resident_->employer >= 0 || (age >= 60 && random.PerMille(400));
    fill_.Set(Slot::code, employee ? "01" : "02");
    fill_.Set(Slot::text, world_.texts[employee ? "insurance.01" : "insurance.02"]);
    fill_.SetDate(Slot::from, std::max(world_.window.from, resident_->birth));
    emitter_.Put("coverage.json", fill_);
    if (resident_->mother > 0 && resident_->birth >= world_.window.from) {
        WriteBirth();
    }
}

void LifeWriter::WriteHousehold(const std::vector<const Resident*>& household) {
    std::string members;
    for (const Resident* member : household) {
        members += members.empty() ? "" : ",";
        members.append(R"({"entity":{"reference":"Patient/)").append(member->id).append("\"}}");
    }
    fill_.Join(Slot::id, {household[0]->id, "-home"});
    fill_.Set(Slot::members, members);
    fill_.SetInt(Slot::count, static_cast<std::int64_t>(household.size()));
    fill_.Set(Slot::head, household[0]->id);
    emitter_.Put("household.json", fill_);
}

void LifeWriter::WriteDeath() {
    Random random = Stream_(Stream::kDeath);
    const int age = AgeOn(resident_->birth, *resident_->died);
    Weights weights;
    for (const DeathRow& row : world_.catalog.deaths) {
        const bool fits = age >= row.from && age <= row.to &&
                          (row.sex == "-" || (row.sex == "m") == resident_->male);
        weights.Add(fits ? row.weight : 0);
    }
    const DeathRow& cause = world_.catalog.deaths[weights.Pick(random)];
    // Part I of the certificate, line a first; the last line is the underlying cause.
    std::string lines;
    const Template& line = world_.templates["cause-line.json"];
    char letter = 'a';
    for (const auto& [code, text] : cause.chain) {
        fill_.Keep(Slot::kind, std::string(1, letter++));
        fill_.Set(Slot::code, code);
        fill_.Set(Slot::text, text);
        lines += lines.empty() ? "" : ",";
        line.Append(fill_, lines);
    }
    fill_.Join(Slot::id, {resident_->id, "-death"});
    fill_.Set(Slot::items, lines);
    fill_.Set(Slot::org, world_.district.institutions[resident_->site].id);
    fill_.SetTime(Slot::when, *resident_->died, kDeathMinute);
    const Day certified = *resident_->died + random.Between(1, 9);
    fill_.SetTime(Slot::issued, std::min(certified, world_.window.until), 23 * 60);
    emitter_.Put("cause-of-death.json", fill_);
    std::size_t group = 0;
    for (const DeathRow& row : world_.catalog.deaths) {
        if (row.group == cause.group) {
            break;
        }
        ++group;
    }
    marginals_.Add(Mark::death_group, group);
}

}  // namespace kangqu::synth
