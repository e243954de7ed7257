#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/expression/arena.hpp"
#include "kangqu/expression/environment.hpp"
#include "kangqu/expression/value.hpp"
#include "kangqu/fhir/definitions.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace kangqu::expression {

struct FhirPathOptions {
    // Refuse element names that the (known) type does not have. Otherwise they yield nothing.
    bool strict = false;
};

// A compiled FHIRPath expression. Immutable, cheap to copy (shares its plan), any thread.
//
//   KQ_ASSIGN(auto path, FhirPath::Compile("Patient.name.given", fhir::FindType("Patient")));
//   Arena arena;
//   KQ_ASSIGN(auto values, path.Evaluate(document->root(), patient_type, Environment{}, arena));
//   for (const Value& value : values) ...   // value.is(Kind::kNode): value.node(), value.type()
//
// Elements of a document come back as kNode with their FHIR type (`dateTime`, `HumanName`,
// `Patient.contact`), never converted; literals and results of functions as System values.
class FhirPath {
public:
    // `root` is the type of the input; kNoType when it is only known at evaluation. Errors:
    // kExpressionSyntax, kExpressionType, kExpressionUnknownName with `where` as line:column.
    static core::Result<FhirPath>
    Compile(std::string_view text, fhir::TypeNumber root, FhirPathOptions options = {});

    // The items, living in `arena`, in the document of `node` and, for constants, in this compiled
    // expression (its copies keep it alive): all three must outlive them. Errors:
    // kExpressionRuntime (more than one item where one is needed, wrong kinds) and
    // kExpressionLimit. The arena is not reset.
    core::Result<std::span<const Value>> Evaluate(
        core::JsonNode node,
        fhir::TypeNumber type,
        const Environment& environment,
        Arena& arena
    ) const;

    // The same with any value as input (a primitive with its extensions, a list).
    core::Result<std::span<const Value>>
    Evaluate(const Value& input, const Environment& environment, Arena& arena) const;

    // Evaluates to true: the only item is the boolean true (System or FHIR).
    core::Result<bool> Test(
        core::JsonNode node,
        fhir::TypeNumber type,
        const Environment& environment,
        Arena& arena
    ) const;

private:
    struct Compiled;
    explicit FhirPath(std::shared_ptr<const Compiled> compiled);
    // Shared between the copies of this object.
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace kangqu::expression
