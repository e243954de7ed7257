#include "compare.hpp"

#include "kangqu/core/json.hpp"

#include "cql/edges.hpp"
#include "navigate.hpp"
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

// Deep equality of JSON values: objects by name, numbers by value.
bool SameJson(JsonNode a, JsonNode b) {
    if (a.kind() != b.kind() || a.size() != b.size()) {
        return false;
    }
    if (a.is_number()) {
        const auto x = core::Decimal::Parse(a.text());
        const auto y = core::Decimal::Parse(b.text());
        return x && y ? *x == *y : a.text() == b.text();
    }
    if (!a.is_object() && !a.is_array()) {
        return a.text() == b.text();
    }
    JsonNode other = b.first();
    for (JsonNode mine = a.first(); mine; mine = mine.next()) {
        if (!SameJson(mine, a.is_object() ? b[mine.key()] : other)) {
            return false;
        }
        other = other.next();
    }
    return true;
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

bool EquivalentCodes(const Code& a, const Code& b) {
    return a.code == b.code && a.system == b.system;
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

namespace {

// Lower case (ASCII), white space made single blanks.
std::string Folded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        out += space ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

bool EquivalentAnyOrder(
    Evaluation& evaluation,
    std::span<const Value> x,
    std::span<const Value> y
) {
    if (x.size() != y.size()) {
        return false;
    }
    std::vector<bool> used(y.size(), false);
    for (const Value& item : x) {
        bool found = false;
        for (std::size_t i = 0; i < y.size() && !found; ++i) {
            if (!used[i] && Equivalent(evaluation, item, y[i])) {
                used[i] = true;
                found = true;
            }
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

bool EquivalentLists(Evaluation& evaluation, const Value& a, const Value& b) {
    const auto x = a.items();
    const auto y = b.items();
    if (evaluation.plan().dialect == Dialect::kFhirPath) {
        return EquivalentAnyOrder(evaluation, x, y);
    }
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), [&](const Value& p, const Value& q) {
        return Equivalent(evaluation, p, q);
    });
}

// An element of a document by its children, each name in any order.
bool EquivalentNodes(Evaluation& evaluation, const Value& a, const Value& b) {
    if (IsPrimitive(a.type()) || SameJson(a.node(), b.node())) {
        return SameJson(a.node(), b.node());
    }
    ListBuilder x(evaluation);
    ListBuilder y(evaluation);
    AddChildren(a, x);
    AddChildren(b, y);
    return EquivalentAnyOrder(evaluation, x.items(), y.items());
}

bool EquivalentTuples(Evaluation& evaluation, const Tuple& a, const Tuple& b) {
    if (a.names.size() != b.names.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.names.size(); ++i) {
        const auto found = std::find(b.names.begin(), b.names.end(), a.names[i]);
        if (found == b.names.end() ||
            !Equivalent(
                evaluation, a.values[i], b.values[static_cast<std::size_t>(found - b.names.begin())]
            )) {
            return false;
        }
    }
    return true;
}

bool EquivalentConcepts(std::span<const Code> x, std::span<const Code> y) {
    return std::any_of(x.begin(), x.end(), [&](const Code& code) {
        return std::any_of(y.begin(), y.end(), [&](const Code& other) {
            return EquivalentCodes(code, other);
        });
    });
}

std::span<const Code> CodesOf(const Value& value) {
    return value.is(Kind::kCode) ? std::span<const Code>(&value.code(), 1)
                                 : value.concept_value().codes;
}

bool EquivalentDecimals(const core::Decimal& a, const core::Decimal& b) {
    const int places = std::min(a.Stripped().scale(), b.Stripped().scale());
    return a.Rounded(places) == b.Rounded(places);
}

bool EquivalentSystem(Evaluation& evaluation, const Value& a, const Value& b) {
    if (a.is(Kind::kString)) {
        return Folded(a.text()) == Folded(b.text());
    }
    if (a.is(Kind::kList)) {
        return EquivalentLists(evaluation, a, b);
    }
    if (a.is(Kind::kTuple)) {
        return EquivalentTuples(evaluation, a.tuple(), b.tuple());
    }
    if (a.is(Kind::kNode)) {
        return EquivalentNodes(evaluation, a, b);
    }
    if (a.is(Kind::kQuantity)) {
        const Quantity& x = a.quantity();
        const Quantity& y = b.quantity();
        const auto converted =
            x.calendar == y.calendar ? ConvertUnit(x.value, x.unit, y.unit) : std::nullopt;
        if (converted && evaluation.plan().dialect == Dialect::kFhirPath) {
            const auto back = ConvertUnit(y.value, y.unit, x.unit);
            return EquivalentDecimals(*converted, y.value) ||
                   (back && EquivalentDecimals(x.value, *back));
        }
        const auto order = CompareQuantities(x, y, false);
        return order && *order == 0;
    }
    if (a.is(Kind::kRatio)) {
        const auto x = a.ratio().numerator.value.Times(b.ratio().denominator.value);
        const auto y = b.ratio().numerator.value.Times(a.ratio().denominator.value);
        return x && y && *x == *y && SameDimension(a.ratio().numerator, b.ratio().numerator);
    }
    return Equal(evaluation, a, b).value_or(false);
}

}  // namespace

bool Equivalent(Evaluation& evaluation, const Value& left, const Value& right) {
    const Value a = ToSystem(evaluation, left);
    const Value b = ToSystem(evaluation, right);
    if (a.is_null() || b.is_null()) {
        return a.is_null() && b.is_null();
    }
    const bool fhirpath = evaluation.plan().dialect == Dialect::kFhirPath;
    if (IsNumber(a) && IsNumber(b)) {
        return EquivalentDecimals(*AsDecimal(a), *AsDecimal(b));
    }
    if (!fhirpath) {
        const Value x = ToCql(evaluation, a);
        const Value y = ToCql(evaluation, b);
        const auto coded = [](const Value& value) {
            return value.is(Kind::kCode) || value.is(Kind::kConcept);
        };
        if (coded(x) && coded(y)) {
            return EquivalentConcepts(CodesOf(x), CodesOf(y));
        }
    }
    if (a.kind() == b.kind()) {
        return EquivalentSystem(evaluation, a, b);
    }
    return CompareValues(evaluation, a, b) == Order::kEqual;
}

}  // namespace kangqu::expression
