// Equivalence.
#include "kangqu/core/utf8.hpp"

#include "compare.hpp"
#include "letters.hpp"
#include "navigate.hpp"
#include "same_json.hpp"
#include "units.hpp"
#include <algorithm>
#include <vector>

namespace kangqu::expression {

namespace {

bool IsNumber(const Value& value) {
    return value.is(Kind::kInteger) || value.is(Kind::kLong) || value.is(Kind::kDecimal);
}

bool EquivalentCodes(const Code& a, const Code& b) {
    return a.code == b.code && a.system == b.system;
}

// Lower case, white space made blanks.
std::string Folded(std::string_view text) {
    std::string out = LowerCase(text);
    for (char& c : out) {
        c = c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
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
