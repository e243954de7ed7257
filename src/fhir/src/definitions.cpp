#include "kangqu/fhir/definitions.hpp"

#include "kangqu/core/check.hpp"

#include "tables.hpp"
#include <algorithm>

namespace kangqu::fhir {

namespace {

const tables::TypeIndex& IndexOf(TypeNumber type) noexcept {
    KQ_CHECK(type < tables::kIndexes.size(), "not a type number");
    return tables::kIndexes[type];
}

}  // namespace

std::size_t TypeCount() noexcept {
    return tables::kTypes.size();
}

const TypeFacts& TypeOf(TypeNumber number) noexcept {
    KQ_CHECK(number < tables::kTypes.size(), "not a type number");
    return tables::kTypes[number];
}

TypeNumber FindType(std::string_view name) noexcept {
    const auto found = std::lower_bound(
        tables::kTypes.begin(),
        tables::kTypes.end(),
        name,
        [](const TypeFacts& facts, std::string_view wanted) { return facts.name < wanted; }
    );
    return found == tables::kTypes.end() || found->name != name
               ? kNoType
               : static_cast<TypeNumber>(found - tables::kTypes.begin());
}

TypeNumber FindResourceType(std::string_view name) noexcept {
    const TypeNumber number = FindType(name);
    if (number == kNoType) {
        return kNoType;
    }
    const TypeFacts& facts = TypeOf(number);
    return facts.kind == TypeKind::kResource && !facts.abstract ? number : kNoType;
}

std::span<const TypeNumber> ResourceTypes() noexcept {
    return tables::kResources;
}

bool IsA(TypeNumber descendant, TypeNumber ancestor) noexcept {
    while (descendant != kNoType) {
        if (descendant == ancestor) {
            return true;
        }
        descendant = TypeOf(descendant).base;
    }
    return false;
}

const ElementFacts* FindElement(TypeNumber type, std::string_view name) noexcept {
    const std::span<const ElementFacts> elements = TypeOf(type).elements;
    const std::uint16_t* const first = tables::kByName + IndexOf(type).by_name;
    const std::uint16_t* const last = first + elements.size();
    const auto found =
        std::lower_bound(first, last, name, [&](std::uint16_t at, std::string_view wanted) {
            return elements[at].name < wanted;
        });
    return found == last || elements[*found].name != name ? nullptr : &elements[*found];
}

std::span<const ElementFacts> FindPath(TypeNumber type, std::string_view path_name) noexcept {
    const std::span<const ElementFacts> elements = TypeOf(type).elements;
    const tables::TypeIndex& index = IndexOf(type);
    const tables::PathRows* const first = tables::kByPath + index.by_path;
    const tables::PathRows* const last = first + index.path_count;
    const auto found =
        std::lower_bound(first, last, path_name, [&](auto rows, std::string_view wanted) {
            return elements[rows.first].path_name < wanted;
        });
    if (found == last || elements[found->first].path_name != path_name) {
        return {};
    }
    return elements.subspan(found->first, found->count);
}

std::span<const SearchParameterFacts> SearchParametersOf(TypeNumber resource) noexcept {
    const tables::TypeIndex& index = IndexOf(resource);
    return {tables::kSearch + index.search, index.search_count};
}

const SearchParameterFacts*
FindSearchParameter(TypeNumber resource, std::string_view code) noexcept {
    const auto rows = SearchParametersOf(resource);
    const auto found =
        std::lower_bound(rows.begin(), rows.end(), code, [](const auto& row, auto wanted) {
            return row.code < wanted;
        });
    return found == rows.end() || found->code != code ? nullptr : &*found;
}

std::span<const std::string_view> PatientCompartmentCodes(TypeNumber resource) noexcept {
    const tables::TypeIndex& index = IndexOf(resource);
    return {tables::kCompartment + index.compartment, index.compartment_count};
}

}  // namespace kangqu::fhir
