#include "record.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>
#include <cstdio>

namespace kangqu::synth {
namespace {

constexpr std::array<std::string_view, kRecordErrors> kKeys = {
    "id-missing",
    "id-15",
    "id-digit",
    "id-swap",
    "id-relative",
    "name-homophone",
    "name-variant",
    "name-shape",
    "name-given-changed",
    "newborn-name",
    "birth-swap",
    "birth-lunar",
    "sex-wrong",
    "address-moved",
    "phone-changed",
    "phone-missing"};
constexpr Day kNewbornDays = 60;
constexpr int kNewbornRecordedPerMille = 170;
constexpr int kLastYearOfOldNumbers = 1999;

std::vector<std::string_view> CharactersOf(std::string_view text) {
    std::vector<std::string_view> characters;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        characters.push_back(text.substr(at, size));
        at += size;
    }
    return characters;
}

// One character replaced by one of its others; nothing when none has any.
std::optional<std::string> Replaced(
    Random& random,
    const std::string& name,
    const std::map<std::string_view, std::vector<std::string_view>>& others
) {
    const auto characters = CharactersOf(name);
    const std::size_t start = random.Index(characters.size());
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const std::string_view old = characters[(start + i) % characters.size()];
        const auto found = others.find(old);
        if (found == others.end()) {
            continue;
        }
        const std::string_view other = found->second[random.Index(found->second.size())];
        const auto at = static_cast<std::size_t>(old.data() - name.data());
        std::string made = name;
        made.replace(at, old.size(), other);
        return made;
    }
    return std::nullopt;
}

}  // namespace

std::string_view KeyOf(RecordError error) noexcept {
    return kKeys[static_cast<std::size_t>(error)];
}

RecordMaker::RecordMaker(const World& world) : world_(world) {
    for (const Row& row : RowsOf("person-sources")) {
        sources_.push_back(
            {row[0], NumberOf(row[2]), NumberOf(row[3]), NumberOf(row[4]), NumberOf(row[5])}
        );
    }
    const std::vector<Row> rows = RowsOf("person-errors");
    for (std::size_t i = 0; i < kRecordErrors; ++i) {
        const auto found = std::find_if(rows.begin(), rows.end(), [i](const Row& row) {
            return row[0] == kKeys[i];
        });
        KQ_CHECK(found != rows.end(), "an error of records has no rates");
        for (std::size_t source = 0; source < sources_.size(); ++source) {
            rates_[i].push_back(NumberOf((*found)[source + 1]));
        }
    }
    std::map<std::string_view, std::vector<std::string_view>> by_sound;
    for (const Row& row : RowsOf("characters")) {
        by_sound[row[1]].push_back(row[0]);
    }
    for (const auto& [sound, characters] : by_sound) {
        for (const std::string_view one : characters) {
            for (const std::string_view other : characters) {
                if (one != other) {
                    homophones_[one].push_back(other);
                }
            }
        }
    }
    const auto read_pairs = [](std::string_view table, auto& both) {
        for (const Row& row : RowsOf(table)) {
            both[row[0]].push_back(row[1]);
            both[row[1]].push_back(row[0]);
        }
    };
    read_pairs("variants", variants_);
    read_pairs("shapes", shapes_);
    for (const Row& row : RowsOf("lunar-months")) {
        lunar_.push_back({core::DaysOf(core::ParseDate(row[0]).value()), NumberOf(row[1])});
    }
}

int RecordMaker::Records(Random& random, std::size_t source, const Resident& resident) const {
    const Source& from = sources_[source];
    const int age = AgeOn(resident.birth, world_.window.until);
    const bool has = random.PerMille(from.coverage);
    const bool again = random.PerMille(from.twice);
    if (!has || age < from.from || age > from.to) {
        return 0;
    }
    return again ? 2 : 1;
}

std::string RecordMaker::AddressOf(const Resident& resident) const {
    const Community& community = world_.district.communities[resident.community];
    std::string address(world_.district.county.name);
    address.append(world_.district.streets[community.street].name).append(community.place.name);
    return address.append(resident.address_line);
}

Record RecordMaker::Make(
    Random& random,
    std::size_t source,
    const Resident& resident,
    const std::vector<const Resident*>& household
) const {
    Record record;
    record.name = resident.name.text;
    record.male = resident.male;
    record.birth = DateText(resident.birth);
    record.id_number = resident.id_number;
    record.phone = resident.phone;
    record.address = AddressOf(resident);
    record.division = world_.district.communities[resident.community].place.code;
    const bool early = random.PerMille(kNewbornRecordedPerMille);
    const Day first = std::max(resident.birth, world_.window.from);
    const Day last = std::max(first, resident.last_day);
    record.recorded = first + random.Between(0, static_cast<int>(last - first));
    if (early) {
        record.recorded = std::min(last, first + random.Between(0, 50));
    }
    for (std::size_t i = 0; i < kRecordErrors; ++i) {
        const bool drawn = random.PerMille(rates_[i][source]);
        const auto error = static_cast<RecordError>(i);
        if (drawn && Apply(random, error, resident, household, record)) {
            record.errors.push_back(error);
        }
    }
    return record;
}

