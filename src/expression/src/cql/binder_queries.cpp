// Retrieves and queries.
#include "cql/binder.hpp"
#include "cql/cql_functions.hpp"
#include "cql/query_plan.hpp"
#include "functions/registry.hpp"
#include "literals.hpp"
#include "navigate.hpp"
#include <array>

namespace kangqu::expression {

namespace {

// Primary code paths of the FHIR model that are not `code`.
struct PrimaryPath {
    std::string_view type;
    std::string_view path;
};
constexpr std::array<PrimaryPath, 30> kPrimaryPaths = {{
    {"Encounter", "type"},
    {"EpisodeOfCare", "type"},
    {"Immunization", "vaccineCode"},
    {"ImmunizationRecommendation", "recommendation.vaccineCode"},
    {"MedicationRequest", "medication"},
    {"MedicationStatement", "medication"},
    {"MedicationAdministration", "medication"},
    {"MedicationDispense", "medication"},
    {"CarePlan", "category"},
    {"CareTeam", "category"},
    {"Claim", "type"},
    {"ClaimResponse", "type"},
    {"Communication", "reasonCode"},
    {"CommunicationRequest", "reasonCode"},
    {"Composition", "type"},
    {"Coverage", "type"},
    {"Device", "type"},
    {"DocumentReference", "type"},
    {"ExplanationOfBenefit", "type"},
    {"FamilyMemberHistory", "relationship"},
    {"Goal", "category"},
    {"Appointment", "serviceType"},
    {"Schedule", "serviceType"},
    {"Slot", "serviceType"},
    {"HealthcareService", "type"},
    {"Location", "type"},
    {"Organization", "type"},
    {"Specimen", "type"},
    {"Provenance", "activity"},
    {"Consent", "category"},
}};

std::string_view PrimaryPathOf(std::string_view type) {
    for (const PrimaryPath& row : kPrimaryPaths) {
        if (row.type == type) {
            return row.path;
        }
    }
    return "code";
}

std::string_view NearestResource(std::string_view name) {
    for (const fhir::TypeNumber type : fhir::ResourceTypes()) {
        if (IsNear(fhir::TypeOf(type).name, name)) {
            return fhir::TypeOf(type).name;
        }
    }
    return {};
}

}  // namespace

core::Result<CqlBound> CqlBinder::Retrieve(const Ast& ast) {
    RetrievePlan retrieve;
    retrieve.type = fhir::FindResourceType(ast.text);
    if (retrieve.type == fhir::kNoType) {
        return UnknownName(plan_, ast.at, ast.text, NearestResource(ast.text));
    }
    patient_bound_ = true;
    compiler_.NoteRetrieve(retrieve.type);
    if (!ast.kids.empty()) {
        retrieve.path = plan_.Keep(ast.extra.empty() ? PrimaryPathOf(ast.text) : ast.extra);
        retrieve.rows = fhir::FindPath(retrieve.type, retrieve.path);
        if (retrieve.rows.empty()) {
            return UnknownName(
                plan_, ast.at, std::string(ast.text) + "." + std::string(retrieve.path), {}
            );
        }
        KQ_ASSIGN(const CqlBound terminology, Bind(*ast.kids[0]));
        retrieve.terminology = terminology.node;
    }
    plan_.retrieves.push_back(retrieve);
    const auto number = static_cast<std::uint32_t>(plan_.retrieves.size() - 1);
    return CqlBound{
        Node(ast, RunRetrieve, {}, number), StaticType{Kind::kNull, retrieve.type, true}};
}

core::Status CqlBinder::SourceClause(QueryPlan& query, const Ast& clause) {
    KQ_ASSIGN(const CqlBound list, Bind(*clause.kids[0]));
    StaticType item = list.type;
    item.list = false;
    QuerySource source;
    source.list = list.node;
    source.slot = Local(clause.text, item);
    query.sources.push_back(source);
    query.aliases.push_back(plan_.Keep(clause.text));
    return {};
}

core::Status CqlBinder::WithClause(QueryPlan& query, const Ast& clause) {
    QueryPlan::With with;
    with.without = clause.kind == AstKind::kWithout;
    const Ast& source = *clause.kids[0];
    KQ_ASSIGN(const CqlBound list, Bind(*source.kids[0]));
    StaticType item = list.type;
    item.list = false;
    with.source.list = list.node;
    const std::size_t names = locals_.size();
    with.source.slot = Local(source.text, item);
    KQ_ASSIGN(const CqlBound condition, Bind(*clause.kids[1]));
    with.condition = condition.node;
    locals_.resize(names);
    query.withs.push_back(with);
    return {};
}

core::Status CqlBinder::AggregateClause(QueryPlan& query, const Ast& clause) {
    query.aggregate = true;
    if (clause.flag) {
        return NotSupported(clause, "aggregate distinct");
    }
    if (clause.kids.size() > 1) {
        KQ_ASSIGN(const CqlBound starting, Bind(*clause.kids[1]));
        query.starting = starting.node;
    }
    query.total_slot = Local(clause.text, StaticType{});
    KQ_ASSIGN(const CqlBound result, Bind(*clause.kids[0]));
    query.result = result.node;
    return {};
}

core::Status CqlBinder::SortClause(QueryPlan& query, const Ast& clause, const StaticType& item) {
    // Keys see the item only, not the aliases of the sources.
    std::vector<LocalName> outside;
    outside.swap(locals_);
    LocalName name;
    name.slot = static_cast<std::uint16_t>(plan_.slots++);
    name.type = item;
    name.type.list = false;
    const LocalName* before = item_;
    item_ = &name;
    query.item_slot = name.slot;
    core::Status status;
    for (const Ast* by : clause.kids) {
        QueryPlan::Key key;
        key.descending = by->flag;
        if (!by->kids.empty()) {
            auto bound = Bind(*by->kids[0]);
            if (!bound.ok()) {
                status = std::move(bound).error();
                break;
            }
            key.key = bound->node;
        }
        query.sort.push_back(key);
    }
    item_ = before;
    locals_.swap(outside);
    return status;
}

core::Status CqlBinder::Clause(QueryPlan& query, const Ast& clause, StaticType& type) {
    if (clause.kind == AstKind::kSource) {
        return SourceClause(query, clause);
    }
    if (clause.kind == AstKind::kWith || clause.kind == AstKind::kWithout) {
        return WithClause(query, clause);
    }
    if (clause.kind == AstKind::kAggregate) {
        type = StaticType{};
        return AggregateClause(query, clause);
    }
    if (clause.kind == AstKind::kSort) {
        return SortClause(query, clause, type);
    }
    KQ_ASSIGN(const CqlBound bound, Bind(*clause.kids[0]));
    if (clause.kind == AstKind::kLet) {
        QuerySource let;
        let.list = bound.node;
        let.slot = Local(clause.text, bound.type);
        query.lets.push_back(let);
    } else if (clause.kind == AstKind::kWhere) {
        query.where = bound.node;
    } else {
        query.result = bound.node;
        query.distinct = !clause.flag;
        type = bound.type;
    }
    return {};
}

core::Result<CqlBound> CqlBinder::Query(const Ast& ast) {
    const std::size_t names = locals_.size();
    QueryPlan query;
    StaticType type;
    bool first = true;
    for (const Ast* clause : ast.kids) {
        KQ_TRY(Clause(query, *clause, type));
        if (first) {
            type = locals_.back().type;
            first = false;
        } else if (clause->kind == AstKind::kSource) {
            type = StaticType{Kind::kTuple, fhir::kNoType, false};
        }
    }
    locals_.resize(names);
    if (plan_.slots > 60'000) {
        return TypeError(plan_, ast.at, "too many names");
    }
    const bool aggregate = query.aggregate;
    plan_.queries.push_back(std::move(query));
    // Whether the source is a single item is known when it runs; a list is the rule.
    type.list = !aggregate;
    return CqlBound{
        Node(ast, RunQuery, {}, static_cast<std::uint32_t>(plan_.queries.size() - 1)), type};
}

}  // namespace kangqu::expression
