#include "links.hpp"

#include "kangqu/fhir/definitions.hpp"
#include "kangqu/fhir/resource.hpp"

#include <algorithm>
#include <vector>

namespace kangqu::records {

namespace {

using core::JsonNode;

// A value to be replaced, by its place in the source text.
struct Edit {
    JsonNode value;
    std::string text;
};

constexpr std::string_view kUrn = "urn:";

std::size_t CountUrns(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = text.find(kUrn); at != std::string_view::npos;
         at = text.find(kUrn, at + kUrn.size())) {
        ++count;
    }
    return count;
}

bool IsLinkType(std::string_view name) noexcept {
    return name == "uri" || name == "url" || name == "oid" || name == "uuid";
}

// "http://host/fhir" of "http://host/fhir/Patient/1"; empty when there is none.
std::string_view BaseOf(std::string_view full_url) {
    const fhir::Reference reference = fhir::ParseReference(full_url);
    if (reference.kind != fhir::Reference::Kind::kAbsolute) {
        return {};
    }
    const std::size_t tail = reference.type.size() + reference.id.size() + 2;
    return full_url.substr(0, full_url.size() - tail);
}

// Walks the elements that are not references: links typed as such, and narratives.
class LinkWalk {
public:
    LinkWalk(const Links& links, std::vector<Edit>& edits) : links_(links), edits_(edits) {}

    void Object(JsonNode object, fhir::TypeNumber type) {
        if (fhir::TypeOf(type).kind == fhir::TypeKind::kResource) {
            const auto actual = fhir::FindResourceType(object["resourceType"].text());
            type = actual == fhir::kNoType ? type : actual;
        }
        for (JsonNode member = object.first(); member; member = member.next()) {
            const fhir::ElementFacts* const element = fhir::FindElement(type, member.key());
            if (element == nullptr) {
                continue;
            }
            if (!member.is_array()) {
                Value(member, *element);
                continue;
            }
            for (JsonNode entry = member.first(); entry; entry = entry.next()) {
                Value(entry, *element);
            }
        }
    }

private:
    void Value(JsonNode value, const fhir::ElementFacts& element) {
        if (value.is_object()) {
            Object(value, element.type);
        } else if (value.is_string()) {
            const std::string_view type = fhir::TypeOf(element.type).name;
            if (IsLinkType(type)) {
                if (const std::string* const name = links_.Find(value.text())) {
                    edits_.push_back({value, *name});
                }
            } else if (type == "xhtml") {
                Narrative(value);
            }
        }
    }

    // href="urn:..." and src="urn:...".
    void Narrative(JsonNode value) {
        const std::string_view text = value.text();
        std::string out;
        std::size_t copied = 0;
        for (std::size_t at = text.find(kUrn); at != std::string_view::npos;
             at = text.find(kUrn, at + 1)) {
            const bool quoted =
                at > 1 && (text[at - 1] == '"' || text[at - 1] == '\'') && text[at - 2] == '=';
            const std::size_t end = quoted ? text.find(text[at - 1], at) : std::string_view::npos;
            if (end == std::string_view::npos) {
                continue;
            }
            if (const std::string* const name = links_.Find(text.substr(at, end - at))) {
                out.append(text.substr(copied, at - copied)).append(*name);
                copied = end;
            }
        }
        if (copied != 0) {
            edits_.push_back({value, out.append(text.substr(copied))});
        }
    }

    const Links& links_;
    std::vector<Edit>& edits_;
};

std::string Applied(std::string_view source, std::vector<Edit>& edits) {
    std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
        return a.value.raw().data() < b.value.raw().data();
    });
    std::string text;
    std::size_t copied = 0;
    for (const Edit& edit : edits) {
        const auto at = static_cast<std::size_t>(edit.value.raw().data() - source.data());
        text.append(source.substr(copied, at - copied));
        core::AppendJsonString(edit.text, text);
        copied = at + edit.value.raw().size();
    }
    return text.append(source.substr(copied));
}

}  // namespace

const std::string* Links::Find(std::string_view text) const {
    const auto found = names_.find(text);
    return found == names_.end() ? nullptr : &found->second;
}

core::Result<std::unique_ptr<const core::JsonDocument>>
Links::Rewrite(JsonNode resource, std::string_view full_url, const Resolver& resolve) const {
    std::vector<Edit> edits;
    const std::string_view base = BaseOf(full_url);
    std::size_t urn_references = 0;
    for (const JsonNode reference : fhir::ReferencesOf(resource)) {
        const std::string_view text = reference.text();
        urn_references += text.starts_with(kUrn) ? 1U : 0U;
        const std::string* name = Find(text);
        if (name == nullptr && !base.empty() && !text.starts_with('#')) {
            name = Find(std::string(base) + "/" + std::string(text));
        }
        if (name != nullptr) {
            edits.push_back({reference, *name});
            continue;
        }
        KQ_ASSIGN(std::string target, resolve(text));
        if (!target.empty()) {
            edits.push_back({reference, std::move(target)});
        }
    }
    // Links of other kinds are rare; the typed walk is only for resources that have some.
    const auto type = fhir::FindResourceType(resource["resourceType"].text());
    if (type != fhir::kNoType && CountUrns(resource.raw()) > urn_references) {
        LinkWalk(*this, edits).Object(resource, type);
    }
    if (edits.empty()) {
        return std::unique_ptr<const core::JsonDocument>();
    }
    return core::JsonDocument::Parse(Applied(resource.raw(), edits));
}

}  // namespace kangqu::records
