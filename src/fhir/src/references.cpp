#include "kangqu/core/ids.hpp"
#include "kangqu/fhir/resource.hpp"

namespace kangqu::fhir {

namespace {

using core::JsonNode;

// "Patient/p1" or "Patient/p1/_history/2".
bool ReadTypeAndId(std::string_view text, Reference& out) noexcept {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || FindResourceType(text.substr(0, slash)) == kNoType) {
        return false;
    }
    std::string_view id = text.substr(slash + 1);
    if (const std::size_t end = id.find('/'); end != std::string_view::npos) {
        constexpr std::string_view kHistory = "/_history/";
        const std::string_view behind = id.substr(end);
        if (!behind.starts_with(kHistory) || !core::IsFhirId(behind.substr(kHistory.size()))) {
            return false;
        }
        id = id.substr(0, end);
    }
    if (!core::IsFhirId(id)) {
        return false;
    }
    out.type = text.substr(0, slash);
    out.id = id;
    return true;
}

// The last place in a URL from which "Type/id" or "Type/id/_history/v" reaches to the end.
bool ReadUrlTail(std::string_view text, Reference& out) noexcept {
    std::size_t slash = text.rfind('/');
    for (int steps = 0; steps < 4 && slash != std::string_view::npos && slash > 0; ++steps) {
        if (ReadTypeAndId(text.substr(slash + 1), out)) {
            return true;
        }
        slash = text.rfind('/', slash - 1);
    }
    return false;
}

void Collect(JsonNode object, TypeNumber type, std::vector<JsonNode>& out);

void CollectValue(JsonNode value, TypeNumber type, std::vector<JsonNode>& out) {
    if (TypeOf(type).kind == TypeKind::kResource) {
        const TypeNumber actual = FindResourceType(value["resourceType"].text());
        if (actual != kNoType) {
            Collect(value, actual, out);
        }
        return;
    }
    Collect(value, type, out);
}

void Collect(JsonNode object, TypeNumber type, std::vector<JsonNode>& out) {
    static const TypeNumber reference_type = FindType("Reference");
    for (JsonNode member = object.first(); member; member = member.next()) {
        std::string_view key = member.key();
        if (type == reference_type && key == "reference" && member.is_string()) {
            out.push_back(member);
            continue;
        }
        const bool nested =
            member.is_object() || (member.is_array() && !member.first().is_string());
        if (!nested) {
            continue;
        }
        // Extensions of a primitive may hold references too.
        key.remove_prefix(key.starts_with('_') ? 1 : 0);
        const ElementFacts* const element = FindElement(type, key);
        if (element == nullptr) {
            continue;
        }
        if (member.is_object()) {
            CollectValue(member, element->type, out);
            continue;
        }
        for (JsonNode entry = member.first(); entry; entry = entry.next()) {
            CollectValue(entry, element->type, out);
        }
    }
}

}  // namespace

Reference ParseReference(std::string_view text) noexcept {
    using Kind = Reference::Kind;
    Reference out;
    if (text.starts_with('#')) {
        out.kind = Kind::kContained;
    } else if (text.starts_with("urn:")) {
        out.kind = Kind::kUrn;
    } else if (text.starts_with("http://") || text.starts_with("https://")) {
        out.kind = ReadUrlTail(text, out) ? Kind::kAbsolute : Kind::kOther;
    } else if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
        if (FindResourceType(text.substr(0, mark)) != kNoType) {
            out.kind = Kind::kConditional;
            out.type = text.substr(0, mark);
            out.query = text.substr(mark + 1);
        }
    } else if (ReadTypeAndId(text, out)) {
        out.kind = Kind::kLocal;
    }
    return out;
}

std::vector<JsonNode> ReferencesOf(JsonNode resource) {
    std::vector<JsonNode> out;
    const TypeNumber type = FindResourceType(resource["resourceType"].text());
    if (type != kNoType) {
        Collect(resource, type, out);
    }
    return out;
}

}  // namespace kangqu::fhir
