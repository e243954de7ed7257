#pragma once

#include "evaluation.hpp"
#include "operators/compare.hpp"

namespace kangqu::expression {

// Start or end of a value on the axis of time or numbers. A closed null bound lies at infinity, an
// open one is not known.
struct Edge {
    enum class Place : std::uint8_t { kAt, kBelowAll, kAboveAll, kUnknown };
    Place place = Place::kUnknown;
    Value value;
};
// Of an interval its first or last point, of anything else itself.
Edge StartOf(Evaluation& evaluation, const Value& value);
Edge EndOf(Evaluation& evaluation, const Value& value);
// The next or previous value of its type; null at the end of the type.
Value Successor(Evaluation& evaluation, const Value& value);
Value Predecessor(Evaluation& evaluation, const Value& value);
// The least and greatest value of the type of `like` (Integer, Long, Decimal, Date, DateTime,
// Time).
Value Least(Kind kind);
Value Greatest(Kind kind);
// Closed bounds of an interval both of whose ends are known; false when they are not.
bool ClosedBounds(Evaluation& evaluation, const Value& interval, Value& low, Value& high);
// A closed interval.
Value MakeInterval(Evaluation& evaluation, const Value& low, const Value& high);
// `value` as an operand of interval operators: elements of documents converted.
Value Operand(Evaluation& evaluation, const Value& value);

}  // namespace kangqu::expression
