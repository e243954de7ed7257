#pragma once

#include "kangqu/core/result.hpp"

#include "cql/compiler.hpp"
#include "cql/models.hpp"
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// Turns one definition of a library into plan nodes. One file a part of the grammar.
class CqlBinder {
public:
    CqlBinder(CqlCompiler& compiler, LibraryScope& library)
        : compiler_(compiler), library_(library), plan_(compiler.plan()) {}

    // Of the definition about to be bound. Unfiltered: nothing may depend on one patient.
    void SetContext(std::string_view name, bool unfiltered) {
        context_ = name;
        unfiltered_ = unfiltered;
    }

    core::Result<CqlBound> Bind(const Ast& ast);
    // A new local name; its slot.
    std::uint16_t Local(std::string_view name, StaticType type);
    // The value of the declared type, for operands and parameters.
    StaticType TypeOfSpecifier(const Ast* type) const;
    // Reads the patient, so it differs from patient to patient.
    bool patient_bound() const { return patient_bound_; }
    // The body of an external function: the method of FHIRPath so named, else one that fails.
    core::Result<CqlBound> ExternalBody(const DefinitionAst& definition);
    // Number of the type test that a specifier stands for.
    core::Result<std::uint32_t> Test(const Ast& type);

private:
    using BindFn = core::Result<CqlBound> (CqlBinder::*)(const Ast&);
    static BindFn FindBinding(AstKind kind);

    // binder.cpp
    std::optional<TypeTest> NamedType(const Ast& type) const;
    static std::string_view NearestType(std::string_view name);
    static std::string_view NearestElement(fhir::TypeNumber type, std::string_view name);
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
    core::Result<CqlBound>
    ExtensionMember(const Ast& ast, const CqlBound& target, const ExtensionElement& element);
    core::Result<CqlBound> Subject(const Ast& ast);
    core::Status NotePatient(const Ast& ast, const LibraryScope::Entry& entry);
    core::Result<CqlBound> ItemScope(const Ast& ast);
    core::Result<CqlBound> Declared(LibraryScope& scope, const Ast& ast, bool& found);
    core::Result<CqlBound> Term(LibraryScope& scope, const Ast& ast, const TermAst& term);
    core::Result<Code> CodeOf(LibraryScope& scope, const Ast& ast, const TermAst& term);
    std::string_view Nearest(std::string_view name) const;
    const LibraryScope* IncludeOf(const Ast& ast, bool& found) const;

    // binder_calls.cpp
    struct Arguments {
        std::vector<NodeIndex> nodes;
        std::vector<StaticType> types;
    };
    struct Candidate {
        LibraryScope* scope = nullptr;
        LibraryScope::Entry* entry = nullptr;
        std::vector<std::uint32_t> tests;
    };
    core::Result<Arguments> BindArguments(const Ast& ast, std::size_t skip);
    core::Result<CqlBound> Call(const Ast& ast);
    core::Result<CqlBound> Method(const Ast& ast);
    core::Result<CqlBound> QualifiedCall(const Ast& ast, LibraryScope* scope);
    core::Result<CqlBound> FluentCall(const Ast& ast, const CqlBound& target);
    core::Result<CqlBound> External(const Ast& ast);
    core::Result<CqlBound> UserCall(
        const std::vector<LibraryScope*>& scopes,
        const Ast& ast,
        const Arguments& arguments,
        bool fluent,
        bool& found
    );
    core::Status AddCandidates(
        LibraryScope& scope,
        const Ast& ast,
        const Arguments& arguments,
        bool fluent,
        std::vector<Candidate>& out,
        bool& same_name
    );
    core::Error NoOverload(const std::vector<LibraryScope*>& scopes, const Ast& ast) const;
    core::Result<CqlBound> SystemCall(const Ast& ast, const std::vector<NodeIndex>& arguments);

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
    core::Status CheckOperands(const Ast& ast, const StaticType& a, const StaticType& b);

    // binder_terms.cpp
    core::Result<CqlBound> If(const Ast& ast);
    core::Result<CqlBound> Case(const Ast& ast);
    core::Result<CqlBound> List(const Ast& ast);
    core::Result<CqlBound> IntervalTerm(const Ast& ast);
    core::Result<CqlBound> TupleTerm(const Ast& ast);
    core::Result<CqlBound> Instance(const Ast& ast);
    core::Result<CqlBound> FhirInstance(const Ast& ast);
    // Integer, Long and Decimal side by side become the widest of them.
    void Widen(std::vector<NodeIndex>& nodes, std::vector<StaticType>& types);
    core::Result<NodeIndex> ElementOr(const Ast& ast, std::string_view name);

    // binder_queries.cpp
    core::Result<CqlBound> Retrieve(const Ast& ast);
    core::Status CodePath(const Ast& ast, RetrievePlan& retrieve);
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
    int depth_ = 0;  // of nodes being bound
    std::string_view context_ = "Patient";
    bool unfiltered_ = false;
};

// A type specifier as it is written: List<FHIR.Observation>.
std::string TypeText(const Ast& type);

}  // namespace kangqu::expression
