#include "kangqu/core/decimal.hpp"
#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/resource.hpp"

#include "profiles.hpp"
#include "texts.hpp"
#include "walk.hpp"
#include <algorithm>

namespace kangqu::validate {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using fhir::Place;
using fhir::TypeNumber;

namespace {

// Profiles within profiles on one element.
constexpr int kMaxDepth = 60;

std::string NameOf(const Rule& rule) {
    return rule.slice.empty() ? rule.name : rule.name + ":" + rule.slice;
}

// Of the type itself; of a specialised one only where the profile names an abstract type. A code is
// no string here: the two have properties of their own.
bool IsOfType(TypeNumber found, TypeNumber allowed) {
    return found == allowed || (fhir::TypeOf(allowed).abstract && fhir::IsA(found, allowed));
}

std::string TypeName(TypeNumber type) {
    return type == fhir::kNoType ? "?" : std::string(fhir::TypeOf(type).name);
}

}  // namespace

void ProfileWalk::Named(std::string_view url, JsonNode node, TypeNumber type, const Place& place) {
    const Profile* const profile = walk_.shared_.profiles.Find(url);
    if (profile == nullptr) {
        walk_.sink_->Add(
            Severity::kWarning, place, MakeError(ErrorCode::kProfileUnknown, Shown(url))
        );
        return;
    }
    if (!profile->error.empty()) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(ErrorCode::kProfileInvalid, Shown(url), Shown(profile->error))
        );
        return;
    }
    if (!fhir::IsA(type, profile->type)) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(ErrorCode::kProfileType, Shown(url), TypeName(profile->type), TypeName(type))
        );
        return;
    }
    if (depth_ < kMaxDepth) {
        Check(profile->root, Found{.node = node, .type = type}, place);
    }
}

void ProfileWalk::Check(const Rule& rule, const Found& found, const Place& place) {
    ++depth_;
    CheckValue(rule, found, place);
    for (const Rule& child : rule.children) {
        if (walk_.sink_->full()) {
            break;
        }
        CheckChild(child, found, place);
    }
    --depth_;
}

void ProfileWalk::CheckValue(const Rule& rule, const Found& found, const Place& place) {
    if (rule.fixed && !SameValue(found.node, rule.fixed)) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(ErrorCode::kFixedValue, NameOf(rule), Shown(rule.fixed), Shown(found.node))
        );
    }
    if (rule.pattern && !HasPattern(found.node, rule.pattern)) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(
                ErrorCode::kPatternMismatch, NameOf(rule), Shown(rule.pattern), Shown(found.node)
            )
        );
    }
    if (rule.least || rule.most || rule.max_length != kUnbounded) {
        CheckRange(rule, found, place);
    }
    if (rule.binding.checked() && found.node) {
        walk_.CheckBinding(rule.binding, found.node, found.type, place);
    }
    if (!rule.constraints.empty()) {
        walk_.Constraints(
            rule.constraints, expression::Value::Node(found.node, found.type, found.sibling), place
        );
    }
}

// Numbers by value, dates and times by their text, which sorts as they do; texts by length.
void ProfileWalk::CheckRange(const Rule& rule, const Found& found, const Place& place) {
    const std::string_view text = found.node.text();
    const auto below = [](std::string_view a, JsonNode b) {
        const auto x = core::Decimal::Parse(a);
        const auto y = core::Decimal::Parse(b.text());
        return b.is_number() ? x && y && *x < *y : a < b.text();
    };
    const auto above = [](std::string_view a, JsonNode b) {
        const auto x = core::Decimal::Parse(a);
        const auto y = core::Decimal::Parse(b.text());
        return b.is_number() ? x && y && *y < *x : a > b.text();
    };
    const auto fail = [&](JsonNode limit) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(ErrorCode::kOutOfRange, NameOf(rule), Shown(text), Shown(limit))
        );
    };
    if (rule.least && !rule.least.is_object() && below(text, rule.least)) {
        fail(rule.least);
    }
    if (rule.most && !rule.most.is_object() && above(text, rule.most)) {
        fail(rule.most);
    }
    if (rule.max_length != kUnbounded && core::CountCodePoints(text) > rule.max_length) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(ErrorCode::kTextTooLong, NameOf(rule), std::to_string(rule.max_length))
        );
    }
}

