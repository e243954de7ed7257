#pragma once

#include "kangqu/plan/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What a plan becomes when it goes live, in FHIR terms (docs/adr/0018):
//
//   PlanDefinition  the plan, status active; a former edition becomes retired
//   Task            one a task of the plan: owner is the lead unit, the others are its recipients;
//                   its status is the work's, from requested to completed
//   Goal            one a target by name: its targets are the years
//   Group           the population that the plan is for, subject of its goals
//
// All in one transaction, so that a plan is live with its tasks or not at all.
namespace kangqu::plan {

struct LiveOptions {
    std::string plan_id;
    std::string source_reference;  // of the document's text, may be empty
    std::int64_t version = 0;      // of the draft that is current
    // The former edition as it is stored, and its version.
    std::optional<PlanDocument> former;
    std::string former_source;
    std::int64_t former_version = 0;
};

// A Bundle of type transaction. `document` comes from Live().
std::string LiveTransaction(const PlanDocument& document, const LiveOptions& options);

// A Bundle that keeps a new draft and its source text, both or none.
std::string DraftTransaction(
    const PlanDocument& document,
    std::string_view source_text,
    std::string_view plan_id
);

}  // namespace kangqu::plan
