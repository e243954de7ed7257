#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kangqu::patch {

// Limits of one patch: copies inside it can double a document each time.
constexpr std::size_t kMaxOperations = 1'000;
constexpr std::size_t kMaxAddedBytes = std::size_t{64} << 20U;

// All of these: the changed document as text, operations done in order; at the first that fails,
// its error (kPatch..., operations counted from 1) and no document. Numbers, order and every other
// byte of what is not touched stay as they were. Any thread.

// JSON Patch (RFC 6902): `patch` is the array of operations, `target` any document.
core::Result<std::string> ApplyJsonPatch(core::JsonNode target, core::JsonNode patch);

// FHIRPath Patch (http://hl7.org/fhir/R4/fhirpatch.html): `parameters` is the Parameters resource.
// Deleting what is not there succeeds; `replace` of a choice may change its type.
core::Result<std::string> ApplyFhirPathPatch(core::JsonNode resource, core::JsonNode parameters);

// XML Patch (RFC 5261): texts in XML. Selectors are location paths of child steps, attributes,
// text(), comment(), processing-instruction() and simple predicates; the prefix f: stands for
// FHIR's namespace, h: for XHTML's.
core::Result<std::string> ApplyXmlPatch(std::string_view target, std::string_view patch);

// The same on a resource held as JSON; the result is JSON.
core::Result<std::string> ApplyXmlPatch(core::JsonNode resource, std::string_view patch);

}  // namespace kangqu::patch
