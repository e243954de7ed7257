#include "condition.hpp"

#include "grant.hpp"
#include <algorithm>

namespace kangqu::search {

namespace {

// Code systems under which one code may be stored; more are not looked for.
constexpr int kMaxSystems = 64;
// Keys up to which rows are kept a stream: the tests against earlier keys grow with the square.
constexpr std::size_t kMaxStreamedKeys = 4;
// Behind every text that begins with what stands in front of it.
constexpr std::string_view kTextEnd = "\xF4\x8F\xBF\xBF";
constexpr std::string_view kSameRecord =
    " AND t.span = d.span AND t.at = d.at AND t.home = d.home AND t.key = d.key";

Sql Comparison(std::string_view low, std::string_view high, Prefix prefix, Interval searched) {
    const std::string lo(low);
    const std::string hi(high);
    const auto within = [&] {
        return Sql().Add("(" + lo + " >= ? AND " + hi + " <= ?)", searched.low, searched.high);
    };
    switch (prefix) {
        case Prefix::kEq:
            return within();
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
    }
    return Sql("1 = 0");
}

// The same for rows whose length is known: one range of d.at, which an index can follow.
Sql FixedLength(std::int64_t length, Prefix prefix, Interval searched) {
    const std::int64_t last = searched.high - length;  // latest start that still ends within
    switch (prefix) {
        case Prefix::kEq:
            return Sql().Add("(d.at >= ? AND d.at <= ?)", searched.low, last);
        case Prefix::kNe:
            return Sql().Add("NOT (d.at >= ? AND d.at <= ?)", searched.low, last);
        case Prefix::kGt:
            return Sql().Add("d.at > ?", last);
        case Prefix::kLt:
            return Sql().Add("d.at < ?", searched.low);
        case Prefix::kGe:
            return Sql().Add("d.at >= ?", std::min(searched.low, last + 1));
        case Prefix::kLe:
            return Sql().Add("d.at <= ?", std::max(searched.low - 1, last));
        case Prefix::kSa:
            return Sql().Add("d.at >= ?", searched.high);
        case Prefix::kEb:
            return Sql().Add("d.at <= ?", searched.low - length);
    }
    return Sql("1 = 0");
}

Sql NumberComparison(const Value& value) {
    switch (value.prefix) {
        case Prefix::kEq:
            return Sql().Add("(t.value >= ? AND t.value < ?)", value.low, value.high);
        case Prefix::kNe:
            return Sql().Add("NOT (t.value >= ? AND t.value < ?)", value.low, value.high);
        case Prefix::kGt:
            return Sql().Add("t.value > ?", value.number);
        case Prefix::kLt:
            return Sql().Add("t.value < ?", value.number);
        case Prefix::kGe:
            return Sql().Add("t.value >= ?", value.number);
        case Prefix::kLe:
            return Sql().Add("t.value <= ?", value.number);
        case Prefix::kSa:
        case Prefix::kEb:
            break;
    }
    return Sql("1 = 0");
}

Sql Selected(std::string_view table, const Sql& where, bool distinct) {
    Sql out(distinct ? "SELECT DISTINCT" : "SELECT");
    return out.Add(" t.span, t.at, t.home, t.key FROM ").Add(table).Add(" t WHERE ").Add(where);
}

Sql Exists(std::string_view table, const Sql& where) {
    return Sql("EXISTS (SELECT 1 FROM ")
        .Add(table)
        .Add(" t WHERE ")
        .Add(where)
        .Add(kSameRecord)
        .Add(")");
}

// A full key of the token or the reference table in front of (span, at, home, key).
Sql WhereKey(
    std::string_view table,
    const std::string& alias,
    std::int64_t parameter,
    std::int64_t first,
    std::int64_t second
) {
    const bool token = table == "search_token";
    const std::string dot = alias + ".";
    return Sql().Add(
        dot + "parameter = ? AND " + dot + (token ? "code" : "type") + " = ? AND " + dot +
            (token ? "system" : "target") + " = ?",
        parameter,
        first,
        second
    );
}

// Criteria of identifying parameters lead before descriptive ones.
int RankOf(const Parameter& parameter) {
    const std::string_view code = parameter.facts->code;
    if (code == "identifier") {
        return 0;
    }
    if (parameter.facts->kind == fhir::SearchKind::kReference) {
        return 1;
    }
    return code.find("code") != std::string_view::npos ? 2 : 3;
}

}  // namespace

bool Conditions::IsOwnDate(const Criterion& criterion) const {
    const Parameter* const own = plan_.parameters->OwnDate(plan_.type);
    const auto sources = SourcesOf(criterion);
    return own != nullptr && sources.size() == 1 &&
           &plan_.parameters->at(sources.front().parameter) == own;
}

std::vector<Parameter::Via> Conditions::SourcesOf(const Criterion& criterion) const {
    if (!criterion.parameter->vias.empty()) {
        return criterion.parameter->vias;
    }
    return {{plan_.parameters->NumberOf(*criterion.parameter), fhir::kNoType}};
}

core::Result<std::int64_t> Conditions::NumberOf(const Parameter& parameter) {
    return reader_.Interned(parameter.name);
}

core::Result<Condition> Conditions::Of(const Criterion& criterion) {
    switch (criterion.parameter->table) {
        case kTokenTable:
        case kReferenceTable:
            return Keyed(criterion);
        case kStringTable:
            return Strings(criterion);
        case kDateTable:
        case kQuantityTable:
            return Ranged(criterion);
        case kRecordTable:
        case kManagedTable:
            break;
    }
    return core::MakeError(core::ErrorCode::kInternal, "a parameter without a table");
}

core::Status Conditions::TokenKeys(
    const Source& source,
    const Value& value,
    std::vector<Key>& keys,
    std::vector<Sql>& whole_systems
) {
    KQ_ASSIGN(const auto parameter, NumberOf(plan_.parameters->at(source.parameter)));
    std::int64_t system = 0;
    if (value.scope && !value.scope->empty()) {
        KQ_ASSIGN(system, reader_.Interned(*value.scope));
        if (system == 0) {
            return {};
        }
    }
    if (value.any_text) {
        whole_systems.push_back(Sql().Add("t.parameter = ? AND t.system = ?", parameter, system));
        return {};
    }
    KQ_ASSIGN(const auto code, reader_.Interned(value.text));
    if (parameter == 0 || code == 0) {
        return {};
    }
    if (value.scope) {
        keys.push_back({parameter, code, system});
        return {};
    }
    // One key for each system the code stands under, found by skipping from one to the next.
    std::int64_t last = -1;
    for (int found = 0; found < kMaxSystems; ++found) {
        const Sql next = Sql().Add(
            "SELECT system FROM search_token WHERE parameter = ? AND code = ? AND system > ?"
            " ORDER BY system LIMIT 1",
            parameter,
            code,
            last
        );
        bool any = false;
        KQ_TRY(next.Run(reader_, [&](std::span<const store::SqlValue> row) {
            last = IntegerOf(row[0]);
            any = true;
            return false;
        }));
        if (!any) {
            break;
        }
        keys.push_back({parameter, code, last});
    }
    return {};
}

core::Status
Conditions::ReferenceKeys(const Source& source, const Value& value, std::vector<Key>& keys) {
    const Parameter& parameter = plan_.parameters->at(source.parameter);
    KQ_ASSIGN(const auto number, NumberOf(parameter));
    std::vector<std::string_view> types;
    if (value.scope && value.scope->empty()) {
        KQ_ASSIGN(const auto url, reader_.Interned(value.text));
        if (url != 0) {
            keys.push_back({number, 0, url});
        }
        return {};
    }
    if (value.scope) {
        types.push_back(*value.scope);
    } else if (source.only != fhir::kNoType) {
        types.push_back(fhir::TypeOf(source.only).name);
    } else {
        for (const fhir::TypeNumber target : parameter.facts->targets) {
            types.push_back(fhir::TypeOf(target).name);
        }
    }
    for (const std::string_view type : types) {
        if (source.only != fhir::kNoType && type != fhir::TypeOf(source.only).name) {
            continue;
        }
        KQ_ASSIGN(const auto target, reader_.Find(type, value.text));
        if (target) {
            KQ_ASSIGN(const auto type_number, reader_.Interned(type));
            keys.push_back({number, type_number, target->key});
        }
    }
    return {};
}

core::Result<Condition> Conditions::Keyed(const Criterion& criterion) {
    const bool token = criterion.parameter->table == kTokenTable;
    const std::string_view table = token ? "search_token" : "search_reference";
    std::vector<Key> keys;
    std::vector<Sql> whole_systems;
    for (const Source& source : SourcesOf(criterion)) {
        for (const Value& value : criterion.values) {
            KQ_TRY(
                token ? TokenKeys(source, value, keys, whole_systems)
                      : ReferenceKeys(source, value, keys)
            );
        }
    }
    Condition out;
    out.rank = RankOf(*criterion.parameter);
    out.impossible = keys.empty() && whole_systems.empty() && !criterion.negated;
    std::vector<Sql> tests;
    for (const Key& key : keys) {
        tests.push_back(Exists(table, WhereKey(table, "t", key.parameter, key.first, key.second)));
    }
    AddKeys(table, keys, out);
    for (const Sql& where : whole_systems) {
        tests.push_back(Sql("(d.home, d.key) IN (SELECT t.home, t.key FROM search_token t WHERE ")
                            .Add(where)
                            .Add(")"));
        out.rows.Join(" UNION ", Selected(table, where, true));
        out.probe.Join(" UNION ALL ", Selected(table, where, false));
    }
    if (tests.empty()) {
        tests.emplace_back("1 = 0");
    }
    out.test = InBrackets(" OR ", tests);
    if (criterion.negated) {
        out.test = Sql("NOT ").Add(out.test);
        out.rows = Sql();
    }
    return out;
}

// A few keys stay a stream in index order: each leaves out what an earlier one has. Many keys are
// gathered and made distinct.
void Conditions::AddKeys(std::string_view table, const std::vector<Key>& keys, Condition& out) {
    const bool stream = keys.size() <= kMaxStreamedKeys;
    for (std::size_t at = 0; at < keys.size(); ++at) {
        Sql where = WhereKey(table, "t", keys[at].parameter, keys[at].first, keys[at].second);
        out.probe.Join(" UNION ALL ", Selected(table, where, false));
        for (std::size_t before = 0; before < at && stream; ++before) {
            const Key& key = keys[before];
            where.Add(" AND NOT EXISTS (SELECT 1 FROM ").Add(table).Add(" e WHERE ");
            where.Add(WhereKey(table, "e", key.parameter, key.first, key.second));
            where.Add(" AND e.span = t.span AND e.at = t.at AND e.home = t.home AND e.key = t.key)"
            );
        }
        out.rows.Join(stream ? " UNION ALL " : " UNION ", Selected(table, where, false));
    }
}

core::Result<Condition> Conditions::Strings(const Criterion& criterion) {
    std::vector<Sql> wheres;
    for (const Source& source : SourcesOf(criterion)) {
        KQ_ASSIGN(const auto parameter, NumberOf(plan_.parameters->at(source.parameter)));
        for (const Value& value : criterion.values) {
            Sql where = Sql().Add("t.parameter = ?", parameter);
            switch (criterion.match) {
                case StringMatch::kPrefix:
                    where.Add(
                        " AND t.text >= ? AND t.text < ?",
                        value.text,
                        value.text + std::string(kTextEnd)
                    );
                    break;
                case StringMatch::kExact:
                    where.Add(" AND t.text = ? AND t.original = ?", value.text, *value.scope);
                    break;
                case StringMatch::kContains:
                    where.Add(" AND instr(t.text, ?) > 0", value.text);
                    break;
            }
            wheres.push_back(std::move(where));
        }
    }
    Condition out;
    out.rank = 2;
    out.rows = Selected("search_string", InBrackets(" OR ", wheres), true);
    out.probe = Selected("search_string", InBrackets(" OR ", wheres), false);
    out.test = Sql("(d.home, d.key) IN (SELECT t.home, t.key FROM search_string t WHERE ")
                   .Add(InBrackets(" OR ", wheres))
                   .Add(")");
    return out;
}

// Dates other than the type's own, numbers and quantities.
core::Result<Condition> Conditions::Ranged(const Criterion& criterion) {
    const bool date = criterion.parameter->table == kDateTable;
    const std::string_view table = date ? "search_date" : "search_quantity";
    Condition out;
    out.rank = 4;
    std::vector<Sql> tests;
    for (const Source& source : SourcesOf(criterion)) {
        KQ_ASSIGN(const auto parameter, NumberOf(plan_.parameters->at(source.parameter)));
        std::vector<Sql> values;
        for (const Value& value : criterion.values) {
            Sql one = date ? Comparison("t.low", "t.high", value.prefix, value.interval)
                           : NumberComparison(value);
            if (!value.text.empty() && !date) {
                KQ_ASSIGN(const auto unit, reader_.Interned(value.text));
                one = Sql("(").Add(one).Add(" AND t.unit = ?)", unit);
            }
            values.push_back(std::move(one));
        }
        const Sql where =
            Sql().Add("t.parameter = ? AND ", parameter).Add(InBrackets(" OR ", values));
        tests.push_back(Exists(table, where));
        out.rows.Join(" UNION ", Selected(table, where, true));
        out.probe.Join(" UNION ALL ", Selected(table, where, false));
    }
    out.test = InBrackets(" OR ", tests);
    return out;
}

core::Result<Sql> Conditions::OwnDate(const Criterion& criterion, Span span) {
    std::vector<Sql> tests;
    if (span != Span::kOther) {
        const std::int64_t length = kSpanMs[static_cast<std::size_t>(span)];
        for (const Value& value : criterion.values) {
            tests.push_back(FixedLength(length, value.prefix, value.interval));
        }
        return InBrackets(" OR ", tests);
    }
    KQ_ASSIGN(
        const auto parameter, NumberOf(plan_.parameters->at(SourcesOf(criterion).front().parameter))
    );
    for (const Value& value : criterion.values) {
        tests.push_back(Comparison("t.low", "t.high", value.prefix, value.interval));
    }
    return Exists(
        "search_date", Sql().Add("t.parameter = ? AND ", parameter).Add(InBrackets(" OR ", tests))
    );
}

// Times of changes never fall, so a time is a place in the feed.
core::Result<std::int64_t> Conditions::FirstChangeAt(core::InstantMs when) {
    std::int64_t low = 1;
    std::int64_t high = reader_.position() + 1;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        std::int64_t updated = INT64_MAX;
        const Sql probe = Sql().Add(
            "SELECT updated FROM version WHERE change >= ? ORDER BY change LIMIT 1", middle
        );
        KQ_TRY(probe.Run(reader_, [&](std::span<const store::SqlValue> row) {
            updated = IntegerOf(row[0]);
            return false;
        }));
        if (updated >= when) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

core::Result<Sql> Conditions::ChangeTimes(const ChangeTime& time) {
    std::vector<Sql> tests;
    for (const auto& [prefix, interval] : time.values) {
        KQ_ASSIGN(const auto low, FirstChangeAt(interval.low));
        KQ_ASSIGN(const auto high, FirstChangeAt(interval.high));
        tests.push_back(Comparison("c.change", "c.change + 1", prefix, {low, high}));
    }
    return Sql("EXISTS (SELECT 1 FROM current c WHERE c.home = d.home AND c.key = d.key AND ")
        .Add(InBrackets(" OR ", tests))
        .Add(")");
}

core::Result<Sql> Conditions::Admitted(Extent extent) {
    if (plan_.unrestricted) {
        return Sql();
    }
    std::vector<Sql> grants;
    for (const Grant& grant : plan_.grants) {
        KQ_ASSIGN(Sql test, GrantTest(reader_, grant, plan_.type_name, "d", extent));
        grants.push_back(std::move(test));
    }
    if (grants.empty()) {
        grants.emplace_back("1 = 0");
    }
    return InBrackets(" OR ", grants);
}

}  // namespace kangqu::search
