#include "kangqu/core/identifiers.hpp"

#include <cstdio>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace kangqu::core {
namespace {

constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

TEST(CitizenId, AcceptsTheExamplesOfTheStandard) {
    EXPECT_FALSE(CheckCitizenId("11010519491231002X"));
    EXPECT_FALSE(CheckCitizenId("440524188001010014"));
    EXPECT_EQ(CompleteCitizenId("11010519491231002"), "11010519491231002X");
    EXPECT_EQ(CompleteCitizenId("44052418800101001"), "440524188001010014");
}

TEST(CitizenId, NamesTheFirstFault) {
    const struct {
        std::string_view text;
        IdentifierFault fault;
    } rows[] = {
        {"", IdentifierFault::kLength},
        {"110105491231002", IdentifierFault::kLength},
        {"11010519491231002x", IdentifierFault::kCharacter},
        {"1101051949123100XX", IdentifierFault::kCharacter},
        {"01010519491231002X", IdentifierFault::kDivision},
        {"11000519491231002X", IdentifierFault::kDivision},
        {"11010519490229002X", IdentifierFault::kDate},
        {"11010519491331002X", IdentifierFault::kDate},
        {"110105194912310021", IdentifierFault::kCheckCharacter},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(CheckCitizenId(row.text), row.fault) << row.text;
    }
}

TEST(CitizenId, TellsDivisionBirthAndSex) {
    const auto facts = ReadCitizenId("11010519491231002X");
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->division, "110105");
    EXPECT_EQ(facts->birth, (CivilDate{1949, 12, 31}));
    EXPECT_FALSE(facts->male);
    EXPECT_TRUE(ReadCitizenId("440524188001010014")->male);
    EXPECT_FALSE(ReadCitizenId("110105194912310021"));
}

TEST(CitizenId, UpgradesOldNumbers) {
    EXPECT_EQ(UpgradeCitizenId("110105491231002"), "11010519491231002X");
    EXPECT_FALSE(UpgradeCitizenId("110105490229002"));
    EXPECT_FALSE(UpgradeCitizenId("11010549123100X"));
    EXPECT_FALSE(UpgradeCitizenId("11010549123100"));
    const auto centenarian = UpgradeCitizenId("110105801231998");
    ASSERT_TRUE(centenarian);
    EXPECT_EQ(ReadCitizenId(*centenarian)->birth.year, 1880);
}

TEST(CitizenId, EverySlipOfOneDigitAndEverySwapOfNeighboursIsFound) {
    EXPECT_TRUE(rc::check([] {
        const auto days = *rc::gen::inRange<std::int64_t>(-40'000, 20'000);
        const CivilDate birth = CivilOf(days);
        char digits[24];
        std::snprintf(
            digits,
            sizeof digits,
            "%06d%04d%02d%02d%03d",
            *rc::gen::inRange(110'101, 659'004),
            birth.year,
            birth.month,
            birth.day,
            *rc::gen::inRange(0, 1000)
        );
        const auto whole = CompleteCitizenId(digits);
        RC_ASSERT(whole.has_value());
        RC_PRE(!CheckCitizenId(*whole));
        RC_ASSERT(ReadCitizenId(*whole)->birth == birth);
        const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, 17));
        std::string slip = *whole;
        slip[at] = static_cast<char>('0' + (slip[at] - '0' + *rc::gen::inRange(1, 10)) % 10);
        RC_ASSERT(CheckCitizenId(slip).has_value());
        std::string swap = *whole;
        std::swap(swap[at], swap[at + 1]);
        RC_ASSERT(swap == *whole || CheckCitizenId(swap).has_value());
    }));
}

TEST(CreditCode, AcceptsTheExampleOfTheStandard) {
    EXPECT_FALSE(CheckCreditCode("91350100M000100Y43"));
    EXPECT_EQ(CompleteCreditCode("91350100M000100Y4"), "91350100M000100Y43");
}

