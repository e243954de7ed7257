#include "kangqu/terminology/ucum.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kangqu::terminology {
namespace {

using core::ErrorCode;
using core::Language;

std::string Converted(std::string_view value, std::string_view from, std::string_view to) {
    const auto text = ConvertQuantityText(value, from, to);
    return text.ok() ? *text : text.error().Line();
}

TEST(Ucum, WholeGrammarIsAccepted) {
    for (const char* unit :
         {"m",
          "/min",
          "10*3/uL",
          "10^9/L",
          "10*-7.s",
          "10*+3",
          "m+2",
          "s-1",
          "mg/(kg.h)",
          "{tot}",
          "1{c}",
          "{a}.rad2{b}",
          "kg{body_wt}",
          "[iU]/L",
          "m[iU]/L",
          "dB[10.nV]",
          "mm[Hg]",
          "[pH]",
          "B[SPL]",
          "%[slope]",
          "[m/s2/Hz^(1/2)]",
          "4.[pi].10*-7.N/A2",
          "(8.h)",
          "((m))",
          "KiBy",
          "dar",
          "Pa",
          "mL/min/{1.73_m2}",
          "m0",
          "10.Cel"}) {
        const auto parsed = Unit::Parse(unit);
        EXPECT_TRUE(parsed.ok()) << unit << ": " << parsed.error().Line();
    }
}

TEST(Ucum, WhatIsWrongIsNamed) {
    struct Case {
        const char* unit;
        ErrorCode code;
        const char* argument;  // the last one of the error
    };
    const std::vector<Case> cases = {
        {"", ErrorCode::kUnitEmpty, nullptr},
        {"m/", ErrorCode::kUnitOperand, "/"},
        {"m..s", ErrorCode::kUnitOperand, "."},
        {"12h", ErrorCode::kUnitOperator, "3"},
        {"{a}rad2", ErrorCode::kUnitOperator, "4"},
        {"rad2{錠}", ErrorCode::kUnitCharacter, "錠"},
        {"10+3/ul", ErrorCode::kUnitOperator, "3"},
        {"mg dL", ErrorCode::kUnitCharacter, " "},
        {"m(s", ErrorCode::kUnitOperator, "2"},
        {"(m", ErrorCode::kUnitUnclosed, "("},
        {"m)", ErrorCode::kUnitCharacter, ")"},
        {"[iU", ErrorCode::kUnitUnclosed, "["},
        {"g{x", ErrorCode::kUnitUnclosed, "{"},
        {"iU", ErrorCode::kUnitUnknownNear, "[iU]"},
        {"mmHg", ErrorCode::kUnitUnknownNear, "mm[Hg]"},
        {"MMOL/l", ErrorCode::kUnitUnknownNear, "mmol"},
        {"molv", ErrorCode::kUnitUnknown, "molv"},
        {"kmin", ErrorCode::kUnitPrefix, "kmin"},
        {"Cel2", ErrorCode::kUnitSpecial, "Cel"},
        {"Cel/m", ErrorCode::kUnitSpecial, "Cel"},
        {"m1000", ErrorCode::kUnitTooGreat, "m1000"},
        {"m-", ErrorCode::kUnitOperand, "-"},
    };
    for (const Case& one : cases) {
        const auto parsed = Unit::Parse(one.unit);
        ASSERT_FALSE(parsed.ok()) << one.unit;
        EXPECT_EQ(parsed.error().code, one.code) << one.unit << ": " << parsed.error().Line();
        if (one.argument != nullptr) {
            EXPECT_EQ(parsed.error().args.back(), one.argument) << one.unit;
        }
        EXPECT_NE(parsed.error().Text(Language::kZh), parsed.error().Text(Language::kEn));
    }
}

TEST(Ucum, ConversionsAreExact) {
    EXPECT_EQ(Converted("6.3", "mm", "cm"), "0.63");
    EXPECT_EQ(Converted("1", "[lb_av]", "kg"), "0.45359237");
    EXPECT_EQ(Converted("1", "[in_i]", "cm"), "2.54");
    EXPECT_EQ(Converted("1", "[ly]", "cm"), "946073047258080000");
    EXPECT_EQ(Converted("120", "mm[Hg]", "kPa"), "15.99864");
    EXPECT_EQ(Converted("5.6", "mmol/L", "umol/mL"), "5.6");
    EXPECT_EQ(Converted("1", "[acr_us]", "m2"), "4046.87260987425200656852926609");
    EXPECT_EQ(Converted("1", "/[in_i]", "/m"), "39.3700787401574803149606299213");
    EXPECT_EQ(Converted("4.5", "10*9/L", "10*3/uL"), "4.5");
    EXPECT_EQ(Converted("1", "a", "d"), "365.25");
    EXPECT_EQ(Converted("1", "mol", "1"), "6.02214076e23");
    EXPECT_EQ(Converted("1e-300", "km", "m"), "1e-297");
    EXPECT_EQ(Converted("25", "%", "1"), "0.25");
    EXPECT_EQ(Converted("-1.50", "m", "m"), "-1.5");
}

TEST(Ucum, SpecialUnitsFollowTheirFunctions) {
    EXPECT_EQ(Converted("37", "Cel", "K"), "310.15");
    EXPECT_EQ(Converted("98.6", "[degF]", "Cel"), "37");
    EXPECT_EQ(Converted("37", "Cel", "[degF]"), "98.6");
    EXPECT_EQ(Converted("80", "[degRe]", "Cel"), "100");
    EXPECT_EQ(Converted("-40", "Cel", "[degF]"), "-40");
    EXPECT_EQ(Converted("500", "mCel", "Cel"), "0.5");
    EXPECT_EQ(Converted("7", "[pH]", "mol/L"), "0.0000001");
    EXPECT_EQ(Converted("0.0000001", "mol/L", "[pH]"), "7");
    EXPECT_EQ(Converted("3", "dB", "B"), "0.3");
    EXPECT_EQ(Converted("2", "B", "1"), "100");
    EXPECT_EQ(Converted("60", "dB[SPL]", "Pa"), "0.02");
    EXPECT_EQ(Converted("1", "V", "B[mV]"), "6");
    EXPECT_EQ(Converted("100", "%[slope]", "deg"), "45");
    EXPECT_EQ(Converted("1", "Np", "1"), "2.71828182845905");
    EXPECT_EQ(Converted("8", "1", "bit_s"), "3");
    EXPECT_EQ(Converted("2", "[hp'_C]", "1"), "0.0001");
    EXPECT_EQ(Converted("3", "[m/s2/Hz^(1/2)]", "m2/s4/Hz"), "9");
    EXPECT_FALSE(ConvertQuantityText("0", "mol/L", "[pH]").ok());
}

TEST(Ucum, ArbitraryUnitsCompareWithThemselvesOnly) {
    EXPECT_EQ(Converted("5", "[iU]/mL", "k[iU]/L"), "5");
    EXPECT_EQ(Converted("5", "[IU]/mL", "[iU]/mL"), "5");
    const auto other = ConvertQuantityText("1", "[iU]", "[arb'U]");
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code, ErrorCode::kUnitNotComparable);
    EXPECT_FALSE(ConvertQuantityText("1", "[iU]", "1").ok());
    EXPECT_FALSE(ConvertQuantityText("1", "m", "s").ok());
}

