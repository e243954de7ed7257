#pragma once

#include "ucum/atoms.hpp"
#include "ucum/rational.hpp"
#include "ucum/terms.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kangqu::terminology::ucum {

// Powers of the base units, in the order of the table, and of arbitrary atoms, by position.
constexpr std::size_t kBases = 7;
struct Dimensions {
    std::array<std::int32_t, kBases> base{};
    std::vector<std::pair<std::int16_t, std::int32_t>> arbitrary;

    void Add(const Dimensions& other, int times);
    bool none() const { return *this == Dimensions{}; }
    friend bool operator==(const Dimensions&, const Dimensions&) = default;
};

// A unit worked out: `factor` of its base units, or for a special unit the inverse of `function`
// times `factor`, its argument being `scale` times the value.
struct Compiled {
    std::string text;
    std::string canonical;
    std::vector<Term> terms;
    Rational factor;
    Dimensions dimensions;
    Function function = Function::kNone;
    Rational scale;
};

core::Result<Compiled> Compile(std::string_view text);

// Linear units and temperatures; the others pass through floating point.
bool IsExact(Function function);
// Value of a quantity in base units, and back; nothing where the function is not defined.
std::optional<Rational> ToBase(const Rational& value, const Compiled& unit);
std::optional<Rational> FromBase(const Rational& value, const Compiled& unit);

}  // namespace kangqu::terminology::ucum
