#include "compare.hpp"

#include "kangqu/core/json.hpp"

#include "cql/edges.hpp"
#include "navigate.hpp"
#include "operators/same_json.hpp"
#include "operators/units.hpp"
#include <algorithm>
#include <string>
#include <vector>

namespace kangqu::expression {

namespace {

using core::JsonNode;

bool IsTemporal(const Value& value) {
    return value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime);
}

bool IsNumber(const Value& value) {
    return value.is(Kind::kInteger) || value.is(Kind::kLong) || value.is(Kind::kDecimal);
}

std::optional<bool> EqualLists(Evaluation& evaluation, const Value& a, const Value& b) {
    const auto x = a.items();
    const auto y = b.items();
    if (x.size() != y.size()) {
        return false;
    }
    bool unknown = false;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i].is_null() && y[i].is_null()) {
            continue;
        }
        const auto one =
            x[i].is_null() || y[i].is_null() ? std::nullopt : Equal(evaluation, x[i], y[i]);
        if (one == false) {
            return false;
        }
        unknown = unknown || !one;
    }
    return unknown ? std::nullopt : std::optional(true);
}

std::optional<bool> EqualTuples(Evaluation& evaluation, const Tuple& a, const Tuple& b) {
    if (a.names.size() != b.names.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.names.size(); ++i) {
        const auto found = std::find(b.names.begin(), b.names.end(), a.names[i]);
        if (found == b.names.end()) {
            return false;
        }
        const Value& other = b.values[static_cast<std::size_t>(found - b.names.begin())];
        if (a.values[i].is_null() && other.is_null()) {
            continue;
        }
        const auto one = a.values[i].is_null() || other.is_null()
                             ? std::nullopt
                             : Equal(evaluation, a.values[i], other);
        // The first element that differs or is not known decides.
        if (one != true) {
            return one;
        }
    }
    return true;
}

std::optional<bool> FromOrder(Order order) {
    if (order == Order::kUnknown) {
        return std::nullopt;
    }
    return order == Order::kEqual;
}

std::optional<bool> Both(std::optional<bool> a, std::optional<bool> b) {
    if (a == false || b == false) {
        return false;
    }
    return a && b ? std::optional(true) : std::nullopt;
}

std::optional<bool> EqualIntervals(Evaluation& evaluation, const Interval& a, const Interval& b) {
    const auto bound = [&](const Value& x, bool x_closed, const Value& y, bool y_closed, bool high
                       ) {
        if (x.is_null() || y.is_null()) {
            return x.is_null() && y.is_null() && x_closed && y_closed ? std::optional(true)
                                                                      : std::nullopt;
        }
        if (x_closed == y_closed) {
            return Equal(evaluation, x, y);
        }
        // An open bound ends at its neighbour: [1, 5] is [1, 6).
        const Value open = x_closed ? y : x;
        const Value closed = x_closed ? x : y;
        const Value next = high ? Predecessor(evaluation, open) : Successor(evaluation, open);
        return next.is_null() ? std::optional(false) : Equal(evaluation, closed, next);
    };
    return Both(
        bound(a.low, a.low_closed, b.low, b.low_closed, false),
        bound(a.high, a.high_closed, b.high, b.high_closed, true)
    );
}

bool SameCode(const Code& a, const Code& b) {
    return a.code == b.code && a.system == b.system && a.version == b.version;
}

std::optional<bool> EqualSameKind(Evaluation& evaluation, const Value& a, const Value& b) {
    switch (a.kind()) {
        case Kind::kBoolean:
            return a.boolean() == b.boolean();
        case Kind::kList:
            return EqualLists(evaluation, a, b);
        case Kind::kTuple:
            return EqualTuples(evaluation, a.tuple(), b.tuple());
        case Kind::kInterval:
            return EqualIntervals(evaluation, a.interval(), b.interval());
        case Kind::kCode:
            return SameCode(a.code(), b.code());
        case Kind::kConcept: {
            const auto x = a.concept_value().codes;
            const auto y = b.concept_value().codes;
            return std::equal(x.begin(), x.end(), y.begin(), y.end(), SameCode);
        }
        case Kind::kRatio:
            return Both(
                Equal(evaluation, Value::Of(&a.ratio().numerator), Value::Of(&b.ratio().numerator)),
                Equal(
                    evaluation, Value::Of(&a.ratio().denominator), Value::Of(&b.ratio().denominator)
                )
            );
        case Kind::kVocabulary:
            return a.vocabulary().id == b.vocabulary().id;
        case Kind::kNode:
            return SameJson(a.node(), b.node());
        case Kind::kNull:
        case Kind::kInteger:
        case Kind::kLong:
        case Kind::kDecimal:
        case Kind::kString:
        case Kind::kDate:
        case Kind::kDateTime:
        case Kind::kTime:
        case Kind::kQuantity:
            break;
    }
    return FromOrder(CompareValues(evaluation, a, b));
}

}  // namespace

std::optional<core::Decimal> AsDecimal(const Value& value) {
    if (value.is(Kind::kDecimal)) {
        return value.decimal();
    }
    if (value.is(Kind::kInteger) || value.is(Kind::kLong)) {
        return core::Decimal(value.integer());
    }
    return std::nullopt;
}