TEST(CreditCode, NamesTheFirstFault) {
    EXPECT_EQ(CheckCreditCode("91350100M000100Y4"), IdentifierFault::kLength);
    EXPECT_EQ(CheckCreditCode("91350100I000100Y43"), IdentifierFault::kCharacter);
    EXPECT_EQ(CheckCreditCode("91350100m000100Y43"), IdentifierFault::kCharacter);
    EXPECT_EQ(CheckCreditCode("9135A100M000100Y43"), IdentifierFault::kCharacter);
    EXPECT_EQ(CheckCreditCode("91000100M000100Y43"), IdentifierFault::kDivision);
    EXPECT_EQ(CheckCreditCode("91350100M000100Y44"), IdentifierFault::kCheckCharacter);
    EXPECT_FALSE(CompleteCreditCode("91350100O000100Y4"));
    EXPECT_FALSE(CompleteCreditCode("91350100M000100Y43"));
}

TEST(CreditCode, EverySlipOfOneCharacterIsFound) {
    EXPECT_TRUE(rc::check([] {
        std::string first = "12990101";
        for (int i = 0; i < 9; ++i) {
            first += kCreditAlphabet[static_cast<std::size_t>(*rc::gen::inRange(0, 31))];
        }
        std::string whole = *CompleteCreditCode(first);
        RC_ASSERT(!CheckCreditCode(whole).has_value());
        const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, 18));
        const char other = kCreditAlphabet[static_cast<std::size_t>(*rc::gen::inRange(0, 31))];
        RC_PRE(other != whole[at]);
        whole[at] = other;
        RC_ASSERT(CheckCreditCode(whole).has_value());
    }));
}

TEST(OrganisationCode, ChecksWithAndWithoutHyphen) {
    EXPECT_FALSE(CheckOrganisationCode("D2143569X"));
    EXPECT_FALSE(CheckOrganisationCode("D2143569-X"));
    EXPECT_FALSE(CheckOrganisationCode("M000100Y4"));
    EXPECT_EQ(CompleteOrganisationCode("D2143569"), "D2143569X");
    EXPECT_EQ(CompleteOrganisationCode("00000000"), "000000000");
    EXPECT_EQ(CheckOrganisationCode("D2143569"), IdentifierFault::kLength);
    EXPECT_EQ(CheckOrganisationCode("D2143569+X"), IdentifierFault::kLength);
    EXPECT_EQ(CheckOrganisationCode("d2143569X"), IdentifierFault::kCharacter);
    EXPECT_EQ(CheckOrganisationCode("D2143569A"), IdentifierFault::kCharacter);
    EXPECT_EQ(CheckOrganisationCode("D21435691"), IdentifierFault::kCheckCharacter);
    EXPECT_FALSE(CompleteOrganisationCode("D214356"));
    EXPECT_FALSE(CompleteOrganisationCode("D214356-"));
}

TEST(DivisionCode, KnowsShapesOnly) {
    for (const std::string_view good :
         {"11",
          "1101",
          "110105",
          "110000",
          "110100",
          "110105001",
          "110105001001",
          "110105000000"}) {
        EXPECT_FALSE(CheckDivisionCode(good)) << good;
    }
    EXPECT_EQ(CheckDivisionCode("11010"), IdentifierFault::kLength);
    EXPECT_EQ(CheckDivisionCode(""), IdentifierFault::kLength);
    EXPECT_EQ(CheckDivisionCode("11O105"), IdentifierFault::kCharacter);
    EXPECT_EQ(CheckDivisionCode("010105"), IdentifierFault::kDivision);
    EXPECT_EQ(CheckDivisionCode("110005"), IdentifierFault::kDivision);
    EXPECT_EQ(CheckDivisionCode("110105000001"), IdentifierFault::kDivision);
}

TEST(IdentifierFault, HasATextInBothLanguages) {
    for (const auto fault :
         {IdentifierFault::kLength,
          IdentifierFault::kCharacter,
          IdentifierFault::kDivision,
          IdentifierFault::kDate,
          IdentifierFault::kCheckCharacter}) {
        EXPECT_FALSE(TextOf(fault, Language::kZh).empty());
        EXPECT_NE(TextOf(fault, Language::kZh), TextOf(fault, Language::kEn));
    }
}

}  // namespace
}  // namespace kangqu::core
