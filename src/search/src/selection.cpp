#include "selection.hpp"

#include <algorithm>

namespace kangqu::search {

namespace {

// Rows counted of each criterion at first: one that has fewer leads without further thought.
constexpr std::int64_t kFewRows = 1'000;
// Rows on which the tests are tried to see how many fulfil them.
constexpr std::int64_t kSample = 2'000;

Sql Where(const std::vector<Sql>& tests) {
    Sql out;
    for (const Sql& test : tests) {
        out.Join(" AND ", test);
    }
    return out.empty() ? Sql(kAlways) : out;
}

}  // namespace

core::Status Selection::Prepare() {
    if (!plan_.unrestricted && plan_.grants.empty()) {
        nothing_ = true;
        return {};
    }
    KQ_TRY(Collect());
    if (nothing_) {
        return {};
    }
    return Lead();
}

core::Status Selection::Collect() {
    KQ_ASSIGN(type_, reader_.Interned(plan_.type_name));
    nothing_ = type_ == 0;
    const auto add = [&](const Node& node) -> core::Status {
        if (conditions_.IsOwnDate(node)) {
            own_dates_.push_back(&node.criterion);
            return {};
        }
        KQ_ASSIGN(Condition condition, conditions_.Of(node));
        nothing_ = nothing_ || condition.impossible;
        all_.push_back(std::move(condition));
        return {};
    };
    for (const Node& node : plan_.nodes) {
        if (nothing_) {
            return {};
        }
        if (node.kind == Node::Kind::kAll) {
            for (const Node& part : node.nodes) {
                KQ_TRY(add(part));
            }
        } else {
            KQ_TRY(add(node));
        }
    }
    return {};
}

core::Result<std::int64_t> Selection::CountUpTo(const Sql& rows, std::int64_t limit) {
    return Sql("SELECT count(*) FROM (SELECT 1 FROM (")
        .Add(rows)
        .Add(") a LIMIT ?) b", limit)
        .Number(reader_);
}

core::Status Selection::Lead() {
    // The rows of the reader's residents lead when they are fewer than those of any criterion. They
    // are tested as the Restriction in any case.
    KQ_ASSIGN(Condition admitted, conditions_.AdmittedRows());
    if (!admitted.rows.empty()) {
        admitted.test = Sql(kAlways);
        all_.push_back(std::move(admitted));
    }
    std::vector<std::size_t> candidates;
    for (std::size_t at = 0; at < all_.size(); ++at) {
        if (!all_[at].probe.empty()) {
            candidates.push_back(at);
        }
    }
    count_ = kManyRows + 1;
    const bool single = candidates.size() == 1 && all_[candidates.front()].streams;
    for (const std::int64_t limit : {kFewRows, kManyRows + 1}) {
        std::pair<std::int64_t, int> best{limit, 0};
        for (const std::size_t at : candidates) {
            if (single) {
                break;
            }
            KQ_ASSIGN(const auto count, CountUpTo(all_[at].probe, limit));
            if (count < limit && std::pair(count, all_[at].rank) < best) {
                best = {count, all_[at].rank};
                lead_ = at;
                count_ = count;
            }
        }
        if (lead_ != SIZE_MAX) {
            from_ = Sql("(").Add(all_[lead_].rows).Add(") " + alias());
            return {};
        }
    }
    // All have many rows: one that gives them in the order of places, else the records themselves.
    for (const std::size_t at : candidates) {
        const bool streams = all_[at].streams || !all_[at].stream.empty();
        if (streams && (lead_ == SIZE_MAX || all_[at].rank < all_[lead_].rank)) {
            lead_ = at;
        }
    }
    for (std::size_t at = 0; at < all_.size() && lead_ == SIZE_MAX && candidates.empty(); ++at) {
        lead_ = all_[at].rows.empty() ? SIZE_MAX : at;
    }
    if (lead_ == SIZE_MAX) {
        LeadByRecords();
        return {};
    }
    const Condition& lead = all_[lead_];
    from_ = Sql("(").Add(lead.stream.empty() ? lead.rows : lead.stream).Add(") " + alias());
    return {};
}

void Selection::LeadByRecords() {
    lead_ = SIZE_MAX;
    from_ = Sql("search_record " + alias());
}

core::Result<std::vector<Sql>> Selection::Tests(Extent extent) {
    std::vector<Sql> tests;
    if (lead_ == SIZE_MAX) {
        tests.push_back(Sql().Add(alias() + ".type = ?", type_));
    }
    for (std::size_t at = 0; at < all_.size(); ++at) {
        if (at != lead_) {
            tests.push_back(all_[at].test);
        }
    }
    KQ_ASSIGN(Sql admitted, conditions_.Admitted(extent));
    if (!admitted.empty()) {
        tests.push_back(std::move(admitted));
    }
    return tests;
}

core::Result<Sql> Selection::Records(std::string_view columns, Extent extent) {
    KQ_ASSIGN(std::vector<Sql> tests, Tests(extent));
    for (const Criterion* criterion : own_dates_) {
        Node node;
        node.kind = Node::Kind::kAny;
        Node one;
        one.kind = Node::Kind::kCriterion;
        one.criterion = *criterion;
        node.nodes.push_back(std::move(one));
        KQ_ASSIGN(const Condition condition, conditions_.Of(node));
        tests.push_back(condition.test);
    }
    return Sql("SELECT ").Add(columns).Add(" FROM ").Add(from_).Add(" WHERE ").Add(Where(tests));
}

core::Result<Sql> Selection::Joined(std::string_view columns, const Sql& join) {
    const Sql rows = from_;
    from_.Add(" JOIN ").Add(join);
    auto out = Records("DISTINCT " + std::string(columns), Extent::kFew);
    from_ = rows;
    return out;
}

core::Result<Sql> Selection::TestOf() {
    std::vector<Sql> tests;
    for (const Condition& condition : all_) {
        tests.push_back(condition.test);
    }
    for (const Criterion* criterion : own_dates_) {
        Node one;
        one.kind = Node::Kind::kCriterion;
        one.criterion = *criterion;
        KQ_ASSIGN(const Condition condition, conditions_.Of(one));
        tests.push_back(condition.test);
    }
    KQ_ASSIGN(Sql admitted, conditions_.Admitted(Extent::kFew));
    if (!admitted.empty()) {
        tests.push_back(std::move(admitted));
    }
    return tests.empty() ? Sql(kAlways) : InBrackets(" AND ", tests);
}

core::Error Selection::TooCostly() const {
    return core::MakeError(
        core::ErrorCode::kSearchTooCostly, plan_.type_name, std::to_string(plan_.limits.scanned)
    );
}

core::Status Selection::CheckCost(std::int64_t wanted) {
    if (count_ <= std::min(kManyRows, plan_.limits.scanned)) {
        return {};
    }
    KQ_ASSIGN(const std::vector<Sql> tests, Tests(Extent::kFew));
    if (tests.size() <= (lead_ == SIZE_MAX ? 1U : 0U)) {
        return {};
    }
    KQ_ASSIGN(const Sql base, Walked());
    const Sql sample = Sql("SELECT count(*) FROM (SELECT * FROM (")
                           .Add(base)
                           .Add(") w LIMIT ?) ", kSample)
                           .Add(alias());
    std::vector<Sql> others = tests;
    if (lead_ == SIZE_MAX) {
        others.erase(others.begin());
    }
    KQ_ASSIGN(const auto hits, Sql(sample).Add(" WHERE ").Add(Where(others)).Number(reader_));
    if (hits > 0 && wanted * kSample / hits <= plan_.limits.scanned) {
        return {};
    }
    return CheckCostOfAll();
}

core::Status Selection::CheckCostOfAll() {
    if (count_ <= std::min(kManyRows, plan_.limits.scanned)) {
        return {};
    }
    KQ_ASSIGN(const std::vector<Sql> tests, Tests(Extent::kFew));
    if (tests.size() <= (lead_ == SIZE_MAX ? 1U : 0U)) {
        return {};
    }
    return CheckRows();
}

core::Status Selection::CheckRows() {
    if (count_ <= std::min(kManyRows, plan_.limits.scanned)) {
        return {};
    }
    KQ_ASSIGN(const Sql base, Walked());
    KQ_ASSIGN(const auto rows, CountUpTo(base, plan_.limits.scanned + 1));
    if (rows > plan_.limits.scanned) {
        return TooCostly();
    }
    return {};
}

// The rows that are walked through: the leading ones, cut by the type's own date where its length
// class makes that a range of the index.
core::Result<Sql> Selection::Walked() {
    const std::string columns = "SELECT " + alias() + ".span, " + alias() + ".at, " + alias() +
                                ".home, " + alias() + ".key FROM ";
    Sql all;
    const int spans = own_dates_.empty() ? 1 : static_cast<int>(Span::kNone);
    for (int span = 0; span < spans; ++span) {
        std::vector<Sql> tests;
        if (lead_ == SIZE_MAX) {
            tests.push_back(Sql().Add(alias() + ".type = ?", type_));
        }
        if (!own_dates_.empty()) {
            tests.push_back(Sql().Add(alias() + ".span = ?", std::int64_t{span}));
        }
        for (const Criterion* criterion : own_dates_) {
            KQ_ASSIGN(Sql test, conditions_.OwnDate(*criterion, static_cast<Span>(span)));
            tests.push_back(std::move(test));
        }
        all.Join(" UNION ALL ", Sql(columns).Add(from_).Add(" WHERE ").Add(Where(tests)));
    }
    return all;
}

}  // namespace kangqu::search
