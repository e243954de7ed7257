#include "condition.hpp"
#include "plan.hpp"
#include <algorithm>

namespace kangqu::search {

namespace {

using Plan = CompiledSearch::Plan;

// Rows counted of each criterion to find the one that leads.
constexpr std::int64_t kProbe = 1'000;
// Rows up to which a page ordered by time of change sorts what it finds.
constexpr std::int64_t kSortable = 20'000;

// Builds the statements of one run. Every branch covers the rows of one length class, or all when
// no criterion asks about the type's own date, so an index order goes through each branch.
class Run {
public:
    Run(const Plan& plan, store::Reader& reader)
        : plan_(plan), reader_(reader), conditions_(plan, reader) {}

    core::Result<SearchPage> Page() {
        SearchPage page;
        if (!plan_.unrestricted && plan_.grants.empty()) {
            return Nothing();
        }
        KQ_TRY(Collect());
        if (impossible_) {
            return Nothing();
        }
        KQ_TRY(Lead());
        if (plan_.total) {
            KQ_ASSIGN(page.total, Total());
        }
        if (plan_.count > 0) {
            KQ_TRY(Hits(page));
        }
        return page;
    }

private:
    SearchPage Nothing() const {
        SearchPage page;
        if (plan_.total) {
            page.total = 0;
        }
        return page;
    }

    core::Status Collect() {
        for (const Criterion& criterion : plan_.criteria) {
            if (conditions_.IsOwnDate(criterion)) {
                own_dates_.push_back(&criterion);
                continue;
            }
            KQ_ASSIGN(Condition condition, conditions_.Of(criterion));
            impossible_ = impossible_ || condition.impossible;
            keyed_.push_back(std::move(condition));
        }
        for (const ChangeTime& time : plan_.change_times) {
            KQ_ASSIGN(Sql test, conditions_.ChangeTimes(time));
            tests_.push_back(std::move(test));
        }
        for (const auto& ids : plan_.ids) {
            KQ_TRY(Ids(ids));
        }
        KQ_ASSIGN(admitted_, conditions_.Admitted(Extent::kFew));
        KQ_ASSIGN(admitted_of_all_, conditions_.Admitted(Extent::kAll));
        return {};
    }

    core::Status Ids(const std::vector<std::string>& ids) {
        std::vector<Sql> places;
        for (const std::string& id : ids) {
            KQ_ASSIGN(const auto at, reader_.Find(plan_.type_name, id));
            if (at) {
                places.push_back(Sql().Add("(d.home = ? AND d.key = ?)", at->home, at->key));
            }
        }
        if (places.empty()) {
            impossible_ = true;
            return {};
        }
        tests_.push_back(InBrackets(" OR ", places));
        by_id_ = true;
        return {};
    }

    // Chooses the criterion whose rows the search goes through; the others test each row.
    core::Status Lead() {
        std::size_t lead = keyed_.size();
        std::pair<std::int64_t, int> best{INT64_MAX, 0};
        const bool newest = plan_.sort == SortBy::kLastUpdated;
        const std::int64_t limit = newest ? kSortable : kProbe;
        for (std::size_t at = 0; at < keyed_.size() && !by_id_; ++at) {
            if (keyed_[at].rows.empty()) {
                continue;
            }
            std::int64_t count = limit;
            if (keyed_.size() > 1 || newest) {
                const Sql probe = Sql("SELECT count(*) FROM (SELECT 1 FROM (")
                                      .Add(keyed_[at].probe)
                                      .Add(") r LIMIT ?) s", limit);
                KQ_ASSIGN(count, probe.Number(reader_));
            }
            if (std::pair(count, keyed_[at].rank) < best) {
                best = {count, keyed_[at].rank};
                lead = at;
            }
        }
        by_feed_ = newest && !by_id_ && best.first >= kSortable;
        for (std::size_t at = 0; at < keyed_.size(); ++at) {
            if (at != lead || by_feed_) {
                tests_.push_back(keyed_[at].test);
            }
        }
        if (lead < keyed_.size() && !by_feed_) {
            from_ = Sql("(").Add(keyed_[lead].rows).Add(") d");
            return {};
        }
        KQ_ASSIGN(const auto type, reader_.Interned(plan_.type_name));
        from_ = Sql("search_record d");
        tests_.insert(tests_.begin(), Sql().Add("d.type = ?", type));
        return {};
    }

