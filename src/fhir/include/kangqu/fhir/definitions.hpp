#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace kangqu::fhir {

// Element tables of FHIR R4 (4.0.1), generated at build time from the published definitions. All
// of it is constant data; every view and reference lives as long as the program; any thread.

// A type: a resource (Patient), a data type (HumanName), a primitive (date) or a backbone element
// (Patient.contact). Numbers are indexes of the generated table, dense from 0, not stable between
// releases: never store them.
using TypeNumber = std::uint16_t;
constexpr TypeNumber kNoType = 0xFFFF;

enum class TypeKind : std::uint8_t { kResource, kComplex, kPrimitive, kBackbone };

struct ElementFacts {
    // JSON property. A choice element has one row a type: value[x] gives valueQuantity,
    // valueString...
    std::string_view name;
    // FHIRPath name: `value` for all rows of value[x], else the same as name.
    std::string_view path_name;
    TypeNumber type;   // of the value; Resource for contained and entry.resource
    std::uint8_t min;  // for a choice: of the choice as a whole
    bool many;         // max is *: a JSON array
    bool choice;       // one row of a [x]
    bool summary;      // belongs to _summary=true
};

struct TypeFacts {
    std::string_view name;  // Patient, HumanName, date, Patient.contact
    TypeKind kind;
    TypeNumber base;  // Patient -> DomainResource -> Resource; kNoType at the top
    bool abstract;
    // All elements, inherited ones first (id, extension, ...), in the order of the definitions.
    std::span<const ElementFacts> elements;
};

std::size_t TypeCount() noexcept;
const TypeFacts& TypeOf(TypeNumber number) noexcept;
// kNoType when there is no such type. O(log types).
TypeNumber FindType(std::string_view name) noexcept;
// Number of a concrete resource type, kNoType for anything else.
TypeNumber FindResourceType(std::string_view name) noexcept;
// All concrete resource types, by name.
std::span<const TypeNumber> ResourceTypes() noexcept;
// `descendant` is `ancestor` or specialises it (Patient is a Resource; Age is a Quantity).
bool IsA(TypeNumber descendant, TypeNumber ancestor) noexcept;

// The row whose JSON property is `name`; null when there is none. O(log elements).
const ElementFacts* FindElement(TypeNumber type, std::string_view name) noexcept;
// The rows whose FHIRPath name is `path_name`: one, or one a type of a choice, or none.
std::span<const ElementFacts> FindPath(TypeNumber type, std::string_view path_name) noexcept;

// A search parameter of the published R4 set.
enum class SearchKind : std::uint8_t {
    kNumber,
    kDate,
    kString,
    kToken,
    kReference,
    kComposite,
    kQuantity,
    kUri,
    kSpecial
};
// One part of a composite parameter: the parameter it is, and its way from the composite's element.
struct SearchComponentFacts {
    std::string_view code;
    SearchKind kind;
    std::string_view expression;
};
struct SearchParameterFacts {
    std::string_view code;  // birthdate
    std::string_view url;
    SearchKind kind;
    TypeNumber resource;  // one row for each base
    // The parts of the published FHIRPath that belong to `resource`, "|" between them.
    std::string_view expression;
    std::span<const TypeNumber> targets;               // of references
    std::span<const SearchComponentFacts> components;  // of composites
};
// All parameters of one resource type, those of Resource and DomainResource included, by code.
std::span<const SearchParameterFacts> SearchParametersOf(TypeNumber resource) noexcept;
const SearchParameterFacts*
FindSearchParameter(TypeNumber resource, std::string_view code) noexcept;

// Search codes through which a resource type belongs to the Patient compartment; empty when it
// does not (http://hl7.org/fhir/R4/compartmentdefinition-patient.html).
std::span<const std::string_view> PatientCompartmentCodes(TypeNumber resource) noexcept;

}  // namespace kangqu::fhir
