#include "profiles.hpp"
#include "texts.hpp"
#include "walk.hpp"

namespace kangqu::validate {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using fhir::Place;
using fhir::TypeNumber;

namespace {

bool IsModifier(JsonNode structure) {
    const char* const list = structure["snapshot"] ? "snapshot" : "differential";
    return structure[list]["element"].first()["isModifier"].boolean();
}

std::string ContextNames(JsonNode structure) {
    std::string out;
    for (JsonNode one = structure["context"].first(); one; one = one.next()) {
        out += (out.empty() ? "" : ", ") + std::string(one["expression"].text());
    }
    return Shown(out);
}

bool HasValue(JsonNode extension) {
    for (JsonNode member = extension.first(); member; member = member.next()) {
        if (member.key().starts_with("value") || member.key().starts_with("_value")) {
            return true;
        }
    }
    return false;
}

// "a.b.value[x]" as paths of elements are written here: "a.b.value".
std::string_view WithoutChoice(std::string_view path) noexcept {
    path.remove_suffix(path.ends_with("[x]") ? 3 : 0);
    return path;
}

}  // namespace

void Walk::Extension(JsonNode node, bool modifier, const Place& place) {
    const std::string_view url = node["url"].text();
    const std::string_view outer =
        extension_urls_.empty() ? std::string_view{} : extension_urls_.back();
    extension_urls_.push_back(url);
    Object(node, place.element->type, place);
    extension_urls_.pop_back();
    if (node["extension"].missing() != HasValue(node)) {
        sink_->Add(
            Severity::kError,
            place,
            MakeError(
                ErrorCode::kInvariantFailed,
                "ext-1",
                core::Words(
                    "扩展要么有值，要么有下级扩展，两者必居其一。",
                    "An extension has either a value or extensions, not both."
                )
            )
        );
    }
    // The parts of a complex extension have short names, which its definition knows.
    if (!outer.empty() && url.find(':') == std::string_view::npos) {
        return;
    }
    if (url.find(':') == std::string_view::npos) {
        sink_->Add(
            Severity::kError,
            place,
            MakeError(
                ErrorCode::kFhirBadValue,
                "url",
                Shown(url),
                core::Words("绝对地址（URI）", "absolute URI")
            )
        );
        return;
    }
    const JsonNode structure = shared_.definitions.Structure(url);
    if (!structure) {
        // HL7's own may come from a later collection; they deserve a look all the same.
        const bool of_hl7 = url.starts_with("http://hl7.org/fhir/StructureDefinition/");
        sink_->Add(
            modifier ? Severity::kError
            : of_hl7 ? Severity::kWarning
                     : Severity::kInformation,
            place,
            MakeError(
                modifier ? ErrorCode::kModifierUnknown : ErrorCode::kExtensionUnknown, Shown(url)
            )
        );
        return;
    }
    if (IsModifier(structure) != modifier) {
        sink_->Add(
            Severity::kError,
            place,
            MakeError(
                ErrorCode::kExtensionModifier,
                Shown(url),
                modifier ? "extension" : "modifierExtension"
            )
        );
    }
    const JsonNode contexts = structure["context"];
    bool fits = contexts.size() == 0;
    for (JsonNode one = contexts.first(); one && !fits; one = one.next()) {
        fits = FitsContext(one, *place.parent, outer);
    }
    if (!fits) {
        sink_->Add(
            Severity::kError,
            place,
            MakeError(ErrorCode::kExtensionContext, Shown(url), ContextNames(structure))
        );
    }
    ProfileWalk(*this).Named(url, node, place.element->type, place);
}

bool Walk::FitsContext(JsonNode context, const Place& owner, std::string_view outer_url) const {
    const std::string_view kind = context["type"].text();
    const std::string_view expression = context["expression"].text();
    if (kind == "extension") {
        return expression == outer_url;
    }
    // A FHIRPath would have to be evaluated on whole resources; published ones name elements.
    if (expression == "CanonicalResource" || expression == "MetadataResource") {
        return fhir::FindElement(TypeAt(owner), "url") != nullptr;
    }
    return kind == "fhirpath" || expression == "*" || expression == "Element" ||
           FitsElement(expression, owner);
}

TypeNumber Walk::TypeAt(const Place& place) const noexcept {
    if (&place == scope_->place || place.element == nullptr) {
        return scope_->type;
    }
    return place.element->type;
}

// "Patient.name", "HumanName.family", "Element": said from the resource or from any type around.
bool Walk::FitsElement(std::string_view expression, const Place& owner) const {
    expression = WithoutChoice(expression);
    std::string behind;
    for (const Place* at = &owner; at != nullptr; at = at->parent) {
        for (TypeNumber type = TypeAt(*at); type != fhir::kNoType; type = fhir::TypeOf(type).base) {
            if (expression.ends_with(behind) &&
                expression.substr(0, expression.size() - behind.size()) ==
                    fhir::TypeOf(type).name) {
                return true;
            }
        }
        if (at == scope_->place || at->element == nullptr) {
            return false;
        }
        behind.insert(0, "." + std::string(at->element->path_name));
    }
    return false;
}

}  // namespace kangqu::validate
