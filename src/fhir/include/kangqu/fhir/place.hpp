#pragma once

#include "kangqu/fhir/definitions.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kangqu::fhir {

// Where a walk stands, as a chain of stack frames: text is made only for an error.
struct Place {
    const Place* parent = nullptr;
    const ElementFacts* element = nullptr;  // null for the root
    std::string_view name = {};             // root path or an unknown name
    std::size_t index = 0;
    bool indexed = false;
};

// "Patient.name[0].given[1]", "Observation.value.ofType(Quantity).unit".
void AppendPath(const Place& place, std::string& out);

}  // namespace kangqu::fhir
