#pragma once

#include "kangqu/api/message.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kangqu::api {

// Writes an OperationOutcome; fhir::OperationOutcome has this shape.
using OutcomeWriter = std::function<std::string(const std::vector<core::Error>&, core::Language)>;

// The answer to a failed request: RFC 9457 problem with type urn:kangqu:error:<code>, or what
// `fhir` writes when it is given. Adds Retry-After where waiting helps.
Response Problem(const core::Error& error, core::Language language, const OutcomeWriter& fhir = {});

}  // namespace kangqu::api
