#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/fhir/definitions.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::fhir {

// Most errors reported for one resource; more are counted as one line.
constexpr std::size_t kMaxStructureErrors = 20;

// Structure of one resource against the element tables: known elements, JSON kind, cardinality (min
// and max), primitive formats, one row of each choice, no empty values, known resourceType. Each
// error's `where` is a FHIRPath with indexes that begins with `path` ("Patient.name[0].given[1]",
// "Bundle.entry[3].resource.birthDate"). Nested resources (contained, Bundle.entry) are checked
// too. Codes, profiles and invariants are the business of `validate`. Empty means well-formed.
std::vector<core::Error> CheckStructure(core::JsonNode resource, std::string path = {});

// The bytes to keep of a resource that was sent: minified, without id and without meta.versionId
// and meta.lastUpdated (an empty meta goes too); numbers, order, narrative and every other byte of
// a string stay as sent. `resource` must be an object with resourceType.
std::string StoredForm(core::JsonNode resource);

// The way back: `stored` with id, meta.versionId and meta.lastUpdated spliced in behind
// resourceType, other members of meta kept. No parsing: O(size).
std::string Rendered(
    std::string_view stored,
    std::string_view id,
    std::uint64_t version,
    core::InstantMs last_updated
);

// "Patient/p1", "http://host/fhir/Patient/p1/_history/2", "urn:uuid:...", "#contained",
// "Patient?identifier=a|b".
struct Reference {
    enum class Kind : std::uint8_t { kLocal, kAbsolute, kUrn, kContained, kConditional, kOther };
    Kind kind = Kind::kOther;
    std::string_view type;   // kLocal, kAbsolute, kConditional
    std::string_view id;     // kLocal, kAbsolute
    std::string_view query;  // kConditional: text behind the question mark
};
Reference ParseReference(std::string_view text) noexcept;

// Visits the value of every `reference` element of a Reference in the resource (contained resources
// included). The nodes live as long as the document.
std::vector<core::JsonNode> ReferencesOf(core::JsonNode resource);

// An OperationOutcome for errors, texts in `language` (details.text), code in details.coding
// (system urn:kangqu:error), element in expression.
std::string OperationOutcome(const std::vector<core::Error>& errors, core::Language language);

}  // namespace kangqu::fhir
