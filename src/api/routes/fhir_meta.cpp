#include "fhir_http.hpp"
#include <array>
#include <set>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::JsonWriter;
using core::MakeError;
using records::Change;

// The lists of a Meta that $meta-add and $meta-delete work on.
constexpr std::array<std::string_view, 3> kLists = {"profile", "security", "tag"};

// What tells two entries of a list apart: a profile by its text, a coding by system and code.
std::string KeyOf(JsonNode entry) {
    if (entry.is_string()) {
        return std::string(entry.text());
    }
    return std::string(entry["system"].text()) + "|" + std::string(entry["code"].text());
}

std::set<std::string> KeysOf(JsonNode list) {
    std::set<std::string> keys;
    for (JsonNode entry = list.first(); entry; entry = entry.next()) {
        keys.insert(KeyOf(entry));
    }
    return keys;
}

// One list of `meta` with the entries of `given` added or taken away.
void WriteList(JsonWriter& writer, std::string_view name, JsonNode meta, JsonNode given, bool add) {
    std::vector<JsonNode> kept;
    const auto named = KeysOf(given[name]);
    for (JsonNode entry = meta[name].first(); entry; entry = entry.next()) {
        if (add || !named.contains(KeyOf(entry))) {
            kept.push_back(entry);
        }
    }
    if (add) {
        auto present = KeysOf(meta[name]);
        for (JsonNode entry = given[name].first(); entry; entry = entry.next()) {
            if (present.insert(KeyOf(entry)).second) {
                kept.push_back(entry);
            }
        }
    }
    if (kept.empty()) {
        return;
    }
    writer.Key(name).BeginArray();
    for (const JsonNode entry : kept) {
        writer.Node(entry);
    }
    writer.EndArray();
}

std::string WithMeta(JsonNode current, JsonNode given, bool add) {
    std::string out;
    JsonWriter writer(out);
    const JsonNode meta = current["meta"];
    writer.BeginObject().Field("resourceType", current["resourceType"].text());
    writer.Field("id", current["id"].text()).Key("meta").BeginObject();
    for (JsonNode member = meta.first(); member; member = member.next()) {
        if (std::find(kLists.begin(), kLists.end(), member.key()) == kLists.end()) {
            writer.Key(member.key()).Node(member);
        }
    }
    for (const std::string_view name : kLists) {
        WriteList(writer, name, meta, given, add);
    }
    writer.EndObject();
    for (JsonNode member = current.first(); member; member = member.next()) {
        const std::string_view key = member.key();
        if (key != "resourceType" && key != "id" && key != "meta") {
            writer.Key(key).Node(member);
        }
    }
    writer.EndObject();
    return out;
}

core::Result<Response> MetaAnswer(
    const FhirServices& fhir,
    const search::Restriction& restriction,
    const Request& request
) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(
        const records::Record record, fhir.records.Read(restriction, type, request.Param("id"))
    );
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(record.json));
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("resourceType", "Parameters").Key("parameter").BeginArray();
    writer.BeginObject().Field("name", "return").Key("valueMeta").Node(document->root()["meta"]);
    writer.EndObject().EndArray().EndObject();
    return FhirAnswer(std::move(body));
}

core::Result<Response> Meta(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    return MetaAnswer(fhir, restriction, request);
}

core::Result<Response> EditMeta(const FhirServices& fhir, const Request& request, bool add) {
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto document, BodyOf(request));
    JsonNode given;
    const JsonNode parameters = document->root()["parameter"];
    for (JsonNode one = parameters.first(); one; one = one.next()) {
        given = one["name"].text() == "meta" ? one["valueMeta"] : given;
    }
    if (!given.is_object()) {
        return core::At(MakeError(ErrorCode::kFhirMissingElement, "meta"), "Parameters.parameter");
    }
    Change change;
    change.kind = Change::Kind::kPatch;
    KQ_ASSIGN(change.type, ResourceTypeOf(request));
    change.id = request.Param("id");
    KQ_ASSIGN(change.if_match, IfMatch(request));
    change.patch = [given, add](JsonNode current) -> core::Result<std::string> {
        return WithMeta(current, given, add);
    };
    KQ_TRY(fhir.records.Apply(restriction, change));
    return MetaAnswer(fhir, restriction, request);
}

core::Result<Response> AddMeta(const FhirServices& fhir, const Request& request) {
    return EditMeta(fhir, request, true);
}

core::Result<Response> DeleteMeta(const FhirServices& fhir, const Request& request) {
    return EditMeta(fhir, request, false);
}

}  // namespace

void RegisterFhirMeta(Registry& registry, const std::shared_ptr<const FhirServices>& fhir) {
    AddFhir(
        registry,
        fhir,
        FhirRoute(
            Method::kGet,
            "/fhir/{type}/{id}/$meta",
            "fhirMeta",
            {"资源的标签与安全标记", "Profiles, tags and security labels of a resource"}
        ),
        Meta
    );
    AddFhir(
        registry,
        fhir,
        FhirRoute(
            Method::kPost,
            "/fhir/{type}/{id}/$meta-add",
            "fhirMetaAdd",
            {"增加标签", "Add profiles, tags and security labels"}
        ),
        AddMeta
    );
    AddFhir(
        registry,
        fhir,
        FhirRoute(
            Method::kPost,
            "/fhir/{type}/{id}/$meta-delete",
            "fhirMetaDelete",
            {"去除标签", "Take profiles, tags and security labels away"}
        ),
        DeleteMeta
    );
}

}  // namespace kangqu::api
