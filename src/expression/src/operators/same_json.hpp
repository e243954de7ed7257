#pragma once

#include "kangqu/core/json.hpp"

namespace kangqu::expression {

// Deep equality of JSON values: objects by name, numbers by value.
bool SameJson(core::JsonNode a, core::JsonNode b);

}  // namespace kangqu::expression
