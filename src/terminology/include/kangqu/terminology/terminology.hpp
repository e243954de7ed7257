#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::terminology {

// Code systems, value sets and concept maps: FHIR R4's own (built into the program, read when first
// asked for), those of packs and those of the store, by canonical address, edition and day.

// Limits; what is greater is refused with kTerminologyLimit or the error named.
constexpr std::size_t kMaxConcepts = 2'000'000;  // of one code system
constexpr std::size_t kMaxMembers = 2'000'000;   // of one value set
constexpr int kMaxImportDepth = 32;              // value sets within value sets: kValueSetDepth
constexpr std::size_t kMaxExpansion = 50'000;    // codes of one answer: kExpansionTooCostly
constexpr std::size_t kMaxMatches = 1'000;       // of one translation

// Where a resource comes from; of equal addresses and editions the later one counts.
enum class Layer : std::uint8_t { kPublished, kPack, kStore };

enum class Member : std::uint8_t {
    kNo,
    kYes,
    kUnknown,  // the value set, or a part of it, is not here
};

struct OperationParameter {
    std::string name;
    std::string value;    // of a primitive, as text
    core::JsonNode node;  // of a Coding, a CodeableConcept or a resource; lives with the request
};
// The parameters of a Parameters resource. A ValueSet or CodeSystem sent alone is the parameter
// "valueSet" or "codeSystem".
std::vector<OperationParameter> ReadParameters(core::JsonNode body);

// A call of a terminology operation.
struct Operation {
    std::string type;  // CodeSystem, ValueSet, ConceptMap
    std::string name;  // "expand", without the dollar sign
    std::string id;    // of the resource it is called on; empty for the type
    std::vector<OperationParameter> parameters;
    core::Language language = core::Language::kZh;  // of displays, when nothing else is asked for
};
// Type and name of every operation that Catalogue::Operate knows.
struct OperationName {
    std::string_view type;
    std::string_view name;
};
const std::vector<OperationName>& OperationNames();

struct SystemCode {
    std::string system;
    std::string code;
};

class CompiledSet;

// A value set worked out, for asking many codes. Cheap to copy; lives as long as the catalogue it
// came from. Any thread.
class MemberSet {
public:
    explicit MemberSet(const CompiledSet& set) : set_(&set) {}
    // An empty `system` asks for the code in any system.
    Member Contains(std::string_view system, std::string_view code) const;

private:
    const CompiledSet* set_;
};

// Everything known at one moment. Immutable to its users (it works things out when first asked for
// and remembers them), any thread.
class Catalogue {
public:
    ~Catalogue();
    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;

    // Whether a code is in a value set, tens of nanoseconds when asked again. `value_set` may carry
    // "|version"; an empty `system` asks for the code in any system. The code is not looked at when
    // it is empty: then kNo says that the set is here.
    Member Contains(
        std::string_view value_set,
        std::string_view version,
        std::string_view system,
        std::string_view code
    ) const;

    // The same in two steps. kValueSetUnknown, and what makes it impossible to work out.
    core::Result<MemberSet> FindMembers(std::string_view value_set, std::string_view version) const;

    // The codes of a value set; kExpansionTooCostly beyond `limit`, kCodeSystemPartial when they
    // cannot be listed.
    core::Result<std::vector<SystemCode>> ListMembers(std::string_view value_set, std::size_t limit)
        const;
    // A code with all that it subsumes, or all that subsume it. kCodeSystemUnknown, kCodeUnknown,
    // kExpansionTooCostly.
    core::Result<std::vector<SystemCode>> ListBelow(const SystemCode& code, std::size_t limit)
        const;
    core::Result<std::vector<SystemCode>> ListAbove(const SystemCode& code, std::size_t limit)
        const;

    // Runs an operation; the answer is a resource as JSON: ValueSet for expand, else Parameters.
    // Errors are those of the terminology section of the error table.
    core::Result<std::string> Operate(const Operation& operation) const;

    // Canonical addresses ("url|version") of a type ("CodeSystem"), in order.
    std::vector<std::string> Canonicals(std::string_view type) const;
    // Compiles everything of a layer: what is wrong, with its canonical address as `where`.
    std::vector<core::Error> Check(Layer layer) const;

    // Private to the module.
    struct State;
    explicit Catalogue(std::unique_ptr<State> state);
    const State& state() const noexcept { return *state_; }

private:
    std::unique_ptr<State> state_;
};

// The catalogue as it changes. Thread-safe.
class Terminology {
public:
    // Begins with what R4 publishes. `clock` outlives this object.
    explicit Terminology(const core::Clock& clock);
    ~Terminology();
    Terminology(const Terminology&) = delete;
    Terminology& operator=(const Terminology&) = delete;

    struct Source {
        std::string json;
        std::string where;  // file or address, for errors
    };
    // Adds CodeSystem, ValueSet and ConceptMap resources; one of the same layer, type and id is
    // replaced. Nothing is added when one of them cannot be read (`where` says which).
    core::Status Add(Layer layer, std::vector<Source> sources);
    void Remove(Layer layer, std::string_view type, std::string_view id);

    // Shared by its users, which keep an old one alive until they are done with it.
    std::shared_ptr<const Catalogue> now() const;

private:
    struct Shelf;
    std::unique_ptr<Shelf> shelf_;
};

// Reads the terminology of a pack: terminology/*.json (resources) and terminology/*.tsv (tables,
// see docs/guide/terminology.md). Nothing when the pack has none.
core::Result<std::vector<Terminology::Source>> ReadPackTerminology(const std::string& folder);
// The FHIR resources that one table stands for.
core::Result<std::vector<Terminology::Source>>
ReadTable(std::string_view text, const std::string& where);

}  // namespace kangqu::terminology