bool RecordMaker::Apply(
    Random& random,
    RecordError error,
    const Resident& resident,
    const std::vector<const Resident*>& household,
    Record& record
) const {
    switch (error) {
        case RecordError::kIdMissing:
            record.id_number.clear();
            return true;
        case RecordError::kIdRelative: {
            const Resident* const other = household[random.Index(household.size())];
            if (other == &resident || record.id_number.empty()) {
                return false;
            }
            record.id_number = other->id_number;
            return true;
        }
        case RecordError::kIdOld:
        case RecordError::kIdDigit:
        case RecordError::kIdSwap:
            return SpoilId(random, error, record);
        case RecordError::kNameHomophone:
        case RecordError::kNameVariant:
        case RecordError::kNameShape:
        case RecordError::kNameChanged:
        case RecordError::kNewborn:
            return SpoilName(random, error, resident, record);
        case RecordError::kBirthSwap:
        case RecordError::kBirthLunar:
            return SpoilBirth(error, resident, record);
        case RecordError::kSex:
            record.male = !record.male;
            return true;
        case RecordError::kAddress: {
            Resident before = resident;
            before.community = random.Index(world_.district.communities.size());
            const int house = random.Between(1, 199);
            const int building = random.Between(1, 30);
            const int door = random.Between(101, 3204);
            before.address_line = std::to_string(house) + "号" + std::to_string(building) + "栋" +
                                  std::to_string(door) + "室";
            record.address = AddressOf(before);
            record.division = world_.district.communities[before.community].place.code;
            return true;
        }
        case RecordError::kPhone: {
            char phone[16];
            std::snprintf(phone, sizeof phone, "1990000%04u", random.Below(10'000));
            record.phone = phone;
            return true;
        }
        case RecordError::kPhoneMissing:
            record.phone.clear();
            return true;
        case RecordError::kCount:
            break;
    }
    return false;
}

bool RecordMaker::SpoilId(Random& random, RecordError error, Record& record) const {
    std::string& id = record.id_number;
    if (id.size() != 18) {
        return false;
    }
    if (error == RecordError::kIdOld) {
        if (NumberOf(std::string_view(id).substr(6, 4)) > kLastYearOfOldNumbers ||
            id.compare(6, 2, "19") != 0) {
            return false;
        }
        id.erase(17).erase(6, 2);
        return true;
    }
    const std::size_t at = 6 + random.Index(11);
    if (error == RecordError::kIdSwap) {
        if (id[at] == id[at - 1]) {
            return false;
        }
        std::swap(id[at], id[at - 1]);
        return true;
    }
    const char digit = static_cast<char>('0' + (id[at] - '0' + random.Between(1, 9)) % 10);
    id[at] = digit;
    return true;
}

bool RecordMaker::SpoilName(
    Random& random,
    RecordError error,
    const Resident& resident,
    Record& record
) const {
    if (error == RecordError::kNewborn) {
        if (record.recorded > resident.birth + kNewbornDays) {
            return false;
        }
        record.name = resident.name.family + "某之" + (resident.male ? "子" : "女");
        record.name += resident.twin ? (resident.number % 2 == 0 ? "甲" : "乙") : "";
        record.id_number.clear();
        return true;
    }
    if (error == RecordError::kNameChanged) {
        const bool old = core::CivilOf(resident.birth).year < 1980;
        const PersonName other = world_.names.Han(random, resident.name.family, resident.male, old);
        const bool changed =
            other.text != record.name && record.name.find("·") == std::string::npos;
        record.name = changed ? other.text : record.name;
        return changed;
    }
    const auto& others = error == RecordError::kNameHomophone ? homophones_
                         : error == RecordError::kNameVariant ? variants_
                                                              : shapes_;
    const auto made = Replaced(random, record.name, others);
    if (made) {
        record.name = *made;
    }
    return made.has_value();
}

bool RecordMaker::SpoilBirth(RecordError error, const Resident& resident, Record& record) const {
    core::CivilDate date = core::CivilOf(resident.birth);
    if (error == RecordError::kBirthSwap) {
        std::swap(date.month, date.day);
    } else {
        const auto after = std::upper_bound(
            lunar_.begin(),
            lunar_.end(),
            resident.birth,
            [](Day day, const Month& month) { return day < month.first; }
        );
        if (after == lunar_.begin() || after == lunar_.end()) {
            return false;
        }
        const Month& month = *std::prev(after);
        // The last months of a Chinese year fall into the next one of ours.
        date.year -= month.number > 10 && date.month < 4 ? 1 : 0;
        date.month = month.number;
        date.day = static_cast<int>(resident.birth - month.first) + 1;
    }
    if (!core::IsValid(date) || core::DaysOf(date) == resident.birth) {
        return false;
    }
    record.birth = core::FormatDate(date);
    return true;
}

}  // namespace kangqu::synth
