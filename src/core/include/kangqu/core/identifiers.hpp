#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::core {

// Check characters and shapes of the identifiers of persons, organisations and places. All
// functions are pure; none knows which numbers were really issued.
//
// Sources: GB 11643-1999 公民身份号码 (check character by ISO 7064 MOD 11-2), GB 32100-2015
// 法人和其他组织统一社会信用代码编码规则, GB 11714-1997 全国组织机构代码编制规则, GB/T 2260 and
// GB/T 10114 for the shape of division codes.

// The first thing found wrong, in the order of the enumerators.
enum class IdentifierFault : std::uint8_t {
    kLength,
    kCharacter,       // one that the standard does not allow at its place
    kDivision,        // the division part has no possible shape
    kDate,            // the birth date does not exist
    kCheckCharacter,  // everything else is right: a slip of the pen or an invented number
};
std::string_view TextOf(IdentifierFault fault, Language language) noexcept;

// Citizen id number (公民身份号码). The check character is an upper-case X where it is one.

// Nothing when `text` is a well-formed number of 18 characters. A number of 15 digits is a fault of
// length here; see UpgradeCitizenId.
std::optional<IdentifierFault> CheckCitizenId(std::string_view text) noexcept;
// The number of 18 characters to these 17 digits, or nothing when they are not 17 digits.
std::optional<std::string> CompleteCitizenId(std::string_view first_17);
// The number of 18 to an old one of 15 digits: 19xx, except that the serials 996 to 999 were kept
// for centenarians, born 18xx. Nothing when the old one is not well-formed.
std::optional<std::string> UpgradeCitizenId(std::string_view old_15);

struct CitizenIdFacts {
    std::string_view division;  // of first registration, 6 digits, a view into the number
    CivilDate birth;
    bool male = false;  // odd serial
};
// What a well-formed number of 18 tells; nothing for any other text.
std::optional<CitizenIdFacts> ReadCitizenId(std::string_view text) noexcept;

// Unified social credit code (统一社会信用代码), 18 characters. Authority, class and the
// organisation code's own check character are not judged: more values are in use than the standard
// lists.
std::optional<IdentifierFault> CheckCreditCode(std::string_view text) noexcept;
// The whole code to its first 17 characters, or nothing when they contain one outside the alphabet.
std::optional<std::string> CompleteCreditCode(std::string_view first_17);

// Organisation code (组织机构代码): 8 characters and a check character, with or without the hyphen
// between them.
std::optional<IdentifierFault> CheckOrganisationCode(std::string_view text) noexcept;
// The 9 characters, without hyphen, to the first 8.
std::optional<std::string> CompleteOrganisationCode(std::string_view first_8);

// Division code (行政区划代码): 2, 4, 6, 9 or 12 digits for province, city, county, township,
// community. A level may be zero (not divided further) only when every level below it is zero too;
// the province never is.
std::optional<IdentifierFault> CheckDivisionCode(std::string_view text) noexcept;

}  // namespace kangqu::core
