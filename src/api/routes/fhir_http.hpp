#pragma once

#include "kangqu/api/services.hpp"

#include <memory>
#include <string>

namespace kangqu::api {

constexpr std::string_view kFhirJson = "application/fhir+json; charset=utf-8";

// What every route under /fhir needs.
struct FhirServices {
    records::Records& records;
    RestrictionOf restriction;
    std::string version;  // of the program
};

Response FhirAnswer(std::string body, int status = 200);
// The {type} of the path; kFhirUnknownType when it is none.
core::Result<std::string> ResourceTypeOf(const Request& request);
// A route under /fhir with the usual media types.
Route FhirRoute(Method method, std::string path, std::string id, BothLanguages summary);

// GET /fhir/{type} and GET /fhir/metadata.
void RegisterFhirSearch(Registry& registry, const std::shared_ptr<const FhirServices>& fhir);

}  // namespace kangqu::api
