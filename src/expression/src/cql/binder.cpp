#include "cql/binder.hpp"

#include "cql/calls.hpp"
#include "cql/cql_functions.hpp"
#include "functions/registry.hpp"
#include "literals.hpp"
#include <array>

namespace kangqu::expression {

CqlBinder::BindFn CqlBinder::FindBinding(AstKind kind) {
    struct Row {
        AstKind kind;
        BindFn bind;
    };
    static constexpr std::array<Row, 33> kRows = {{
        {AstKind::kName, &CqlBinder::Name},
        {AstKind::kMember, &CqlBinder::Member},
        {AstKind::kCall, &CqlBinder::Call},
        {AstKind::kMethod, &CqlBinder::Method},
        {AstKind::kIndex, &CqlBinder::Index},
        {AstKind::kExternal, &CqlBinder::External},
        {AstKind::kThis, &CqlBinder::ItemScope},
        {AstKind::kIndexVariable, &CqlBinder::ItemScope},
        {AstKind::kTotal, &CqlBinder::ItemScope},
        {AstKind::kUnary, &CqlBinder::Unary},
        {AstKind::kBinary, &CqlBinder::Binary},
        {AstKind::kIs, &CqlBinder::TypeTail},
        {AstKind::kAs, &CqlBinder::TypeTail},
        {AstKind::kCast, &CqlBinder::TypeTail},
        {AstKind::kConvert, &CqlBinder::Convert},
        {AstKind::kTernary, &CqlBinder::Ternary},
        {AstKind::kIf, &CqlBinder::If},
        {AstKind::kCase, &CqlBinder::Case},
        {AstKind::kList, &CqlBinder::List},
        {AstKind::kInterval, &CqlBinder::IntervalTerm},
        {AstKind::kTuple, &CqlBinder::TupleTerm},
        {AstKind::kInstance, &CqlBinder::Instance},
        {AstKind::kRetrieve, &CqlBinder::Retrieve},
        {AstKind::kQuery, &CqlBinder::Query},
        {AstKind::kTiming, &CqlBinder::Timing},
        {AstKind::kDuration, &CqlBinder::Duration},
        {AstKind::kComponent, &CqlBinder::Component},
        {AstKind::kBoundary, &CqlBinder::Boundary},
        {AstKind::kTypeExtent, &CqlBinder::Extent},
        {AstKind::kExpand, &CqlBinder::Expand},
        {AstKind::kDistinctFlatten, &CqlBinder::DistinctFlatten},
        {AstKind::kNull, &CqlBinder::Literal},
        {AstKind::kBoolean, &CqlBinder::Literal},
    }};
    for (const Row& row : kRows) {
        if (row.kind == kind) {
            return row.bind;
        }
    }
    return &CqlBinder::Literal;
}

core::Result<CqlBound> CqlBinder::Bind(const Ast& ast) {
    if (depth_ >= kMaxChain) {
        return core::At(
            core::MakeError(
                core::ErrorCode::kExpressionLimit,
                std::to_string(kMaxChain) + " operators in a chain"
            ),
            plan_.Place(plan_.At(ast.at))
        );
    }
    ++depth_;
    auto bound = (this->*FindBinding(ast.kind))(ast);
    --depth_;
    return bound;
}

NodeIndex CqlBinder::Node(
    const Ast& ast,
    EvalFn run,
    std::span<const NodeIndex> kids,
    std::uint32_t data,
    std::uint32_t flags
) {
    PlanNode node;
    node.run = run;
    node.at = plan_.At(ast.at);
    node.data = data;
    node.flags = flags;
    return plan_.Add(node, kids);
}

core::Result<std::vector<NodeIndex>> CqlBinder::Kids(const Ast& ast, std::size_t skip) {
    std::vector<NodeIndex> kids;
    for (std::size_t i = skip; i < ast.kids.size(); ++i) {
        KQ_ASSIGN(const CqlBound kid, Bind(*ast.kids[i]));
        kids.push_back(kid.node);
    }
    return kids;
}

core::Result<CqlBound> CqlBinder::Simple(
    const Ast& ast,
    EvalFn run,
    StaticType type,
    std::uint32_t data,
    std::uint32_t flags
) {
    KQ_ASSIGN(const auto kids, Kids(ast));
    return CqlBound{Node(ast, run, kids, data, flags), type};
}

core::Error CqlBinder::NotSupported(const Ast& ast, std::string_view what) const {
    return TypeError(plan_, ast.at, std::string(what) + " is not supported yet");
}

std::uint32_t CqlBinder::Step(std::string_view name, fhir::TypeNumber type) {
    MemberStep step;
    step.name = plan_.Keep(name);
    step.type = type;
    if (type != fhir::kNoType) {
        step.rows = fhir::FindPath(type, name);
    }
    plan_.steps.push_back(step);
    return static_cast<std::uint32_t>(plan_.steps.size() - 1);
}

core::Result<CqlBound> CqlBinder::Literal(const Ast& ast) {
    KQ_ASSIGN(const Value value, LiteralValue(plan_, ast));
    return CqlBound{
        AddConstant(plan_, value, ast.at), StaticType{value.kind(), fhir::kNoType, false}};
}

std::uint16_t CqlBinder::Local(std::string_view name, StaticType type) {
    const auto slot = static_cast<std::uint16_t>(plan_.slots++);
    locals_.push_back({name, slot, type});
    return slot;
}

// A named type in the library's model; nothing when there is none.
std::optional<TypeTest> CqlBinder::NamedType(const Ast& type) const {
    const std::string_view space = type.extra;
    const bool of_model = space.empty() || space == library_.ast.model_name;
    const ProfileFacts* profile = of_model ? FindProfile(library_.model, type.text) : nullptr;
    if (profile != nullptr) {
        return NamedTypeTest("FHIR", profile->type);
    }
    return NamedTypeTest(of_model && !space.empty() ? "FHIR" : space, type.text);
}

std::string_view CqlBinder::NearestType(std::string_view name) {
    for (fhir::TypeNumber type = 0; type < fhir::TypeCount(); ++type) {
        if (fhir::TypeOf(type).kind != fhir::TypeKind::kBackbone &&
            IsNear(fhir::TypeOf(type).name, name)) {
            return fhir::TypeOf(type).name;
        }
    }
    return {};
}

StaticType CqlBinder::TypeOfSpecifier(const Ast* type) const {
    StaticType out;
    if (type == nullptr) {
        return out;
    }
    if (type->kind == AstKind::kListType) {
        out = TypeOfSpecifier(type->kids[0]);
        out.list = true;
        return out;
    }
    if (type->kind == AstKind::kIntervalType) {
        out.kind = Kind::kInterval;
        return out;
    }
    if (type->kind != AstKind::kNamedType) {
        return out;
    }
    const auto test = NamedType(*type);
    if (test && test->system != Kind::kNull) {
        out.kind = test->system;
    } else if (test) {
        out.fhir = test->fhir;
    }
    return out;
}

std::string TypeText(const Ast& type) {
    std::string out(type.text);
    if (type.kind == AstKind::kNamedType) {
        return type.extra.empty() ? out : std::string(type.extra) + "." + out;
    }
    std::string inner;
    for (const Ast* kid : type.kids) {
        const bool element = kid->kind == AstKind::kElement;
        inner += inner.empty() ? "" : ", ";
        inner += element ? std::string(kid->text) + " " + TypeText(*kid->kids[0]) : TypeText(*kid);
    }
    return type.kind == AstKind::kTupleType ? "Tuple { " + inner + " }" : out + "<" + inner + ">";
}

core::Result<CqlBound> CqlBinder::ExternalBody(const DefinitionAst& definition) {
    Ast ast;
    ast.at = definition.at;
    ast.text = definition.name;
    std::vector<NodeIndex> kids;
    for (const LocalName& local : locals_) {
        PlanNode operand;
        operand.run = RunSlotValue;
        operand.at = plan_.At(ast.at);
        operand.slot = local.slot;
        kids.push_back(plan_.Add(operand));
    }
    const auto* method = FindMethod(definition.name);
    const std::size_t given = kids.empty() ? 0 : kids.size() - 1;
    const bool fits = method != nullptr && !kids.empty() && method->lambdas == 0 &&
                      given >= method->min_arguments && given <= method->max_arguments;
    if (fits) {
        return CqlBound{Node(ast, method->run, kids), StaticType{}};
    }
    return CqlBound{
        Node(ast, RunExternalFunction, {}, Step(definition.name, fhir::kNoType)), StaticType{}};
}

}  // namespace kangqu::expression
