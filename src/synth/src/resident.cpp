#include "resident.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/identifiers.hpp"

#include "household.hpp"
#include <algorithm>
#include <cstdio>

namespace kangqu::synth {
namespace {

// People of a block: enough that nearly every child finds a mother of a likely age.
constexpr std::int64_t kBlock = 256;
constexpr int kOldNamesBefore = 1980;
constexpr int kFirstBirthYear = 1850;
constexpr int kLastBirthYear = 2110;
constexpr int kWorkingFrom = 20;
constexpr int kWorkingTo = 59;

std::size_t BirthSlot(Day birth, bool male) {
    const Day first = core::DaysOf({kFirstBirthYear, 1, 1});
    return static_cast<std::size_t>((birth - first) * 2 + (male ? 1 : 0));
}

Draft DrawDraft(Random& random, const Weights& weights, const std::vector<Row>& rows, Day until) {
    Draft draft;
    const Row& group = rows[weights.Pick(random)];
    draft.age = random.Between(NumberOf(group[0]), NumberOf(group[1]));
    core::CivilDate birthday = core::CivilOf(until);
    birthday.year -= draft.age;
    birthday.day = std::min(birthday.day, 28);
    draft.birth = core::DaysOf(birthday) - random.Between(0, 364);
    draft.male = random.PerMille(NumberOf(group[3]));
    return draft;
}

}  // namespace

Window Window::Of(const SynthOptions& options) {
    Window window;
    window.until = core::DaysOf(options.until);
    window.last_year = options.until.year;
    window.first_year = options.until.year - options.years + 1;
    window.from = window.FirstDay(window.first_year);
    return window;
}

int AgeOn(Day birth, Day on) {
    return core::AgeInYears(core::CivilOf(birth), core::CivilOf(on));
}

std::string_view CodeOf(Residence residence) noexcept {
    switch (residence) {
        case Residence::kRegistered:
            return "registered";
        case Residence::kResident:
            return "resident";
        case Residence::kFloating:
            break;
    }
    return "floating";
}

ResidentSource::ResidentSource(
    const SynthOptions& options,
    const Window& window,
    const District& district,
    const Names& names
)
    : options_(options),
      window_(window),
      district_(district),
      names_(names),
      rules_("households"),
      age_rows_(RowsOf("age-structure")),
      ethnic_rows_(RowsOf("ethnicities")),
      origin_rows_(RowsOf("origins")),
      mortality_("mortality"),
      born_(BirthSlot(core::DaysOf({kLastBirthYear, 1, 1}), false)),
      records_(district.communities.size()) {
    for (const Row& row : age_rows_) {
        age_weights_.Add(NumberOf(row[2]));
    }
    for (const Row& row : ethnic_rows_) {
        ethnic_weights_.Add(NumberOf(row[2]));
    }
    for (const Row& row : origin_rows_) {
        origin_weights_.Add(NumberOf(row[2]));
    }
}

std::vector<Resident> ResidentSource::NextBlock() {
    std::vector<Resident> block;
    if (made_ >= options_.residents) {
        return block;
    }
    std::vector<Draft> drafts;
    for (std::int64_t i = 0; i < kBlock; ++i) {
        const auto person = static_cast<std::uint64_t>(blocks_ * kBlock + i);
        Random random(options_.seed, Stream::kPerson, person);
        drafts.push_back(DrawDraft(random, age_weights_, age_rows_, window_.until));
    }
    Random family(options_.seed, Stream::kFamily, static_cast<std::uint64_t>(blocks_++));
    for (const auto& members : FamilyMaker(family, rules_, drafts).Make()) {
        std::vector<Resident> household;
        std::vector<std::int64_t> numbers(drafts.size());
        for (const std::size_t member : members) {
            Resident& resident = household.emplace_back();
            const Draft& draft = drafts[member];
            resident.number = made_ + static_cast<std::int64_t>(household.size());
            numbers[member] = resident.number;
            resident.birth = draft.birth;
            resident.male = draft.male;
            resident.twin = draft.twin;
            resident.mother =
                draft.mother < 0 ? 0 : numbers[static_cast<std::size_t>(draft.mother)];
        }
        DrawTraits(household, {members});
        for (Resident& resident : household) {
            if (made_ < options_.residents) {
                ++made_;
                NumberPerson(resident);
                block.push_back(std::move(resident));
            }
        }
    }
    return block;
}

void ResidentSource::DrawTraits(std::vector<Resident>& household, const Household& drafts) {
    const auto head = static_cast<std::uint64_t>(household[0].number);
    Random random(options_.seed, Stream::kHousehold, head);
    const std::size_t community = random.Index(district_.communities.size());
    const std::size_t site = district_.communities[community].site;
    const auto& teams = district_.institutions[site].teams;
    const std::size_t team = teams[random.Index(teams.size())];
    const std::size_t ethnic = ethnic_weights_.Pick(random);
    const int kind = random.Between(0, 999);
    const int registered = rules_.Number("registered");
    const Residence residence = kind < registered                         ? Residence::kRegistered
                                : kind < 1000 - rules_.Number("floating") ? Residence::kResident
                                                                          : Residence::kFloating;
    // One draw a statement: the order of a call's arguments is the compiler's choice.
    const int house = random.Between(1, 199);
    const int building = random.Between(1, 24);
    const int entrance = random.Between(1, 4);
    const int floor = random.Between(1, 18);
    const int door = random.Between(1, 4);
    char line[64];
    std::snprintf(
        line, sizeof line, "%d号%d栋%d单元%d%02d室", house, building, entrance, floor, door
    );
    const std::string_view origin = residence == Residence::kRegistered
                                        ? district_.county.code
                                        : origin_rows_[origin_weights_.Pick(random)][0];
    const bool detailed = random.PerMille(options_.detailed_per_mille);
    for (Resident& resident : household) {
        resident.household = household[0].number;
        resident.household_size = static_cast<int>(drafts.members.size());
        resident.community = community;
        resident.site = site;
        resident.team = team;
        resident.ethnic = ethnic;
        resident.residence = residence;
        resident.origin = origin;
        resident.address_line = line;
        resident.detailed = detailed;
        Random own(options_.seed, Stream::kResident, static_cast<std::uint64_t>(resident.number));
        DrawStay(own, resident);
        DrawPhone(own, resident);
        const int age = AgeOn(resident.birth, window_.until);
        if (age >= kWorkingFrom && age <= kWorkingTo && own.PerMille(rules_.Number("employed"))) {
            resident.employer = own.Between(0, 0xFFFF);
        }
        if (age < rules_.Number("own-phone-from-age")) {
            resident.phone = household[0].phone;
        }
    }
    // Who bears a child in the window is alive and here on that day.
    for (const Resident& child : household) {
        for (Resident& mother : household) {
            if (mother.number == child.mother && mother.last_day < child.birth) {
                mother.died.reset();
                mother.moved.reset();
                mother.last_day = window_.until;
            }
        }
    }
    DrawNames(household, names_.Surname(random));
}

void ResidentSource::DrawNames(std::vector<Resident>& household, std::string_view family) {
    const bool dot = ethnic_rows_[household[0].ethnic][3] == "dot";
    const Resident& head = household[0];
    for (Resident& resident : household) {
        Random random(options_.seed, Stream::kTrait, static_cast<std::uint64_t>(resident.number));
        const int age = AgeOn(resident.birth, window_.until);
        const bool child = resident.mother != 0;
        const bool parent = resident.birth < head.birth - Day{20} * 365 && &resident != &head;
        const int own_chance = child                     ? rules_.Number("child-mothers-surname")
                               : parent && resident.male ? rules_.Number("parent-mothers-surname")
                               : &resident == &head      ? 0
                                                         : 1000;
        const std::string_view surname =
            random.PerMille(own_chance) ? names_.Surname(random) : family;
        const bool old = core::CivilOf(resident.birth).year < kOldNamesBefore || age > 70;
        resident.name = dot ? names_.WithDot(random, resident.male)
                            : names_.Han(random, surname, resident.male, old);
    }
}

void ResidentSource::DrawStay(Random& random, Resident& resident) const {
    resident.first_day = std::max(window_.from, resident.birth);
    resident.last_day = window_.until;
    const bool local = resident.residence == Residence::kRegistered;
    const bool comes = random.PerMille(rules_.Number(local ? "came-registered" : "came-others"));
    const Day came =
        window_.from + random.Between(1, static_cast<int>(window_.until - window_.from));
    if (comes && came > resident.birth + 60) {
        resident.came = came;
        resident.first_day = came;
    }
    const int moves = rules_.Number(local ? "moves-out-registered" : "moves-out-others");
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Day from = std::max(resident.first_day, window_.FirstDay(year));
        const Day to = window_.LastDay(year);
        if (from >= to) {
            continue;
        }
        const Day day = from + random.Between(1, static_cast<int>(to - from));
        const bool dies =
            static_cast<int>(random.Below(100'000)) < mortality_.At(AgeOn(resident.birth, day));
        const bool leaves = random.PerMille(moves);
        if (dies || leaves) {
            (dies ? resident.died : resident.moved) = day;
            resident.last_day = day;
            return;
        }
    }
}

void ResidentSource::DrawPhone(Random& random, Resident& resident) const {
    char phone[16];
    std::snprintf(phone, sizeof phone, "1990000%04u", random.Below(10'000));
    resident.phone = phone;
}

void ResidentSource::NumberPerson(Resident& resident) {
    char id[24];
    std::snprintf(id, sizeof id, "r%07lld", static_cast<long long>(resident.number));
    resident.id = id;
    const core::CivilDate birth = core::CivilOf(resident.birth);
    const int serial =
        born_[BirthSlot(resident.birth, resident.male)]++ * 2 + (resident.male ? 1 : 2);
    KQ_CHECK(serial < 1000, "a day has more births than serials");
    char digits[32];
    std::snprintf(
        digits,
        sizeof digits,
        "%.6s%04d%02d%02d%03d",
        resident.origin.data(),
        birth.year,
        birth.month,
        birth.day,
        serial
    );
    resident.id_number = core::CompleteCitizenId(digits).value();
    const std::uint32_t record = ++records_[resident.community];
    KQ_CHECK(record < 100'000, "a community has more residents than record numbers");
    char number[32];
    std::snprintf(
        number,
        sizeof number,
        "%.12s%05u",
        district_.communities[resident.community].place.code.data(),
        record
    );
    resident.record_number = number;
}

}  // namespace kangqu::synth