TEST(Ucum, ProductsAndQuotients) {
    const auto text = [](core::Result<QuantityText> result) {
        return result.ok() ? result->value + " " + result->unit : result.error().Line();
    };
    EXPECT_EQ(text(MultiplyQuantities("1.5", "g", "2", "m")), "3 g.m");
    EXPECT_EQ(text(DivideQuantities("1.5", "g", "2", "m")), "0.75 g.m-1");
    EXPECT_EQ(
        text(DivideQuantities("1", "[lb_av]/h", "1", "kg/s")),
        "0.000125997880555555555555555555556 1"
    );
    EXPECT_EQ(text(MultiplyQuantities("2", "mg/mL", "3", "mL")), "6 mg");
    EXPECT_EQ(text(MultiplyQuantities("2", "4.m", "3", "m")), "24 m2");
    EXPECT_EQ(text(MultiplyQuantities("37", "Cel", "2", "1")), "74 Cel");
    EXPECT_FALSE(MultiplyQuantities("37", "Cel", "2", "m").ok());
    EXPECT_FALSE(DivideQuantities("1", "m", "0", "s").ok());
    EXPECT_EQ(Unit::Parse("mg/mL")->Times(*Unit::Parse("mL"))->text(), "mg");
    EXPECT_EQ(Unit::Parse("m")->Over(*Unit::Parse("s"))->text(), "m/s");
}

