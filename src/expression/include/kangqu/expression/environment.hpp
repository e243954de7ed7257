#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/core/temporal.hpp"
#include "kangqu/expression/value.hpp"
#include "kangqu/fhir/definitions.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace kangqu::expression {

// Limits of one evaluation; beyond them it ends with kExpressionLimit.
struct Limits {
    std::uint64_t steps = 10'000'000;        // plan nodes run
    std::uint32_t depth = 400;               // nested plan nodes, so that the stack is safe
    std::size_t list_items = 1'000'000;      // items of one list
    std::size_t text_bytes = 10'000'000;     // bytes of one text
    std::size_t memory_bytes = 512'000'000;  // of all that one evaluation makes
    std::uint32_t milliseconds = 10'000;     // of one evaluation; 0: as long as it takes
};

// Longest source text, deepest nesting of brackets and longest chain of operators or steps that
// compile.
constexpr std::size_t kMaxSourceBytes = std::size_t{1} << 20U;
constexpr int kMaxNesting = 120;
constexpr int kMaxChain = 400;

struct Variable {
    std::string_view name;
    Value value;
};

// Answers what resolve() asks. Nodes must live as long as the evaluation. Called on the
// evaluation's thread.
class ReferenceResolver {
public:
    virtual ~ReferenceResolver() = default;
    // The resource that the text of Reference.reference names; missing when it is not known.
    virtual core::JsonNode Resolve(std::string_view reference) const = 0;
};

// Answers whether a code is in a value set. Called from any thread.
class ValueSets {
public:
    virtual ~ValueSets() = default;
    enum class Answer : std::uint8_t { kNo, kYes, kUnknownValueSet };
    // An empty `system` asks for the code in any system.
    virtual Answer Contains(
        std::string_view value_set,
        std::string_view version,
        std::string_view system,
        std::string_view code
    ) const = 0;
    // Visits every code of a value set; false when its codes cannot be listed.
    using Visitor = std::function<void(const Code&)>;
    virtual bool Expand(std::string_view value_set, std::string_view version, const Visitor& visit)
        const;
    // Whether `broad` is `narrow` or above it in the code system; nothing when that is not known.
    virtual std::optional<bool>
    Subsumes(std::string_view system, std::string_view broad, std::string_view narrow) const;
};

// Answers whether resources conform to profiles. Called on the evaluation's thread.
class Profiles {
public:
    virtual ~Profiles() = default;
    // Nothing for a structure that is not known.
    virtual std::optional<bool>
    Conforms(core::JsonNode element, fhir::TypeNumber type, std::string_view structure) const = 0;
};

// What an evaluation knows besides its input. Everything pointed to must outlive the evaluation.
struct Environment {
    // now(), today(), and the offset of dateTimes without one.
    core::Temporal now = core::Temporal::OfInstant(0, core::kChinaOffsetMinutes);
    // %resource and %rootResource; missing: the input itself.
    core::JsonNode resource;
    core::JsonNode root_resource;
    // %name for names that are not built in.
    std::span<const Variable> variables;
    const ReferenceResolver* resolver = nullptr;
    const ValueSets* value_sets = nullptr;
    const Profiles* profiles = nullptr;
    Limits limits;
};

}  // namespace kangqu::expression
