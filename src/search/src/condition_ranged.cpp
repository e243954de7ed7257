// Strings, dates, amounts and composites: rows within ranges.
#include "condition.hpp"
#include "extract.hpp"
#include <algorithm>
#include <array>
#include <charconv>

namespace kangqu::search {

namespace {

// Behind every text that begins with what stands in front of it.
constexpr std::string_view kTextEnd = "\xF4\x8F\xBF\xBF";

// The shortest text that reads back as the same number.
std::string TextOf(double value) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? std::string(text.data(), end) : std::string();
}

// The same as Comparison for rows whose length is known: one range of the place, which an index can
// follow.
Sql FixedLength(const std::string& at, std::int64_t length, Prefix prefix, Interval searched) {
    const std::int64_t last = searched.high - length;  // latest start that still ends within
    switch (prefix) {
        case Prefix::kEq:
            return Sql().Add("(" + at + " >= ? AND " + at + " <= ?)", searched.low, last);
        case Prefix::kNe:
            return Sql().Add("NOT (" + at + " >= ? AND " + at + " <= ?)", searched.low, last);
        case Prefix::kGt:
            return Sql().Add(at + " > ?", last);
        case Prefix::kLt:
            return Sql().Add(at + " < ?", searched.low);
        case Prefix::kGe:
            return Sql().Add(at + " >= ?", std::min(searched.low, last + 1));
        case Prefix::kLe:
            return Sql().Add(at + " <= ?", std::max(searched.low - 1, last));
        case Prefix::kSa:
            return Sql().Add(at + " >= ?", searched.high);
        case Prefix::kEb:
            return Sql().Add(at + " <= ?", searched.low - length);
        case Prefix::kAp:
            return Sql().Add(
                "(" + at + " < ? AND " + at + " > ?)", searched.high, searched.low - length
            );
    }
    return Sql(kNever);
}

// Where the place of a record must lie so that one of its dates can hold; the dates lie within
// `length` behind the place (0: no bound).
Sql PlaceBounds(const std::string& at, std::int64_t length, Prefix prefix, Interval searched) {
    Sql out;
    const auto below = [&](std::int64_t bound) {
        out.Join(" AND ", Sql().Add(at + " < ?", bound));
    };
    const auto above = [&](std::int64_t bound) {
        if (length > 0) {
            out.Join(" AND ", Sql().Add(at + " > ?", bound - length - 1));
        }
    };
    switch (prefix) {
        case Prefix::kEq:
        case Prefix::kAp:
            below(searched.high);
            above(searched.low);
            break;
        case Prefix::kLt:
            below(searched.low);
            break;
        case Prefix::kLe:
        case Prefix::kEb:
            below(searched.high);
            break;
        case Prefix::kGt:
        case Prefix::kSa:
            above(searched.high);
            break;
        case Prefix::kGe:
            above(searched.low);
            break;
        case Prefix::kNe:
            break;
    }
    return out.empty() ? Sql(kAlways) : out;
}

}  // namespace

Sql Comparison(std::string_view low, std::string_view high, Prefix prefix, Interval searched) {
    const std::string lo(low);
    const std::string hi(high);
    const auto within = [&] {
        return Sql().Add("(" + lo + " >= ? AND " + hi + " <= ?)", searched.low, searched.high);
    };
    switch (prefix) {
        case Prefix::kEq:
            // A start behind the end can not be within, which bounds the index.
            return Sql().Add(
                "(" + lo + " >= ? AND " + lo + " < ? AND " + hi + " <= ?)",
                searched.low,
                searched.high,
                searched.high
            );
        case Prefix::kNe:
            return Sql("NOT ").Add(within());
        case Prefix::kGt:
            return Sql().Add(hi + " > ?", searched.high);
        case Prefix::kLt:
            return Sql().Add(lo + " < ?", searched.low);
        case Prefix::kGe:
            return Sql().Add("(" + hi + " > ? OR ", searched.high).Add(within()).Add(")");
        case Prefix::kLe:
            return Sql().Add("(" + lo + " < ? OR ", searched.low).Add(within()).Add(")");
        case Prefix::kSa:
            return Sql().Add(lo + " >= ?", searched.high);
        case Prefix::kEb:
            return Sql().Add(hi + " <= ?", searched.low);
        case Prefix::kAp:
            return Sql().Add("(" + lo + " < ? AND " + hi + " > ?)", searched.high, searched.low);
    }
    return Sql(kNever);
}