    struct Branch {
        std::optional<Span> span;
        std::vector<Sql> tests;
    };

    // What all rows must fulfil. The Restriction is part of it in every statement.
    core::Result<std::vector<Branch>> Branches(Extent extent) {
        std::vector<Sql> common = tests_;
        const Sql& admitted = extent == Extent::kFew ? admitted_ : admitted_of_all_;
        if (!admitted.empty()) {
            common.push_back(admitted);
        }
        if (own_dates_.empty() && plan_.sort != SortBy::kOwnDate) {
            return std::vector<Branch>{{std::nullopt, std::move(common)}};
        }
        std::vector<Branch> branches;
        for (const Span span :
             {Span::kMillisecond, Span::kSecond, Span::kDay, Span::kOther, Span::kNone}) {
            if (span == Span::kNone && !own_dates_.empty()) {
                continue;
            }
            Branch branch{span, common};
            branch.tests.push_back(Sql().Add("d.span = ?", static_cast<std::int64_t>(span)));
            for (const Criterion* criterion : own_dates_) {
                KQ_ASSIGN(Sql test, conditions_.OwnDate(*criterion, span));
                branch.tests.push_back(std::move(test));
            }
            branches.push_back(std::move(branch));
        }
        return branches;
    }

    static Sql Where(const std::vector<Sql>& tests) {
        Sql out;
        for (const Sql& test : tests) {
            out.Join(" AND ", test);
        }
        return out.empty() ? Sql("1 = 1") : out;
    }

    core::Result<std::int64_t> Total() {
        KQ_ASSIGN(const auto branches, Branches(Extent::kAll));
        std::int64_t total = 0;
        for (const Branch& branch : branches) {
            const Sql count =
                Sql("SELECT count(*) FROM ").Add(from_).Add(" WHERE ").Add(Where(branch.tests));
            KQ_ASSIGN(const auto part, count.Number(reader_));
            total += part;
        }
        return total;
    }

    core::Result<Sql> PageQuery() {
        KQ_ASSIGN(const auto branches, Branches(Extent::kFew));
        if (by_feed_) {
            return FeedQuery(branches);
        }
        switch (plan_.sort) {
            case SortBy::kPlace:
                return PlaceQuery(branches);
            case SortBy::kOwnDate:
                return DateQuery(branches);
            case SortBy::kLastUpdated:
                return SortedQuery(
                    branches,
                    "(SELECT c.change FROM current c WHERE c.home = d.home AND c.key = d.key)"
                );
            case SortBy::kId:
                return SortedQuery(
                    branches,
                    "(SELECT kq_id(v.id) FROM current c JOIN version v ON v.home = c.home AND"
                    " v.change = c.change WHERE c.home = d.home AND c.key = d.key)"
                );
        }
        return Sql();
    }

    std::int64_t Limit() const noexcept { return static_cast<std::int64_t>(plan_.count) + 1; }
    std::string Way() const { return plan_.descending ? " DESC" : ""; }
    std::string Beyond() const { return plan_.descending ? " < " : " > "; }

    // The order in which rows stand in the tables.
    Sql PlaceQuery(const std::vector<Branch>& branches) const {
        Sql all;
        for (const Branch& branch : branches) {
            Sql where = Where(branch.tests);
            if (plan_.after) {
                where.Add(
                    " AND (d.span, d.at, d.home, d.key) > (?, ?, ?, ?)",
                    plan_.after->span,
                    plan_.after->at,
                    plan_.after->home,
                    plan_.after->key
                );
            }
            all.Join(" UNION ALL ", Rows("d.at", where));
        }
        return all.Add(" ORDER BY 1, 2, 3, 4 LIMIT ?", Limit());
    }

    // Each length class is in the order of its dates already; what has no date comes last.
    Sql DateQuery(const std::vector<Branch>& branches) const {
        const auto none = static_cast<std::int64_t>(Span::kNone);
        Sql all;
        for (const Branch& branch : branches) {
            const bool undated = branch.span == Span::kNone;
            Sql where = Where(branch.tests);
            if (plan_.after && !undated && plan_.after->span == none) {
                continue;
            }
            if (plan_.after && undated == (plan_.after->span == none)) {
                where.Add(
                    " AND (d.at, d.home, d.key)" + Beyond() + "(?, ?, ?)",
                    plan_.after->at,
                    plan_.after->home,
                    plan_.after->key
                );
            }
            const Sql part =
                Rows("d.at", where)
                    .Add(
                        " ORDER BY 2" + Way() + ", 3" + Way() + ", 4" + Way() + " LIMIT ?", Limit()
                    );
            all.Join(" UNION ALL ", Sql("SELECT * FROM (").Add(part).Add(") b"));
        }
        Sql page = Sql("SELECT s.span, s.at, s.home, s.key FROM (").Add(all).Add(") s");
        return page.Add(
            " ORDER BY s.span = 4, 2" + Way() + ", 3" + Way() + ", 4" + Way() + " LIMIT ?", Limit()
        );
    }

