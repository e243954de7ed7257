// if, case, lists, intervals, tuples, instances.
#include "cql/binder.hpp"
#include "cql/cql_functions.hpp"
#include "cql/query_plan.hpp"
#include "literals.hpp"
#include <array>

namespace kangqu::expression {

core::Result<CqlBound> CqlBinder::If(const Ast& ast) {
    KQ_ASSIGN(const CqlBound condition, Bind(*ast.kids[0]));
    KQ_ASSIGN(const CqlBound then, Bind(*ast.kids[1]));
    KQ_ASSIGN(const CqlBound other, Bind(*ast.kids[2]));
    const std::array<NodeIndex, 3> kids = {condition.node, then.node, other.node};
    const bool same = then.type.kind == other.type.kind && then.type.fhir == other.type.fhir &&
                      then.type.list == other.type.list;
    return CqlBound{Node(ast, RunIf, kids), same ? then.type : StaticType{}};
}

core::Result<CqlBound> CqlBinder::Case(const Ast& ast) {
    std::vector<NodeIndex> kids;
    for (const Ast* kid : ast.kids) {
        if (kid != nullptr) {
            KQ_ASSIGN(const CqlBound bound, Bind(*kid));
            kids.push_back(bound.node);
        }
    }
    return CqlBound{Node(ast, RunCase, kids, 0, ast.kids[0] != nullptr ? 1 : 0), StaticType{}};
}

core::Result<CqlBound> CqlBinder::List(const Ast& ast) {
    std::vector<NodeIndex> kids;
    StaticType type;
    bool first = true;
    for (const Ast* kid : ast.kids) {
        KQ_ASSIGN(const CqlBound bound, Bind(*kid));
        kids.push_back(bound.node);
        const bool same =
            bound.type.kind == type.kind && bound.type.fhir == type.fhir && !bound.type.list;
        type = first && !bound.type.list ? bound.type : same ? type : StaticType{};
        first = false;
    }
    if (kids.size() > 60'000) {
        return TypeError(plan_, ast.at, "a list of more than 60000 items");
    }
    type.list = true;
    return CqlBound{Node(ast, RunList, kids), type};
}

core::Result<CqlBound> CqlBinder::IntervalTerm(const Ast& ast) {
    const std::uint32_t flags = (ast.text[0] == '[' ? 1U : 0U) | (ast.text[1] == ']' ? 2U : 0U);
    return Simple(ast, RunInterval, {Kind::kInterval, fhir::kNoType, false}, 0, flags);
}

core::Result<CqlBound> CqlBinder::TupleTerm(const Ast& ast) {
    std::vector<NodeIndex> kids;
    for (const Ast* element : ast.kids) {
        KQ_ASSIGN(const CqlBound bound, Bind(*element->kids[0]));
        kids.push_back(bound.node);
    }
    const auto first = static_cast<std::uint32_t>(plan_.steps.size());
    for (const Ast* element : ast.kids) {
        Step(element->text, fhir::kNoType);
    }
    return CqlBound{
        Node(ast, RunTuple, kids, first), StaticType{Kind::kTuple, fhir::kNoType, false}};
}

// The value of an element of an instance, null when it is left out.
core::Result<NodeIndex> CqlBinder::ElementOr(const Ast& ast, std::string_view name) {
    for (const Ast* element : ast.kids) {
        if (element->text == name) {
            KQ_ASSIGN(const CqlBound bound, Bind(*element->kids[0]));
            return bound.node;
        }
    }
    return AddConstant(plan_, Value(), ast.at);
}

core::Result<CqlBound> CqlBinder::Instance(const Ast& ast) {
    struct Row {
        std::string_view type;
        Kind kind;
        EvalFn run;
        std::uint32_t flags;
        std::array<std::string_view, 4> elements;
    };
    static constexpr std::array<Row, 6> kRows = {{
        {"Code", Kind::kCode, RunCode, 0, {"code", "system", "version", "display"}},
        {"Concept", Kind::kConcept, RunConcept, 0, {"codes", "display", "", ""}},
        {"Quantity", Kind::kQuantity, RunQuantity, 0, {"value", "unit", "", ""}},
        {"Ratio", Kind::kRatio, RunRatio, 0, {"numerator", "denominator", "", ""}},
        {"ValueSet", Kind::kVocabulary, RunVocabulary, 1, {"id", "version", "name", ""}},
        {"CodeSystem", Kind::kVocabulary, RunVocabulary, 0, {"id", "version", "name", ""}},
    }};
    for (const Row& row : kRows) {
        if (row.type != ast.text || (!ast.extra.empty() && ast.extra != "System")) {
            continue;
        }
        std::vector<NodeIndex> kids;
        for (const std::string_view name : row.elements) {
            if (!name.empty()) {
                KQ_ASSIGN(const NodeIndex kid, ElementOr(ast, name));
                kids.push_back(kid);
            }
        }
        return CqlBound{
            Node(ast, row.run, kids, 0, row.flags), StaticType{row.kind, fhir::kNoType, false}};
    }
    return NotSupported(ast, "making an instance of " + std::string(ast.text));
}

}  // namespace kangqu::expression
