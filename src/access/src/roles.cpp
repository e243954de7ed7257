#include "kangqu/access/roles.hpp"

#include "kangqu/core/json.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace kangqu::access {

namespace {

using core::JsonNode;
using search::Action;
using search::Mask;

constexpr std::array<std::pair<std::string_view, Action>, 4> kActions = {{
    {"read", Action::kRead},
    {"create", Action::kCreate},
    {"update", Action::kUpdate},
    {"delete", Action::kDelete},
}};
constexpr std::array<std::pair<std::string_view, Role::Reach>, 3> kReaches = {{
    {"everything", Role::Reach::kEverything},
    {"own-organizations", Role::Reach::kOwnOrganizations},
    {"without-resident", Role::Reach::kWithoutResident},
}};
constexpr std::array<std::pair<std::string_view, Mask::Style>, 2> kStyles = {{
    {"remove", Mask::Style::kRemove},
    {"keep-ends", Mask::Style::kKeepEnds},
}};

template <class Table>
auto Lookup(const Table& table, std::string_view name) {
    using Value = decltype(table.front().second);
    for (const auto& [key, value] : table) {
        if (key == name) {
            return std::optional<Value>(value);
        }
    }
    return std::optional<Value>();
}

core::Error Wrong(const std::string& where, const std::string& what) {
    return core::MakeError(core::ErrorCode::kPackInvalid, where, what);
}

core::Status OnlyMembers(
    JsonNode object,
    std::initializer_list<std::string_view> known,
    const std::string& where
) {
    if (!object.is_object()) {
        return Wrong(where, "object");
    }
    for (JsonNode member = object.first(); member; member = member.next()) {
        if (std::find(known.begin(), known.end(), member.key()) == known.end()) {
            return Wrong(where, std::string(member.key()));
        }
    }
    return {};
}

core::Result<std::vector<std::string>> Texts(JsonNode array, const std::string& where) {
    std::vector<std::string> texts;
    if (!array.missing() && !array.is_array()) {
        return Wrong(where, "array");
    }
    for (JsonNode item = array.first(); item; item = item.next()) {
        if (!item.is_string() || item.text().empty()) {
            return Wrong(where, "string");
        }
        texts.emplace_back(item.text());
    }
    return texts;
}

std::vector<std::string> SplitPath(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const auto dot = path.find('.');
        parts.emplace_back(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    }
    return parts;
}

core::Result<Role::Rule> ReadRule(JsonNode node, const std::string& where) {
    KQ_TRY(OnlyMembers(node, {"types", "actions", "reach"}, where));
    Role::Rule rule;
    // "types" must be there: "*" says every type, nothing says nothing.
    if (node["types"].text() != "*") {
        KQ_ASSIGN(rule.types, Texts(node["types"], where + ".types"));
        if (rule.types.empty()) {
            return Wrong(where, "types");
        }
    }
    KQ_ASSIGN(const auto actions, Texts(node["actions"], where + ".actions"));
    for (const std::string& name : actions) {
        const auto action = Lookup(kActions, name);
        if (!action) {
            return Wrong(where + ".actions", name);
        }
        rule.actions.push_back(*action);
    }
    const auto reach = Lookup(kReaches, node["reach"].text());
    if (!reach || rule.actions.empty()) {
        return Wrong(where, reach ? "actions" : "reach");
    }
    rule.reach = *reach;
    return rule;
}

core::Result<Mask> ReadMask(JsonNode node, const std::string& where) {
    KQ_TRY(OnlyMembers(node, {"element", "style"}, where));
    std::vector<std::string> parts = SplitPath(node["element"].text());
    const auto style = Lookup(kStyles, node["style"].text());
    const bool blank = std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
        return part.empty();
    });
    if (parts.size() < 2 || blank || !style) {
        return Wrong(where, style ? "element" : "style");
    }
    Mask mask;
    mask.type = parts.front();
    mask.path.assign(parts.begin() + 1, parts.end());
    mask.style = *style;
    return mask;
}

core::Result<Workplace> ReadWorkplace(JsonNode node, const std::string& where) {
    KQ_TRY(OnlyMembers(node, {"menu", "home"}, where));
    Workplace workplace;
    KQ_ASSIGN(workplace.menu, Texts(node["menu"], where + ".menu"));
    for (JsonNode part = node["home"].first(); part; part = part.next()) {
        KQ_TRY(OnlyMembers(part, {"part", "show"}, where + ".home"));
        if (part["part"].text().empty()) {
            return Wrong(where + ".home", "part");
        }
        workplace.home.push_back(
            {std::string(part["part"].text()), std::string(part["show"].text())}
        );
    }
    if (workplace.menu.empty() || workplace.home.empty()) {
        return Wrong(where, workplace.menu.empty() ? "menu" : "home");
    }
    return workplace;
}

