#include "kangqu/search/restriction.hpp"

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

// Keys of organisations as a JSON array: one value to bind, however many there are.
core::Result<std::string> KeysOf(store::Reader& reader, const std::vector<std::string>& ids) {
    std::string keys = "[";
    for (const std::string& id : ids) {
        KQ_ASSIGN(const auto at, reader.Find("Organization", id));
        if (at) {
            keys += (keys.size() > 1 ? "," : "") + std::to_string(at->key);
        }
    }
    return keys + "]";
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
            return Sql("1 = 1");
        case Scope::kOrganizations: {
            KQ_ASSIGN(const std::string keys, KeysOf(reader, grant.organizations));
            const std::string test =
                extent == Extent::kFew
                    ? "EXISTS (SELECT 1 FROM search_managed m WHERE m.home = " + home + " AND "
                    : home + " IN (SELECT m.home FROM search_managed m WHERE ";
            return Sql().Add(test + "m.organization IN (SELECT value FROM json_each(?)))", keys);
        }
        case Scope::kPatient: {
            KQ_ASSIGN(const auto patient, reader.Find("Patient", grant.patient));
            return patient ? Sql().Add(home + " = ?", patient->home) : Sql("1 = 0");
        }
        case Scope::kWithoutResident: {
            if (type == "Patient") {
                return Sql("1 = 0");
            }
            // A record stands under its own key when no resident was known at its first version; it
            // may have come to speak of one since.
            KQ_ASSIGN(const auto number, reader.Interned(type));
            return Sql().Add(
                "(" + home + " = " + key +
                    " AND EXISTS (SELECT 1 FROM search_record w WHERE w.home = " + home +
                    " AND w.key = " + key + " AND w.type = ? AND w.speaks_of_patient = 0))",
                number
            );
        }
    }
    return Sql("1 = 0");
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
            Sql().Add("SELECT 1 FROM (SELECT ? AS home, ? AS key) d WHERE ", home, key).Add(test);
        KQ_ASSIGN(const std::int64_t yes, question.Number(reader));
        if (yes == 1) {
            return true;
        }
    }
    return false;
}

}  // namespace kangqu::search
