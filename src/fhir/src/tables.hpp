#pragma once

#include "kangqu/fhir/definitions.hpp"

namespace kangqu::fhir::tables {

// Rows of one FHIRPath name: positions in the type's elements.
struct PathRows {
    std::uint16_t first;
    std::uint16_t count;
};

// Where a type's entries stand in the tables below. `by_name` has one entry an element.
struct TypeIndex {
    std::uint32_t by_name;
    std::uint32_t by_path;
    std::uint16_t path_count;
    std::uint32_t search;
    std::uint16_t search_count;
    std::uint16_t compartment;
    std::uint16_t compartment_count;
};

// Defined by the generated file; constant-initialised, so usable from any static initialiser.
extern const std::span<const TypeFacts> kTypes;  // by name
extern const std::span<const TypeIndex> kIndexes;
extern const std::uint16_t* const kByName;  // element positions in the order of their names
extern const PathRows* const kByPath;       // in the order of path names
extern const SearchParameterFacts* const kSearch;
extern const std::string_view* const kCompartment;
extern const std::span<const TypeNumber> kResources;

}  // namespace kangqu::fhir::tables
