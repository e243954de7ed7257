#include "parameters.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace kangqu::search {

namespace {

using fhir::SearchKind;
using fhir::TypeNumber;

// Elements that a kind of parameter can keep in its table.
bool Suits(SearchKind kind, TypeNumber leaf) {
    const std::string_view name = fhir::TypeOf(leaf).name;
    const bool primitive = fhir::TypeOf(leaf).kind == fhir::TypeKind::kPrimitive;
    const auto one_of = [&](std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const bool link = one_of({"uri", "url", "canonical", "oid", "uuid"});
    switch (kind) {
        case SearchKind::kToken:
            return primitive || one_of({"CodeableConcept", "Coding", "Identifier", "ContactPoint"});
        case SearchKind::kString:
            return one_of({"string", "markdown", "HumanName", "Address"});
        case SearchKind::kDate:
            return one_of({"date", "dateTime", "instant", "Period", "Timing"});
        case SearchKind::kReference:
            return link || name == "Reference" || name == "Resource";
        case SearchKind::kUri:
            return link;
        case SearchKind::kNumber:
            return one_of({"integer", "decimal", "positiveInt", "unsignedInt"});
        case SearchKind::kQuantity:
            return one_of({"Quantity", "Age", "Duration", "Money", "Range"});
        case SearchKind::kComposite:
        case SearchKind::kSpecial:
            return true;
    }
    return false;
}

Table TableOf(SearchKind kind) noexcept {
    switch (kind) {
        case SearchKind::kReference:
            return kReferenceTable;
        case SearchKind::kDate:
            return kDateTable;
        case SearchKind::kString:
            return kStringTable;
        case SearchKind::kNumber:
        case SearchKind::kQuantity:
            return kQuantityTable;
        case SearchKind::kComposite:
        case SearchKind::kSpecial:
            return kPairTable;
        case SearchKind::kToken:
        case SearchKind::kUri:
            break;
    }
    return kTokenTable;
}

// Kept by the store itself, not by index rows.
bool IsOfStore(std::string_view code) noexcept {
    return code == "_id" || code == "_lastUpdated";
}

// Bits of a signed 64-bit column that stays positive.
constexpr int kMaxBits = 63;

constexpr std::string_view kResolve = ".where(resolve() is ";

// "Observation.subject.where(resolve() is Patient)" -> {"Observation.subject", Patient}.
std::pair<std::string, TypeNumber> WithoutResolve(const std::string& alternative) {
    const std::size_t at = alternative.find(kResolve);
    if (at == std::string::npos || !alternative.ends_with(')')) {
        return {alternative, fhir::kNoType};
    }
    const std::size_t from = at + kResolve.size();
    const std::string type = alternative.substr(from, alternative.size() - from - 1);
    return {alternative.substr(0, at), fhir::FindResourceType(type)};
}

std::set<std::string> AlternativeSet(const Parameter& parameter) {
    const auto list = Alternatives(parameter.facts->expression);
    return {list.begin(), list.end()};
}

// Takes the candidate's alternatives out of `open` when all of them stand in it with one type test,
// which is returned.
std::optional<TypeNumber>
TakeCovered(const Parameter& candidate, std::set<std::pair<std::string, TypeNumber>>& open) {
    const std::set<std::string> theirs = AlternativeSet(candidate);
    std::set<TypeNumber> tests;
    for (const auto& [alternative, only] : open) {
        tests.insert(only);
    }
    for (const TypeNumber only : tests) {
        const bool covered = std::all_of(theirs.begin(), theirs.end(), [&](const auto& one) {
            return open.count({one, only}) != 0;
        });
        if (covered) {
            for (const std::string& one : theirs) {
                open.erase({one, only});
            }
            return only;
        }
    }
    return std::nullopt;
}

// Composites are alike when their parts lead the same ways.
bool SameParts(const Parameter& a, const Parameter& b) {
    return std::equal(
        a.facts->components.begin(),
        a.facts->components.end(),
        b.facts->components.begin(),
        b.facts->components.end(),
        [](const auto& x, const auto& y) { return x.expression == y.expression; }
    );
}

// Dates by which records are told apart in time, the most telling first.
constexpr std::array<std::string_view, 21> kOwnDates = {
    "authoredon",  "date",      "period",         "effective-time", "onset-date", "authored",
    "authored-on", "created",   "whenhandedover", "start-date",     "recorded",   "recorded-date",
    "issued",      "sent",      "started",        "collected",      "occurrence", "effective",
    "event-date",  "birthdate", "timestamp"};

}  // namespace

const core::Result<Parameters>& Parameters::All() {
    static const core::Result<Parameters> all = Make();
    return all;
}

core::Result<Parameters> Parameters::Make() {
    Parameters parameters;
    parameters.by_type_.resize(fhir::TypeCount());
    parameters.own_date_.assign(fhir::TypeCount(), -1);
    parameters.compartment_paths_.resize(fhir::TypeCount());
    for (const TypeNumber type : fhir::ResourceTypes()) {
        KQ_TRY(parameters.Add(type));
        parameters.FindVias(parameters.by_type_[type]);
        KQ_TRY(parameters.NumberBits(type));
        parameters.ChooseOwnDate(type);
        parameters.AddCompartmentPaths(type);
    }
    return parameters;
}

core::Status Parameters::Add(TypeNumber type) {
    for (const auto& facts : fhir::SearchParametersOf(type)) {
        if (IsOfStore(facts.code)) {
            continue;
        }
        Parameter parameter;
        parameter.facts = &facts;
        const std::string name =
            std::string(fhir::TypeOf(type).name) + "." + std::string(facts.code);
        parameter.names = {name, name + ":text", name + ":of-type", name + ":identifier"};
        parameter.table = TableOf(facts.kind);
        std::string_view expression = facts.expression;
        if (const auto at = expression.find(".exists() and "); at != std::string_view::npos) {
            parameter.existence = true;
            expression = expression.substr(0, at);
        }
        for (const std::string& alternative : Alternatives(expression)) {
            KQ_ASSIGN(auto paths, CompilePath(alternative, type));
            for (Path& path : paths) {
                if (parameter.existence || Suits(facts.kind, path.leaf)) {
                    parameter.paths.push_back(std::move(path));
                }
            }
        }
        KQ_TRY(AddParts(parameter, type));
        if (parameter.paths.empty()) {
            continue;
        }
        parameter.implied_system =
            std::all_of(parameter.paths.begin(), parameter.paths.end(), [](const Path& path) {
                return fhir::TypeOf(path.leaf).kind == fhir::TypeKind::kPrimitive;
            });
        by_type_[type].push_back(static_cast<std::uint16_t>(all_.size()));
        all_.push_back(std::move(parameter));
    }
    return {};
}

core::Status Parameters::AddParts(Parameter& parameter, TypeNumber type) {
    constexpr std::string_view kResource = "%resource.";
    for (const auto& component : parameter.facts->components) {
        Part part;
        part.kind = component.kind;
        part.code = component.code;
        parameter.asked_by_parts = parameter.asked_by_parts || part.kind == SearchKind::kString ||
                                   part.kind == SearchKind::kDate;
        for (const std::string& written : Alternatives(component.expression)) {
            std::string_view alternative = written;
            part.from_resource = alternative.starts_with(kResource);
            alternative.remove_prefix(part.from_resource ? kResource.size() : 0);
            for (const Path& whole : parameter.paths) {
                auto paths = CompilePath(alternative, part.from_resource ? type : whole.leaf);
                if (!paths.ok()) {
                    continue;  // an alternative that one of the elements lacks
                }
                for (Path& path : paths.value()) {
                    const bool known =
                        std::any_of(part.paths.begin(), part.paths.end(), [&](const Path& one) {
                            return one.steps == path.steps;
                        });
                    if (!known) {
                        part.paths.push_back(std::move(path));
                    }
                }
            }
        }
        // relationship is published with the kinds of its parts exchanged.
        const auto fits = [&](SearchKind kind) {
            return std::any_of(part.paths.begin(), part.paths.end(), [&](const Path& path) {
                return Suits(kind, path.leaf);
            });
        };
        if (!part.paths.empty() && !fits(part.kind)) {
            part.kind = fits(SearchKind::kReference) ? SearchKind::kReference : SearchKind::kToken;
        }
        std::erase_if(part.paths, [&](const Path& path) { return !Suits(part.kind, path.leaf); });
        parameter.parts.push_back(std::move(part));
    }
    return {};
}

core::Status Parameters::NumberBits(TypeNumber type) {
    int next = 0;
    for (const std::uint16_t number : by_type_[type]) {
        if (all_[number].vias.empty()) {
            all_[number].bit = next++;
        }
    }
    if (next > kMaxBits) {
        return core::MakeError(
            core::ErrorCode::kInternal, std::string(fhir::TypeOf(type).name) + ": parameters"
        );
    }
    return {};
}

// A parameter is covered when each of its alternatives is, apart from a type test on a reference,
// the whole of other parameters that have rows. Those with fewer alternatives get rows first.
void Parameters::FindVias(std::span<const std::uint16_t> numbers) {
    std::vector<std::uint16_t> order(numbers.begin(), numbers.end());
    const auto weight = [&](std::uint16_t number) {
        const std::string_view expression = all_[number].facts->expression;
        return std::pair(
            std::count(expression.begin(), expression.end(), '|'),
            expression.find(kResolve) != std::string_view::npos
        );
    };
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
        return weight(a) < weight(b);
    });
    std::vector<std::uint16_t> with_rows;
    for (const std::uint16_t number : order) {
        Parameter& parameter = all_[number];
        std::set<std::pair<std::string, TypeNumber>> open;
        for (const std::string& alternative : AlternativeSet(parameter)) {
            open.insert(WithoutResolve(alternative));
        }
        std::vector<Parameter::Via> vias;
        for (const std::uint16_t other : with_rows) {
            const Parameter& candidate = all_[other];
            if (parameter.existence || candidate.existence ||
                candidate.facts->kind != parameter.facts->kind ||
                !SameParts(candidate, parameter)) {
                continue;
            }
            if (const auto only = TakeCovered(candidate, open)) {
                vias.push_back({other, *only});
            }
        }
        if (open.empty() && !vias.empty()) {
            parameter.vias = std::move(vias);
        } else {
            with_rows.push_back(number);
        }
    }
}