Sql NumberComparison(std::string_view column, const Value& value) {
    const std::string t(column);
    switch (value.prefix) {
        case Prefix::kEq:
            return Sql().Add("(" + t + " >= ? AND " + t + " < ?)", value.low, value.high);
        case Prefix::kAp:
            return Sql().Add("(" + t + " >= ? AND " + t + " <= ?)", value.low, value.high);
        case Prefix::kNe:
            return Sql().Add("NOT (" + t + " >= ? AND " + t + " < ?)", value.low, value.high);
        case Prefix::kGt:
            return Sql().Add(t + " > ?", value.number);
        case Prefix::kLt:
            return Sql().Add(t + " < ?", value.number);
        case Prefix::kGe:
            return Sql().Add(t + " >= ?", value.number);
        case Prefix::kLe:
            return Sql().Add(t + " <= ?", value.number);
        case Prefix::kSa:
            return Sql().Add(t + " >= ?", value.high);
        case Prefix::kEb:
            return Sql().Add(t + " < ?", value.low);
    }
    return Sql(kNever);
}

Sql Selected(std::string_view table, const Sql& where, bool distinct) {
    Sql out(distinct ? "SELECT DISTINCT" : "SELECT");
    return out.Add(" t.span, t.at, t.home, t.key FROM ").Add(table).Add(" t WHERE ").Add(where);
}

core::Result<Condition> Conditions::Strings(const Criterion& criterion) {
    std::vector<Sql> wheres;
    for (const Source& source : SourcesOf(*criterion.parameter)) {
        KQ_ASSIGN(const auto parameter, NumberOf(source));
        for (const Value& value : criterion.values) {
            Sql where = Sql().Add("t.parameter = ?", parameter);
            if (criterion.modifier == Modifier::kContains) {
                where.Add(" AND ").Add(Holds("t.text", value.text));
            } else if (criterion.modifier == Modifier::kExact) {
                where.Add(" AND t.text = ? AND t.original = ?", value.text, *value.scope);
            } else {
                where.Add(
                    " AND t.text >= ? AND t.text < ?",
                    value.text,
                    value.text + std::string(kTextEnd)
                );
                if (value.scope) {
                    where.Add(" AND t.original = ?", *value.scope);
                }
            }
            wheres.push_back(std::move(where));
        }
    }
    Condition out;
    out.rank = 2;
    for (const Sql& where : wheres) {
        out.rows.Join(" UNION ", Selected("search_string", where, true));
        if (criterion.modifier != Modifier::kContains) {
            out.probe.Join(" UNION ALL ", Selected("search_string", where, false));
        }
    }
    out.test = ExistsByKey("search_string", InBrackets(" OR ", wheres));
    return out;
}

// Dates other than the type's own.
core::Result<Condition> Conditions::Dates(const Criterion& criterion) {
    Condition out;
    out.rank = 4;
    std::vector<Sql> tests;
    for (const Source& source : SourcesOf(*criterion.parameter)) {
        KQ_ASSIGN(const auto parameter, NumberOf(source));
        std::vector<Sql> values;
        for (const Value& value : criterion.values) {
            values.push_back(Comparison("t.low", "t.high", value.prefix, value.interval));
            const Sql where = Sql().Add("t.parameter = ? AND ", parameter).Add(values.back());
            out.rows.Join(" UNION ", Selected("search_date", where, true));
            out.probe.Join(" UNION ALL ", Selected("search_date", where, false));
        }
        const Sql where =
            Sql().Add("t.parameter = ? AND ", parameter).Add(InBrackets(" OR ", values));
        tests.push_back(Exists("search_date", where));
        if (SourcesOf(*criterion.parameter).size() == 1) {
            out.stream = Selected("search_date", where, true);
        }
    }
    out.test = InBrackets(" OR ", tests);
    return out;
}

