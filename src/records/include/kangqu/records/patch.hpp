#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/change.hpp"

#include <string>
#include <string_view>

namespace kangqu::records {

// Most entries of one bundle are checked here for every kind of bundle: kTooLarge beyond
// kMaxBundleEntries.
core::Status CheckBundleSize(core::JsonNode bundle);

// The patch an entry of a bundle carries: a Parameters resource (FHIRPath Patch), or a Binary whose
// content is a JSON Patch or an XML Patch.
core::Result<Patcher> PatcherOf(core::JsonNode resource);

// The patch of a request's body: application/json-patch+json, application/xml-patch+xml, or a
// Parameters resource as application/fhir+json. kUnsupportedMediaType for anything else.
core::Result<Patcher> PatcherOf(std::string_view media_type, std::string body);

}  // namespace kangqu::records