TEST(Ucum, CanonicalFormsForSearch) {
    const auto a = Canonical("5.6", "mmol/L");
    const auto b = Canonical("5600", "umol/L");
    ASSERT_TRUE(a.ok() && b.ok());
    EXPECT_EQ(a->unit, "m-3");
    EXPECT_EQ(a->value, b->value);
    EXPECT_EQ(Canonical("1", "kPa")->unit, "g.m-1.s-2");
    EXPECT_EQ(Canonical("1", "kPa")->number, 1e6);
    EXPECT_EQ(Canonical("37", "Cel")->value, "310.15");
    EXPECT_EQ(Canonical("3", "[iU]/mL")->unit, "[iU].m-3");
}

TEST(Ucum, NamesForReaders) {
    EXPECT_EQ(Unit::Parse("mg/L")->Name(Language::kZh), "毫克每升");
    EXPECT_EQ(Unit::Parse("mg/L")->Name(Language::kEn), "milligram per liter");
    EXPECT_EQ(Unit::Parse("kg/m2")->Name(Language::kZh), "千克每平方米");
    EXPECT_EQ(Unit::Parse("mm[Hg]")->Name(Language::kZh), "毫米汞柱");
    EXPECT_EQ(Unit::Parse("10*9/L")->Name(Language::kZh), "10^9每升");
    EXPECT_EQ(Unit::Parse("/min")->Name(Language::kEn), "per minute");
}

