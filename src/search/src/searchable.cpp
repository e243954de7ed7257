// What can be asked of a type.
#include "kangqu/search/query.hpp"

#include "parameters.hpp"
#include <array>

namespace kangqu::search {

namespace {

using fhir::SearchKind;

std::string_view KindName(SearchKind kind) {
    switch (kind) {
        case SearchKind::kNumber:
            return "number";
        case SearchKind::kDate:
            return "date";
        case SearchKind::kString:
            return "string";
        case SearchKind::kToken:
            return "token";
        case SearchKind::kReference:
            return "reference";
        case SearchKind::kComposite:
            return "composite";
        case SearchKind::kQuantity:
            return "quantity";
        case SearchKind::kUri:
            return "uri";
        case SearchKind::kSpecial:
            break;
    }
    return "special";
}

constexpr std::string_view kCommon = "http://hl7.org/fhir/SearchParameter/Resource";

}  // namespace

std::vector<Searchable> SearchableOf(std::string_view type) {
    std::vector<Searchable> out;
    const fhir::TypeNumber number = fhir::FindResourceType(type);
    const auto& all = Parameters::All();
    if (number == fhir::kNoType || !all.ok()) {
        return out;
    }
    constexpr std::array<std::array<std::string_view, 3>, 7> kOfStore = {
        {{"_id", "-id", "token"},
         {"_lastUpdated", "-lastUpdated", "date"},
         {"_list", "", "string"},
         {"_text", "", "string"},
         {"_content", "-content", "string"},
         {"_filter", "-filter", "special"},
         {"_has", "", "string"}}};
    for (const auto& [name, tail, kind] : kOfStore) {
        out.push_back(
            {std::string(name),
             tail.empty() ? std::string() : std::string(kCommon) + std::string(tail),
             std::string(kind)}
        );
    }
    for (const std::uint16_t index : all.value().Of(number)) {
        const Parameter& parameter = all.value().at(index);
        out.push_back(
            {std::string(parameter.facts->code),
             std::string(parameter.facts->url),
             std::string(KindName(parameter.facts->kind))}
        );
        const bool name =
            parameter.facts->code == "name" && parameter.facts->kind == SearchKind::kString;
        if (name) {
            out.push_back({"name-pinyin", "", "string"});
            out.push_back({"name-initials", "", "string"});
        }
    }
    return out;
}

std::vector<std::string> IncludesOf(std::string_view type) {
    std::vector<std::string> out;
    const fhir::TypeNumber number = fhir::FindResourceType(type);
    const auto& all = Parameters::All();
    if (number == fhir::kNoType || !all.ok()) {
        return out;
    }
    for (const std::uint16_t index : all.value().Of(number)) {
        const Parameter& parameter = all.value().at(index);
        if (parameter.facts->kind == SearchKind::kReference) {
            out.push_back(std::string(type) + ":" + std::string(parameter.facts->code));
        }
    }
    return out;
}

std::vector<std::string> RevincludesOf(std::string_view type) {
    std::vector<std::string> out;
    const fhir::TypeNumber number = fhir::FindResourceType(type);
    const auto& all = Parameters::All();
    if (number == fhir::kNoType || !all.ok()) {
        return out;
    }
    for (const fhir::TypeNumber source : fhir::ResourceTypes()) {
        for (const std::uint16_t index : all.value().Of(source)) {
            const fhir::SearchParameterFacts& facts = *all.value().at(index).facts;
            for (const fhir::TypeNumber target : facts.targets) {
                if (facts.kind == SearchKind::kReference && target == number) {
                    out.push_back(
                        std::string(fhir::TypeOf(source).name) + ":" + std::string(facts.code)
                    );
                }
            }
        }
    }
    return out;
}

}  // namespace kangqu::search
