#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/fhir/place.hpp"

#include "sink.hpp"

namespace kangqu::validate {

// The answers of a QuestionnaireResponse against its Questionnaire; nothing is said when that is
// missing.
void CheckAnswers(
    core::JsonNode response,
    core::JsonNode questionnaire,
    const fhir::Place& place,
    Sink& sink
);

}  // namespace kangqu::validate
