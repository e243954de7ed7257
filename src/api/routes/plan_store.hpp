#pragma once

#include "kangqu/api/services.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/plan/document.hpp"
#include "kangqu/plan/matching.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::api {

// A plan as its record has it.
struct StoredPlan {
    std::string id;
    std::int64_t version = 0;
    plan::PlanDocument document;
    std::string source_reference;  // "DocumentReference/…" or empty
};
core::Result<StoredPlan> ReadStored(
    const PlanServices& services,
    const search::Restriction& restriction,
    std::string_view id
);
core::Result<StoredPlan> ReadStoredVersion(
    const PlanServices& services,
    const search::Restriction& restriction,
    std::string_view id,
    std::int64_t version
);

// The text that the plan was read from; empty when its record names none.
core::Result<std::string> SourceText(
    const PlanServices& services,
    const search::Restriction& restriction,
    const StoredPlan& stored
);

// Writes `document` as the next version of the plan. kVersionConflict when `stored` is not current.
core::Result<std::int64_t> WriteNext(
    const PlanServices& services,
    const search::Restriction& restriction,
    const StoredPlan& stored,
    const plan::PlanDocument& document
);

// Takes a Bundle of type transaction.
core::Status WriteAll(
    const PlanServices& services,
    const search::Restriction& restriction,
    const std::string& bundle
);

// Names of units against the organisations of now.
plan::UnitNames UnitNamesOf(const PlanServices& services);
// All measures of the packs, by their name in `language`.
std::vector<plan::LibraryEntry> LibraryOf(const PlanServices& services, core::Language language);

// The JSON object that a request carries; kInvalidArgument when it is another value.
core::Result<std::unique_ptr<const core::JsonDocument>> PlanBodyOf(const Request& request);

}  // namespace kangqu::api