std::optional<bool> Equal(Evaluation& evaluation, const Value& left, const Value& right) {
    const Value a = ToSystem(evaluation, left);
    const Value b = ToSystem(evaluation, right);
    if (a.is_null() || b.is_null()) {
        // A primitive with extensions only: the same element or not known.
        return left.is(Kind::kNode) && right.is(Kind::kNode)
                   ? std::optional(SameJson(left.extension(), right.extension()))
                   : std::nullopt;
    }
    if (a.kind() == b.kind()) {
        return EqualSameKind(evaluation, a, b);
    }
    const Order order = CompareValues(evaluation, a, b);
    if (order != Order::kIncomparable) {
        return FromOrder(order);
    }
    const Value x = ToCql(evaluation, a);
    const Value y = ToCql(evaluation, b);
    const bool converted = x.kind() != a.kind() || y.kind() != b.kind();
    return converted && x.kind() == y.kind() ? EqualSameKind(evaluation, x, y)
                                             : std::optional(false);
}

namespace {

Order FromOrdering(std::strong_ordering order) {
    return order < 0 ? Order::kLess : order > 0 ? Order::kGreater : Order::kEqual;
}

// In FHIRPath a time without an offset does not compare with one that has it, and a date compares
// with the date as written; in CQL the evaluation's offset stands in.
Order CompareMoments(Evaluation& evaluation, core::Temporal a, core::Temporal b) {
    if (evaluation.plan().dialect == Dialect::kFhirPath && a.has_offset != b.has_offset &&
        a.kind != core::TemporalKind::kTime) {
        const core::Temporal& local = a.has_offset ? b : a;
        if (local.precision >= core::Precision::kHour) {
            return Order::kUnknown;
        }
        a.has_offset = b.has_offset = false;
    }
    const auto order = core::CompareTemporal(a, b, evaluation.offset());
    return order ? FromOrdering(*order) : Order::kUnknown;
}

template <class T>
Order CompareScalars(const T& a, const T& b) {
    return a < b ? Order::kLess : b < a ? Order::kGreater : Order::kEqual;
}

// A number against a number not known exactly.
Order CompareUncertain(Evaluation& evaluation, const Value& a, const Value& b) {
    const Interval whole_a{a, a, true, true, true};
    const Interval whole_b{b, b, true, true, true};
    const Interval& x = a.is(Kind::kInterval) ? a.interval() : whole_a;
    const Interval& y = b.is(Kind::kInterval) ? b.interval() : whole_b;
    if (CompareValues(evaluation, x.high, y.low) == Order::kLess) {
        return Order::kLess;
    }
    if (CompareValues(evaluation, x.low, y.high) == Order::kGreater) {
        return Order::kGreater;
    }
    return Order::kUnknown;
}

bool IsUncertain(const Value& value) {
    return value.is(Kind::kInterval) && value.interval().uncertain;
}

Order CompareQuantityValues(const Value& a, const Value& b) {
    Quantity plain;
    const auto as_quantity = [&plain](const Value& value) -> const Quantity& {
        if (value.is(Kind::kQuantity)) {
            return value.quantity();
        }
        plain.value = *AsDecimal(value);
        plain.unit = "1";
        return plain;
    };
    const auto order = CompareQuantities(as_quantity(a), as_quantity(b), true);
    if (!order) {
        return Order::kUnknown;
    }
    return *order < 0 ? Order::kLess : *order > 0 ? Order::kGreater : Order::kEqual;
}

}  // namespace

Order CompareValues(Evaluation& evaluation, const Value& left, const Value& right) {
    const Value a = ToSystem(evaluation, left);
    const Value b = ToSystem(evaluation, right);
    if (a.is_null() || b.is_null()) {
        return Order::kUnknown;
    }
    if (a.is(Kind::kInteger) && b.is(Kind::kInteger)) {
        return CompareScalars(a.integer(), b.integer());
    }
    if (IsNumber(a) && IsNumber(b)) {
        return FromOrdering(*AsDecimal(a) <=> *AsDecimal(b));
    }
    if (a.is(Kind::kString) && b.is(Kind::kString)) {
        return CompareScalars(a.text(), b.text());
    }
    if (IsTemporal(a) && IsTemporal(b)) {
        if (a.is(Kind::kTime) != b.is(Kind::kTime)) {
            return Order::kIncomparable;
        }
        return CompareMoments(evaluation, a.temporal(), b.temporal());
    }
    const bool quantities = a.is(Kind::kQuantity) || b.is(Kind::kQuantity);
    if (quantities && (a.is(Kind::kQuantity) || IsNumber(a)) &&
        (b.is(Kind::kQuantity) || IsNumber(b))) {
        return CompareQuantityValues(a, b);
    }
    if ((IsUncertain(a) && (IsNumber(b) || IsUncertain(b))) || (IsUncertain(b) && IsNumber(a))) {
        return CompareUncertain(evaluation, a, b);
    }
    return Order::kIncomparable;
}

int SortOrder(Evaluation& evaluation, const Value& a, const Value& b) {
    if (a.is_null() || b.is_null()) {
        return a.is_null() && b.is_null() ? 0 : a.is_null() ? -1 : 1;
    }
    const Order order = CompareValues(evaluation, a, b);
    return order == Order::kLess ? -1 : order == Order::kGreater ? 1 : 0;
}

bool SameItem(Evaluation& evaluation, const Value& a, const Value& b) {
    if (!evaluation.Tick()) {
        return true;  // ends the search; the evaluation has failed
    }
    if (a.is_null() || b.is_null()) {
        return a.is_null() && b.is_null();
    }
    return Equal(evaluation, a, b).value_or(false);
}

}  // namespace kangqu::expression
