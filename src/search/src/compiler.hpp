#pragma once

#include "plan.hpp"
#include "query_text.hpp"

namespace kangqu::search {

// Builds the plan of one search, or of a search inside it (a chain's end, _has).
class Compiler {
public:
    // `depth`: links of the chain so far; `criteria` counts over all levels.
    Compiler(
        fhir::TypeNumber type,
        const Restriction& restriction,
        const SearchOptions& options,
        int depth,
        std::size_t& criteria
    );

    core::Status Add(const QueryPair& pair);
    // One criterion; kSearchUnknownParameter when it is none.
    core::Result<Node> MakeNode(const QueryPair& pair);
    core::Status AddCompartment();
    core::Result<CompiledSearch::Plan> Finish();

private:
    core::Error Unknown(std::string_view parameter) const;
    void Restrict();
    bool Hidden(const Parameter& parameter, bool exact) const;
    const Parameter* FindVisible(std::string_view code) const;

    core::Result<bool> Control(const QueryPair& pair);
    core::Status Count(const QueryPair& pair);
    core::Status Total(const QueryPair& pair);
    core::Status Summary(const QueryPair& pair);
    core::Status Sort(const QueryPair& pair);
    core::Status SortByOne(const QueryPair& pair, std::string_view by, bool descending);
    core::Status Text(const QueryPair& pair);
    core::Result<Inclusion> Include(const QueryPair& pair, bool reverse) const;
    bool IsOwnDate(const Parameter& parameter) const;

    core::Result<Node> MakeOfStore(const QueryPair& pair);
    core::Result<Node>
    Criteria(const QueryPair& pair, std::string_view code, std::string_view modifier);
    core::Result<Node> PartsOf(const QueryPair& pair, const Criterion& criterion);
    core::Result<Node> Chain(const QueryPair& pair, std::size_t dot);
    core::Result<Node> Has(const QueryPair& pair);
    core::Result<std::shared_ptr<const CompiledSearch::Plan>>
    Sub(fhir::TypeNumber type, const QueryPair& pair);
    core::Status Modify(Criterion& criterion, const QueryPair& pair, std::string_view modifier);
    core::Status Resolve(Criterion& criterion, const QueryPair& pair);

    CompiledSearch::Plan plan_;
    const Restriction& restriction_;
    const SearchOptions& options_;
    int depth_;
    std::size_t& criteria_;
    std::optional<std::string> cursor_;
    std::string reference_type_;
};

// Understands a _filter (http://hl7.org/fhir/R4/search_filter.html): and, or, not, brackets and
// comparisons, which `leaf` turns into nodes.
core::Result<Node> ParseFilter(
    const QueryPair& pair,
    const std::function<core::Result<Node>(const QueryPair&)>& leaf,
    const std::function<fhir::SearchKind(std::string_view)>& kind_of
);

}  // namespace kangqu::search
