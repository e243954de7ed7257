#pragma once

#include "kangqu/api/services.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/definitions.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::api {

constexpr std::string_view kFhirJson = "application/fhir+json; charset=utf-8";

// What every route under /fhir needs.
struct FhirServices {
    records::Records& records;
    RestrictionOf restriction;
    std::string version;  // of the program
    // Where the entries of a batch find their handlers. Complete before the first request.
    const Registry* registry = nullptr;
    WrittenHook written;
    // For searches by value set and hierarchy; null: none.
    std::shared_ptr<const search::Knowledge> knowledge;
};
// Tells the hook of a write, where there is one.
core::Status
TellWritten(const FhirServices& fhir, const Request& request, const records::Receipt& receipt);

using FhirHandler = core::Result<Response> (*)(const FhirServices&, const Request&);

Response FhirAnswer(std::string body, int status = 200);
// The {type} of the path; kFhirUnknownType when it is none.
core::Result<std::string> ResourceTypeOf(const Request& request);
// A route under /fhir with the usual media types.
Route FhirRoute(Method method, std::string path, std::string id, BothLanguages summary);
// Adds a route with its handler.
void AddFhir(
    Registry& registry,
    const std::shared_ptr<const FhirServices>& fhir,
    Route route,
    FhirHandler handler
);

// The FHIR base as the client addresses it: "http://host:port/fhir".
std::string BaseUrl(const Request& request);
// W/"3"
std::string Etag(std::int64_t version);
// RFC 9110 IMF-fixdate, and back; nothing for another form.
std::string HttpDate(core::InstantMs instant);
std::optional<core::InstantMs> ParseHttpDate(std::string_view text);
// The request's body as JSON.
core::Result<std::unique_ptr<const core::JsonDocument>> BodyOf(const Request& request);
core::Result<std::optional<std::int64_t>> IfMatch(const Request& request);
// A record with its validators, or 304 where the client has it (If-None-Match,
// If-Modified-Since).
Response Show(const Request& request, const records::Record& record);

// What the client wants back from a write (Prefer: return=...).
enum class Return : std::uint8_t { kMinimal, kRepresentation, kOutcome };
Return ReturnOf(const Request& request, Return fallback);
// "201 Created"
std::string StatusLine(int status);
// HTTP status of what a write did.
int StatusOf(const records::Receipt& receipt);
// The answer to a write of its own.
core::Result<Response> Written(
    const FhirServices& fhir,
    const search::Restriction& restriction,
    const Request& request,
    const records::Receipt& receipt
);
// Parameters of the address without _format and _pretty, as the criteria of a conditional
// interaction: the query text as sent.
std::string CriteriaOf(const Request& request);

// The search members of CapabilityStatement.rest.resource for one type.
void WriteSearchCapability(core::JsonWriter& writer, fhir::TypeNumber type);

// The families, one file each.
void RegisterFhirSearch(Registry& registry, const std::shared_ptr<const FhirServices>& fhir);
void RegisterFhirHistory(Registry& registry, const std::shared_ptr<const FhirServices>& fhir);
void RegisterFhirBundle(Registry& registry, const std::shared_ptr<const FhirServices>& fhir);
void RegisterFhirMeta(Registry& registry, const std::shared_ptr<const FhirServices>& fhir);
void RegisterFhirMetadata(Registry& registry, const std::shared_ptr<const FhirServices>& fhir);

}  // namespace kangqu::api
