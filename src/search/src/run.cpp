#include "condition.hpp"
#include "plan.hpp"
#include <algorithm>

namespace kangqu::search {

namespace {

using Plan = CompiledSearch::Plan;

// Rows counted of each criterion to find the one that leads.
constexpr std::int64_t kProbe = 1'000;

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
        KQ_ASSIGN(Sql admitted, conditions_.Admitted());
        if (!admitted.empty()) {
            tests_.push_back(std::move(admitted));
        }
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
        for (std::size_t at = 0; at < keyed_.size() && !by_id_; ++at) {
            if (keyed_[at].rows.empty()) {
                continue;
            }
            const Sql probe = Sql("SELECT count(*) FROM (SELECT 1 FROM (")
                                  .Add(keyed_[at].rows)
                                  .Add(") LIMIT ?)", kProbe);
            std::int64_t count = kProbe;
            if (keyed_.size() > 1) {
                KQ_ASSIGN(count, probe.Number(reader_));
            }
            if (std::pair(count, keyed_[at].rank) < best) {
                best = {count, keyed_[at].rank};
                lead = at;
            }
        }
        for (std::size_t at = 0; at < keyed_.size(); ++at) {
            if (at != lead) {
                tests_.push_back(keyed_[at].test);
            }
        }
        if (lead < keyed_.size()) {
            from_ = Sql("(").Add(keyed_[lead].rows).Add(") d");
            return {};
        }
        KQ_ASSIGN(const auto type, reader_.Interned(plan_.type_name));
        from_ = Sql("search_record d");
        tests_.insert(tests_.begin(), Sql().Add("d.type = ?", type));
        return {};
    }

    // Tests of each branch.
    core::Result<std::vector<std::vector<Sql>>> Branches() {
        if (own_dates_.empty()) {
            return std::vector<std::vector<Sql>>{tests_};
        }
        std::vector<std::vector<Sql>> branches;
        for (const Span span : {Span::kMillisecond, Span::kSecond, Span::kDay, Span::kOther}) {
            std::vector<Sql> tests = tests_;
            tests.push_back(Sql().Add("d.span = ?", static_cast<std::int64_t>(span)));
            for (const Criterion* criterion : own_dates_) {
                KQ_ASSIGN(Sql test, conditions_.OwnDate(*criterion, span));
                tests.push_back(std::move(test));
            }
            branches.push_back(std::move(tests));
        }
        return branches;
    }

    static Sql Where(const std::vector<Sql>& tests) {
        Sql out;
        for (const Sql& test : tests) {
            out.Join(" AND ", test);
        }
        return out.empty() ? Sql("1") : out;
    }

    core::Result<std::int64_t> Total() {
        KQ_ASSIGN(const auto branches, Branches());
        std::int64_t total = 0;
        for (const auto& tests : branches) {
            const Sql count =
                Sql("SELECT count(*) FROM ").Add(from_).Add(" WHERE ").Add(Where(tests));
            KQ_ASSIGN(const auto part, count.Number(reader_));
            total += part;
        }
        return total;
    }

    // The value that the page is ordered by, beside home and key.
    std::string_view Place() const noexcept {
        switch (plan_.sort) {
            case SortBy::kLastUpdated:
                return "(SELECT c.change FROM current c WHERE c.home = d.home AND c.key = d.key)";
            case SortBy::kId:
                return "(SELECT kq_id(v.id) FROM current c JOIN version v ON v.change = c.change"
                       " WHERE c.home = d.home AND c.key = d.key)";
            case SortBy::kOwnDate:
                // Records without the date come last either way.
                return plan_.descending
                           ? "(CASE WHEN d.span = 4 THEN -1000000000000000000 ELSE d.at END)"
                           : "(CASE WHEN d.span = 4 THEN 1000000000000000000 ELSE d.at END)";
            case SortBy::kPlace:
                break;
        }
        return "d.at";
    }

    core::Result<Sql> PageQuery() {
        KQ_ASSIGN(auto branches, Branches());
        const bool sorted = plan_.sort != SortBy::kPlace;
        Sql all;
        for (auto& tests : branches) {
            if (!sorted && plan_.after) {
                const Cursor& after = *plan_.after;
                tests.push_back(Sql().Add(
                    "(d.span, d.at, d.home, d.key) > (?, ?, ?, ?)",
                    after.span,
                    after.at,
                    after.home,
                    after.key
                ));
            }
            Sql branch("SELECT d.span AS span, ");
            branch.Add(Place()).Add(" AS at, d.home AS home, d.key AS key FROM ").Add(from_);
            all.Join(" UNION ALL ", branch.Add(" WHERE ").Add(Where(tests)));
        }
        const auto limit = static_cast<std::int64_t>(plan_.count) + 1;
        if (!sorted) {
            return all.Add(" ORDER BY 1, 2, 3, 4 LIMIT ?", limit);
        }
        Sql page = Sql("SELECT s.span, s.at, s.home, s.key FROM (").Add(all).Add(") s");
        if (plan_.after) {
            page.Add(" WHERE ").Add(BehindCursor());
        }
        const std::string way = plan_.descending ? " DESC" : "";
        return page.Add(" ORDER BY 2" + way + ", 3" + way + ", 4" + way + " LIMIT ?", limit);
    }

    Sql BehindCursor() const {
        const Cursor& after = *plan_.after;
        const std::string test =
            std::string("(s.at, s.home, s.key) ") + (plan_.descending ? "<" : ">") + " (?, ?, ?)";
        return plan_.sort == SortBy::kId ? Sql().Add(test, after.id, after.home, after.key)
                                         : Sql().Add(test, after.at, after.home, after.key);
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
    bool impossible_ = false;
    bool by_id_ = false;
};

}  // namespace

core::Result<SearchPage> CompiledSearch::Run(store::Reader& reader) const {
    return search::Run(*plan_, reader).Page();
}

}  // namespace kangqu::search
