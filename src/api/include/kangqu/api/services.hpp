#pragma once

#include "kangqu/api/route.hpp"
#include "kangqu/bulk/jobs.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/measure/populations.hpp"
#include "kangqu/plan/binding.hpp"
#include "kangqu/plan/board.hpp"
#include "kangqu/plan/matching.hpp"
#include "kangqu/records/records.hpp"
#include "kangqu/search/knowledge.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/subscription/engine.hpp"
#include "kangqu/terminology/terminology.hpp"
#include "kangqu/timeline/organizations.hpp"
#include "kangqu/timeline/residents.hpp"
#include "kangqu/validate/validator.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kangqu::api {

// What the caller of a request may see and do, decided once a request from its principal.
using RestrictionOf = std::function<core::Result<search::Restriction>(const Request&)>;

// One family of addresses each, one file each. What they are given must outlive the registry.

// Called after each write of a request, before its answer.
using WrittenHook = std::function<
    core::Status(const access::Principal& principal, const records::Receipt& receipt)>;

// /fhir: the interactions on records, bundles, histories, searches and metadata.
void RegisterFhir(
    Registry& registry,
    records::Records& records,
    RestrictionOf restriction,
    std::string version,
    WrittenHook written = {},
    std::shared_ptr<const search::Knowledge> knowledge = nullptr
);

// /fhir/{type}/$validate and /fhir/{type}/{id}/$validate.
struct ValidateServices {
    records::Records& records;
    const validate::Validator& validator;
    RestrictionOf restriction;
};
void RegisterValidate(Registry& registry, ValidateServices services);

// /fhir/Subscription/{id}/$status and $events. Whoever writes a Subscription owns it.
struct SubscriptionServices {
    records::Records& records;
    subscription::Engine& engine;
    RestrictionOf restriction;
};
void RegisterSubscriptions(Registry& registry, SubscriptionServices services);
WrittenHook OwnSubscriptions(subscription::Engine& engine);

// /fhir/$export, /fhir/$import and what they leave: jobs whose owner is the text of a principal.
struct BulkServices {
    records::Records& records;
    bulk::Jobs& jobs;
    RestrictionOf restriction;
};
void RegisterBulk(Registry& registry, BulkServices services);
// A principal as the owner of work that outlives his request, and back; null for a text that is
// none.
std::string OwnerText(const access::Principal& principal);
std::shared_ptr<const access::Principal> PrincipalOf(std::string_view owner);

// The terminology operations under /fhir (ValueSet/$expand and its kin), over packs and the
// CodeSystem, ValueSet and ConceptMap records of the store as they are when a request comes in.
struct TerminologyServices {
    terminology::Terminology& terminology;
    store::Store& store;
    RestrictionOf restriction;
};
void RegisterTerminology(Registry& registry, TerminologyServices services);

// /api/residents: search, banner, timeline. /api/units: organisations.
struct ResidentServices {
    records::Records& records;
    timeline::Residents& residents;
    timeline::Organizations& organizations;
    const core::Clock& clock;
    RestrictionOf restriction;
};
void RegisterResidents(Registry& registry, ResidentServices services);

// A period as the picker shows it. `complete`: it has ended.
struct PeriodChoice {
    measure::NamedPeriod named;
    BothLanguages text;
    bool complete = false;
    plan::Period end;  // for the state of targets
};
// Newest first; the first is the default.
using PeriodChoices = std::function<std::vector<PeriodChoice>()>;

// /api/periods, /api/measures: definition, counts, strata and residents of a measure.
struct MeasureServices {
    measure::Populations& populations;
    timeline::Residents& residents;
    timeline::Organizations& organizations;
    const core::Clock& clock;
    PeriodChoices periods;
    RestrictionOf restriction;
};
void RegisterMeasures(Registry& registry, MeasureServices services);

// /fhir/Measure/{id}/$evaluate-measure for any period, over the residents the caller may see.
struct EvaluateServices {
    records::Records& records;
    measure::Populations& populations;
    timeline::Residents& residents;
    const core::Clock& clock;
    std::function<std::shared_ptr<const terminology::Catalogue>()> catalogue;
    RestrictionOf restriction;
};
void RegisterEvaluate(Registry& registry, EvaluateServices services);

// /api/plans: plans kept as PlanDefinition records, from the document through its review to live
// targets, their outlook and who holds them back.
struct PlanServices {
    records::Records& records;
    MeasureServices measures;
    // What computes the targets of a plan.
    std::function<std::vector<plan::Binding>(std::string_view plan_id)> bindings;
    // Bodies of government and what became of them, of the packs.
    std::vector<plan::Organ> organs;
    RestrictionOf restriction;
};
void RegisterPlans(Registry& registry, PlanServices services);

}  // namespace kangqu::api
