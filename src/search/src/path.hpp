#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/fhir/definitions.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::search {

// One member to step into, and what the values found there must fulfil.
struct PathStep {
    std::string_view member;  // JSON property: valueQuantity, not value
    // where(system = 'phone')
    std::string where_member = {};
    std::string where_value = {};
    // where(resolve() is Patient)
    fhir::TypeNumber resolves_to = fhir::kNoType;
    // [0]
    std::optional<std::size_t> index = std::nullopt;
    friend bool operator==(const PathStep&, const PathStep&) = default;
};

// A search expression's alternative reduced to one way through the JSON; a choice element gives one
// path for each of its types.
struct Path {
    std::vector<PathStep> steps;
    fhir::TypeNumber leaf = fhir::kNoType;
};

// The alternatives of a published expression, without brackets that only group.
std::vector<std::string> Alternatives(std::string_view expression);

// Paths of one alternative, starting at a resource of type `type`. The published R4 parameters use
// members, ofType(T), where(member='text'), where(resolve() is T) and [n]; anything else gives
// kExpressionSyntax.
core::Result<std::vector<Path>> CompilePath(std::string_view alternative, fhir::TypeNumber type);

// Visits the values that `path` leads to from `resource`.
void Walk(
    const Path& path,
    core::JsonNode resource,
    const std::function<void(core::JsonNode)>& visit
);

}  // namespace kangqu::search
