#pragma once

#include "kangqu/expression/fhirpath.hpp"
#include "kangqu/validate/definitions.hpp"
#include "kangqu/validate/issue.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::validate {

// An invariant with its expression compiled. `error` says why it is not (path is empty then).
struct Constraint {
    std::string_view key;
    std::string human;  // in both languages where the definition has both
    Severity severity = Severity::kError;
    std::optional<expression::FhirPath> path;
    std::string error;
};

enum class Strength : std::uint8_t { kNone, kExample, kPreferred, kExtensible, kRequired };

struct Binding {
    Strength strength = Strength::kNone;
    std::string_view value_set;

    // Only required and extensible bindings say anything about a resource.
    bool checked() const noexcept { return strength >= Strength::kExtensible; }
};

Binding ReadBinding(core::JsonNode element);
// nothing when the constraint is checked by the program itself (IsBuiltIn).
std::optional<Constraint> ReadConstraint(core::JsonNode constraint, fhir::TypeNumber type);

// The targets that an element of type Reference allows: resource types, dense flags by their
// number; no restriction when empty.
std::vector<fhir::TypeNumber> ReadTargets(core::JsonNode element_type);

// What the base definition says of one row of the element tables.
struct RowRules {
    Binding binding;
    std::vector<Constraint> constraints;
    std::vector<fhir::TypeNumber> targets;
    bool modifier = false;
};

// What it says of a type: its own constraints and those of its rows, in the rows' order.
struct TypeRules {
    std::vector<Constraint> constraints;
    std::vector<RowRules> rows;
};

// The base definitions of all types of R4, by type number. Immutable.
class BaseRules {
public:
    explicit BaseRules(const Definitions& definitions);
    const TypeRules& of(fhir::TypeNumber type) const noexcept { return types_[type]; }

private:
    void Read(core::JsonNode structure);
    void ReadElement(core::JsonNode element);
    std::vector<TypeRules> types_;
};

}  // namespace kangqu::validate
