#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::validate {

// The conformance resources that validation goes by: those published with R4, which are built in,
// and what is added (a pack's profiles). Filled by one thread, then read by any number; nodes live
// as long as this object.
class Definitions {
public:
    // With the definitions of R4.
    Definitions();
    Definitions(const Definitions&) = delete;
    Definitions& operator=(const Definitions&) = delete;

    // StructureDefinitions and Questionnaires, alone or in a Bundle; other resources are passed
    // over. One with a URL that is already there takes its place.
    void Add(std::unique_ptr<const core::JsonDocument> document);

    // By canonical address, with or without "|version"; missing when there is none.
    core::JsonNode Structure(std::string_view canonical) const noexcept;
    core::JsonNode Questionnaire(std::string_view canonical) const noexcept;
    // All base definitions of R4: resources, data types, primitives.
    const std::vector<core::JsonNode>& bases() const noexcept { return bases_; }

private:
    using Index = std::unordered_map<std::string_view, core::JsonNode>;
    void AddResource(core::JsonNode resource);
    static core::JsonNode Find(const Index& index, std::string_view canonical) noexcept;

    std::vector<std::unique_ptr<const core::JsonDocument>> documents_;
    std::vector<core::JsonNode> bases_;
    Index structures_;
    Index questionnaires_;
};

}  // namespace kangqu::validate
