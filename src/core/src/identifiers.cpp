#include "kangqu/core/identifiers.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace kangqu::core {
namespace {

constexpr std::string_view kCitizenCheck = "10X98765432";
constexpr std::array<int, 17> kCitizenWeights =
    {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

// No I, O, S, V, Z: easily read as digits or each other.
constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr int kCreditModulus = 31;

constexpr std::string_view kOrganisationAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::array<int, 8> kOrganisationWeights = {3, 7, 9, 10, 5, 8, 4, 2};

bool AllDigits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int Number(std::string_view digits) noexcept {
    int value = 0;
    for (const char c : digits) {
        value = value * 10 + (c - '0');
    }
    return value;
}

// Requires 17 digits.
char CitizenCheck(std::string_view first_17) noexcept {
    int sum = 0;
    for (std::size_t i = 0; i < kCitizenWeights.size(); ++i) {
        sum += kCitizenWeights[i] * (first_17[i] - '0');
    }
    return kCitizenCheck[static_cast<std::size_t>(sum % 11)];
}

CivilDate CitizenBirth(std::string_view text) noexcept {
    return {Number(text.substr(6, 4)), Number(text.substr(10, 2)), Number(text.substr(12, 2))};
}

// Nothing when a character is outside the alphabet.
std::optional<char> CreditCheck(std::string_view first_17) noexcept {
    int sum = 0;
    int weight = 1;
    for (const char c : first_17) {
        const std::size_t value = kCreditAlphabet.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        sum += static_cast<int>(value) * weight;
        weight = weight * 3 % kCreditModulus;
    }
    const int rest = (kCreditModulus - sum % kCreditModulus) % kCreditModulus;
    return kCreditAlphabet[static_cast<std::size_t>(rest)];
}

std::optional<char> OrganisationCheck(std::string_view first_8) noexcept {
    int sum = 0;
    for (std::size_t i = 0; i < kOrganisationWeights.size(); ++i) {
        const std::size_t value = kOrganisationAlphabet.find(first_8[i]);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        sum += static_cast<int>(value) * kOrganisationWeights[i];
    }
    const int rest = 11 - sum % 11;
    return rest == 10 ? 'X' : rest == 11 ? '0' : static_cast<char>('0' + rest);
}

}  // namespace

std::string_view TextOf(IdentifierFault fault, Language language) noexcept {
    const bool zh = language == Language::kZh;
    switch (fault) {
        case IdentifierFault::kLength:
            return zh ? "位数不对" : "wrong number of characters";
        case IdentifierFault::kCharacter:
            return zh ? "含有不允许的字符" : "contains a character that is not allowed";
        case IdentifierFault::kDivision:
            return zh ? "行政区划部分不可能存在" : "the division part cannot exist";
        case IdentifierFault::kDate:
            return zh ? "出生日期不存在" : "the birth date does not exist";
        case IdentifierFault::kCheckCharacter:
            break;
    }
    return zh ? "校验码不符，请核对是否输错" : "the check character is wrong; look for a slip";
}

std::optional<IdentifierFault> CheckCitizenId(std::string_view text) noexcept {
    if (text.size() != 18) {
        return IdentifierFault::kLength;
    }
    const char last = text[17];
    if (!AllDigits(text.substr(0, 17)) || (last != 'X' && !AllDigits(text.substr(17)))) {
        return IdentifierFault::kCharacter;
    }
    if (CheckDivisionCode(text.substr(0, 6))) {
        return IdentifierFault::kDivision;
    }
    if (!IsValid(CitizenBirth(text))) {
        return IdentifierFault::kDate;
    }
    if (CitizenCheck(text) != last) {
        return IdentifierFault::kCheckCharacter;
    }
    return std::nullopt;
}

std::optional<std::string> CompleteCitizenId(std::string_view first_17) {
    if (first_17.size() != 17 || !AllDigits(first_17)) {
        return std::nullopt;
    }
    return std::string(first_17) + CitizenCheck(first_17);
}

std::optional<std::string> UpgradeCitizenId(std::string_view old_15) {
    if (old_15.size() != 15 || !AllDigits(old_15)) {
        return std::nullopt;
    }
    const std::string_view century = Number(old_15.substr(12)) >= 996 ? "18" : "19";
    auto whole =
        CompleteCitizenId(std::string(old_15.substr(0, 6)).append(century).append(old_15.substr(6))
        );
    return whole && !CheckCitizenId(*whole) ? whole : std::nullopt;
}

std::optional<CitizenIdFacts> ReadCitizenId(std::string_view text) noexcept {
    if (CheckCitizenId(text)) {
        return std::nullopt;
    }
    return CitizenIdFacts{text.substr(0, 6), CitizenBirth(text), (text[16] - '0') % 2 == 1};
}

std::optional<IdentifierFault> CheckCreditCode(std::string_view text) noexcept {
    if (text.size() != 18) {
        return IdentifierFault::kLength;
    }
    const auto check = CreditCheck(text.substr(0, 17));
    const std::string_view division = text.substr(2, 6);
    if (!check || kCreditAlphabet.find(text[17]) == std::string_view::npos ||
        !AllDigits(division)) {
        return IdentifierFault::kCharacter;
    }
    if (CheckDivisionCode(division)) {
        return IdentifierFault::kDivision;
    }
    if (*check != text[17]) {
        return IdentifierFault::kCheckCharacter;
    }
    return std::nullopt;
}

std::optional<std::string> CompleteCreditCode(std::string_view first_17) {
    const auto check = first_17.size() == 17 ? CreditCheck(first_17) : std::nullopt;
    if (!check) {
        return std::nullopt;
    }
    return std::string(first_17) + *check;
}

std::optional<IdentifierFault> CheckOrganisationCode(std::string_view text) noexcept {
    const bool hyphen = text.size() == 10 && text[8] == '-';
    if (text.size() != 9 && !hyphen) {
        return IdentifierFault::kLength;
    }
    const auto check = OrganisationCheck(text);
    const char last = text.back();
    if (!check || (last != 'X' && !AllDigits(text.substr(text.size() - 1)))) {
        return IdentifierFault::kCharacter;
    }
    if (*check != last) {
        return IdentifierFault::kCheckCharacter;
    }
    return std::nullopt;
}

std::optional<std::string> CompleteOrganisationCode(std::string_view first_8) {
    const auto check = first_8.size() == 8 ? OrganisationCheck(first_8) : std::nullopt;
    if (!check) {
        return std::nullopt;
    }
    return std::string(first_8) + *check;
}

std::optional<IdentifierFault> CheckDivisionCode(std::string_view text) noexcept {
    static constexpr std::array<std::size_t, 6> kLevelEnds = {0, 2, 4, 6, 9, 12};
    const auto end = std::find(kLevelEnds.begin() + 1, kLevelEnds.end(), text.size());
    if (end == kLevelEnds.end()) {
        return IdentifierFault::kLength;
    }
    if (!AllDigits(text)) {
        return IdentifierFault::kCharacter;
    }
    if (text[0] == '0') {
        return IdentifierFault::kDivision;
    }
    bool ended = false;
    for (auto level = kLevelEnds.begin() + 1; level <= end; ++level) {
        const std::size_t from = *(level - 1);
        const bool zero = Number(text.substr(from, *level - from)) == 0;
        if (ended && !zero) {
            return IdentifierFault::kDivision;
        }
        ended = zero;
    }
    return std::nullopt;
}

}  // namespace kangqu::core
