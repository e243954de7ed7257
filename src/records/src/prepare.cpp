#include "kangqu/records/prepare.hpp"

#include "kangqu/fhir/resource.hpp"
#include "kangqu/records/records.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace kangqu::records {

namespace {

using core::JsonNode;

// One way from a resource to a reference: Encounter.participant.individual.
using ElementPath = std::vector<std::string_view>;

// "Observation.subject.where(resolve() is Patient)" -> {subject}. Search parameters of the
// compartment are plain element paths with at most a type test behind them; anything else gives no
// path.
ElementPath PathOf(std::string_view part) {
    const auto trim = [](std::string_view text) {
        while (!text.empty() && (text.front() == ' ' || text.front() == '(')) {
            text.remove_prefix(1);
        }
        while (!text.empty() && (text.back() == ' ' || text.back() == ')')) {
            text.remove_suffix(1);
        }
        return text;
    };
    for (const std::string_view tail : {".where(", " as ", ".as(", ".ofType("}) {
        part = part.substr(0, part.find(tail));
    }
    part = trim(part);
    ElementPath path;
    std::size_t at = part.find('.');
    while (at != std::string_view::npos) {
        const std::size_t next = part.find('.', at + 1);
        path.push_back(part.substr(at + 1, next == std::string_view::npos ? next : next - at - 1));
        at = next;
    }
    return path;
}

int Rank(std::string_view code) {
    constexpr std::array<std::string_view, 3> kFirst = {"patient", "subject", "beneficiary"};
    const auto* const found = std::find(kFirst.begin(), kFirst.end(), code);
    return static_cast<int>(found - kFirst.begin());
}

std::vector<ElementPath> CompartmentPaths(fhir::TypeNumber type) {
    const auto published = fhir::PatientCompartmentCodes(type);
    std::vector<std::string_view> codes(published.begin(), published.end());
    std::stable_sort(codes.begin(), codes.end(), [](auto a, auto b) { return Rank(a) < Rank(b); });
    std::vector<ElementPath> paths;
    for (const std::string_view code : codes) {
        const auto* const parameter = fhir::FindSearchParameter(type, code);
        std::string_view rest = parameter == nullptr ? std::string_view{} : parameter->expression;
        while (!rest.empty()) {
            const std::size_t bar = rest.find('|');
            ElementPath path = PathOf(rest.substr(0, bar));
            if (!path.empty()) {
                paths.push_back(std::move(path));
            }
            rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
        }
    }
    return paths;
}

// All types' paths, made once.
const std::vector<ElementPath>& PathsOf(fhir::TypeNumber type) {
    static const auto* const all_paths = [] {
        auto* const all = new std::map<fhir::TypeNumber, std::vector<ElementPath>>();  // NOLINT
        for (const fhir::TypeNumber resource : fhir::ResourceTypes()) {
            (*all)[resource] = CompartmentPaths(resource);
        }
        return all;
    }();
    return all_paths->at(type);
}

std::string_view FindPatient(JsonNode node, const ElementPath& path, std::size_t step) {
    if (node.is_array()) {
        for (JsonNode element = node.first(); element; element = element.next()) {
            const std::string_view found = FindPatient(element, path, step);
            if (!found.empty()) {
                return found;
            }
        }
        return {};
    }
    if (step < path.size()) {
        return FindPatient(node[path[step]], path, step + 1);
    }
    const fhir::Reference reference = fhir::ParseReference(node["reference"].text());
    const bool patient =
        reference.kind == fhir::Reference::Kind::kLocal && reference.type == "Patient";
    return patient ? reference.id : std::string_view{};
}

}  // namespace

std::string PatientOf(JsonNode resource, fhir::TypeNumber type) {
    if (fhir::TypeOf(type).name == "Patient") {
        return {};
    }
    for (const ElementPath& path : PathsOf(type)) {
        const std::string_view found = FindPatient(resource, path, 0);
        if (!found.empty()) {
            return std::string(found);
        }
    }
    return {};
}

core::Result<Prepared> Prepare(
    const search::Indexer& indexer,
    JsonNode resource,
    std::string id,
    const std::string& path
) {
    const std::string_view name = resource["resourceType"].text();
    if (name.empty()) {
        return core::At(core::MakeError(core::ErrorCode::kFhirNotResource), path);
    }
    const fhir::TypeNumber type = fhir::FindResourceType(name);
    if (type == fhir::kNoType) {
        return core::At(
            core::MakeError(core::ErrorCode::kFhirUnknownType, std::string(name)), path
        );
    }
    if (resource.raw().size() > kMaxResourceBytes) {
        return core::At(
            core::MakeError(
                core::ErrorCode::kTooLarge,
                std::to_string(resource.raw().size()) + " B",
                std::to_string(kMaxResourceBytes) + " B"
            ),
            path
        );
    }
    auto errors = fhir::CheckStructure(resource, path);
    if (!errors.empty()) {
        return std::move(errors.front());
    }
    Prepared prepared;
    prepared.type = name;
    prepared.id = std::move(id);
    prepared.body = fhir::StoredForm(resource);
    prepared.patient = PatientOf(resource, type);
    KQ_ASSIGN(prepared.index, indexer.Prepare(resource, type));
    return prepared;
}

}  // namespace kangqu::records
