#pragma once

#include "kangqu/fhir/place.hpp"

#include "rules.hpp"
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::validate {

constexpr std::uint32_t kUnbounded = 0xFFFFFFFFU;

// One of the types that a profile leaves to an element.
struct TypeChoice {
    fhir::TypeNumber type = fhir::kNoType;
    std::vector<std::string_view> profiles;
    std::vector<std::string_view> target_profiles;
};

struct Discriminator {
    std::string_view type;  // value, pattern, exists, type, profile
    std::string_view path;
};
struct Slicing {
    std::vector<Discriminator> discriminators;
    bool ordered = false;
    bool closed = false;
    bool open_at_end = false;
};

// What a profile adds to the base definition at one element; only elements that are touched have
// one. Everything without a value is not constrained.
struct Rule {
    std::string name;  // as in FHIRPath: "value" of value[x]
    std::string slice;
    fhir::TypeNumber type = fhir::kNoType;  // when there is but one
    std::uint32_t min = 0;
    std::uint32_t max = kUnbounded;
    std::vector<TypeChoice> types;
    std::vector<fhir::TypeNumber> possible;  // what the base definition allows a choice to be
    core::JsonNode fixed;
    core::JsonNode pattern;
    core::JsonNode least;
    core::JsonNode most;
    std::uint32_t max_length = kUnbounded;
    Binding binding;
    std::vector<Constraint> constraints;
    Slicing slicing;
    std::vector<Rule> slices;
    std::vector<Rule> children;

    const Rule* Child(std::string_view wanted) const noexcept;
};

// A StructureDefinition compiled: its differential and those of the profiles it is based on.
struct Profile {
    std::string url;
    fhir::TypeNumber type = fhir::kNoType;
    Rule root;
    std::string error;  // why it could not be compiled
};

// Profiles by their canonical address, compiled when first asked for. Any thread.
class Profiles {
public:
    explicit Profiles(const Definitions& definitions) : definitions_(definitions) {}
    // Null when it is not known. Lives as long as this object. A base definition of R4 is a profile
    // without rules.
    const Profile* Find(std::string_view url) const;

private:
    std::unique_ptr<const Profile> Compile(core::JsonNode structure, int depth) const;

    const Definitions& definitions_;
    mutable std::shared_mutex mutex_;
    mutable std::unordered_map<std::string, std::unique_ptr<const Profile>> compiled_;
};

class Walk;

// Checks elements against profiles. Belongs to one Walk, whose issues, scope and place it shares.
class ProfileWalk {
public:
    explicit ProfileWalk(Walk& walk) : walk_(walk) {}

    // Against the profile of an address, which may not be known.
    void Named(
        std::string_view url,
        core::JsonNode node,
        fhir::TypeNumber type,
        const fhir::Place& place
    );

private:
    // An element of the document.
    struct Found {
        core::JsonNode node = {};
        core::JsonNode sibling = {};
        fhir::TypeNumber type = fhir::kNoType;
        const fhir::ElementFacts* row = nullptr;
        std::size_t index = 0;
    };

    void Check(const Rule& rule, const Found& found, const fhir::Place& place);
    void CheckValue(const Rule& rule, const Found& found, const fhir::Place& place);
    void CheckChild(const Rule& child, const Found& found, const fhir::Place& place);
    void CheckCount(const Rule& rule, std::size_t count, const fhir::Place& place);
    void CheckType(const Rule& rule, const Found& found, const fhir::Place& place);
    void CheckTargets(const TypeChoice& choice, const Found& found, const fhir::Place& place);
    void CheckSlices(const Rule& rule, const std::vector<Found>& items, const fhir::Place& place);
    void CheckRange(const Rule& rule, const Found& found, const fhir::Place& place);
    static std::vector<Found> Items(const Found& owner, std::string_view name);

    // slicing.cpp
    int SliceOf(const Rule& rule, const Found& item, const fhir::Place& place);
    bool Matches(const Rule& rule, const Rule& slice, const Found& item, const fhir::Place& place);
    bool MatchesBy(
        const Discriminator& discriminator,
        const Rule& slice,
        const Found& item,
        const fhir::Place& place
    );
    bool FitsChoice(
        const Discriminator& discriminator,
        const TypeChoice& choice,
        const Found& item,
        const fhir::Place& place
    );
    std::vector<Found> Select(std::string_view path, const Found& item) const;
    const Rule* RuleAt(const Rule& slice, std::string_view path) const;
    bool Satisfies(const Rule& rule, const Found& item, const fhir::Place& place);
    bool Conforms(std::string_view url, const Found& item, const fhir::Place& place);

    Walk& walk_;
    int depth_ = 0;
};

// `value` is `fixed`, members in any order.
bool SameValue(core::JsonNode value, core::JsonNode fixed);
// Everything in `pattern` is in `value`; items of its lists in any of the value's.
bool HasPattern(core::JsonNode value, core::JsonNode pattern);

}  // namespace kangqu::validate
