#pragma once

#include "kangqu/terminology/terminology.hpp"

#include "code_system.hpp"
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::terminology {

// The members of a value set that come from one code system, in the order of the value set.
struct SetPart {
    std::shared_ptr<const CodeSystem> codes;  // shared with the catalogue and other sets
    std::vector<ConceptNumber> members;
    ConceptBits bits;
    std::map<ConceptNumber, std::string> displays;  // where the value set words them itself
};

// A system whose codes all belong, though it is not here and cannot be listed.
struct OpenPart {
    std::string system;
    // Tells by the form of the code and what the value set asks of it; null when nobody can.
    bool (*accepts)(std::string_view code, std::string_view wish) = nullptr;
    std::string wish;
};

// A value set worked out: membership by bits, order by lists. Immutable, any thread.
class CompiledSet {
public:
    Member Contains(std::string_view system, std::string_view version, std::string_view code) const;
    const std::vector<SetPart>& parts() const noexcept { return parts_; }
    const std::vector<OpenPart>& open() const noexcept { return open_; }
    // Why something could not be worked out; empty when all of it could.
    const std::vector<core::Error>& unknown() const noexcept { return unknown_; }
    std::size_t size() const noexcept;

    // Adds a member; `display` empty keeps the code system's own.
    void Add(
        const std::shared_ptr<const CodeSystem>& codes,
        ConceptNumber number,
        std::string_view display
    );
    void AddOpen(OpenPart part) { open_.push_back(std::move(part)); }
    void AddUnknown(core::Error error) { unknown_.push_back(std::move(error)); }
    void AddAll(const CompiledSet& other);
    // Keeps what the other has, or takes away what it has.
    void Keep(const CompiledSet& other, bool when_member);

private:
    SetPart& PartOf(const std::shared_ptr<const CodeSystem>& codes);

    std::vector<SetPart> parts_;
    std::vector<OpenPart> open_;
    std::vector<core::Error> unknown_;
};

// What a value set is made from: code systems and other value sets by address.
class Vocabularies {
public:
    virtual ~Vocabularies() = default;
    // Null when it is not here.
    virtual std::shared_ptr<const CodeSystem>
    FindSystem(std::string_view url, std::string_view version) const = 0;
    // kValueSetUnknown, kValueSetCycle, kValueSetDepth.
    virtual core::Result<std::shared_ptr<const CompiledSet>>
    FindSet(std::string_view canonical, int depth) const = 0;
};

// Works out `compose` (or, without one, the codes of `expansion`). `depth` counts the sets that
// led here. What cannot be worked out is noted in unknown(); errors are cycles and limits.
core::Result<std::shared_ptr<const CompiledSet>> CompileSet(
    core::JsonNode value_set,
    const Vocabularies& vocabularies,
    core::CivilDate today,
    int depth
);

}  // namespace kangqu::terminology
