#pragma once

#include "kangqu/core/result.hpp"

#include "cql/compiler.hpp"
#include <span>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// Turns one definition of a library into plan nodes. One file a part of the grammar.
class CqlBinder {
public:
    CqlBinder(CqlCompiler& compiler, LibraryScope& library)
        : compiler_(compiler), library_(library), plan_(compiler.plan()) {}

    core::Result<CqlBound> Bind(const Ast& ast);
    // A new local name; its slot.
    std::uint16_t Local(std::string_view name, StaticType type);
    // The value of the declared type, for operands and parameters.
    StaticType TypeOfSpecifier(const Ast* type) const;
    // Reads the patient, so it differs from patient to patient.
    bool patient_bound() const { return patient_bound_; }

private:
    using BindFn = core::Result<CqlBound> (CqlBinder::*)(const Ast&);
    static BindFn FindBinding(AstKind kind);

    // binder.cpp
    NodeIndex Node(
        const Ast& ast,
        EvalFn run,
        std::span<const NodeIndex> kids,
        std::uint32_t data = 0,
        std::uint32_t flags = 0
    );
    core::Result<std::vector<NodeIndex>> Kids(const Ast& ast, std::size_t skip = 0);
    core::Result<CqlBound> Simple(
        const Ast& ast,
        EvalFn run,
        StaticType type,
        std::uint32_t data = 0,
        std::uint32_t flags = 0
    );
    core::Error NotSupported(const Ast& ast, std::string_view what) const;
    std::uint32_t Step(std::string_view name, fhir::TypeNumber type);
    core::Result<CqlBound> Literal(const Ast& ast);

    // binder_names.cpp
    core::Result<CqlBound> Name(const Ast& ast);
    core::Result<CqlBound> Member(const Ast& ast);
    core::Result<CqlBound> MemberOf(const Ast& ast, const CqlBound& target);
    core::Result<CqlBound> Call(const Ast& ast);
    core::Result<CqlBound> Method(const Ast& ast);
    core::Result<CqlBound> FluentCall(const Ast& ast, const CqlBound& target);
    core::Result<CqlBound> External(const Ast& ast);
    core::Result<CqlBound> ItemScope(const Ast& ast);
    core::Result<CqlBound> Declared(LibraryScope& scope, const Ast& ast, bool& found);
    core::Result<CqlBound> Term(LibraryScope& scope, const Ast& ast, const TermAst& term);
    core::Result<Code> CodeOf(LibraryScope& scope, const Ast& ast, const TermAst& term);
    core::Result<CqlBound>
    UserCall(LibraryScope& scope, const Ast& ast, std::vector<NodeIndex> arguments, bool& found);
    core::Result<CqlBound> SystemCall(const Ast& ast, std::vector<NodeIndex> arguments);
    std::string_view Nearest(std::string_view name) const;
    const LibraryScope* IncludeOf(const Ast& ast, bool& found) const;

    // binder_operators.cpp
    core::Result<CqlBound> Unary(const Ast& ast);
    core::Result<CqlBound> Binary(const Ast& ast);
    core::Result<CqlBound> Timing(const Ast& ast);
    core::Result<CqlBound> Ternary(const Ast& ast);
    core::Result<CqlBound> Index(const Ast& ast);
    core::Result<CqlBound> Boundary(const Ast& ast);
    core::Result<CqlBound> Component(const Ast& ast);
    core::Result<CqlBound> Duration(const Ast& ast);
    core::Result<CqlBound> DistinctFlatten(const Ast& ast);
    core::Result<CqlBound> Expand(const Ast& ast);
    core::Result<CqlBound> Extent(const Ast& ast);
    core::Result<CqlBound> TypeTail(const Ast& ast);
    core::Result<CqlBound> Convert(const Ast& ast);
    core::Result<std::uint32_t> Test(const Ast& type);
    core::Status CheckOperands(const Ast& ast, const StaticType& a, const StaticType& b);

    // binder_terms.cpp
    core::Result<CqlBound> If(const Ast& ast);
    core::Result<CqlBound> Case(const Ast& ast);
    core::Result<CqlBound> List(const Ast& ast);
    core::Result<CqlBound> IntervalTerm(const Ast& ast);
    core::Result<CqlBound> TupleTerm(const Ast& ast);
    core::Result<CqlBound> Instance(const Ast& ast);
    core::Result<NodeIndex> ElementOr(const Ast& ast, std::string_view name);

    // binder_queries.cpp
    core::Result<CqlBound> Retrieve(const Ast& ast);
    core::Result<CqlBound> Query(const Ast& ast);
    core::Status Clause(QueryPlan& query, const Ast& clause, StaticType& type);
    core::Status SourceClause(QueryPlan& query, const Ast& clause);
    core::Status WithClause(QueryPlan& query, const Ast& clause);
    core::Status AggregateClause(QueryPlan& query, const Ast& clause);
    core::Status SortClause(QueryPlan& query, const Ast& clause, const StaticType& item);

    struct LocalName {
        std::string_view name;
        std::uint16_t slot = 0;
        StaticType type;
    };
    CqlCompiler& compiler_;
    LibraryScope& library_;
    Plan& plan_;
    std::vector<LocalName> locals_;
    // While the keys of a sort are bound: the item's slot, found by bare names and $this.
    const LocalName* item_ = nullptr;
    bool patient_bound_ = false;
};

}  // namespace kangqu::expression
