#pragma once

#include "code_system.hpp"
#include "value_set.hpp"

namespace kangqu::terminology {

// The concepts that one filter of a value set chooses: is-a, descendent-of, is-not-a, generalizes,
// child-of, =, in, not-in, exists, regex; on the concept, its display or any property of it.
// kValueSetFilter for what is not one of these.
core::Result<ConceptBits> Choose(
    const CodeSystem& codes,
    core::JsonNode filter,
    const Vocabularies& vocabularies,
    const std::string& value_set,
    int depth
);

}  // namespace kangqu::terminology
