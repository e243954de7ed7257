#include "kangqu/fhir/resource.hpp"

#include <array>

namespace kangqu::fhir {

namespace {

constexpr std::string_view kTypePrefix = R"({"resourceType":")";
constexpr std::string_view kMetaPrefix = R"(,"meta":{)";

// Given by the store, never taken from a sender; their `_` siblings have nothing to belong to.
bool IsGivenByStore(std::string_view meta_member) noexcept {
    constexpr std::array<std::string_view, 4> kNames = {
        "versionId", "_versionId", "lastUpdated", "_lastUpdated"};
    for (const std::string_view name : kNames) {
        if (meta_member == name) {
            return true;
        }
    }
    return false;
}

bool KeepsMeta(core::JsonNode meta) noexcept {
    for (core::JsonNode member = meta.first(); member; member = member.next()) {
        if (!IsGivenByStore(member.key())) {
            return true;
        }
    }
    return false;
}

}  // namespace

// resourceType and meta stand in front, so that Rendered finds both places without parsing.
std::string StoredForm(core::JsonNode resource) {
    const core::JsonNode type = resource["resourceType"];
    KQ_CHECK(type.is_string(), "only a resource has a stored form");
    std::string out;
    out.reserve(resource.raw().size());
    core::JsonWriter writer(out);
    writer.BeginObject().Field("resourceType", type.text());
    const core::JsonNode meta = resource["meta"];
    if (meta.is_object() && KeepsMeta(meta)) {
        writer.Key("meta").BeginObject();
        for (core::JsonNode member = meta.first(); member; member = member.next()) {
            if (!IsGivenByStore(member.key())) {
                writer.Key(member.key()).Node(member);
            }
        }
        writer.EndObject();
    }
    for (core::JsonNode member = resource.first(); member; member = member.next()) {
        const std::string_view key = member.key();
        if (key != "resourceType" && key != "id" && key != "meta") {
            writer.Key(key).Node(member);
        }
    }
    writer.EndObject();
    return out;
}

std::string Rendered(
    std::string_view stored,
    std::string_view id,
    std::uint64_t version,
    core::InstantMs last_updated
) {
    KQ_CHECK(stored.starts_with(kTypePrefix), "not a stored form");
    const std::size_t type_end = stored.find('"', kTypePrefix.size()) + 1;
    KQ_CHECK(type_end != 0, "not a stored form");
    std::string_view rest = stored.substr(type_end);
    std::string out;
    out.reserve(stored.size() + id.size() + 96);
    out += stored.substr(0, type_end);
    out += R"(,"id":)";
    core::AppendJsonString(id, out);
    out += R"(,"meta":{"versionId":")";
    out += std::to_string(version);
    out += R"(","lastUpdated":")";
    out += core::FormatInstant(last_updated);
    out += '"';
    if (rest.starts_with(kMetaPrefix)) {
        rest.remove_prefix(kMetaPrefix.size());
        out += ',';
    } else {
        out += '}';
    }
    out += rest;
    return out;
}

}  // namespace kangqu::fhir
