// if, case, lists, intervals, tuples, instances.
#include "cql/binder.hpp"
#include "cql/cql_functions.hpp"
#include "literals.hpp"
#include "navigate.hpp"
#include <algorithm>
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

void CqlBinder::Widen(std::vector<NodeIndex>& nodes, std::vector<StaticType>& types) {
    const auto rank = [](const StaticType& type) {
        if (type.list || type.fhir != fhir::kNoType) {
            return 0;
        }
        return type.kind == Kind::kInteger   ? 1
               : type.kind == Kind::kLong    ? 2
               : type.kind == Kind::kDecimal ? 3
                                             : 0;
    };
    int widest = 0;
    for (const StaticType& type : types) {
        widest = std::max(widest, rank(type));
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (rank(types[i]) == 0 || rank(types[i]) == widest) {
            continue;
        }
        types[i].kind = widest == 3 ? Kind::kDecimal : Kind::kLong;
        PlanNode convert;
        convert.run = RunConvert;
        convert.at = plan_.nodes[nodes[i]].at;
        convert.data = static_cast<std::uint32_t>(types[i].kind);
        const std::array<NodeIndex, 1> kids = {nodes[i]};
        nodes[i] = plan_.Add(convert, kids);
    }
}

core::Result<CqlBound> CqlBinder::List(const Ast& ast) {
    KQ_ASSIGN(Arguments items, BindArguments(ast, 0));
    std::vector<NodeIndex>& kids = items.nodes;
    Widen(kids, items.types);
    StaticType type;
    bool first = true;
    for (const StaticType& item : items.types) {
        const bool same = item.kind == type.kind && item.fhir == type.fhir && !item.list;
        type = first && !item.list ? item : same ? type : StaticType{};
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
    KQ_ASSIGN(Arguments bounds, BindArguments(ast, 0));
    Widen(bounds.nodes, bounds.types);
    return CqlBound{
        Node(ast, RunInterval, bounds.nodes, 0, flags),
        StaticType{Kind::kInterval, fhir::kNoType, false}};
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
    return FhirInstance(ast);
}

core::Result<CqlBound> CqlBinder::FhirInstance(const Ast& ast) {
    const bool of_model = ast.extra.empty() || ast.extra == library_.ast.model_name;
    const fhir::TypeNumber type =
        of_model || ast.extra == "FHIR" ? FindModelType(library_.model, ast.text) : fhir::kNoType;
    if (type == fhir::kNoType) {
        return UnknownName(plan_, ast.at, ast.text, NearestType(ast.text));
    }
    if (fhir::TypeOf(type).abstract) {
        return TypeError(plan_, ast.at, std::string(ast.text) + " is abstract");
    }
    std::vector<NodeIndex> kids;
    for (const Ast* element : ast.kids) {
        const bool of_primitive = IsPrimitive(type) && element->text == "value";
        if (!of_primitive && fhir::FindPath(type, element->text).empty()) {
            return UnknownName(
                plan_,
                element->at,
                std::string(ast.text) + "." + std::string(element->text),
                NearestElement(type, element->text)
            );
        }
        KQ_ASSIGN(const CqlBound bound, Bind(*element->kids[0]));
        kids.push_back(bound.node);
    }
    const auto first = static_cast<std::uint32_t>(plan_.steps.size());
    for (const Ast* element : ast.kids) {
        Step(element->text, fhir::kNoType);
    }
    return CqlBound{
        Node(ast, RunFhirInstance, kids, first, type), StaticType{Kind::kNull, type, false}};
}

}  // namespace kangqu::expression
