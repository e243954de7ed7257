#pragma once

#include "kangqu/access/principal.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/search/restriction.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::access {

// The ids of an organisation and everything below it, the organisation first.
using Subtree =
    std::function<core::Result<std::vector<std::string>>(std::string_view organization)>;

// What a role is shown first: the entries of its menu and the parts of its home page, in order, by
// the names the web application knows them under. An entry grants nothing.
struct Workplace {
    struct Part {
        std::string part;
        std::string show;  // which of its contents, where the part has several; may be empty
    };
    std::vector<std::string> menu;
    std::vector<Part> home;
};

struct Role {
    // Where a grant's records lie, before an account gives it a place.
    enum class Reach : std::uint8_t { kEverything, kOwnOrganizations, kWithoutResident };
    struct Rule {
        std::vector<std::string> types;  // empty: every type
        std::vector<search::Action> actions;
        Reach reach = Reach::kWithoutResident;
    };
    std::string id;
    std::string name_zh;
    std::string name_en;
    std::vector<std::string> abilities;
    std::vector<Rule> rules;
    std::vector<search::Mask> masks;
    Workplace workplace;

    const std::string& Name(core::Language language) const {
        return language == core::Language::kZh ? name_zh : name_en;
    }
    // Some rule speaks of the account's own organisation: an account without one sees nothing by
    // it.
    bool NeedsOrganization() const noexcept;
};

// What roles may do, read from data. Immutable; any thread.
class Roles {
public:
    // `where` names the text in errors (kPackInvalid). Unknown members, actions, reaches and mask
    // styles are errors: a rule that is not understood must not be skipped.
    static core::Result<Roles> Parse(std::string json, const std::string& where);
    static core::Result<Roles> Load(const std::string& file);

    const Role* Find(std::string_view id) const noexcept;
    const std::vector<Role>& all() const noexcept { return roles_; }
    // Of the principal's role; of the built-in kinds and unknown roles the file's own.
    const Workplace& WorkplaceOf(const Principal& principal) const noexcept;

    // What the principal may do. The two built-in kinds: everything. An unknown role, or a rule on
    // own organisations for an account that has none: nothing by it.
    core::Result<search::Restriction> Compile(const Principal& principal, const Subtree& subtree)
        const;

private:
    std::vector<Role> roles_;
    Workplace workplace_;
};

}  // namespace kangqu::access