void Parameters::ChooseOwnDate(TypeNumber type) {
    const auto choose = [&](const Parameter& parameter) {
        const auto number =
            parameter.vias.empty() ? NumberOf(parameter) : parameter.vias.front().parameter;
        own_date_[type] = number;
    };
    for (const std::string_view code : kOwnDates) {
        const Parameter* const parameter = Find(type, code);
        if (parameter != nullptr && parameter->facts->kind == SearchKind::kDate) {
            choose(*parameter);
            return;
        }
    }
    for (const std::uint16_t number : by_type_[type]) {
        if (all_[number].facts->kind == SearchKind::kDate) {
            choose(all_[number]);
            return;
        }
    }
}

void Parameters::AddCompartmentPaths(TypeNumber type) {
    for (const std::string_view code : fhir::PatientCompartmentCodes(type)) {
        const Parameter* const parameter = Find(type, code);
        if (parameter == nullptr) {
            continue;
        }
        for (Path path : parameter->paths) {
            path.steps.back().resolves_to = fhir::kNoType;
            compartment_paths_[type].push_back(std::move(path));
        }
    }
}

std::span<const std::uint16_t> Parameters::Of(TypeNumber type) const noexcept {
    return by_type_[type];
}

const Parameter* Parameters::Find(TypeNumber type, std::string_view code) const noexcept {
    const auto& numbers = by_type_[type];
    const auto found =
        std::lower_bound(numbers.begin(), numbers.end(), code, [&](auto number, auto wanted) {
            return all_[number].facts->code < wanted;
        });
    return found == numbers.end() || all_[*found].facts->code != code ? nullptr : &all_[*found];
}

const Parameter* Parameters::OwnDate(TypeNumber type) const noexcept {
    return own_date_[type] < 0 ? nullptr : &all_[static_cast<std::size_t>(own_date_[type])];
}

}  // namespace kangqu::search
