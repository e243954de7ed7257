#include "page.hpp"

namespace kangqu::search {

namespace {

Sql Where(const std::vector<Sql>& tests) {
    Sql out;
    for (const Sql& test : tests) {
        out.Join(" AND ", test);
    }
    return out.empty() ? Sql(kAlways) : out;
}

}  // namespace

// Every branch covers the rows of one length class, or all when no criterion asks about the type's
// own date, so an index order goes through each branch. The Restriction is part of every statement.
core::Result<std::vector<PageRun::Branch>> PageRun::Branches(Extent extent) {
    KQ_ASSIGN(std::vector<Sql> common, selection_.Tests(extent));
    const auto& own_dates = selection_.own_dates();
    if (own_dates.empty() && plan_.sort != SortBy::kOwnDate) {
        return std::vector<Branch>{{std::nullopt, std::move(common)}};
    }
    std::vector<Branch> branches;
    for (int at = 0; at <= static_cast<int>(Span::kNone); ++at) {
        const auto span = static_cast<Span>(at);
        if (span == Span::kNone && !own_dates.empty()) {
            continue;
        }
        Branch branch{span, common};
        branch.tests.push_back(Sql().Add(alias_ + ".span = ?", std::int64_t{at}));
        for (const Criterion* criterion : own_dates) {
            KQ_ASSIGN(Sql test, selection_.OwnDate(*criterion, span));
            branch.tests.push_back(std::move(test));
        }
        branches.push_back(std::move(branch));
    }
    return branches;
}

core::Result<std::int64_t> PageRun::Total() {
    KQ_TRY(selection_.CheckCostOfAll());
    KQ_ASSIGN(const auto branches, Branches(Extent::kAll));
    std::int64_t total = 0;
    for (const Branch& branch : branches) {
        const Sql count = Sql("SELECT count(*) FROM ")
                              .Add(selection_.from())
                              .Add(" WHERE ")
                              .Add(Where(branch.tests));
        KQ_ASSIGN(const auto part, count.Number(reader_));
        total += part;
    }
    return total;
}

core::Result<bool> PageRun::Hits(
    const std::optional<Cursor>& after,
    int count,
    const std::function<void(const Cursor&)>& hit
) {
    after_ = after;
    count_ = count;
    KQ_ASSIGN(const Sql query, PageQuery());
    int seen = 0;
    bool more = false;
    KQ_TRY(query.Run(reader_, [&](std::span<const store::SqlValue> row) {
        if (seen++ == count_) {
            more = true;
            return false;
        }
        Cursor cursor;
        cursor.span = IntegerOf(row[0]);
        cursor.at = IntegerOf(row[1]);
        if (const auto* const text = std::get_if<std::string_view>(&row[1])) {
            cursor.text = *text;
        }
        cursor.home = IntegerOf(row[2]);
        cursor.key = IntegerOf(row[3]);
        hit(cursor);
        return true;
    }));
    return more;
}

core::Result<Sql> PageRun::PageQuery() {
    const bool newest = plan_.sort == SortBy::kLastUpdated;
    const bool by_feed = newest && selection_.count() > Selection::kManyRows;
    if (by_feed) {
        selection_.LeadByRecords();
    }
    KQ_ASSIGN(const auto branches, Branches(Extent::kFew));
    if (by_feed) {
        return FeedQuery(branches);
    }
    switch (plan_.sort) {
        case SortBy::kPlace:
        case SortBy::kValues:
            return PlaceQuery(branches);
        case SortBy::kOwnDate:
            return DateQuery(branches);
        case SortBy::kLastUpdated:
            return SortedQuery(
                branches,
                "(SELECT c.change FROM current c WHERE c.home = " + alias_ +
                    ".home AND c.key = " + alias_ + ".key)"
            );
        case SortBy::kId:
            return SortedQuery(
                branches,
                "(SELECT kq_id(v.id) FROM current c JOIN version v ON v.home = c.home AND"
                " v.change = c.change WHERE c.home = " +
                    alias_ + ".home AND c.key = " + alias_ + ".key)"
            );
    }
    return Sql();
}

// The order in which rows stand in the tables.
Sql PageRun::PlaceQuery(const std::vector<Branch>& branches) const {
    Sql all;
    for (const Branch& branch : branches) {
        Sql where = Where(branch.tests);
        if (after_) {
            where.Add(
                " AND (" + alias_ + ".span, " + alias_ + ".at, " + alias_ + ".home, " + alias_ +
                    ".key) > (?, ?, ?, ?)",
                after_->span,
                after_->at,
                after_->home,
                after_->key
            );
        }
        all.Join(" UNION ALL ", Rows(alias_ + ".at", where));
    }
    return all.Add(" ORDER BY 1, 2, 3, 4 LIMIT ?", Limit());
}

// Each length class is in the order of its dates already; what has no date comes last.
Sql PageRun::DateQuery(const std::vector<Branch>& branches) const {
    const auto none = static_cast<std::int64_t>(Span::kNone);
    const std::string order = " ORDER BY 2" + Way() + ", 3" + Way() + ", 4" + Way() + " LIMIT ?";
    Sql all;
    for (const Branch& branch : branches) {
        const bool undated = branch.span == Span::kNone;
        Sql where = Where(branch.tests);
        if (after_ && !undated && after_->span == none) {
            continue;
        }
        if (after_ && undated == (after_->span == none)) {
            where.Add(
                " AND (" + alias_ + ".at, " + alias_ + ".home, " + alias_ + ".key)" + Beyond() +
                    "(?, ?, ?)",
                after_->at,
                after_->home,
                after_->key
            );
        }
        const Sql part = Rows(alias_ + ".at", where).Add(order, Limit());
        all.Join(" UNION ALL ", Sql("SELECT * FROM (").Add(part).Add(") p"));
    }
    Sql page = Sql("SELECT s.span, s.at, s.home, s.key FROM (").Add(all).Add(") s");
    return page.Add(
        " ORDER BY CASE WHEN s.span = ? THEN 1 ELSE 0 END, 2" + Way() + ", 3" + Way() + ", 4" +
            Way() + " LIMIT ?",
        none,
        Limit()
    );
}

// Any other order: all rows are found, then sorted.
Sql PageRun::SortedQuery(const std::vector<Branch>& branches, std::string_view place) const {
    Sql all;
    for (const Branch& branch : branches) {
        all.Join(" UNION ALL ", Rows(place, Where(branch.tests)));
    }
    Sql page = Sql("SELECT s.span, s.at, s.home, s.key FROM (").Add(all).Add(") s");
    if (after_) {
        const std::string test = " WHERE (s.at, s.home, s.key)" + Beyond() + "(?, ?, ?)";
        if (plan_.sort == SortBy::kId) {
            page.Add(test, after_->text, after_->home, after_->key);
        } else {
            page.Add(test, after_->at, after_->home, after_->key);
        }
    }
    return page.Add(" ORDER BY 2" + Way() + ", 3" + Way() + ", 4" + Way() + " LIMIT ?", Limit());
}

// Too many rows to sort by time of change: through the versions of the type, which stand in that
// order, to the records they are current for.
core::Result<Sql> PageRun::FeedQuery(const std::vector<Branch>& branches) const {
    KQ_ASSIGN(const auto type, reader_.Interned(plan_.type_name));
    Sql page = Sql().Add(
        "SELECT " + alias_ + ".span, v.change, " + alias_ + ".home, " + alias_ +
            ".key FROM version v CROSS JOIN current c CROSS JOIN search_record " + alias_ +
            " WHERE v.type = ?",
        type
    );
    if (after_) {
        page.Add(" AND v.change" + Beyond() + "?", after_->at);
    }
    page.Add(
        " AND c.home = v.home AND c.key = v.key AND c.change = v.change"
        " AND " +
        alias_ + ".home = v.home AND " + alias_ + ".key = v.key AND "
    );
    std::vector<Sql> choices;
    for (const Branch& branch : branches) {
        choices.push_back(Sql("(").Add(Where(branch.tests)).Add(")"));
    }
    return page.Add(InBrackets(" OR ", choices))
        .Add(" ORDER BY v.change" + Way() + " LIMIT ?", Limit());
}

Sql PageRun::Rows(std::string_view place, const Sql& where) const {
    return Sql("SELECT " + alias_ + ".span AS span, ")
        .Add(place)
        .Add(" AS at, " + alias_ + ".home AS home, " + alias_ + ".key AS key FROM ")
        .Add(selection_.from())
        .Add(" WHERE ")
        .Add(where);
}

}  // namespace kangqu::search
