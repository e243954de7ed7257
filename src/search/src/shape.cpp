#include "kangqu/core/check.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/definitions.hpp"
#include "kangqu/search/query.hpp"

#include <algorithm>

namespace kangqu::search {

namespace {

using core::JsonNode;
using core::JsonWriter;
using fhir::TypeNumber;
using Summary = Shape::Summary;

constexpr std::string_view kSubsetted =
    R"({"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"})";

// The row of a member; "_birthDate" goes with birthDate.
const fhir::ElementFacts* RowOf(TypeNumber type, std::string_view key) {
    return fhir::FindElement(type, key.starts_with('_') ? key.substr(1) : key);
}

class Shaping {
public:
    explicit Shaping(const Shape& shape) : shape_(shape) {}

    std::string Run(JsonNode root, TypeNumber type) {
        std::string out;
        JsonWriter writer(out);
        writer.BeginObject();
        bool has_meta = false;
        for (JsonNode member = root.first(); member; member = member.next()) {
            if (member.key() == "meta") {
                has_meta = true;
                Meta(writer, member);
            } else if (Keeps(type, member.key())) {
                writer.Key(member.key());
                Value(writer, member, type);
            }
            if (member.key() == "resourceType" && !root["meta"]) {
                has_meta = true;
                writer.Key("meta").BeginObject().Key("tag").BeginArray();
                writer.Raw(kSubsetted).EndArray().EndObject();
            }
        }
        KQ_CHECK(has_meta, "a resource begins with its type");
        writer.EndObject();
        return out;
    }

private:
    bool Keeps(TypeNumber type, std::string_view key) const {
        if (key == "resourceType" || key == "id") {
            return true;
        }
        const fhir::ElementFacts* const row = RowOf(type, key);
        const bool required = row != nullptr && row->min > 0;
        if (!shape_.elements.empty()) {
            return required || std::any_of(
                                   shape_.elements.begin(),
                                   shape_.elements.end(),
                                   [&](const std::string& name) {
                                       return row != nullptr && row->path_name == name;
                                   }
                               );
        }
        switch (shape_.summary) {
            case Summary::kTrue:
                return row != nullptr && (row->summary || required);
            case Summary::kText:
                return key == "text" || required;
            case Summary::kData:
                return key != "text";
            case Summary::kFalse:
            case Summary::kCount:
                break;
        }
        return true;
    }

    // Only a summary looks inside elements: backbone members have marks of their own.
    void Value(JsonWriter& writer, JsonNode node, TypeNumber type) const {
        const fhir::ElementFacts* const row = RowOf(type, node.key());
        const bool inside = shape_.elements.empty() && shape_.summary == Summary::kTrue &&
                            row != nullptr &&
                            fhir::TypeOf(row->type).kind == fhir::TypeKind::kBackbone;
        if (!inside) {
            writer.Node(node);
            return;
        }
        if (node.is_array()) {
            writer.BeginArray();
            for (JsonNode one = node.first(); one; one = one.next()) {
                Backbone(writer, one, row->type);
            }
            writer.EndArray();
        } else {
            Backbone(writer, node, row->type);
        }
    }

    void Backbone(JsonWriter& writer, JsonNode node, TypeNumber type) const {
        writer.BeginObject();
        for (JsonNode member = node.first(); member; member = member.next()) {
            const fhir::ElementFacts* const row = RowOf(type, member.key());
            if (row != nullptr && (row->summary || row->min > 0)) {
                writer.Key(member.key());
                Value(writer, member, type);
            }
        }
        writer.EndObject();
    }

    static void Meta(JsonWriter& writer, JsonNode meta) {
        writer.Key("meta").BeginObject();
        for (JsonNode member = meta.first(); member; member = member.next()) {
            if (member.key() != "tag") {
                writer.Key(member.key()).Node(member);
            }
        }
        writer.Key("tag").BeginArray();
        for (JsonNode tag = meta["tag"].first(); tag; tag = tag.next()) {
            writer.Node(tag);
        }
        writer.Raw(kSubsetted).EndArray().EndObject();
    }

    const Shape& shape_;
};

}  // namespace

core::Result<std::string> Shaped(std::string json, const Shape& shape) {
    if (shape.whole()) {
        return json;
    }
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(std::move(json)));
    const JsonNode root = document->root();
    const TypeNumber type = fhir::FindResourceType(root["resourceType"].text());
    return Shaping(shape).Run(root, type);
}

}  // namespace kangqu::search
