#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::terminology {

// Number of a concept in its code system, in the order of the document.
using ConceptNumber = std::uint32_t;
constexpr ConceptNumber kNoConcept = 0xFFFFFFFFU;

// A set of concept numbers.
class ConceptBits {
public:
    ConceptBits() = default;
    explicit ConceptBits(std::size_t size) : words_((size + 63) / 64), size_(size) {}
    bool test(ConceptNumber number) const noexcept {
        return number < size_ && ((words_[number / 64] >> (number % 64)) & 1U) != 0;
    }
    void set(ConceptNumber number) noexcept { words_[number / 64] |= 1ULL << (number % 64); }
    void reset(ConceptNumber number) noexcept { words_[number / 64] &= ~(1ULL << (number % 64)); }
    void SetAll() noexcept;
    void Invert() noexcept;
    void And(const ConceptBits& other) noexcept;
    std::size_t size() const noexcept { return size_; }
    std::size_t Count() const noexcept;

private:
    std::vector<std::uint64_t> words_;
    std::size_t size_ = 0;
};

enum class Content : std::uint8_t { kComplete, kFragment, kNotPresent, kSupplement };

// The parts of a published resource's head that lookups and answers need.
struct ResourceHead {
    std::string type;
    std::string id;
    std::string url;
    std::string version;
    std::string name;
    std::string title;
    std::string status;
    std::string language;
    std::string date;
    // Days on which the edition is in force; open where nothing is said.
    std::optional<core::CivilDate> from;
    std::optional<core::CivilDate> to;

    bool InForceOn(core::CivilDate day) const noexcept;
    // "url|version", or the url alone.
    std::string Canonical() const;
};
// A resource without an address of its own has "type/id"; kTerminologyElement without both.
core::Result<ResourceHead> ReadHead(core::JsonNode resource);

// Texts copied once; views live as long as the pool.
class TextPool {
public:
    std::string_view Copy(std::string_view text);

private:
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t left_ = 0;
    char* at_ = nullptr;
};

struct Designation {
    std::string_view language;
    std::string_view use;
    std::string_view value;
};
struct ConceptProperty {
    std::uint16_t property = 0;  // position in properties()
    std::string_view kind;       // the JSON name: valueCode, valueString, ...
    std::string_view value;
};

// A code system taken out of its JSON: texts in one pool, concepts as numbers, the hierarchy as
// lists of children. Immutable, any thread. Views live as long as it.
class CodeSystem {
public:
    // Errors: kTerminologyElement (a concept without code, a code twice), kTerminologyLimit.
    static core::Result<std::shared_ptr<const CodeSystem>>
    Make(core::JsonNode resource, std::span<const core::JsonNode> supplements = {});
    // A list of codes of a system that is not here, as a value set enumerates them.
    static core::Result<std::shared_ptr<const CodeSystem>>
    OfList(std::string_view url, std::string_view version, core::JsonNode concepts);
    static core::Result<std::shared_ptr<const CodeSystem>>
    OfNodes(std::string_view url, const std::vector<core::JsonNode>& concepts);

    const ResourceHead& head() const noexcept { return head_; }
    Content content() const noexcept { return content_; }
    bool case_sensitive() const noexcept { return case_sensitive_; }
    std::size_t size() const noexcept { return concepts_.empty() ? 0 : concepts_.size() - 1; }
    const std::string& value_set() const noexcept { return value_set_; }

    ConceptNumber Find(std::string_view code) const noexcept;
    std::string_view code(ConceptNumber number) const noexcept;
    // The preferred text; empty when there is none.
    std::string_view display(ConceptNumber number) const noexcept;
    // The text in a language ("zh" finds "zh-CN"), else the preferred one.
    std::string_view display(ConceptNumber number, std::string_view language) const noexcept;
    std::string_view definition(ConceptNumber number) const noexcept;
    std::span<const Designation> designations(ConceptNumber number) const noexcept;
    std::span<const ConceptProperty> properties(ConceptNumber number) const noexcept;
    const std::vector<std::string>& property_names() const noexcept { return property_names_; }
    // Value of a concept's first property of that name; empty when it has none.
    std::string_view property(ConceptNumber number, std::string_view name) const noexcept;

    std::span<const ConceptNumber> parents(ConceptNumber number) const noexcept;
    std::span<const ConceptNumber> children(ConceptNumber number) const noexcept;
    // Adds the concept and all below it.
    void AddWithDescendants(ConceptNumber number, ConceptBits& out) const;
    void AddWithAncestors(ConceptNumber number, ConceptBits& out) const;
    // `ancestor` is `number` or above it.
    bool Subsumes(ConceptNumber ancestor, ConceptNumber number) const;

    // Cannot be chosen itself, only what is below it.
    bool abstract(ConceptNumber number) const noexcept;
    // Retired by its status, or not valid on the day.
    bool inactive(ConceptNumber number, core::CivilDate day) const noexcept;

private:
    friend class CodeSystemBuilder;
    CodeSystem() = default;
    struct Concept {
        std::string_view code;
        std::string_view display;
        std::string_view definition;
        std::uint32_t first_designation = 0;
        std::uint32_t first_property = 0;
        std::uint32_t first_parent = 0;
        std::uint32_t first_child = 0;
        std::int32_t from_day = INT32_MIN;  // days since 1970
        std::int32_t to_day = INT32_MAX;    // first day on which it is no longer valid
        bool abstract = false;
        bool retired = false;
    };
    std::uint64_t HashOf(std::string_view code) const noexcept;
    bool Same(std::string_view a, std::string_view b) const noexcept;
    core::Status IndexCodes();

    ResourceHead head_;
    Content content_ = Content::kComplete;
    bool case_sensitive_ = true;
    std::string value_set_;
    TextPool pool_;
    std::vector<Concept> concepts_;  // one more than there are, to end the lists of the last
    std::vector<Designation> designations_;
    std::vector<ConceptProperty> properties_;
    std::vector<std::string> property_names_;
    std::vector<ConceptNumber> parents_;
    std::vector<ConceptNumber> children_;
    // Open addressing by code; a power of two of slots.
    std::vector<ConceptNumber> slots_;
};

}  // namespace kangqu::terminology