TEST(Ucum, DecimalsKeepWhatTheyCanHold) {
    const auto convert = [](const char* value, const char* from, const char* to) {
        return ConvertQuantity(*core::Decimal::Parse(value), from, to)->ToString();
    };
    EXPECT_EQ(convert("6.3", "mm", "m"), "0.0063");
    EXPECT_EQ(convert("1", "[in_i]", "m"), "0.0254");
    EXPECT_EQ(convert("1", "m", "[in_i]"), "39.37007874015748031496062992");
    EXPECT_EQ(convert("1", "ug", "kg"), "0.000000001");
    EXPECT_EQ(convert("37", "Cel", "[degF]"), "98.6");
    EXPECT_EQ(convert("90", "min", "h"), "1.5");
    EXPECT_FALSE(ConvertQuantity(core::Decimal(1'000'000'000), "mol", "1").ok());
}

TEST(Ucum, OrderIsExact) {
    const auto order = [](const char* a, const char* ua, const char* b, const char* ub) {
        return CompareQuantities(
            *core::Decimal::Parse(a), *Unit::Parse(ua), *core::Decimal::Parse(b), *Unit::Parse(ub)
        );
    };
    EXPECT_EQ(*order("1", "[in_i]", "2.54", "cm"), std::strong_ordering::equal);
    EXPECT_EQ(*order("1", "[in_i]", "2.5400000000000001", "cm"), std::strong_ordering::less);
    EXPECT_EQ(*order("37", "Cel", "98", "[degF]"), std::strong_ordering::greater);
    EXPECT_EQ(*order("1", "m", "1", "s"), std::nullopt);
}

TEST(Ucum, HostileTextsEndQuickly) {
    EXPECT_EQ(Unit::Parse(std::string(10'000, '(')).error().code, ErrorCode::kUnitTooLong);
    EXPECT_EQ(Unit::Parse(std::string(1000, '(')).error().code, ErrorCode::kUnitTooDeep);
    EXPECT_EQ(Unit::Parse("[pi]999.[pi]999.[pi]999").error().code, ErrorCode::kUnitTooGreat);
    EXPECT_EQ(Unit::Parse("m99999999999999999999").error().code, ErrorCode::kUnitTooGreat);
    EXPECT_FALSE(Unit::Parse("0.m").ok());
    EXPECT_FALSE(ConvertQuantityText("1e9999", "m", "cm").ok());
    EXPECT_FALSE(ConvertQuantityText(std::string(1000, '9'), "m", "cm").ok());
    EXPECT_FALSE(ConvertQuantityText("abc", "m", "cm").ok());
    EXPECT_FALSE(Unit::Parse("\xff").ok());
}

TEST(Ucum, BatchLines) {
    EXPECT_EQ(
        UcumBatchLine(R"({"id":1,"op":"convert","value":6.30,"from":"mm","to":"m"})"),
        R"({"id":1,"value":0.0063})"
    );
    EXPECT_EQ(
        UcumBatchLine(R"({"id":"a","op":"validate","unit":"mg"})"), R"({"id":"a","valid":true})"
    );
    EXPECT_EQ(
        UcumBatchLine(R"({"id":2,"op":"divide","value":"3","unit":"m","by":"2","byUnit":"s"})"),
        R"({"id":2,"value":1.5,"unit":"m.s-1"})"
    );
    EXPECT_NE(
        UcumBatchLine(R"({"id":3,"op":"validate","unit":"12h"})").find("\"valid\":false"),
        std::string::npos
    );
    EXPECT_NE(UcumBatchLine("no json").find("\"error\""), std::string::npos);
    EXPECT_NE(UcumBatchLine(R"({"id":4,"op":"?"})").find("\"error\""), std::string::npos);
}

const std::vector<std::vector<const char*>>& Kinds() {
    static const std::vector<std::vector<const char*>> kinds = {
        {"m", "cm", "km", "[in_i]", "[ft_us]", "[mi_i]"},
        {"g", "kg", "ug", "[lb_av]", "[oz_tr]", "t"},
        {"mmol/L", "umol/mL", "mol/m3", "/dL"},
        {"Pa", "kPa", "mm[Hg]", "bar", "[psi]", "cm[H2O]"},
        {"Cel", "K", "[degF]", "[degRe]", "mK"},
        {"10*9/L", "10*3/uL", "/mm3"},
    };
    return kinds;
}

RC_GTEST_PROP(UcumProperty, ThereAndBackIsTheSame, ()) {
    const auto& kind = *rc::gen::elementOf(Kinds());
    const char* from = *rc::gen::elementOf(kind);
    const char* to = *rc::gen::elementOf(kind);
    const auto units = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
    const core::Decimal value = *core::Decimal::Of(units, *rc::gen::inRange(0, 6));
    const auto there = ConvertQuantityText(value.ToString(), from, to);
    RC_ASSERT(there.ok());
    const auto back = ConvertQuantityText(*there, to, from);
    RC_ASSERT(back.ok());
    // 30 digits there leave the first ones right.
    const auto difference = std::stold(*back) - value.ToDouble();
    RC_ASSERT(std::abs(difference) <= 1e-14L * std::max(1.0L, std::abs(value.ToDouble())));
}

RC_GTEST_PROP(UcumProperty, QuickAndExactAgree, ()) {
    const auto& kind = *rc::gen::elementOf(Kinds());
    const char* from = *rc::gen::elementOf(kind);
    const char* to = *rc::gen::elementOf(kind);
    const core::Decimal value =
        *core::Decimal::Of(*rc::gen::arbitrary<std::int32_t>(), *rc::gen::inRange(0, 8));
    const auto quick = ConvertQuantity(value, from, to);
    const auto exact = ConvertQuantityText(value.ToString(), from, to);
    RC_ASSERT(exact.ok());
    RC_PRE(quick.ok());
    const long double a = quick->ToDouble();
    const long double b = std::stold(*exact);
    // A Decimal ends 28 digits behind the point.
    RC_ASSERT(std::abs(a - b) <= 1e-15L * std::max(std::abs(b), 1e-12L));
}

RC_GTEST_PROP(UcumProperty, DividingUndoesMultiplying, ()) {
    const char* a = *rc::gen::elementOf(*rc::gen::elementOf(Kinds()));
    const char* b = *rc::gen::elementOf(*rc::gen::elementOf(Kinds()));
    RC_PRE(!Unit::Parse(a)->special() && !Unit::Parse(b)->special());
    const auto value = std::to_string(*rc::gen::inRange(1, 1'000'000));
    const auto by = std::to_string(*rc::gen::inRange(1, 1'000));
    const auto product = MultiplyQuantities(value, a, by, b);
    RC_ASSERT(product.ok());
    const auto quotient = DivideQuantities(product->value, product->unit, by, b);
    RC_ASSERT(quotient.ok());
    const auto same = ConvertQuantityText(quotient->value, quotient->unit, a);
    RC_ASSERT(same.ok());
    RC_ASSERT(std::abs(std::stold(*same) - std::stold(value)) < 1e-9L);
}

RC_GTEST_PROP(UcumProperty, AnyTextIsAnswered, (const std::string& text)) {
    const auto unit = Unit::Parse(text);
    if (unit.ok()) {
        RC_ASSERT(Unit::Parse(unit->canonical()).ok());
    }
}

}  // namespace
}  // namespace kangqu::terminology
