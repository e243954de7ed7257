#include "resident.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/identifiers.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace kangqu::synth {
namespace {

constexpr int kAdultAge = 20;
constexpr int kOldNamesBefore = 1980;
constexpr int kWithDotPerMille = 20;
// Households of 1 to 6 persons.
constexpr std::array<int, 6> kHouseholdSizes = {250, 300, 210, 150, 60, 30};
constexpr int kRegisteredPerMille = 720;
constexpr int kFloatingPerMille = 80;
// A year's chance of moving away.
constexpr int kRegisteredMovesPerMille = 3;
constexpr int kOthersMovePerMille = 15;
// An adult woman or a lodger with a surname of their own.
constexpr int kOwnSurnamePerMille = 450;
constexpr int kChildOwnSurnamePerMille = 80;
constexpr int kFirstBirthYear = 1850;
constexpr int kLastBirthYear = 2110;

std::size_t BirthSlot(Day birth, bool male) {
    const Day first = core::DaysOf({kFirstBirthYear, 1, 1});
    return static_cast<std::size_t>((birth - first) * 2 + (male ? 1 : 0));
}

Weights SizesOfHouseholds() {
    Weights weights;
    for (const int weight : kHouseholdSizes) {
        weights.Add(weight);
    }
    return weights;
}

}  // namespace

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
      age_rows_(RowsOf("age-structure")),
      household_sizes_(SizesOfHouseholds()),
      mortality_("mortality"),
      born_(BirthSlot(core::DaysOf({kLastBirthYear, 1, 1}), false)),
      records_(district.communities.size()) {
    for (const Row& row : age_rows_) {
        age_weights_.Add(NumberOf(row[2]));
    }
}

const Resident& ResidentSource::Next() {
    if (household_.left <= 0 && household_.has_adult) {
        OpenHousehold();
    }
    resident_ = Resident{};
    resident_.number = ++made_;
    Random random(options_.seed, Stream::kResident, static_cast<std::uint64_t>(resident_.number));
    char id[24];
    std::snprintf(id, sizeof id, "r%07lld", static_cast<long long>(resident_.number));
    resident_.id = id;
    resident_.community = household_.community;
    resident_.site = district_.communities[household_.community].site;
    const auto& teams = district_.institutions[resident_.site].teams;
    resident_.team = teams[random.Below(static_cast<std::uint32_t>(teams.size()))];
    resident_.address_line = household_.address_line;
    DrawBirth(random);
    DrawName(random);
    const int kind = random.Between(0, 999);
    resident_.residence = kind < kRegisteredPerMille        ? Residence::kRegistered
                          : kind < 1000 - kFloatingPerMille ? Residence::kResident
                                                            : Residence::kFloating;
    DrawLeaving(random);
    char phone[16];
    std::snprintf(phone, sizeof phone, "1990000%04u", random.Below(10'000));
    resident_.phone = phone;
    NumberPerson();
    // A household ends when it is full, but not before it has a grown-up.
    household_.has_adult =
        household_.has_adult || AgeOn(resident_.birth, window_.until) >= kAdultAge;
    --household_.left;
    return resident_;
}

void ResidentSource::OpenHousehold() {
    Random random(options_.seed, Stream::kHousehold, static_cast<std::uint64_t>(made_));
    household_.left = static_cast<int>(household_sizes_.Pick(random)) + 1;
    household_.community = random.Below(static_cast<std::uint32_t>(district_.communities.size()));
    household_.surname = names_.Surname(random);
    household_.with_dot = random.PerMille(kWithDotPerMille);
    household_.has_adult = false;
    char line[64];
    std::snprintf(
        line,
        sizeof line,
        "%d号%d栋%d单元%d%02d室",
        random.Between(1, 199),
        random.Between(1, 24),
        random.Between(1, 4),
        random.Between(1, 18),
        random.Between(1, 4)
    );
    household_.address_line = line;
}

void ResidentSource::DrawBirth(Random& random) {
    const Row& group = age_rows_[age_weights_.Pick(random)];
    const int age = random.Between(NumberOf(group[0]), NumberOf(group[1]));
    core::CivilDate birthday = core::CivilOf(window_.until);
    birthday.year -= age;
    birthday.day = std::min(birthday.day, 28);
    resident_.birth = core::DaysOf(birthday) - random.Between(0, 364);
    resident_.male = random.PerMille(NumberOf(group[3]));
}

void ResidentSource::DrawName(Random& random) {
    const bool child = AgeOn(resident_.birth, window_.until) < kAdultAge;
    const bool own = random.PerMille(
        child ? kChildOwnSurnamePerMille
              : (resident_.male ? kOwnSurnamePerMille / 2 : kOwnSurnamePerMille)
    );
    const std::string_view surname = own ? names_.Surname(random) : household_.surname;
    const bool old = core::CivilOf(resident_.birth).year < kOldNamesBefore;
    resident_.name = household_.with_dot ? names_.WithDot(random, resident_.male)
                                         : names_.Han(random, surname, resident_.male, old);
}

void ResidentSource::DrawLeaving(Random& random) {
    resident_.first_day = std::max(window_.from, resident_.birth);
    resident_.last_day = window_.until;
    const int moves = resident_.residence == Residence::kRegistered ? kRegisteredMovesPerMille
                                                                    : kOthersMovePerMille;
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const Day from = std::max(resident_.first_day, window_.FirstDay(year));
        const Day to = window_.LastDay(year);
        if (from >= to) {
            continue;
        }
        const Day day = from + random.Between(1, static_cast<int>(to - from));
        const bool dies =
            static_cast<int>(random.Below(100'000)) < mortality_.At(AgeOn(resident_.birth, day));
        const bool leaves = random.PerMille(moves);
        if (dies || leaves) {
            (dies ? resident_.died : resident_.moved) = day;
            resident_.last_day = day;
            return;
        }
    }
}

void ResidentSource::NumberPerson() {
    const core::CivilDate birth = core::CivilOf(resident_.birth);
    const int serial =
        born_[BirthSlot(resident_.birth, resident_.male)]++ * 2 + (resident_.male ? 1 : 2);
    KQ_CHECK(serial < 1000, "a day has more births than serials");
    char digits[32];
    std::snprintf(
        digits,
        sizeof digits,
        "%.6s%04d%02d%02d%03d",
        district_.county.code.data(),
        birth.year,
        birth.month,
        birth.day,
        serial
    );
    resident_.id_number = core::CompleteCitizenId(digits).value();
    const std::uint32_t record = ++records_[resident_.community];
    KQ_CHECK(record < 100'000, "a community has more residents than record numbers");
    char number[32];
    std::snprintf(
        number,
        sizeof number,
        "%.12s%05u",
        district_.communities[resident_.community].place.code.data(),
        record
    );
    resident_.record_number = number;
}

}  // namespace kangqu::synth
