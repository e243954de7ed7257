#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/fhir/definitions.hpp"
#include "kangqu/search/index.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::records {

// A resource checked, brought to its stored form and indexed; everything that needs no writer.
struct Prepared {
    std::string type;
    std::string id;
    std::string body;
    // The Patient this record belongs to, by id; empty when it belongs to none.
    std::string patient;
    search::PreparedIndex index;
};

// Checks the structure and prepares. `id` is the id it will have; `path` begins the `where` of
// errors. Any thread.
core::Result<Prepared> Prepare(
    const search::Indexer& indexer,
    core::JsonNode resource,
    std::string id,
    const std::string& path
);

// The id of the Patient a resource belongs to: the first local reference to a Patient among the
// elements through which its type belongs to the Patient compartment; `patient`, `subject` and
// `beneficiary` before others. A Patient belongs to itself (empty).
std::string PatientOf(core::JsonNode resource, fhir::TypeNumber type);

}  // namespace kangqu::records
