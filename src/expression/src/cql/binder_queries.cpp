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

std::string_view NearestResource(std::string_view name) {
    for (const fhir::TypeNumber type : fhir::ResourceTypes()) {
        if (IsNear(fhir::TypeOf(type).name, name)) {
            return fhir::TypeOf(type).name;
        }
    }
    return {};
}

}  // namespace

// The path of the codes a retrieve compares: one element of the resource, or several steps.
core::Status CqlBinder::CodePath(const Ast& ast, RetrievePlan& retrieve) {
    const std::string_view type = fhir::TypeOf(retrieve.type).name;
    retrieve.path = plan_.Keep(ast.extra.empty() ? PrimaryCodePath(type) : ast.extra);
    retrieve.rows = fhir::FindPath(retrieve.type, retrieve.path);
    if (!retrieve.rows.empty()) {
        return {};
    }
    // Longer paths and elements of the model are steps from the item.
    const std::size_t names = locals_.size();
    retrieve.item_slot = Local("", StaticType{Kind::kNull, retrieve.type, false});
    PlanNode item;
    item.run = RunSlotValue;
    item.at = plan_.At(ast.at);
    item.slot = retrieve.item_slot;
    CqlBound value{plan_.Add(item), StaticType{Kind::kNull, retrieve.type, false}};
    for (std::string_view rest = retrieve.path; !rest.empty();) {
        const std::size_t dot = rest.find('.');
        Ast step;
        step.kind = AstKind::kMember;
        step.at = ast.at;
        step.text = rest.substr(0, dot);
        if (step.text.size() > 1 && step.text[0] == '"') {
            step.text = step.text.substr(1, step.text.size() - 2);
        }
        KQ_ASSIGN(value, MemberOf(step, value));
        rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
    }
    retrieve.path_value = value.node;
    locals_.resize(names);
    return {};
}

core::Result<CqlBound> CqlBinder::Retrieve(const Ast& ast) {
    RetrievePlan retrieve;
    const ProfileFacts* profile = FindProfile(library_.model, ast.text);
    retrieve.type = fhir::FindResourceType(profile != nullptr ? profile->type : ast.text);
    if (retrieve.type == fhir::kNoType) {
        return UnknownName(plan_, ast.at, ast.text, NearestResource(ast.text));
    }
    if (profile != nullptr) {
        retrieve.element = profile->element;
        retrieve.value = profile->value;
    }
    compiler_.NoteRetrieve(retrieve.type);
    if (!ast.kids.empty() && ast.kids[0] != nullptr) {
        KQ_TRY(CodePath(ast, retrieve));
        KQ_ASSIGN(const CqlBound terminology, Bind(*ast.kids[0]));
        retrieve.terminology = terminology.node;
    }
    if (ast.kids.size() > 1) {
        KQ_ASSIGN(const CqlBound subject, Bind(*ast.kids[1]));
        retrieve.subject = subject.node;
    }
    retrieve.unfiltered = unfiltered_;
    patient_bound_ = patient_bound_ || !unfiltered_;
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
    query.distinct = clause.flag;
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
