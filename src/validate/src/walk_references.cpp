#include "kangqu/fhir/resource.hpp"

#include "texts.hpp"
#include "walk.hpp"
#include <algorithm>
#include <set>

namespace kangqu::validate {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using fhir::Place;

namespace {

std::string Names(const std::vector<fhir::TypeNumber>& types) {
    std::string out;
    for (const fhir::TypeNumber type : types) {
        out += (out.empty() ? "" : ", ") + std::string(fhir::TypeOf(type).name);
    }
    return out;
}

bool IsRelative(std::string_view url) noexcept {
    return url.find(':') == std::string_view::npos;
}

}  // namespace

// The resource that a reference names: contained, or in the Bundle around.
JsonNode Walk::Resolve(std::string_view reference) const {
    if (reference.starts_with('#')) {
        const auto& contained = scope_->holder->contained;
        const auto found = contained.find(reference.substr(1));
        return reference.size() == 1      ? scope_->root
               : found == contained.end() ? JsonNode()
                                          : found->second;
    }
    const auto found = full_urls_.find(reference.substr(0, reference.find('|')));
    return found == full_urls_.end() ? JsonNode() : found->second;
}

void Walk::Reference(
    JsonNode node,
    const std::vector<fhir::TypeNumber>& targets,
    const Place& place
) {
    const std::string_view text = node["reference"].text();
    if (const std::string_view type = node["type"].text(); !type.empty()) {
        Target(fhir::FindType(type), targets, place);
    }
    if (text.empty()) {
        return;
    }
    const fhir::Reference reference = fhir::ParseReference(text);
    const JsonNode found = Resolve(text);
    if (found) {
        Target(fhir::FindResourceType(found["resourceType"].text()), targets, place);
        return;
    }
    if (text.starts_with('#')) {
        sink_->Add(
            Severity::kError, place, MakeError(ErrorCode::kContainedMissing, Shown(text.substr(1)))
        );
        return;
    }
    if (!reference.type.empty()) {
        Target(fhir::FindResourceType(reference.type), targets, place);
    }
    // A document carries what it refers to by a relative address.
    const bool whole = scope_->bundle["type"].text() == "document";
    if ((reference.kind == fhir::Reference::Kind::kUrn && scope_->bundle) ||
        (whole && reference.kind == fhir::Reference::Kind::kLocal)) {
        sink_->Add(
            Severity::kError, place, MakeError(ErrorCode::kReferenceNotInBundle, Shown(text))
        );
    } else if (IsRelative(text) && reference.type.empty()) {
        sink_->Add(Severity::kError, place, MakeError(ErrorCode::kReferenceFormat, Shown(text)));
    }
}

void Walk::Target(
    fhir::TypeNumber found,
    const std::vector<fhir::TypeNumber>& targets,
    const Place& place
) {
    const bool good = targets.empty() || found == fhir::kNoType ||
                      std::any_of(targets.begin(), targets.end(), [found](fhir::TypeNumber type) {
                          return fhir::IsA(found, type);
                      });
    if (!good) {
        sink_->Add(
            Severity::kError,
            place,
            MakeError(
                ErrorCode::kReferenceTarget, std::string(fhir::TypeOf(found).name), Names(targets)
            )
        );
    }
}

// dom-2 to dom-5 and distinct ids: of a container, when all that it holds has been seen.
void Walk::Contained(const Scope& scope, const Place& place) {
    const JsonNode list = scope.resource["contained"];
    if (list.size() == 0) {
        return;
    }
    const auto* const row = fhir::FindElement(scope.type, "contained");
    Place at{.parent = &place, .element = row, .index = 0, .indexed = true};
    std::set<std::string_view> fragments(scope.fragments.begin(), scope.fragments.end());
    std::set<std::string_view> ids;
    const auto fail = [&](const char* rule, const char* zh, const char* en) {
        sink_->Add(
            Severity::kError, at, MakeError(ErrorCode::kInvariantFailed, rule, core::Words(zh, en))
        );
    };
    for (JsonNode one = list.first(); one && !sink_->full(); one = one.next(), ++at.index) {
        const std::string_view id = one["id"].text();
        if (!id.empty() && !ids.insert(id).second) {
            sink_->Add(Severity::kError, at, MakeError(ErrorCode::kDuplicateId, Shown(id)));
        }
        if (one["contained"]) {
            fail("dom-2", "内含资源中不能再有内含资源。", "Contained resources cannot nest.");
        }
        if (one["meta"]["versionId"] || one["meta"]["lastUpdated"]) {
            fail(
                "dom-4",
                "内含资源不能有 meta.versionId 和 meta.lastUpdated。",
                "A contained resource has no meta.versionId or meta.lastUpdated."
            );
        }
        if (one["meta"]["security"]) {
            fail(
                "dom-5", "内含资源不能有安全标签。", "A contained resource has no security labels."
            );
        }
        const bool refers_back = fragments.contains("#");
        if (!refers_back && !fragments.contains("#" + std::string(id))) {
            fail(
                "dom-3",
                "内含资源没有被所在资源引用，也没有引用所在资源。",
                "The contained resource is not referred to and does not refer to its container."
            );
        }
    }
}

void Walk::Bundle(JsonNode bundle, const Place& place) {
    const auto* const row = fhir::FindElement(fhir::FindType("Bundle"), "entry");
    Place at{.parent = &place, .element = row, .index = 0, .indexed = true};
    std::set<std::pair<std::string_view, std::string_view>> versions;
    const JsonNode entries = bundle["entry"];
    const bool history = bundle["type"].text() == "history";
    for (JsonNode entry = entries.first(); entry && !sink_->full(); entry = entry.next()) {
        const std::string_view url = entry["fullUrl"].text();
        const JsonNode resource = entry["resource"];
        if (!url.empty()) {
            full_urls_.emplace(url, resource);
            // "Patient/1" stands for what ends so.
            const fhir::Reference parsed = fhir::ParseReference(url);
            if (parsed.kind == fhir::Reference::Kind::kAbsolute && !parsed.type.empty()) {
                const auto tail = static_cast<std::size_t>(parsed.type.data() - url.data());
                full_urls_.emplace(url.substr(tail), resource);
            }
            const bool twice = !versions.emplace(url, resource["meta"]["versionId"].text()).second;
            if (twice && !history) {
                sink_->Add(
                    Severity::kError,
                    at,
                    MakeError(
                        ErrorCode::kInvariantFailed,
                        "bdl-7",
                        core::Words(
                            "同一 Bundle 中 fullUrl 不能重复。",
                            "fullUrl must be unique in a Bundle."
                        )
                    )
                );
            }
            FullUrl(entry, at);
        }
        if (bundle["type"].text() == "searchset" && resource && !resource["id"] &&
            resource["resourceType"].text() != "OperationOutcome") {
            sink_->Add(
                Severity::kError, at, MakeError(ErrorCode::kFhirMissingElement, "resource.id")
            );
        }
        ++at.index;
    }
}

// A fullUrl that ends like a resource's address ends in the resource's own type and id; a urn is as
// it should be (http://hl7.org/fhir/R4/bundle.html#bundle-unique).
void Walk::FullUrl(JsonNode entry, const Place& place) {
    const std::string_view url = entry["fullUrl"].text();
    const JsonNode resource = entry["resource"];
    const std::string_view id = resource["id"].text();
    const fhir::Reference parsed = fhir::ParseReference(url);
    const bool address = parsed.kind == fhir::Reference::Kind::kAbsolute && !parsed.id.empty();
    const bool nameless = address && resource && id.empty() && !entry["request"];
    if (nameless) {
        sink_->Add(
            Severity::kError, place, MakeError(ErrorCode::kFhirMissingElement, "resource.id")
        );
    } else if (!id.empty() && address && (parsed.id != id || parsed.type != resource["resourceType"].text())) {
        sink_->Add(
            Severity::kError, place, MakeError(ErrorCode::kFullUrlMismatch, Shown(url), Shown(id))
        );
    } else if (IsRelative(url)) {
        sink_->Add(Severity::kError, place, MakeError(ErrorCode::kReferenceFormat, Shown(url)));
    }
}

}  // namespace kangqu::validate
