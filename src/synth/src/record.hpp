#pragma once

#include "life.hpp"
#include "resident.hpp"
#include "tables.hpp"
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

enum class RecordError : std::uint8_t {
    kIdMissing,
    kIdOld,  // fifteen digits
    kIdDigit,
    kIdSwap,
    kIdRelative,
    kNameHomophone,
    kNameVariant,
    kNameShape,
    kNameChanged,
    kNewborn,
    kBirthSwap,
    kBirthLunar,
    kSex,
    kAddress,
    kPhone,
    kPhoneMissing,
    kCount
};
constexpr std::size_t kRecordErrors = static_cast<std::size_t>(RecordError::kCount);
// The key of the table `person-errors`.
std::string_view KeyOf(RecordError error) noexcept;

// What a source holds of a person.
struct Record {
    std::string name;
    bool male = false;
    std::string birth;  // may be a date that was never theirs
    std::string id_number;
    std::string phone;
    std::string address;
    std::string_view division;
    Day recorded = 0;
    std::vector<RecordError> errors;
};

// Draws records with the errors of the tables. An error that cannot happen to a person (no
// homophone of the name, no relative) does not happen; only those that changed something are noted.
class RecordMaker {
public:
    explicit RecordMaker(const World& world);
    std::size_t sources() const noexcept { return sources_.size(); }
    std::string_view SourceKey(std::size_t source) const { return sources_[source].key; }
    // How many records the source has of the person: 0, 1 or 2.
    int Records(Random& random, std::size_t source, const Resident& resident) const;
    Record Make(
        Random& random,
        std::size_t source,
        const Resident& resident,
        const std::vector<const Resident*>& household
    ) const;
    int RateOf(RecordError error, std::size_t source) const {
        return rates_[static_cast<std::size_t>(error)][source];
    }

private:
    struct Source {
        std::string_view key;
        int coverage = 0;
        int from = 0;
        int to = 0;
        int twice = 0;
    };
    // A step may say no: then the error is not noted.
    bool Apply(
        Random& random,
        RecordError error,
        const Resident& resident,
        const std::vector<const Resident*>& household,
        Record& record
    ) const;
    bool SpoilId(Random& random, RecordError error, Record& record) const;
    bool SpoilName(Random& random, RecordError error, const Resident& resident, Record& record)
        const;
    bool SpoilBirth(RecordError error, const Resident& resident, Record& record) const;
    std::string AddressOf(const Resident& resident) const;

    const World& world_;
    std::vector<Source> sources_;
    std::array<std::vector<int>, kRecordErrors> rates_;
    std::map<std::string_view, std::vector<std::string_view>> homophones_;  // by character
    std::map<std::string_view, std::vector<std::string_view>> variants_;
    std::map<std::string_view, std::vector<std::string_view>> shapes_;
    struct Month {
        Day first;
        int number;
    };
    std::vector<Month> lunar_;
};

}  // namespace kangqu::synth
