#pragma once

#include "kangqu/expression/value.hpp"

#include "evaluation.hpp"
#include <cstdint>
#include <optional>

namespace kangqu::expression {

// Equality of two values, not null, not lists at the top unless both are: lists element by element,
// elements of documents deeply, quantities across units, dates as far as they are known. Nothing
// when it cannot be known.
std::optional<bool> Equal(Evaluation& evaluation, const Value& a, const Value& b);
// Never uncertain: null is equivalent to null only, texts without case and double spaces, decimals
// to the digits of the less exact, lists of FHIRPath in any order.
bool Equivalent(Evaluation& evaluation, const Value& a, const Value& b);

enum class Order : std::uint8_t { kLess, kEqual, kGreater, kUnknown, kIncomparable };
// Order of two single values. kUnknown: depends on what is not known, or a null.
Order CompareValues(Evaluation& evaluation, const Value& a, const Value& b);
// Total order for sorting; what cannot be ordered counts as equal, null first.
int SortOrder(Evaluation& evaluation, const Value& a, const Value& b);
// The value as a number when it is one (Integer, Long, Decimal).
std::optional<core::Decimal> AsDecimal(const Value& value);
// Equal() that counts nothing as no, and null as equal to null: for sets (distinct, in, union).
bool SameItem(Evaluation& evaluation, const Value& a, const Value& b);

}  // namespace kangqu::expression
