#include "kangqu/search/restriction.hpp"

#include "dialect.hpp"
#include "grant.hpp"
#include <algorithm>

namespace kangqu::search {

namespace {

template <class List, class One>
bool Has(const List& list, const One& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

bool Covers(const Grant& grant, std::string_view type, Action action) noexcept {
    return (grant.types.empty() || Has(grant.types, type)) && Has(grant.actions, action);
}

core::Result<std::vector<std::int64_t>>
KeysOf(store::Reader& reader, const std::vector<std::string>& ids) {
    std::vector<std::int64_t> keys;
    for (const std::string& id : ids) {
        KQ_ASSIGN(const auto at, reader.Find("Organization", id));
        if (at) {
            keys.push_back(at->key);
        }
    }
    return keys;
}

// A record is a resident's when it stands under the resident and has not come to speak of others
// only, or speaks of the resident from elsewhere. `at_home` and `speaks` test the two.
Sql OfResidents(const std::string& key, const Sql& at_home, const Sql& speaks) {
    return Sql("((")
        .Add(at_home)
        .Add(
            " AND NOT EXISTS (SELECT 1 FROM search_elsewhere o WHERE o.key = " + key +
            " AND o.patient = 0)) OR EXISTS (SELECT 1 FROM search_elsewhere o WHERE o.key = " +
            key + " AND o.patient <> 0 AND "
        )
        .Add(speaks)
        .Add("))");
}

}  // namespace

Restriction Restriction::System() {
    Restriction restriction;
    restriction.system_ = true;
    return restriction;
}

bool Restriction::MayEver(std::string_view type, Action action) const noexcept {
    return system_ || std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
               return Covers(grant, type, action);
           });
}

std::vector<const Mask*> Restriction::MasksOf(std::string_view type) const {
    std::vector<const Mask*> out;
    for (const Mask& mask : masks) {
        if (mask.type == type) {
            out.push_back(&mask);
        }
    }
    return out;
}

core::Result<Sql> GrantTest(
    store::Reader& reader,
    const Grant& grant,
    std::string_view type,
    std::string_view alias,
    Extent extent
) {
    const std::string home = std::string(alias) + ".home";
    const std::string key = std::string(alias) + ".key";
    switch (grant.scope) {
        case Scope::kEverything:
            return Sql(kAlways);
        case Scope::kOrganizations: {
            KQ_ASSIGN(const auto keys, KeysOf(reader, grant.organizations));
            if (keys.empty()) {
                return Sql(kNever);
            }
            const Sql among = AmongNumbers("m.organization", keys);
            const std::string managed = "EXISTS (SELECT 1 FROM search_managed m WHERE m.home = ";
            const Sql at_home = extent == Extent::kFew
                                    ? Sql(managed + home + " AND ").Add(among).Add(")")
                                    : Sql(home + " IN (SELECT m.home FROM search_managed m WHERE ")
                                          .Add(among)
                                          .Add(")");
            const Sql speaks = Sql(managed + "o.patient AND ").Add(among).Add(")");
            return OfResidents(key, at_home, speaks);
        }
        case Scope::kPatient: {
            KQ_ASSIGN(const auto patient, reader.Find("Patient", grant.patient));
            if (!patient) {
                return Sql(kNever);
            }
            return OfResidents(
                key,
                Sql().Add(home + " = ?", patient->home),
                Sql().Add("o.patient = ?", patient->home)
            );
        }
        case Scope::kWithoutResident: {
            if (type == "Patient") {
                return Sql(kNever);
            }
            // A record stands under its own key when no resident was known at its first version; it
            // may have come to speak of one since.
            KQ_ASSIGN(const auto number, reader.Interned(type));
            return Sql().Add(
                "(" + home + " = " + key +
                    " AND EXISTS (SELECT 1 FROM search_record w WHERE w.key = " + key +
                    " AND w.home = " + home + " AND w.type = ? AND w.speaks_of_patient = 0))",
                number
            );
        }
    }
    return Sql(kNever);
}

core::Result<Sql> GrantRows(store::Reader& reader, const Grant& grant, std::int64_t type) {
    constexpr std::string_view kColumns = "SELECT t.span, t.at, t.home, t.key FROM ";
    constexpr std::string_view kRecord =
        " AND c.type = ? AND c.deleted = 0 AND t.key = c.key AND t.home = c.home AND t.type = ?";
    if (grant.scope == Scope::kPatient) {
        KQ_ASSIGN(const auto patient, reader.Find("Patient", grant.patient));
        const std::int64_t home = patient ? patient->home : 0;
        return Sql(kColumns)
            .Add("current c CROSS JOIN search_record t WHERE c.home = ?", home)
            .Add(kRecord, type, type)
            .Add(" UNION ")
            .Add(kColumns)
            .Add(
                "search_elsewhere e CROSS JOIN search_record t WHERE e.patient = ?"
                " AND t.key = e.key AND t.home = e.home AND t.type = ?",
                home,
                type
            );
    }
    if (grant.scope != Scope::kOrganizations) {
        return Sql();
    }
    KQ_ASSIGN(const auto keys, KeysOf(reader, grant.organizations));
    const Sql among = AmongNumbers("m.organization", keys);
    return Sql(kColumns)
        .Add("search_managed m CROSS JOIN current c CROSS JOIN search_record t WHERE ")
        .Add(among)
        .Add(" AND c.home = m.home")
        .Add(kRecord, type, type)
        .Add(" UNION ")
        .Add(kColumns)
        .Add("search_managed m CROSS JOIN search_elsewhere e CROSS JOIN search_record t WHERE ")
        .Add(among)
        .Add(" AND e.patient = m.home AND t.key = e.key AND t.home = e.home AND t.type = ?", type);
}

core::Result<bool> Admits(
    store::Reader& reader,
    const Restriction& restriction,
    Action action,
    std::string_view type,
    store::Home home,
    store::RecordKey key
) {
    if (restriction.is_system()) {
        return true;
    }
    for (const Grant& grant : restriction.grants) {
        if (!Covers(grant, type, action)) {
            continue;
        }
        if (grant.scope == Scope::kEverything) {
            return true;
        }
        KQ_ASSIGN(const Sql test, GrantTest(reader, grant, type, "d", Extent::kFew));
        const Sql question =
            Sql()
                .Add(
                    "SELECT 1 FROM (SELECT CAST(? AS BIGINT) AS home, CAST(? AS BIGINT) AS key) d"
                    " WHERE ",
                    home,
                    key
                )
                .Add(test);
        KQ_ASSIGN(const std::int64_t yes, question.Number(reader));
        if (yes == 1) {
            return true;
        }
    }
    return false;
}

}  // namespace kangqu::search
