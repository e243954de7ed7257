#include "kangqu/fhir/resource.hpp"

#include "profiles.hpp"
#include "walk.hpp"
#include <algorithm>

namespace kangqu::validate {

using core::JsonNode;
using fhir::Place;
using fhir::TypeNumber;

namespace {

// "code.coding", "value.ofType(Quantity)", "extension('http://a.b/c').value": the parts between the
// dots that stand outside of brackets.
std::vector<std::string_view> Parts(std::string_view path) {
    std::vector<std::string_view> out;
    std::size_t from = 0;
    int depth = 0;
    for (std::size_t at = 0; at <= path.size(); ++at) {
        const char c = at < path.size() ? path[at] : '.';
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == '.' && depth <= 0) {
            out.push_back(path.substr(from, at - from));
            from = at + 1;
        }
    }
    return out;
}

// What stands between the brackets of a function, without quotes.
std::string_view Argument(std::string_view part) {
    const std::size_t open = part.find('(');
    const std::size_t close = part.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close <= open) {
        return {};
    }
    std::string_view inside = part.substr(open + 1, close - open - 1);
    if (inside.size() >= 2 && inside.front() == '\'') {
        inside = inside.substr(1, inside.size() - 2);
    }
    return inside;
}

bool Calls(std::string_view part, std::string_view function) {
    return part.starts_with(function) && part.substr(function.size()).starts_with("(");
}

// The address that a slice of extensions stands for.
std::string_view ExtensionUrl(const Rule& slice) {
    const Rule* const url = slice.Child("url");
    if (url != nullptr && url->fixed) {
        return url->fixed.text();
    }
    return slice.types.size() == 1 && slice.types[0].profiles.size() == 1
               ? slice.types[0].profiles[0]
               : std::string_view{};
}

}  // namespace

