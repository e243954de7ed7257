#pragma once

#include "kangqu/expression/value.hpp"

#include "evaluation.hpp"
#include "plan.hpp"
#include <string>
#include <string_view>

namespace kangqu::expression {

// A node whose type is the resource's own where the element only says Resource.
Value NodeOf(core::JsonNode json, fhir::TypeNumber declared, core::JsonNode extension = {});

// Appends the members of one item that `step` names.
void AddMembers(const Value& item, const MemberStep& step, ListBuilder& out);
// Members of a System value (tuple, quantity, code, interval ...); null when it has none so named.
Value SystemMember(Evaluation& evaluation, const Value& item, std::string_view name);
// Appends all children in document order.
void AddChildren(const Value& item, ListBuilder& out);

// A FHIR primitive as the System value it holds, and FHIR Quantity as Quantity; null for a
// primitive without value or with a malformed one; anything else unchanged.
Value ToSystem(Evaluation& evaluation, const Value& value);
// Beyond ToSystem: Coding, CodeableConcept, Period, Range, Ratio as CQL's types.
Value ToCql(Evaluation& evaluation, const Value& value);
bool IsPrimitive(fhir::TypeNumber type);
// The System kind a FHIR primitive holds, kNull for other types.
Kind PrimitiveKind(fhir::TypeNumber type);

// "Boolean", "Date", ...; and of a value, for messages: "FHIR.HumanName", "Integer".
std::string_view NameOf(Kind kind);
std::string TypeNameOf(const Value& value);

// Types looked up once.
struct KnownTypes {
    fhir::TypeNumber resource;
    fhir::TypeNumber domain_resource;
    fhir::TypeNumber quantity;
    fhir::TypeNumber coding;
    fhir::TypeNumber codeable_concept;
    fhir::TypeNumber period;
    fhir::TypeNumber range;
    fhir::TypeNumber ratio;
    fhir::TypeNumber reference;
    fhir::TypeNumber extension;
    fhir::TypeNumber string;
    fhir::TypeNumber patient;
};
const KnownTypes& Known();

}  // namespace kangqu::expression
