// Chains and _has: criteria about other records.
#include "condition.hpp"
#include "selection.hpp"
#include <algorithm>

namespace kangqu::search {

namespace {

// Records at the far end of a link up to which they are looked up first.
constexpr std::int64_t kMaxLinked = 1'000;

core::Status Numbers(const Sql& query, store::Reader& reader, std::vector<std::int64_t>& out) {
    return query.Run(reader, [&](std::span<const store::SqlValue> row) {
        out.push_back(IntegerOf(row[0]));
        return true;
    });
}

}  // namespace

core::Result<Condition> Conditions::Chain(const Node& node) {
    Selection end(*node.sub, reader_, depth_ + 1);
    KQ_TRY(end.Prepare());
    Condition out;
    out.rank = 1;
    out.impossible = end.nothing();
    if (out.impossible) {
        return out;
    }
    KQ_ASSIGN(const auto type, reader_.Interned(node.sub->type_name));
    std::vector<Source> sources;
    for (const Source& source : SourcesOf(*node.link)) {
        if (source.only == fhir::kNoType || source.only == node.sub->type) {
            sources.push_back(source);
        }
    }
    KQ_TRY(end.CheckCost(1));
    KQ_ASSIGN(const Sql found, end.Records(end.alias() + ".key", Extent::kFew));
    std::vector<std::int64_t> targets;
    KQ_TRY(Numbers(Sql(found).Add(" LIMIT ?", kMaxLinked + 1), reader_, targets));
    if (static_cast<std::int64_t>(targets.size()) <= kMaxLinked) {
        std::vector<Key> keys;
        for (const Source& source : sources) {
            KQ_ASSIGN(const auto parameter, NumberOf(source));
            for (const std::int64_t target : targets) {
                keys.push_back({parameter, type, target});
            }
        }
        out.impossible = keys.empty();
        AddKeys(false, keys, out);
        return out;
    }
    // Too many to look up: each record is asked where it points to.
    KQ_ASSIGN(const Sql holds, end.TestOf());
    const std::string inner = end.alias();
    std::vector<Sql> tests;
    for (const Source& source : sources) {
        KQ_ASSIGN(const auto parameter, NumberOf(source));
        tests.push_back(
            Sql("EXISTS (SELECT 1 FROM search_reference t CROSS JOIN search_record " + inner +
                " WHERE ")
                .Add("t.parameter = ? AND t.type = ?", parameter, type)
                .Add(SameKey("t"))
                .Add(" AND " + inner + ".key = t.target AND " + inner + ".type = ? AND ", type)
                .Add(holds)
                .Add(")")
        );
    }
    out.test = InBrackets(" OR ", tests);
    return out;
}

core::Result<Condition> Conditions::Has(const Node& node) {
    Selection from(*node.sub, reader_, depth_ + 1);
    KQ_TRY(from.Prepare());
    Condition out;
    out.rank = 1;
    out.impossible = from.nothing();
    if (out.impossible) {
        return out;
    }
    KQ_ASSIGN(const auto type, reader_.Interned(plan_.type_name));
    const std::string inner = from.alias();
    std::vector<Sql> tests;
    std::vector<std::int64_t> targets;
    bool few = from.count() <= Selection::kManyRows;
    for (const Source& source : SourcesOf(*node.link)) {
        if (source.only != fhir::kNoType && source.only != plan_.type) {
            continue;
        }
        KQ_ASSIGN(const auto parameter, NumberOf(source));
        if (few) {
            KQ_ASSIGN(
                const Sql found,
                from.Joined(
                    "r.target",
                    Sql().Add(
                        "search_reference r ON r.key = " + inner + ".key AND r.home = " + inner +
                            ".home AND r.parameter = ? AND r.type = ?",
                        parameter,
                        type
                    )
                )
            );
            KQ_TRY(Numbers(Sql(found).Add(" LIMIT ?", Selection::kManyRows + 1), reader_, targets));
            few = static_cast<std::int64_t>(targets.size()) <= Selection::kManyRows;
        }
        KQ_ASSIGN(const Sql holds, from.TestOf());
        tests.push_back(Sql("EXISTS (SELECT 1 FROM search_reference " + inner + " WHERE ")
                            .Add(
                                inner + ".parameter = ? AND " + inner + ".type = ? AND " + inner +
                                    ".target = " + alias_ + ".key AND ",
                                parameter,
                                type
                            )
                            .Add(holds)
                            .Add(")"));
    }
    if (few) {
        std::sort(targets.begin(), targets.end());
        targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
        return OfRecords(std::move(targets));
    }
    out.test = InBrackets(" OR ", tests);
    return out;
}

}  // namespace kangqu::search
