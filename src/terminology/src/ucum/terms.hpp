#pragma once

#include "kangqu/core/result.hpp"

#include "ucum/atoms.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::terminology::ucum {

// One factor of a unit after its parentheses are resolved: a symbol or, with atom kNone, a whole
// number. Annotations alone are left out.
struct Term {
    Symbol symbol;
    std::string number;
    int power = 1;         // with the sign that a solidus before it gives
    bool divided = false;  // a solidus stands before it
};

// The factors of a unit text by the grammar of UCUM, left to right.
core::Result<std::vector<Term>> ParseTerms(std::string_view text);

// The text of factors in their order. kSlash writes "mg/mL",
// kPowers "mg.mL-1". "1" when nothing is left.
enum class TermStyle : std::uint8_t { kSlash, kPowers };
std::string TextOf(const std::vector<Term>& terms, TermStyle style);
// Factors of a * b^sign with equal symbols joined, in order of first mention; numbers stay apart.
std::vector<Term> JoinTerms(const std::vector<Term>& a, const std::vector<Term>& b, int sign);
std::string CodeOf(const Symbol& symbol);

}  // namespace kangqu::terminology::ucum
