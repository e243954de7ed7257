#include "profiles.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>

namespace kangqu::validate {

using core::JsonNode;
using fhir::TypeNumber;

namespace {

// A profile based on a profile based on ... : more than anyone publishes.
constexpr int kMaxBases = 20;

std::uint32_t ReadMax(std::string_view text) noexcept {
    std::uint32_t value = kUnbounded;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return text == "*" ? kUnbounded : value;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find(separator, from), text.size());
        out.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

Slicing ReadSlicing(JsonNode slicing) {
    Slicing out;
    for (JsonNode one = slicing["discriminator"].first(); one; one = one.next()) {
        out.discriminators.push_back({one["type"].text(), one["path"].text()});
    }
    out.ordered = slicing["ordered"].boolean();
    out.closed = slicing["rules"].text() == "closed";
    out.open_at_end = slicing["rules"].text() == "openAtEnd";
    return out;
}

JsonNode MemberStarting(JsonNode object, std::string_view prefix) {
    for (JsonNode member = object.first(); member; member = member.next()) {
        if (member.key().starts_with(prefix)) {
            return member;
        }
    }
    return {};
}

std::vector<std::string_view> Texts(JsonNode list) {
    std::vector<std::string_view> out;
    for (JsonNode one = list.first(); one; one = one.next()) {
        out.push_back(one.text());
    }
    return out;
}

// Puts the elements of a differential into the tree of rules.
class Applier {
public:
    explicit Applier(Profile& profile) : profile_(profile) {}

    void Apply(JsonNode element) {
        const std::string_view path = element["path"].text();
        Rule* rule = &profile_.root;
        const auto steps = Split(path, '.');
        const auto named = Split(element["id"].text(), '.');
        std::string so_far;
        for (std::size_t i = 1; i < steps.size() && rule != nullptr; ++i) {
            so_far += '.';
            so_far += steps[i];
            rule = Step(*rule, steps[i]);
            const bool last = i + 1 == steps.size();
            std::string_view slice = SliceName(named, steps.size(), i);
            if (last && element["sliceName"]) {
                slice = element["sliceName"].text();
                slices_[so_far] = slice;
            } else if (last) {
                slices_.erase(so_far);
            } else if (slice.empty() && named.size() != steps.size()) {
                const auto known = slices_.find(so_far);
                slice = known == slices_.end() ? std::string_view{} : known->second;
            }
            if (rule != nullptr && !slice.empty()) {
                rule = Slice(*rule, slice);
            }
        }
        if (rule == nullptr) {
            profile_.error = "no element " + std::string(path);
        } else {
            Read(element, *rule, steps.size() == 1);
        }
    }

private:
    static std::string_view
    SliceName(const std::vector<std::string_view>& named, std::size_t count, std::size_t at) {
        if (named.size() != count) {
            return {};
        }
        const std::size_t colon = named[at].find(':');
        return colon == std::string_view::npos ? std::string_view{} : named[at].substr(colon + 1);
    }

    // The child's rule, made when it is not there; null when the type has no such element.
    Rule* Step(Rule& rule, std::string_view step) {
        std::string_view name = step;
        name.remove_suffix(name.ends_with("[x]") ? 3 : 0);
        for (const TypeNumber type : TypesOf(rule)) {
            if (const auto rows = fhir::FindPath(type, name); !rows.empty()) {
                Rule& child = Child(rule, name);
                child.type = rows.size() == 1 ? rows[0].type : child.type;
                child.possible.clear();
                for (const fhir::ElementFacts& row : rows) {
                    child.possible.push_back(row.type);
                }
                return &child;
            }
            // valueQuantity stands for the slice of value[x] that is a Quantity.
            if (const auto* const row = fhir::FindElement(type, name)) {
                Rule& choice = Child(rule, row->path_name);
                return TypeSlice(choice, *row);
            }
        }
        return nullptr;
    }

    static std::vector<TypeNumber> TypesOf(const Rule& rule) {
        if (rule.type != fhir::kNoType) {
            return {rule.type};
        }
        std::vector<TypeNumber> out;
        for (const TypeChoice& choice : rule.types) {
            out.push_back(choice.type);
        }
        return out.empty() ? rule.possible : out;
    }

    static Rule& Child(Rule& rule, std::string_view name) {
        for (Rule& child : rule.children) {
            if (child.name == name) {
                return child;
            }
        }
        Rule& made = rule.children.emplace_back();
        made.name = name;
        return made;
    }

    static Rule* Slice(Rule& rule, std::string_view name) {
        for (Rule& slice : rule.slices) {
            if (slice.slice == name) {
                return &slice;
            }
        }
        Rule& made = rule.slices.emplace_back();
        made.name = rule.name;
        made.slice = name;
        made.type = rule.type;
        made.possible = rule.possible;
        return &made;
    }

