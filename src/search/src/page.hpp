#pragma once

#include "selection.hpp"

namespace kangqu::search {

// Builds and runs the statements of one page of a search in an order that the tables know.
class PageRun {
public:
    PageRun(const CompiledSearch::Plan& plan, store::Reader& reader, Selection& selection)
        : plan_(plan), reader_(reader), selection_(selection), alias_(selection.alias()) {}

    core::Result<std::int64_t> Total();
    // Up to `count` hits behind `after`; what follows the last of them is its cursor. True when
    // there are more.
    core::Result<bool> Hits(
        const std::optional<Cursor>& after,
        int count,
        const std::function<void(const Cursor&)>& hit
    );

private:
    struct Branch {
        std::optional<Span> span;
        std::vector<Sql> tests;
    };

    core::Result<std::vector<Branch>> Branches(Extent extent);
    core::Result<Sql> PageQuery();
    Sql PlaceQuery(const std::vector<Branch>& branches) const;
    Sql DateQuery(const std::vector<Branch>& branches) const;
    Sql SortedQuery(const std::vector<Branch>& branches, std::string_view place) const;
    core::Result<Sql> FeedQuery(const std::vector<Branch>& branches) const;
    Sql Rows(std::string_view place, const Sql& where) const;

    std::int64_t Limit() const noexcept { return static_cast<std::int64_t>(count_) + 1; }
    std::string Way() const { return plan_.descending ? " DESC" : ""; }
    std::string Beyond() const { return plan_.descending ? " < " : " > "; }

    const CompiledSearch::Plan& plan_;
    store::Reader& reader_;
    Selection& selection_;
    std::string alias_;
    std::optional<Cursor> after_;
    int count_ = 0;
};

// The page of a search sorted by values (SortBy::kValues): all records are found, read and put in
// order; kSearchTooCostly beyond SearchLimits::sorted unless an index has the order.
core::Status SortedPage(
    const CompiledSearch::Plan& plan,
    store::Reader& reader,
    Selection& selection,
    SearchPage& page
);

// Whether the text of a stored record holds all words of all searches.
core::Result<bool> HoldsTexts(
    store::Reader& reader,
    const std::vector<TextSearch>& texts,
    store::Home home,
    store::RecordKey key
);

}  // namespace kangqu::search