// What stands in `owner` under a FHIRPath name, primitives with their siblings.
std::vector<ProfileWalk::Found> ProfileWalk::Items(const Found& owner, std::string_view name) {
    std::vector<Found> out;
    const JsonNode object =
        fhir::TypeOf(owner.type).kind == fhir::TypeKind::kPrimitive ? owner.sibling : owner.node;
    for (const fhir::ElementFacts& row : fhir::FindPath(owner.type, name)) {
        const JsonNode value = object[row.name];
        JsonNode more;
        if (fhir::TypeOf(row.type).kind == fhir::TypeKind::kPrimitive) {
            more = object["_" + std::string(row.name)];
        }
        if (!row.many) {
            if (value || more) {
                out.push_back({value, more, row.type, &row, 0});
            }
            continue;
        }
        std::size_t index = 0;
        JsonNode one = value.first();
        JsonNode sibling = more.first();
        for (; one || sibling; one = one.next(), sibling = sibling.next(), ++index) {
            const JsonNode present = one.kind() == core::JsonKind::kNull ? JsonNode() : one;
            const JsonNode also = sibling.is_object() ? sibling : JsonNode();
            TypeNumber type = row.type;
            if (fhir::TypeOf(type).kind == fhir::TypeKind::kResource) {
                type = fhir::FindResourceType(one["resourceType"].text());
            }
            out.push_back({present, also, type, &row, index});
        }
    }
    for (Found& found : out) {
        if (found.type != fhir::kNoType && fhir::TypeOf(found.type).abstract) {
            const TypeNumber actual = fhir::FindResourceType(found.node["resourceType"].text());
            found.type = actual == fhir::kNoType ? found.type : actual;
        }
    }
    return out;
}

void ProfileWalk::CheckChild(const Rule& child, const Found& found, const Place& place) {
    const std::vector<Found> items = Items(found, child.name);
    const Place missing{.parent = &place, .name = child.name};
    CheckCount(child, items.size(), missing);
    for (const Found& item : items) {
        const Place at{
            .parent = &place, .element = item.row, .index = item.index, .indexed = item.row->many};
        CheckType(child, item, at);
        Check(child, item, at);
    }
    if (!child.slices.empty()) {
        CheckSlices(child, items, place);
    }
}

void ProfileWalk::CheckCount(const Rule& rule, std::size_t count, const Place& place) {
    if (count < rule.min) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(
                ErrorCode::kTooFew, NameOf(rule), std::to_string(rule.min), std::to_string(count)
            )
        );
    } else if (count > rule.max) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(
                ErrorCode::kTooMany, NameOf(rule), std::to_string(rule.max), std::to_string(count)
            )
        );
    }
}

void ProfileWalk::CheckType(const Rule& rule, const Found& found, const Place& place) {
    if (rule.types.empty()) {
        return;
    }
    std::string names;
    TypeChoice fitting;  // all choices of the element's type in one
    bool allowed = false;
    bool any_profile = false;
    for (const TypeChoice& one : rule.types) {
        names += (names.empty() ? "" : ", ") + TypeName(one.type);
        if (!IsOfType(found.type, one.type)) {
            continue;
        }
        allowed = true;
        any_profile = any_profile || one.profiles.empty();
        fitting.profiles.insert(fitting.profiles.end(), one.profiles.begin(), one.profiles.end());
        fitting.target_profiles.insert(
            fitting.target_profiles.end(), one.target_profiles.begin(), one.target_profiles.end()
        );
    }
    if (!allowed) {
        walk_.sink_->Add(
            Severity::kError,
            place,
            MakeError(ErrorCode::kTypeNotAllowed, NameOf(rule), TypeName(found.type), names)
        );
        return;
    }
    // Extensions are checked by their own address.
    if (!any_profile && fhir::TypeOf(found.type).name != "Extension") {
        const bool conforms = fitting.profiles.size() > 1 &&
                              std::any_of(
                                  fitting.profiles.begin(),
                                  fitting.profiles.end(),
                                  [&](std::string_view url) { return Conforms(url, found, place); }
                              );
        if (!conforms) {
            Named(fitting.profiles[0], found.node, found.type, place);
        }
    }
    if (!fitting.target_profiles.empty()) {
        CheckTargets(fitting, found, place);
    }
}

