#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// What the parsers of both dialects make and the binders turn into plan nodes.
enum class AstKind : std::uint8_t {
    // literals; text is the source's
    kNull,  // null, {} of FHIRPath
    kBoolean,
    kInteger,
    kLong,
    kDecimal,
    kString,
    kTemporal,
    kQuantity,  // text: number, extra: unit; flag: calendar word
    kRatio,     // kids: two quantities
    // names and steps
    kName,      // text; flag: quoted
    kMember,    // kids[0].text; flag: quoted
    kCall,      // text(kids)
    kMethod,    // kids[0].text(kids 1...)
    kIndex,     // kids[0][kids[1]]
    kExternal,  // %text
    kThis,
    kIndexVariable,
    kTotal,
    // operators; text names them
    kUnary,   // text: + - not exists null-test ... (kids[0])
    kBinary,  // text: + - * / ... (kids[0], kids[1])
    kIs,      // kids[0] is kids[1] (a type)
    kAs,
    kCast,
    kConvert,  // kids[0] to kids[1] (a type) or to extra (a unit)
    kTernary,  // between: kids 0..2; flag: properly
    // types: text is the (qualified) name; kids: element types
    kNamedType,
    kListType,
    kIntervalType,
    kTupleType,  // kids: kElement with kids[0] the type
    kChoiceType,
    // CQL
    kIf,        // kids: condition, then, else
    kCase,      // kids: comparand or null, then pairs, else last
    kList,      // kids; type in `type`
    kInterval,  // low, high; text "[)"...
    kTuple,     // kids: kElement
    kInstance,  // text: type name; kids: kElement
    kElement,   // text: name; kids[0]: value
    kRetrieve,  // text: type; extra: code path; op: in, ~, =; kids[0]: terminology (optional)
    kQuery,     // kids in source order, see query kinds below
    kSource,    // text: alias; kids[0]: list
    kLet,       // text: name; kids[0]
    kWith,      // kids: kSource, condition
    kWithout,
    kWhere,
    kReturn,      // flag: all (else distinct); op "" when implied
    kAggregate,   // text: name; kids: expression, starting (optional); flag: distinct
    kSort,        // kids: kSortBy
    kSortBy,      // kids[0] (none: the item); flag: descending
    kTiming,      // text: the relation; see timing fields
    kDuration,    // text: precision; kids: 2; flag: difference
    kComponent,   // text: precision or "date" "time" "timezoneoffset"; kids[0]
    kBoundary,    // text: start end width predecessor ... of kids[0]
    kTypeExtent,  // text: minimum maximum; kids[0]: type
    kExpand,      // text: expand collapse; kids: list, per (optional)
    kDistinctFlatten,
};

struct Ast {
    AstKind kind = AstKind::kNull;
    bool flag = false;
    std::uint32_t at = 0;
    std::string_view text;
    std::string_view extra;
    std::string_view op;
    std::vector<Ast*> kids;
};

// Owner of the nodes of one source text; views point into the source and its tokens.
class AstPool {
public:
    Ast* New(AstKind kind, std::uint32_t at, std::string_view text = {}) {
        nodes_.emplace_back();
        nodes_.back().kind = kind;
        nodes_.back().at = at;
        nodes_.back().text = text;
        return &nodes_.back();
    }
    Ast* New(AstKind kind, std::uint32_t at, std::string_view text, std::vector<Ast*> kids) {
        Ast* node = New(kind, at, text);
        node->kids = std::move(kids);
        return node;
    }

private:
    std::deque<Ast> nodes_;
};

}  // namespace kangqu::expression
