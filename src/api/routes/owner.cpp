#include "kangqu/api/services.hpp"
#include "kangqu/core/json.hpp"

namespace kangqu::api {

std::string OwnerText(const access::Principal& principal) {
    std::string text;
    core::JsonWriter writer(text);
    writer.BeginObject().Field("kind", static_cast<std::int64_t>(principal.kind));
    writer.Field("name", principal.name).Field("role", principal.role);
    writer.Field("organization", principal.organization);
    writer.Field("practitioner", principal.practitioner);
    writer.Key("abilities").BeginArray();
    for (const std::string& ability : principal.abilities) {
        writer.String(ability);
    }
    writer.EndArray().EndObject();
    return text;
}

std::shared_ptr<const access::Principal> PrincipalOf(std::string_view owner) {
    const auto document = core::JsonDocument::Parse(std::string(owner));
    if (!document.ok() || !document.value()->root().is_object()) {
        return nullptr;
    }
    const core::JsonNode root = document.value()->root();
    const auto kind = root["kind"].integer().value_or(0);
    const auto last = static_cast<std::int64_t>(access::Principal::Kind::kOperator);
    if (kind < 0 || kind > last) {
        return nullptr;
    }
    auto principal = std::make_shared<access::Principal>();
    principal->kind = static_cast<access::Principal::Kind>(kind);
    principal->name = root["name"].text();
    principal->role = root["role"].text();
    principal->organization = root["organization"].text();
    principal->practitioner = root["practitioner"].text();
    for (core::JsonNode one = root["abilities"].first(); one; one = one.next()) {
        principal->abilities.emplace_back(one.text());
    }
    return principal;
}

}  // namespace kangqu::api
