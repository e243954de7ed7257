#pragma once

#include "kangqu/fhir/definitions.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace kangqu::expression {

// Data models that `using` may name. Every one of them is carried by FHIR R4 documents.
enum class Model : std::uint8_t { kFhir, kQiCore };

// Nothing for a model or version that is not known.
std::optional<Model> FindModel(std::string_view name, std::string_view version);

// A profile that a model calls a type: the FHIR type, and one element whose value a resource must
// have to be of it (empty: any resource of the type).
struct ProfileFacts {
    std::string_view name;
    std::string_view type;
    std::string_view element;  // status, doNotPerform, code (of coding)
    std::string_view value;
};
// Null when the model has no such profile.
const ProfileFacts* FindProfile(Model model, std::string_view name);

// An element that a model gives a type and FHIR carries as an extension.
struct ExtensionElement {
    std::string_view type;
    std::string_view name;
    std::string_view url;
    bool many;
};
const ExtensionElement*
FindExtensionElement(Model model, fhir::TypeNumber type, std::string_view name);

// The FHIR type that `name` means in `model`, kNoType when none.
fhir::TypeNumber FindModelType(Model model, std::string_view name);
// The element that a retrieve of the type compares with codes.
std::string_view PrimaryCodePath(std::string_view type);

// Libraries that are part of the model's tooling and so built in; empty for any other name.
std::string_view BuiltInLibrary(std::string_view name);

}  // namespace kangqu::expression