int ProfileWalk::SliceOf(const Rule& rule, const Found& item, const Place& place) {
    for (std::size_t i = 0; i < rule.slices.size(); ++i) {
        if (Matches(rule, rule.slices[i], item, place)) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

bool ProfileWalk::Matches(
    const Rule& rule,
    const Rule& slice,
    const Found& item,
    const Place& place
) {
    if (rule.name == "extension" || rule.name == "modifierExtension") {
        const std::string_view url = ExtensionUrl(slice);
        return !url.empty() && item.node["url"].text() == url.substr(0, url.find('|'));
    }
    if (rule.slicing.discriminators.empty()) {
        return Satisfies(slice, item, place);
    }
    return std::all_of(
        rule.slicing.discriminators.begin(),
        rule.slicing.discriminators.end(),
        [&](const Discriminator& one) { return MatchesBy(one, slice, item, place); }
    );
}

bool ProfileWalk::MatchesBy(
    const Discriminator& discriminator,
    const Rule& slice,
    const Found& item,
    const Place& place
) {
    const Rule* const rule = RuleAt(slice, discriminator.path);
    const std::vector<Found> found = Select(discriminator.path, item);
    if (discriminator.type == "exists") {
        return rule != nullptr && (rule->max == 0 ? found.empty() : !found.empty());
    }
    if (rule == nullptr) {
        return false;
    }
    return std::any_of(found.begin(), found.end(), [&](const Found& one) {
        if (discriminator.type == "value" || discriminator.type == "pattern") {
            return one.node && Satisfies(*rule, one, place);
        }
        const auto fits = [&](const TypeChoice& choice) {
            return FitsChoice(discriminator, choice, one, place);
        };
        if (std::any_of(rule->types.begin(), rule->types.end(), fits)) {
            return true;
        }
        // A choice may be narrowed by slices of its own.
        return std::any_of(rule->slices.begin(), rule->slices.end(), [&](const Rule& inner) {
            return std::any_of(inner.types.begin(), inner.types.end(), fits);
        });
    });
}

bool ProfileWalk::FitsChoice(
    const Discriminator& discriminator,
    const TypeChoice& choice,
    const Found& item,
    const Place& place
) {
    const bool reference = discriminator.path.ends_with("resolve()");
    if (discriminator.type == "type" && !reference) {
        return item.type == choice.type ||
               (fhir::TypeOf(choice.type).abstract && fhir::IsA(item.type, choice.type));
    }
    const auto& profiles = reference ? choice.target_profiles : choice.profiles;
    return std::any_of(profiles.begin(), profiles.end(), [&](std::string_view url) {
        const Profile* const profile = walk_.shared_.profiles.Find(url);
        return profile != nullptr && fhir::IsA(item.type, profile->type) &&
               (discriminator.type == "type" || Conforms(url, item, place));
    });
}

// What a discriminator's path leads to from an item.
std::vector<ProfileWalk::Found> ProfileWalk::Select(std::string_view path, const Found& item)
    const {
    std::vector<Found> now = {item};
    for (const std::string_view part : Parts(path)) {
        if (part == "$this") {
            continue;
        }
        std::vector<Found> next;
        for (const Found& one : now) {
            if (part == "resolve()") {
                const std::string_view text = one.node["reference"].text();
                const JsonNode target = walk_.Resolve(text);
                const std::string_view name =
                    target ? target["resourceType"].text() : fhir::ParseReference(text).type;
                if (const TypeNumber type = fhir::FindResourceType(name); type != fhir::kNoType) {
                    next.push_back({.node = target, .type = type});
                }
            } else if (Calls(part, "ofType") || Calls(part, "as")) {
                if (fhir::IsA(one.type, fhir::FindType(Argument(part)))) {
                    next.push_back(one);
                }
            } else if (one.type != fhir::kNoType) {
                const bool extension = Calls(part, "extension");
                for (Found& child : Items(one, extension ? "extension" : part)) {
                    if (!extension || child.node["url"].text() == Argument(part)) {
                        next.push_back(child);
                    }
                }
            }
        }
        now = std::move(next);
    }
    return now;
}

// What a slice says at a discriminator's path; also in the profile of an element's only type.
const Rule* ProfileWalk::RuleAt(const Rule& slice, std::string_view path) const {
    const Rule* rule = &slice;
    for (const std::string_view part : Parts(path)) {
        if (part == "$this" || part == "resolve()" || Calls(part, "ofType") || Calls(part, "as")) {
            continue;
        }
        const Rule* next = nullptr;
        const bool extension = Calls(part, "extension");
        const Rule* const child = rule->Child(extension ? "extension" : part);
        if (child != nullptr && extension) {
            for (const Rule& one : child->slices) {
                next = ExtensionUrl(one) == Argument(part) ? &one : next;
            }
        } else {
            next = child;
        }
        if (next == nullptr && rule->types.size() == 1 && rule->types[0].profiles.size() == 1) {
            const Profile* const profile = walk_.shared_.profiles.Find(rule->types[0].profiles[0]);
            next = profile == nullptr || extension ? nullptr : profile->root.Child(part);
        }
        if (next == nullptr) {
            return nullptr;
        }
        rule = next;
    }
    return rule;
}

// The rule holds of the item; nothing is told.
bool ProfileWalk::Satisfies(const Rule& rule, const Found& item, const Place& place) {
    Sink quiet = Sink::Quiet();
    Sink* const told = std::exchange(walk_.sink_, &quiet);
    CheckType(rule, item, place);
    Check(rule, item, place);
    walk_.sink_ = told;
    return !quiet.failed();
}

bool ProfileWalk::Conforms(std::string_view url, const Found& item, const Place& place) {
    if (!item.node) {
        return true;  // not at hand
    }
    Sink quiet = Sink::Quiet();
    Sink* const told = std::exchange(walk_.sink_, &quiet);
    Named(url, item.node, item.type, place);
    walk_.sink_ = told;
    return !quiet.failed();
}

}  // namespace kangqu::validate