// The resource that is referred to is of a type that one of the profiles is for and, when it is at
// hand, conforms to that.
void ProfileWalk::CheckTargets(const TypeChoice& choice, const Found& found, const Place& place) {
    const std::string_view text = found.node["reference"].text();
    if (text.empty()) {
        return;
    }
    const JsonNode target = walk_.Resolve(text);
    const std::string_view name =
        target ? target["resourceType"].text() : fhir::ParseReference(text).type;
    const TypeNumber type = fhir::FindResourceType(name);
    if (type == fhir::kNoType) {
        return;
    }
    std::string names;
    for (const std::string_view url : choice.target_profiles) {
        const Profile* const profile = walk_.shared_.profiles.Find(url);
        if (profile == nullptr || !profile->error.empty()) {
            return;  // said where the profile is defined
        }
        const bool fits = fhir::IsA(type, profile->type);
        if (fits && (!target || Conforms(url, Found{.node = target, .type = type}, place))) {
            return;
        }
        names += (names.empty() ? "" : ", ") + std::string(url);
    }
    walk_.sink_->Add(
        Severity::kError,
        place,
        MakeError(ErrorCode::kReferenceTarget, Shown(text), std::move(names))
    );
}

void ProfileWalk::CheckSlices(
    const Rule& rule,
    const std::vector<Found>& items,
    const Place& place
) {
    std::vector<std::size_t> counts(rule.slices.size());
    int last = -1;
    bool outside = false;
    for (const Found& item : items) {
        const Place at{
            .parent = &place, .element = item.row, .index = item.index, .indexed = item.row->many};
        const int slice = SliceOf(rule, item, at);
        if (slice < 0) {
            outside = true;
            // The parts of a complex extension are those that its definition names.
            const std::string_view url = item.node["url"].text();
            const bool part = rule.name == "extension" && place.element != nullptr &&
                              place.element->type == item.type &&
                              url.find(':') == std::string_view::npos;
            if (part) {
                walk_.sink_->Add(
                    Severity::kError, at, MakeError(ErrorCode::kExtensionUnknown, Shown(url))
                );
            }
            if (rule.slicing.closed) {
                walk_.sink_->Add(
                    Severity::kError, at, MakeError(ErrorCode::kSliceUnmatched, NameOf(rule))
                );
            }
            continue;
        }
        const Rule& matched = rule.slices[static_cast<std::size_t>(slice)];
        ++counts[static_cast<std::size_t>(slice)];
        const bool behind = rule.slicing.open_at_end && outside;
        if (behind || (rule.slicing.ordered && slice < last)) {
            walk_.sink_->Add(
                Severity::kError,
                at,
                MakeError(
                    ErrorCode::kSliceOrder,
                    NameOf(matched),
                    behind ? rule.name : NameOf(rule.slices[static_cast<std::size_t>(last)])
                )
            );
        }
        last = std::max(last, slice);
        CheckType(matched, item, at);
        Check(matched, item, at);
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
        CheckCount(rule.slices[i], counts[i], Place{.parent = &place, .name = rule.name});
    }
}

}  // namespace kangqu::validate
