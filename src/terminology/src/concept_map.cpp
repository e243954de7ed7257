#include "concept_map.hpp"

#include <array>

namespace kangqu::terminology {

using core::JsonNode;

namespace {

void ReadElement(JsonNode element, ConceptMap::Group& group) {
    const std::string_view source = element["code"].text();
    if (source.empty()) {
        return;  // R4 allows an element that names no code; nothing can ask for it
    }
    for (JsonNode target = element["target"].first(); target; target = target.next()) {
        const std::string_view equivalence = target["equivalence"].text();
        MapRow row{
            target["code"].text(),
            target["display"].text(),
            equivalence,
            target["comment"].text(),
            target["product"]};
        group.forward.emplace(source, row);
        if (!row.code.empty()) {
            row.code = source;
            row.display = element["display"].text();
            row.equivalence = Reversed(equivalence);
            group.reverse.emplace(target["code"].text(), row);
        }
    }
}

std::string SetOf(JsonNode resource, const char* uri, const char* canonical) {
    const JsonNode node = resource[uri] ? resource[uri] : resource[canonical];
    return std::string(node.text());
}

}  // namespace

core::Result<std::shared_ptr<const ConceptMap>> ConceptMap::Make(JsonNode resource) {
    auto out = std::make_shared<ConceptMap>();
    KQ_ASSIGN(out->head_, ReadHead(resource));
    out->source_set_ = SetOf(resource, "sourceUri", "sourceCanonical");
    out->target_set_ = SetOf(resource, "targetUri", "targetCanonical");
    for (JsonNode json = resource["group"].first(); json; json = json.next()) {
        Group group;
        group.source = json["source"].text();
        group.source_version = json["sourceVersion"].text();
        group.target = json["target"].text();
        group.target_version = json["targetVersion"].text();
        group.unmapped = json["unmapped"];
        for (JsonNode element = json["element"].first(); element; element = element.next()) {
            ReadElement(element, group);
        }
        out->groups_.push_back(std::move(group));
    }
    return std::shared_ptr<const ConceptMap>(std::move(out));
}

std::string_view Reversed(std::string_view equivalence) noexcept {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPairs = {{
        {"wider", "narrower"},
        {"narrower", "wider"},
        {"subsumes", "specializes"},
        {"specializes", "subsumes"},
    }};
    for (const auto& [one, other] : kPairs) {
        if (one == equivalence) {
            return other;
        }
    }
    return equivalence;
}

}  // namespace kangqu::terminology
