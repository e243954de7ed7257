// Composites: rows that hold the values of two or three parts side by side.
#include "condition.hpp"

namespace kangqu::search {

// What the second part of a composite's value asks of (low, high, unit) in the columns of t.
core::Result<Sql> Conditions::SecondOfPair(const Criterion& criterion, const Value& value) {
    const auto& parts = criterion.parameter->parts;
    if (parts.size() == 3) {
        return Sql()
            .Add(NumberComparison("t.low", value.parts[1]))
            .Add(" AND ")
            .Add(NumberComparison("t.high", value.parts[2]));
    }
    const Value& second = value.parts[1];
    if (parts[1].kind == fhir::SearchKind::kQuantity) {
        KQ_ASSIGN(const auto tests, AmountTests(0, second, false));
        std::vector<Sql> renamed;
        for (const Sql& test : tests) {
            renamed.push_back(test.Replaced("t.value", "t.low"));
        }
        return InBrackets(" OR ", renamed);
    }
    if (parts[1].kind == fhir::SearchKind::kReference) {
        if (!second.scope || second.scope->empty()) {
            KQ_ASSIGN(const auto url, reader_.Interned(second.text));
            return Sql().Add(
                "(t.low = ? AND t.unit = 0)", static_cast<double>(url == 0 ? -1 : url)
            );
        }
        KQ_ASSIGN(const auto at, reader_.Find(*second.scope, second.text));
        KQ_ASSIGN(const auto type, reader_.Interned(*second.scope));
        return Sql().Add(
            "(t.low = ? AND t.unit = ?)", static_cast<double>(at ? at->key : -1), type
        );
    }
    std::int64_t system = 0;
    if (second.scope && !second.scope->empty()) {
        KQ_ASSIGN(system, reader_.Interned(*second.scope));
        system = system == 0 ? -1 : system;
    }
    Sql test;
    if (!second.any_text) {
        KQ_ASSIGN(const auto code, reader_.Interned(second.text));
        test.Add("t.low = ?", static_cast<double>(code == 0 ? -1 : code));
    }
    if (second.scope) {
        test.Join(" AND ", Sql().Add("t.unit = ?", system));
    }
    return Sql("(").Add(test).Add(")");
}

// Rows of one value: the first part is a code, the second tests the rest of the row.
core::Result<std::vector<Sql>>
Conditions::PairTests(const Source& source, const Criterion& criterion, const Value& value) {
    std::vector<Sql> wheres;
    KQ_ASSIGN(const auto parameter, NumberOf(source));
    KQ_ASSIGN(const Sql second, SecondOfPair(criterion, value));
    const Value& first = value.parts[0];
    if (first.any_text) {
        KQ_ASSIGN(const auto system, reader_.Interned(*first.scope));
        wheres.push_back(
            Sql()
                .Add("t.parameter = ? AND t.system = ? AND ", parameter, system == 0 ? -1 : system)
                .Add(second)
        );
        return wheres;
    }
    KQ_ASSIGN(const auto code, reader_.Interned(first.text));
    if (code == 0 || parameter == 0) {
        return wheres;
    }
    std::vector<std::int64_t> systems;
    if (first.scope) {
        KQ_ASSIGN(const auto system, reader_.Interned(*first.scope));
        systems.push_back(system == 0 && !first.scope->empty() ? -1 : system);
    } else {
        KQ_ASSIGN(
            systems,
            Skip(
                "system",
                Sql().Add("search_pair WHERE parameter = ? AND code = ?", parameter, code),
                0,
                INT64_MAX
            )
        );
    }
    for (const std::int64_t system : systems) {
        wheres.push_back(
            Sql()
                .Add(
                    "t.parameter = ? AND t.code = ? AND t.system = ? AND ", parameter, code, system
                )
                .Add(second)
        );
    }
    return wheres;
}

core::Result<Condition> Conditions::Pairs(const Criterion& criterion) {
    Condition out;
    out.rank = 1;
    std::vector<Sql> all;
    std::vector<Sql> tests;
    for (const Source& source : SourcesOf(*criterion.parameter)) {
        for (const Value& value : criterion.values) {
            KQ_ASSIGN(const auto wheres, PairTests(source, criterion, value));
            for (const Sql& where : wheres) {
                tests.push_back(Exists("search_pair", where));
                out.rows.Join(" UNION ", Selected("search_pair", where, true));
                out.probe.Join(" UNION ALL ", Selected("search_pair", where, false));
                all.push_back(where);
            }
        }
    }
    out.impossible = all.empty();
    if (!all.empty()) {
        out.test = InBrackets(" OR ", tests);
    }
    // One key is in the order of places as it stands.
    out.streams = all.size() == 1;
    return out;
}

}  // namespace kangqu::search
