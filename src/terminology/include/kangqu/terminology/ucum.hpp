#pragma once

#include "kangqu/core/decimal.hpp"
#include "kangqu/core/result.hpp"

#include <compare>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::terminology {

// Units of measure by UCUM, case-sensitive codes: the whole grammar (prefixes, exponents,
// annotations, parentheses, a leading solidus, 10* and 10^), arbitrary units, which compare only
// with themselves, and special units, which are functions (Cel, [degF], [pH], dB, B[SPL], ...).
// Factors are exact ratios; results are rounded only where a decimal cannot hold them, and special
// units other than temperatures to 15 digits.

// Limits of one unit text; what is longer, deeper or greater is refused.
constexpr std::size_t kMaxUnitBytes = 1000;
constexpr int kMaxUnitDepth = 64;
constexpr int kMaxUnitExponent = 999;

namespace ucum {
struct Compiled;
class Plan;
}  // namespace ucum

// A compiled unit. Immutable, cheap to copy (shares its content between copies), any thread.
class Unit {
public:
    // Errors say which character or symbol is wrong, and the code that was probably meant.
    static core::Result<Unit> Parse(std::string_view text);

    const std::string& text() const noexcept;
    // Not on a ratio scale, such as Cel or dB.
    bool special() const noexcept;
    // Of the same kind, so that Conversion::Between succeeds.
    bool ComparableWith(const Unit& other) const noexcept;
    // The same unit in base units with powers, in one order ("g.m-1.s-2"), without its factor; "1"
    // when it has no dimension. Comparable units have equal texts.
    const std::string& canonical() const noexcept;
    // A reader's name: "毫克每升", "milligram per liter".
    std::string Name(core::Language language) const;
    // Every factor by its published name: "(meter ^ 3) * (kilogram ^ -1)"; "(unity)" for 1.
    std::string Analysis() const;

    // The unit of a product or quotient: equal symbols with their prefixes are joined, annotations
    // dropped, nothing converted ("mg/mL" by "mL" is "mg"). kUnitSpecial when one is special and
    // the other is not 1.
    core::Result<Unit> Times(const Unit& other) const;
    core::Result<Unit> Over(const Unit& other) const;

private:
    friend class UnitConversion;
    explicit Unit(std::shared_ptr<const ucum::Compiled> compiled);
    core::Result<Unit> Joined(const Unit& other, int sign) const;
    std::shared_ptr<const ucum::Compiled> compiled_;
};

// From one unit to another, worked out once. Immutable, cheap to copy, any thread.
class UnitConversion {
public:
    // kUnitNotComparable when they are not of one kind.
    static core::Result<UnitConversion> Between(const Unit& from, const Unit& to);

    // Exact where 28 digits before and behind the point hold the result, else rounded to 28
    // significant digits. kUnitDomain when it does not fit or is not defined (pH of nothing).
    core::Result<core::Decimal> Convert(const core::Decimal& value) const;
    // The same for a number text of any size ("1.5e-40"); up to 40 digits exactly, else 30 digits.
    core::Result<std::string> ConvertText(std::string_view value) const;
    // Order of a quantity in the first unit and one in the second, exact.
    core::Result<std::strong_ordering> Compare(const core::Decimal& a, const core::Decimal& b)
        const;

private:
    explicit UnitConversion(std::shared_ptr<const ucum::Plan> plan);
    std::shared_ptr<const ucum::Plan> plan_;
};

// Parse with a memory of the units met last, one a thread.
core::Result<Unit> FindUnit(std::string_view text);
// Convert with a memory of the pairs met last, one a thread: tens of nanoseconds.
core::Result<core::Decimal>
ConvertQuantity(const core::Decimal& value, std::string_view from, std::string_view to);
core::Result<std::string>
ConvertQuantityText(std::string_view value, std::string_view from, std::string_view to);

// Order of two quantities, exact; nothing when their units are not of one kind. With unit texts it
// remembers the pairs met last, as ConvertQuantity.
using QuantityOrder = std::optional<std::strong_ordering>;
core::Result<QuantityOrder> CompareQuantities(
    const core::Decimal& a,
    const Unit& unit_a,
    const core::Decimal& b,
    const Unit& unit_b
);
core::Result<QuantityOrder> CompareQuantities(
    const core::Decimal& a,
    std::string_view unit_a,
    const core::Decimal& b,
    std::string_view unit_b
);

// A quantity in its canonical unit, as a search index compares it.
struct CanonicalQuantity {
    std::string value;  // exact text where 40 digits hold it
    double number = 0;
    std::string unit;
};
core::Result<CanonicalQuantity> Canonical(std::string_view value, std::string_view unit);

// A product or quotient of quantities. Units are joined as by Unit::Times; dividing quantities of
// one kind yields a pure number, with unit "1". Symbols in alphabetical order with negative powers
// ("g.m-1").
struct QuantityText {
    std::string value;
    std::string unit;
};
core::Result<QuantityText> MultiplyQuantities(
    std::string_view value,
    std::string_view unit,
    std::string_view by,
    std::string_view by_unit
);
core::Result<QuantityText> DivideQuantities(
    std::string_view value,
    std::string_view unit,
    std::string_view by,
    std::string_view by_unit
);

// One line in, one line out (without line ends) of `kangqu ucum --batch`.
std::string UcumBatchLine(std::string_view line);

}  // namespace kangqu::terminology