    static Rule* TypeSlice(Rule& choice, const fhir::ElementFacts& row) {
        if (choice.slicing.discriminators.empty()) {
            choice.slicing.discriminators.push_back({"type", "$this"});
        }
        Rule* const slice = Slice(choice, row.name);
        slice->type = row.type;
        if (slice->types.empty()) {
            slice->types.push_back({row.type, {}, {}});
        }
        return slice;
    }

    void Read(JsonNode element, Rule& rule, bool root) {
        if (!root) {
            if (const auto min = element["min"].integer()) {
                rule.min = static_cast<std::uint32_t>(*min);
            }
            if (element["max"]) {
                rule.max = ReadMax(element["max"].text());
            }
        }
        if (element["type"] && !root) {
            ReadTypes(element["type"], rule);
        }
        const auto keep = [&](JsonNode& place, std::string_view prefix) {
            if (const JsonNode found = MemberStarting(element, prefix)) {
                place = found;
            }
        };
        keep(rule.fixed, "fixed");
        keep(rule.pattern, "pattern");
        keep(rule.least, "minValue");
        keep(rule.most, "maxValue");
        if (const auto length = element["maxLength"].integer()) {
            rule.max_length = static_cast<std::uint32_t>(*length);
        }
        if (element["binding"]) {
            rule.binding = ReadBinding(element);
        }
        if (element["slicing"]) {
            rule.slicing = ReadSlicing(element["slicing"]);
        }
        for (JsonNode one = element["constraint"].first(); one; one = one.next()) {
            ReadOne(one, rule);
        }
    }

    // A constraint that a snapshot repeats counts once.
    static void ReadOne(JsonNode constraint, Rule& rule) {
        const std::string_view key = constraint["key"].text();
        const bool known =
            std::any_of(rule.constraints.begin(), rule.constraints.end(), [&](const auto& other) {
                return other.key == key;
            });
        if (auto read = known ? std::nullopt : ReadConstraint(constraint, rule.type)) {
            rule.constraints.push_back(*std::move(read));
        }
    }

    static void ReadTypes(JsonNode list, Rule& rule) {
        rule.types.clear();
        for (JsonNode one = list.first(); one; one = one.next()) {
            const TypeNumber type = fhir::FindType(one["code"].text());
            if (type == fhir::kNoType) {
                continue;  // System types of ids and primitive values
            }
            rule.types.push_back({type, Texts(one["profile"]), Texts(one["targetProfile"])});
        }
        const bool backbone =
            rule.type != fhir::kNoType && fhir::TypeOf(rule.type).kind == fhir::TypeKind::kBackbone;
        if (backbone) {
            rule.types.clear();
        } else if (rule.types.size() == 1) {
            rule.type = rule.types[0].type;
        }
    }

    Profile& profile_;
    std::map<std::string, std::string_view, std::less<>> slices_;  // last one by path
};

}  // namespace

const Rule* Rule::Child(std::string_view wanted) const noexcept {
    for (const Rule& child : children) {
        if (child.name == wanted) {
            return &child;
        }
    }
    return nullptr;
}

const Profile* Profiles::Find(std::string_view url) const {
    const std::string plain(url.substr(0, url.find('|')));
    {
        const std::shared_lock lock(mutex_);
        const auto found = compiled_.find(plain);
        if (found != compiled_.end()) {
            return found->second.get();
        }
    }
    const JsonNode structure = definitions_.Structure(plain);
    if (!structure) {
        return nullptr;
    }
    auto made = Compile(structure, 0);
    const std::unique_lock lock(mutex_);
    return compiled_.try_emplace(plain, std::move(made)).first->second.get();
}

std::unique_ptr<const Profile> Profiles::Compile(JsonNode structure, int depth) const {
    auto profile = std::make_unique<Profile>();
    const bool constraint = structure["derivation"].text() == "constraint";
    const JsonNode base = definitions_.Structure(structure["baseDefinition"].text());
    if (constraint && base && depth < kMaxBases) {
        *profile = *Compile(base, depth + 1);
    } else if (constraint) {
        profile->error = "no base definition " + std::string(structure["baseDefinition"].text());
    }
    profile->url = structure["url"].text();
    profile->type = fhir::FindType(structure["type"].text());
    profile->root.type = profile->type;
    profile->root.name = structure["type"].text();
    if (profile->type == fhir::kNoType) {
        profile->error = "no type " + std::string(structure["type"].text());
    }
    if (constraint && profile->error.empty()) {
        Applier applier(*profile);
        const char* const list = structure["differential"]["element"] ? "differential" : "snapshot";
        for (JsonNode one = structure[list]["element"].first(); one; one = one.next()) {
            applier.Apply(one);
        }
    }
    return profile;
}

}  // namespace kangqu::validate