core::Result<Role> ReadRole(JsonNode node, const std::string& where) {
    KQ_TRY(OnlyMembers(node, {"id", "name", "abilities", "rules", "masks", "workplace"}, where));
    KQ_TRY(OnlyMembers(node["name"], {"zh", "en"}, where + ".name"));
    Role role;
    role.id = std::string(node["id"].text());
    role.name_zh = std::string(node["name"]["zh"].text());
    role.name_en = std::string(node["name"]["en"].text());
    if (role.id.empty() || role.name_zh.empty() || role.name_en.empty()) {
        return Wrong(where, role.id.empty() ? "id" : "name");
    }
    KQ_ASSIGN(role.abilities, Texts(node["abilities"], where + ".abilities"));
    for (JsonNode rule = node["rules"].first(); rule; rule = rule.next()) {
        KQ_ASSIGN(auto read, ReadRule(rule, where + ".rules"));
        role.rules.push_back(std::move(read));
    }
    for (JsonNode mask = node["masks"].first(); mask; mask = mask.next()) {
        KQ_ASSIGN(auto read, ReadMask(mask, where + ".masks"));
        role.masks.push_back(std::move(read));
    }
    KQ_ASSIGN(role.workplace, ReadWorkplace(node["workplace"], where + ".workplace"));
    return role;
}

}  // namespace

bool Role::NeedsOrganization() const noexcept {
    return std::any_of(rules.begin(), rules.end(), [](const Rule& rule) {
        return rule.reach == Reach::kOwnOrganizations;
    });
}

core::Result<Roles> Roles::Parse(std::string json, const std::string& where) {
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(std::move(json)));
    const JsonNode root = document->root();
    KQ_TRY(OnlyMembers(root, {"roles", "workplace"}, where));
    Roles roles;
    KQ_ASSIGN(roles.workplace_, ReadWorkplace(root["workplace"], where + ": workplace"));
    std::set<std::string> ids;
    for (JsonNode node = root["roles"].first(); node; node = node.next()) {
        const std::string place = where + ": roles[" + std::to_string(roles.roles_.size()) + "]";
        KQ_ASSIGN(Role role, ReadRole(node, place));
        if (!ids.insert(role.id).second) {
            return Wrong(place, role.id);
        }
        roles.roles_.push_back(std::move(role));
    }
    if (roles.roles_.empty()) {
        return Wrong(where, "roles");
    }
    return roles;
}

core::Result<Roles> Roles::Load(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return core::MakeError(core::ErrorCode::kFileUnreadable, file, "open");
    }
    std::string text{std::istreambuf_iterator<char>(in), {}};
    return Parse(std::move(text), file);
}

const Role* Roles::Find(std::string_view id) const noexcept {
    const auto it =
        std::find_if(roles_.begin(), roles_.end(), [&](const Role& role) { return role.id == id; });
    return it == roles_.end() ? nullptr : &*it;
}

const Workplace& Roles::WorkplaceOf(const Principal& principal) const noexcept {
    const Role* role = principal.kind == Principal::Kind::kAccount ? Find(principal.role) : nullptr;
    return role == nullptr ? workplace_ : role->workplace;
}

core::Result<search::Restriction> Roles::Compile(const Principal& principal, const Subtree& subtree)
    const {
    if (principal.kind != Principal::Kind::kAccount) {
        return search::Restriction::System();
    }
    search::Restriction restriction;
    const Role* role = Find(principal.role);
    if (role == nullptr) {
        return restriction;
    }
    std::vector<std::string> organizations;
    if (role->NeedsOrganization() && !principal.organization.empty()) {
        KQ_ASSIGN(organizations, subtree(principal.organization));
    }
    for (const Role::Rule& rule : role->rules) {
        search::Grant grant;
        grant.types = rule.types;
        grant.actions = rule.actions;
        switch (rule.reach) {
            case Role::Reach::kEverything:
                grant.scope = search::Scope::kEverything;
                break;
            case Role::Reach::kWithoutResident:
                grant.scope = search::Scope::kWithoutResident;
                break;
            case Role::Reach::kOwnOrganizations:
                if (organizations.empty()) {
                    continue;
                }
                grant.scope = search::Scope::kOrganizations;
                grant.organizations = organizations;
                break;
        }
        restriction.grants.push_back(std::move(grant));
    }
    restriction.masks = role->masks;
    return restriction;
}

}  // namespace kangqu::access