    // Any other order: all rows are found, then sorted.
    Sql SortedQuery(const std::vector<Branch>& branches, std::string_view place) const {
        Sql all;
        for (const Branch& branch : branches) {
            all.Join(" UNION ALL ", Rows(place, Where(branch.tests)));
        }
        Sql page = Sql("SELECT s.span, s.at, s.home, s.key FROM (").Add(all).Add(") s");
        if (plan_.after) {
            const Cursor& after = *plan_.after;
            const std::string test = " WHERE (s.at, s.home, s.key)" + Beyond() + "(?, ?, ?)";
            if (plan_.sort == SortBy::kId) {
                page.Add(test, after.id, after.home, after.key);
            } else {
                page.Add(test, after.at, after.home, after.key);
            }
        }
        return page.Add(
            " ORDER BY 2" + Way() + ", 3" + Way() + ", 4" + Way() + " LIMIT ?", Limit()
        );
    }

    // Too many rows to sort by time of change: through the versions of the type, which stand in
    // that order, to the records they are current for.
    core::Result<Sql> FeedQuery(const std::vector<Branch>& branches) const {
        KQ_ASSIGN(const auto type, reader_.Interned(plan_.type_name));
        Sql page = Sql().Add(
            "SELECT d.span, v.change, d.home, d.key FROM version v CROSS JOIN current c"
            " CROSS JOIN search_record d WHERE v.type = ?",
            type
        );
        if (plan_.after) {
            page.Add(" AND v.change" + Beyond() + "?", plan_.after->at);
        }
        page.Add(
            " AND c.home = v.home AND c.key = v.key AND c.change = v.change"
            " AND d.home = v.home AND d.key = v.key AND "
        );
        std::vector<Sql> choices;
        for (const Branch& branch : branches) {
            choices.push_back(Sql("(").Add(Where(branch.tests)).Add(")"));
        }
        return page.Add(InBrackets(" OR ", choices))
            .Add(" ORDER BY v.change" + Way() + " LIMIT ?", Limit());
    }

    Sql Rows(std::string_view place, const Sql& where) const {
        return Sql("SELECT d.span AS span, ")
            .Add(place)
            .Add(" AS at, d.home AS home, d.key AS key FROM ")
            .Add(from_)
            .Add(" WHERE ")
            .Add(where);
    }

    core::Status Hits(SearchPage& page) {
        KQ_ASSIGN(const Sql query, PageQuery());
        Cursor last;
        bool more = false;
        KQ_TRY(query.Run(reader_, [&](std::span<const store::SqlValue> row) {
            if (page.hits.size() == static_cast<std::size_t>(plan_.count)) {
                more = true;
                return false;
            }
            last.span = IntegerOf(row[0]);
            last.at = IntegerOf(row[1]);
            if (const auto* const text = std::get_if<std::string_view>(&row[1])) {
                last.id = *text;
            }
            last.home = IntegerOf(row[2]);
            last.key = IntegerOf(row[3]);
            page.hits.emplace_back(last.home, last.key);
            return true;
        }));
        if (more) {
            page.next = CursorText(plan_, last);
        }
        return {};
    }

    const Plan& plan_;
    store::Reader& reader_;
    Conditions conditions_;
    std::vector<Condition> keyed_;
    std::vector<const Criterion*> own_dates_;
    std::vector<Sql> tests_;
    Sql from_;
    Sql admitted_;
    Sql admitted_of_all_;
    bool impossible_ = false;
    bool by_id_ = false;
    bool by_feed_ = false;
};

}  // namespace

core::Result<SearchPage> CompiledSearch::Run(store::Reader& reader) const {
    return search::Run(*plan_, reader).Page();
}

}  // namespace kangqu::search
