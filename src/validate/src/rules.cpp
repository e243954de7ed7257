#include "rules.hpp"

#include <algorithm>

namespace kangqu::validate {

namespace {

using core::JsonNode;

constexpr std::string_view kTypeBase = "http://hl7.org/fhir/StructureDefinition/";

// Checked by the walk itself, because it is quicker, or because more can be said than yes or no:
// nothing is empty, an extension has a value or extensions, contained resources are referred to,
// narratives are allowed XHTML, versions are distinct. dom-6 (there should be a narrative) is
// advice that every interface's message would break.
bool IsBuiltIn(std::string_view key) noexcept {
    constexpr std::string_view kKeys[] = {
        "ele-1",
        "ext-1",
        "ref-1",
        "dom-2",
        "dom-3",
        "dom-4",
        "dom-5",
        "dom-6",
        "dom-r4b",
        "txt-1",
        "txt-2",
        "bdl-7",
    };
    return std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

}  // namespace

Binding ReadBinding(JsonNode element) {
    const JsonNode binding = element["binding"];
    const std::string_view word = binding["strength"].text();
    Binding out;
    out.value_set = binding["valueSet"].text();
    out.strength = word == "required"     ? Strength::kRequired
                   : word == "extensible" ? Strength::kExtensible
                   : word == "preferred"  ? Strength::kPreferred
                   : word == "example"    ? Strength::kExample
                                          : Strength::kNone;
    if (out.value_set.empty()) {
        out.strength = Strength::kNone;
    }
    return out;
}

std::optional<Constraint> ReadConstraint(JsonNode constraint, fhir::TypeNumber type) {
    Constraint out;
    out.key = constraint["key"].text();
    const std::string_view expression = constraint["expression"].text();
    if (IsBuiltIn(out.key) || expression.empty()) {
        return std::nullopt;
    }
    out.human = constraint["human"].text();
    if (const core::JsonNode zh = constraint["zh"]) {
        out.human = core::Words(zh.text(), out.human);
    }
    out.severity =
        constraint["severity"].text() == "warning" ? Severity::kWarning : Severity::kError;
    auto path = expression::FhirPath::Compile(expression, type);
    if (path.ok()) {
        out.path = *std::move(path);
    } else {
        out.error = path.error().Line();
    }
    return out;
}

std::vector<fhir::TypeNumber> ReadTargets(JsonNode element_type) {
    std::vector<fhir::TypeNumber> out;
    for (JsonNode one = element_type["targetProfile"].first(); one; one = one.next()) {
        const std::string_view url = one.text();
        const std::string_view name =
            url.starts_with(kTypeBase) ? url.substr(kTypeBase.size()) : std::string_view{};
        const fhir::TypeNumber type = fhir::FindType(name);
        if (type == fhir::kNoType || name == "Resource") {
            return {};
        }
        out.push_back(type);
    }
    return out;
}

BaseRules::BaseRules(const Definitions& definitions) : types_(fhir::TypeCount()) {
    for (fhir::TypeNumber type = 0; type < types_.size(); ++type) {
        types_[type].rows.resize(fhir::TypeOf(type).elements.size());
    }
    for (const JsonNode structure : definitions.bases()) {
        Read(structure);
    }
}

void BaseRules::Read(JsonNode structure) {
    for (JsonNode element = structure["snapshot"]["element"].first(); element;
         element = element.next()) {
        ReadElement(element);
    }
}

void BaseRules::ReadElement(JsonNode element) {
    const std::string_view path = element["path"].text();
    const std::size_t dot = path.rfind('.');
    // The type whose constraints these are: the structure, or the backbone element of this path.
    fhir::TypeNumber own = fhir::FindType(path);
    fhir::TypeNumber row_type = own;
    std::span<const fhir::ElementFacts> rows;
    const fhir::TypeNumber parent =
        dot == std::string_view::npos ? fhir::kNoType : fhir::FindType(path.substr(0, dot));
    if (parent != fhir::kNoType) {
        std::string_view name = path.substr(dot + 1);
        name.remove_suffix(name.ends_with("[x]") ? 3 : 0);
        rows = fhir::FindPath(parent, name);
        row_type = rows.size() == 1 ? rows[0].type : fhir::kNoType;
    }
    std::vector<Constraint> constraints;
    for (JsonNode one = element["constraint"].first(); one; one = one.next()) {
        if (auto constraint = ReadConstraint(one, row_type)) {
            constraints.push_back(*std::move(constraint));
        }
    }
    for (const fhir::ElementFacts& row : rows) {
        const auto at = static_cast<std::size_t>(&row - fhir::TypeOf(parent).elements.data());
        RowRules& rules = types_[parent].rows[at];
        rules.binding = ReadBinding(element);
        rules.modifier = element["isModifier"].boolean();
        for (JsonNode type = element["type"].first(); type; type = type.next()) {
            if (type["code"].text() == fhir::TypeOf(row.type).name) {
                rules.targets = ReadTargets(type);
            }
        }
        if (own == fhir::kNoType) {
            rules.constraints = constraints;
        }
    }
    if (own != fhir::kNoType) {
        types_[own].constraints = std::move(constraints);
    }
}

}  // namespace kangqu::validate