// What `value` asks of (unit, value) in the columns of t. With `each_unit` one test a unit, so that
// an index by unit and value can follow; else one that a row is tested with.
core::Result<std::vector<Sql>>
Conditions::AmountTests(std::int64_t parameter, const Value& value, bool each_unit) {
    const auto unit_of = [&](UnitKind kind, const std::string& text) -> core::Result<std::int64_t> {
        KQ_ASSIGN(const auto number, reader_.Interned(text));
        return UnitColumn(kind, number == 0 ? kUnitRange - 1 : number);
    };
    const auto with_unit = [](std::int64_t unit, const Sql& test) {
        return Sql().Add("(t.unit = ? AND ", unit).Add(test).Add(")");
    };
    const Sql test = NumberComparison("t.value", value);
    if (value.text.empty()) {
        if (!each_unit) {
            return std::vector<Sql>{Sql().Add("(t.unit < ? AND ", kUnitRange).Add(test).Add(")")};
        }
        KQ_ASSIGN(
            const auto units,
            Skip("unit", Sql().Add("search_quantity WHERE parameter = ?", parameter), 0, kUnitRange)
        );
        std::vector<Sql> tests;
        for (const std::int64_t unit : units) {
            tests.push_back(with_unit(unit, test));
        }
        return tests;
    }
    if (!value.scope || value.scope->empty()) {
        KQ_ASSIGN(const auto code, unit_of(UnitKind::kWritten, value.text));
        KQ_ASSIGN(const auto alias, unit_of(UnitKind::kAlias, value.text));
        return std::vector<Sql>{with_unit(code, test), with_unit(alias, test)};
    }
    if (*value.scope == kUcum) {
        const auto number = plan_.knowledge->Canonical(TextOf(value.number), value.text);
        const auto low = plan_.knowledge->Canonical(TextOf(value.low), value.text);
        const auto high = plan_.knowledge->Canonical(TextOf(value.high), value.text);
        if (number && low && high) {
            Value canonical = value;
            canonical.number = Rounded(number->value);
            canonical.low = Rounded(low->value);
            canonical.high = Rounded(high->value);
            KQ_ASSIGN(const auto unit, unit_of(UnitKind::kCanonical, number->unit));
            return std::vector<Sql>{with_unit(unit, NumberComparison("t.value", canonical))};
        }
    }
    KQ_ASSIGN(const auto unit, unit_of(UnitKind::kSystem, *value.scope + "|" + value.text));
    return std::vector<Sql>{with_unit(unit, test)};
}

core::Result<Condition> Conditions::Amounts(const Criterion& criterion) {
    Condition out;
    out.rank = 4;
    std::vector<Sql> tests;
    for (const Source& source : SourcesOf(*criterion.parameter)) {
        KQ_ASSIGN(const auto parameter, NumberOf(source));
        std::vector<Sql> values;
        for (const Value& value : criterion.values) {
            KQ_ASSIGN(const auto each, AmountTests(parameter, value, true));
            for (const Sql& test : each) {
                const Sql where = Sql().Add("t.parameter = ? AND ", parameter).Add(test);
                out.rows.Join(" UNION ", Selected("search_quantity", where, true));
                out.probe.Join(" UNION ALL ", Selected("search_quantity", where, false));
            }
            KQ_ASSIGN(auto any, AmountTests(parameter, value, false));
            std::move(any.begin(), any.end(), std::back_inserter(values));
        }
        const Sql where =
            Sql().Add("t.parameter = ? AND ", parameter).Add(InBrackets(" OR ", values));
        tests.push_back(Exists("search_quantity", where));
        if (SourcesOf(*criterion.parameter).size() == 1) {
            out.stream = Selected("search_quantity", where, true);
        }
    }
    out.impossible = out.rows.empty();
    out.test = InBrackets(" OR ", tests);
    return out;
}

core::Result<Sql> Conditions::OwnDate(const Criterion& criterion, Span span) {
    std::vector<Sql> tests;
    const std::string at = alias_ + ".at";
    if (IsFixed(span)) {
        const std::int64_t length = kSpanMs[static_cast<std::size_t>(span)];
        for (const Value& value : criterion.values) {
            tests.push_back(FixedLength(at, length, value.prefix, value.interval));
        }
        return InBrackets(" OR ", tests);
    }
    const std::int64_t length = span == Span::kLong ? 0 : kSpanMs[static_cast<std::size_t>(span)];
    KQ_ASSIGN(const auto parameter, NumberOf(SourcesOf(*criterion.parameter).front()));
    for (const Value& value : criterion.values) {
        const Sql held = Sql()
                             .Add("t.parameter = ? AND ", parameter)
                             .Add(Comparison("t.low", "t.high", value.prefix, value.interval));
        tests.push_back(Sql("(")
                            .Add(PlaceBounds(at, length, value.prefix, value.interval))
                            .Add(" AND ")
                            .Add(Exists("search_date", held))
                            .Add(")"));
    }
    return InBrackets(" OR ", tests);
}

// The type's own date inside a larger criterion, where length classes cannot be kept apart.
core::Result<Condition> Conditions::OwnDateOfAny(const Criterion& criterion) {
    std::vector<Sql> tests;
    for (int at = 0; at < static_cast<int>(Span::kNone); ++at) {
        KQ_ASSIGN(const Sql test, OwnDate(criterion, static_cast<Span>(at)));
        tests.push_back(
            Sql().Add("(" + alias_ + ".span = ? AND ", std::int64_t{at}).Add(test).Add(")")
        );
    }
    Condition out;
    out.test = InBrackets(" OR ", tests);
    return out;
}

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
