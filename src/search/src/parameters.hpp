#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/fhir/definitions.hpp"
#include "kangqu/store/store.hpp"

#include "path.hpp"
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::search {

// Positions in IndexTables().
enum Table : std::uint16_t {
    kRecordTable,
    kTokenTable,
    kReferenceTable,
    kDateTable,
    kStringTable,
    kQuantityTable,
    kManagedTable,
    kPairTable,
    kElsewhereTable,
};

// Families of rows that one parameter has beside its own, each under a name of its own.
enum class Facet : std::uint8_t {
    kItself,
    kText,        // of a token: what stands beside the code in words (:text)
    kOfType,      // of an Identifier with a type (:of-type)
    kIdentifier,  // of a reference: Reference.identifier (:identifier)
};
constexpr std::size_t kFacets = 4;

// One part of a composite parameter.
struct Part {
    fhir::SearchKind kind = fhir::SearchKind::kToken;
    bool from_resource = false;  // its paths start at the resource, not at the composite's element
    std::vector<Path> paths;
    // The parameter of the same type that asks the same of a whole resource; null when there is
    // none.
    std::string_view code;
};

// A published search parameter made ready for its type.
struct Parameter {
    const fhir::SearchParameterFacts* facts = nullptr;
    // Interned, they are the first column of the parameter's rows: "Observation.code",
    // "Observation.code:text".
    std::array<std::string, kFacets> names;
    const std::string& name() const noexcept { return names[0]; }
    Table table = kTokenTable;
    std::vector<Path> paths;
    // `X.exists() and X != false`: one boolean.
    bool existence = false;
    // All values are codes of one implied system, so a searched system says nothing.
    bool implied_system = false;
    // Of a composite; `paths` lead to the elements that hold them. A composite of texts or dates
    // has no rows: it is asked as all of its parts at once, which is the same as long as its
    // element is the resource.
    std::vector<Part> parts;
    bool asked_by_parts = false;
    // Place in the record table's `present`; -1 when the parameter has no rows of its own.
    int bit = -1;
    // A parameter that others cover has no rows of its own: combo-code is code or component-code,
    // patient is subject that points to a Patient. Empty for one that has rows.
    struct Via {
        std::uint16_t parameter;
        fhir::TypeNumber only;  // kNoType: any target
    };
    std::vector<Via> vias;
};

// All parameters of all types. Immutable.
class Parameters {
public:
    // Made at first use; an expression that cannot be compiled is an error of the build's tables.
    static const core::Result<Parameters>& All();

    const Parameter& at(std::uint16_t number) const { return all_[number]; }
    // Numbers of the parameters of a resource type, by code.
    std::span<const std::uint16_t> Of(fhir::TypeNumber type) const noexcept;
    // Null when the type has no such parameter or it cannot be searched.
    const Parameter* Find(fhir::TypeNumber type, std::string_view code) const noexcept;
    // The parameter whose date orders the records of a type and stands in each of their rows; null
    // for types without dates.
    const Parameter* OwnDate(fhir::TypeNumber type) const noexcept;
    // Ways to the references through which a type belongs to the Patient compartment, whatever they
    // resolve to.
    const std::vector<Path>& CompartmentPaths(fhir::TypeNumber type) const noexcept {
        return compartment_paths_[type];
    }
    std::uint16_t NumberOf(const Parameter& parameter) const noexcept {
        return static_cast<std::uint16_t>(&parameter - all_.data());
    }

private:
    static core::Result<Parameters> Make();
    core::Status Add(fhir::TypeNumber type);
    core::Status AddParts(Parameter& parameter, fhir::TypeNumber type);
    core::Status NumberBits(fhir::TypeNumber type);
    void FindVias(std::span<const std::uint16_t> numbers);
    void ChooseOwnDate(fhir::TypeNumber type);
    void AddCompartmentPaths(fhir::TypeNumber type);

    std::vector<Parameter> all_;
    std::vector<std::vector<std::uint16_t>> by_type_;
    std::vector<std::int32_t> own_date_;  // -1: none
    std::vector<std::vector<Path>> compartment_paths_;
};

}  // namespace kangqu::search
