#pragma once

#include "kangqu/api/route.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/records.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/timeline/organizations.hpp"
#include "kangqu/timeline/residents.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kangqu::api {

// What the caller of a request may see and do, decided once a request from its principal.
using RestrictionOf = std::function<core::Result<search::Restriction>(const Request&)>;

// One family of addresses each, one file each. What they are given must outlive the registry.

// /fhir: read, vread, history, search, create, update, delete, transaction, metadata.
void RegisterFhir(
    Registry& registry,
    records::Records& records,
    RestrictionOf restriction,
    std::string version
);

// /api/residents: search, banner, timeline. /api/units: organisations.
struct ResidentServices {
    records::Records& records;
    timeline::Residents& residents;
    timeline::Organizations& organizations;
    const core::Clock& clock;
    RestrictionOf restriction;
};
void RegisterResidents(Registry& registry, ResidentServices services);

}  // namespace kangqu::api
