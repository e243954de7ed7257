#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/plan/document.hpp"

#include <string>
#include <string_view>

// A plan as FHIR R4 records. Where R4 has no element, extensions under urn:kangqu: carry what the
// document says, so that a document comes back as it was.
//
//   PlanDefinition.title, publisher, date   title, issuer, date
//   PlanDefinition.identifier               urn:kangqu:doc-no
//   action with action                      a heading; its title is the heading as printed
//   action without action                   a task: title, textEquivalent (its words), goalId
//     urn:kangqu:task                       no, offsets, mode, declaration, collective, repeats
//     urn:kangqu:responsible-unit           one a unit, in order: printed and full name
//     urn:kangqu:doubt                      what to look at again
//     urn:kangqu:review                     what a person said of it: state, by, at
//   status                                  draft while items are proposed, then active
//   relatedArtifact predecessor             the edition before
//   urn:kangqu:review-undo-version          the version that an undo brings back
//   goal                                    a target by name, description.text; goals that no
//                                           action names belong to the whole document
//   goal.target                             one a year: measure.text; detailQuantity, detailRange
//                                           or, for words, detailCodeableConcept; due in years
//                                           from the year of the document, where both are known
//     urn:kangqu:target                     comparator, unit, year, words, attribute, baseline
namespace kangqu::plan {

// `id` is the resource's id (a FHIR id). `source_reference` names the record of the source text
// ("DocumentReference/…") and may be empty. One JSON object without line breaks.
std::string ToPlanDefinition(
    const PlanDocument& document,
    std::string_view id,
    std::string_view source_reference = {}
);

// Reads a PlanDefinition back. One that was written elsewhere gives what it has: its leaf actions
// as tasks in their order, without units. Fails with kFhirWrongKind when it is no PlanDefinition,
// kFhirBadValue on a code or number of ours that is none, kTooLarge beyond the limits of a
// document.
core::Result<PlanDocument> FromPlanDefinition(core::JsonNode resource);

// What ToPlanDefinition was given as `source_reference`; may be empty.
std::string SourceReferenceOf(core::JsonNode plan_definition);

// The source text as it stands, inline in a DocumentReference that relates to
// `PlanDefinition/<plan_id>`.
std::string ToDocumentReference(
    const PlanDocument& document,
    std::string_view source_text,
    std::string_view id,
    std::string_view plan_id
);

// The bytes of the first attachment. Fails with kFhirMissingElement when there is none, and
// kFhirBadValue when they are not base64.
core::Result<std::string> SourceTextOf(core::JsonNode document_reference);

}  // namespace kangqu::plan
