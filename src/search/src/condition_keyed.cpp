// Tokens, references and URIs: rows with full keys.
#include "condition.hpp"
#include <algorithm>
#include <map>

namespace kangqu::search {

namespace {

// Code systems under which one code may be stored; more are not looked for.
constexpr std::size_t kMaxSystems = 64;
// Keys up to which rows are kept a stream: the tests against earlier keys grow with the square.
constexpr std::size_t kMaxStreamedKeys = 4;
// Keys up to which each is tried on a row by itself.
constexpr std::size_t kMaxTriedKeys = 32;

// A full key in front of (span, at, home, key).
Sql WhereKey(
    bool token,
    const std::string& alias,
    std::int64_t parameter,
    std::int64_t first,
    std::int64_t second
) {
    const std::string dot = alias + ".";
    return Sql().Add(
        dot + "parameter = ? AND " + dot + (token ? "code" : "type") + " = ? AND " + dot +
            (token ? "system" : "target") + " = ?",
        parameter,
        first,
        second
    );
}

std::string_view TableOf(bool token) noexcept {
    return token ? "search_token" : "search_reference";
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

Facet FacetOf(Modifier modifier) noexcept {
    switch (modifier) {
        case Modifier::kText:
            return Facet::kText;
        case Modifier::kOfType:
            return Facet::kOfType;
        case Modifier::kIdentifier:
            return Facet::kIdentifier;
        case Modifier::kNone:
        case Modifier::kMissing:
        case Modifier::kNot:
        case Modifier::kIn:
        case Modifier::kNotIn:
        case Modifier::kAbove:
        case Modifier::kBelow:
        case Modifier::kExact:
        case Modifier::kContains:
        case Modifier::kReading:
        case Modifier::kInitials:
            break;
    }
    return Facet::kItself;
}

// "http://a/b/c" -> itself, "http://a/b", "http://a".
std::vector<std::string> Ancestors(const std::string& uri) {
    std::vector<std::string> out;
    std::string rest = uri;
    while (!rest.empty()) {
        out.push_back(rest);
        out.push_back(rest + "/");
        const std::size_t cut = rest.find_last_of('/');
        if (cut == std::string::npos || cut == 0 || rest[cut - 1] == '/') {
            break;
        }
        rest.resize(cut);
    }
    return out;
}

}  // namespace

// The distinct values of a column between two bounds, found by skipping from one to the next.
core::Result<std::vector<std::int64_t>> Conditions::Skip(
    std::string_view column,
    const Sql& table_and_fixed,
    std::int64_t from,
    std::int64_t upto
) {
    std::vector<std::int64_t> found;
    const std::string name(column);
    while (found.size() <= kMaxSystems) {
        const Sql next =
            Sql("SELECT " + name + " FROM ")
                .Add(table_and_fixed)
                .Add(
                    " AND " + name + " >= ? AND " + name + " < ? ORDER BY " + name + " LIMIT 1",
                    from,
                    upto
                );
        bool any = false;
        KQ_TRY(next.Run(reader_, [&](std::span<const store::SqlValue> row) {
            found.push_back(IntegerOf(row[0]));
            any = true;
            return false;
        }));
        if (!any) {
            break;
        }
        from = found.back() + 1;
    }
    return found;
}

core::Status Conditions::TokenKeys(
    std::int64_t parameter,
    const Value& value,
    std::vector<Key>& keys,
    std::vector<Sql>& whole_systems
) {
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
    KQ_ASSIGN(
        const auto systems,
        Skip(
            "system",
            Sql().Add("search_token WHERE parameter = ? AND code = ?", parameter, code),
            0,
            INT64_MAX
        )
    );
    for (const std::int64_t one : systems) {
        keys.push_back({parameter, code, one});
    }
    return {};
}

// The words that stand beside a parameter's codes are few; those that hold the searched text are
// its keys.
core::Status
Conditions::TextKeys(std::int64_t parameter, const Value& value, std::vector<Key>& keys) {
    std::int64_t last = -1;
    for (std::size_t seen = 0; parameter != 0; ++seen) {
        if (seen > plan_.limits.codes) {
            return core::MakeError(
                core::ErrorCode::kSearchTooComplex, ":text > " + std::to_string(plan_.limits.codes)
            );
        }
        const Sql next = Sql().Add(
            "SELECT t.code, i.text FROM search_token t JOIN interned i ON i.number = t.code"
            " WHERE t.parameter = ? AND t.code > ? ORDER BY t.code LIMIT 1",
            parameter,
            last
        );
        bool any = false;
        bool holds = false;
        KQ_TRY(next.Run(reader_, [&](std::span<const store::SqlValue> row) {
            last = IntegerOf(row[0]);
            const auto* const text = std::get_if<std::string_view>(&row[1]);
            holds = text != nullptr && text->find(value.text) != std::string_view::npos;
            any = true;
            return false;
        }));
        if (!any) {
            break;
        }
        if (holds) {
            keys.push_back({parameter, last, 0});
        }
    }
    return {};
}

core::Status Conditions::UriKeys(
    std::int64_t parameter,
    const Value& value,
    bool below,
    std::vector<Key>& keys
) {
    if (!below) {
        for (const std::string& uri : Ancestors(value.text)) {
            KQ_ASSIGN(const auto code, reader_.Interned(uri));
            if (code != 0) {
                keys.push_back({parameter, code, 0});
            }
        }
        return {};
    }
    KQ_ASSIGN(const auto itself, reader_.Interned(value.text));
    if (itself != 0) {
        keys.push_back({parameter, itself, 0});
    }
    const std::string start = value.text.ends_with('/') ? value.text : value.text + "/";
    const std::string end = start.substr(0, start.size() - 1) + "0";  // '0' comes behind '/'
    const Sql within = Sql().Add(
        "SELECT i.number FROM interned i WHERE i.text >= ? AND i.text < ? AND EXISTS"
        " (SELECT 1 FROM search_token t WHERE t.parameter = ? AND t.code = i.number) LIMIT ?",
        start,
        end,
        parameter,
        static_cast<std::int64_t>(plan_.limits.codes) + 1
    );
    KQ_TRY(within.Run(reader_, [&](std::span<const store::SqlValue> row) {
        keys.push_back({parameter, IntegerOf(row[0]), 0});
        return true;
    }));
    if (keys.size() > plan_.limits.codes) {
        return core::MakeError(
            core::ErrorCode::kSearchTooComplex, ":below > " + std::to_string(plan_.limits.codes)
        );
    }
    return {};
}

core::Status
Conditions::ReferenceKeys(const Source& source, const Value& value, std::vector<Key>& keys) {
    const Parameter& parameter = plan_.parameters->at(source.parameter);
    KQ_ASSIGN(const auto number, NumberOf(source));
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
    const bool token =
        criterion.parameter->table == kTokenTable || criterion.modifier == Modifier::kIdentifier;
    const bool uri = criterion.parameter->facts->kind == fhir::SearchKind::kUri;
    const bool tree =
        criterion.modifier == Modifier::kAbove || criterion.modifier == Modifier::kBelow;
    std::vector<Key> keys;
    std::vector<Sql> whole_systems;
    for (const Source& source : SourcesOf(*criterion.parameter)) {
        KQ_ASSIGN(const auto parameter, NumberOf(source, FacetOf(criterion.modifier)));
        for (const Value& value : criterion.values) {
            if (criterion.modifier == Modifier::kText) {
                KQ_TRY(TextKeys(parameter, value, keys));
            } else if (uri && tree) {
                KQ_TRY(UriKeys(parameter, value, criterion.modifier == Modifier::kBelow, keys));
            } else if (token) {
                KQ_TRY(TokenKeys(parameter, value, keys, whole_systems));
            } else {
                KQ_TRY(ReferenceKeys(source, value, keys));
            }
        }
    }
    Condition out;
    out.rank = RankOf(*criterion.parameter);
    AddKeys(token, keys, out);
    std::vector<Sql> tests;
    if (!keys.empty()) {
        tests.push_back(out.test);
    }
    for (const Sql& where : whole_systems) {
        tests.push_back(Sql("(" + alias_ + ".home, " + alias_ +
                            ".key) IN (SELECT t.home, t.key FROM search_token t WHERE ")
                            .Add(where)
                            .Add(")"));
        out.rows.Join(" UNION ", Selected("search_token", where, true));
        out.probe.Join(" UNION ALL ", Selected("search_token", where, false));
        out.streams = false;
    }
    out.impossible = tests.empty();
    if (!tests.empty()) {
        out.test = InBrackets(" OR ", tests);
    }
    const bool negated =
        criterion.modifier == Modifier::kNot || criterion.modifier == Modifier::kNotIn;
    if (negated) {
        Condition without;
        without.test = Sql("NOT (").Add(out.test).Add(")");
        return without;
    }
    return out;
}

std::vector<Conditions::KeyGroup> Conditions::Grouped(bool token, const std::vector<Key>& keys) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::int64_t>> groups;
    for (const Key& key : keys) {
        const std::int64_t fixed = token ? key.second : key.first;
        groups[{key.parameter, fixed}].push_back(token ? key.first : key.second);
    }
    std::vector<KeyGroup> out;
    for (auto& [key, numbers] : groups) {
        out.push_back({key.first, key.second, std::move(numbers)});
    }
    return out;
}

// A few keys are a stream in the order of places; many are gathered and made distinct.
void Conditions::AddKeys(bool token, const std::vector<Key>& keys, Condition& out) const {
    const std::string_view table = TableOf(token);
    out.test = KeyTest(token, keys);
    if (keys.size() <= kMaxStreamedKeys) {
        out.streams = !keys.empty();
        AddStreamedKeys(table, keys, out);
        return;
    }
    for (const KeyGroup& group : Grouped(token, keys)) {
        const Sql where = Sql()
                              .Add(
                                  token ? "t.parameter = ? AND t.system = ? AND "
                                        : "t.parameter = ? AND t.type = ? AND ",
                                  group.parameter,
                                  group.fixed
                              )
                              .Add(AmongNumbers(token ? "t.code" : "t.target", group.numbers));
        out.rows.Join(" UNION ", Selected(table, where, false));
        out.probe.Join(" UNION ALL ", Selected(table, where, false));
    }
    out.rows = Sql("SELECT DISTINCT u.span, u.at, u.home, u.key FROM (").Add(out.rows).Add(") u");
}

// Each key leaves out what an earlier one has.
void Conditions::AddStreamedKeys(
    std::string_view table,
    const std::vector<Key>& keys,
    Condition& out
) const {
    const bool token = table == TableOf(true);
    for (std::size_t at = 0; at < keys.size(); ++at) {
        Sql where = WhereKey(token, "t", keys[at].parameter, keys[at].first, keys[at].second);
        out.probe.Join(" UNION ALL ", Selected(table, where, false));
        for (std::size_t before = 0; before < at; ++before) {
            const Key& key = keys[before];
            where.Add(" AND NOT EXISTS (SELECT 1 FROM ").Add(table).Add(" e WHERE ");
            where.Add(WhereKey(token, "e", key.parameter, key.first, key.second));
            where.Add(" AND e.span = t.span AND e.at = t.at AND e.home = t.home AND e.key = t.key)"
            );
        }
        out.rows.Join(" UNION ALL ", Selected(table, where, false));
    }
}

Sql Conditions::KeyTest(bool token, const std::vector<Key>& keys) const {
    const std::string_view table = TableOf(token);
    std::vector<Sql> tests;
    if (keys.size() <= kMaxTriedKeys) {
        for (const Key& key : keys) {
            tests.push_back(
                Exists(table, WhereKey(token, "t", key.parameter, key.first, key.second))
            );
        }
    } else if (token) {
        for (const KeyGroup& group : Grouped(token, keys)) {
            tests.push_back(Sql("(" + alias_ + ".home, " + alias_ +
                                ".key) IN (SELECT t.home, t.key FROM ")
                                .Add(
                                    "search_token t WHERE t.parameter = ? AND t.system = ? AND ",
                                    group.parameter,
                                    group.fixed
                                )
                                .Add(AmongNumbers("t.code", group.numbers))
                                .Add(")"));
        }
    } else {
        for (const KeyGroup& group : Grouped(token, keys)) {
            tests.push_back(ExistsByKey(
                table,
                Sql()
                    .Add("t.parameter = ? AND t.type = ? AND ", group.parameter, group.fixed)
                    .Add(AmongNumbers("t.target", group.numbers))
            ));
        }
    }
    return tests.empty() ? Sql(kNever) : InBrackets(" OR ", tests);
}

}  // namespace kangqu::search
