#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include "code_system.hpp"
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::terminology {

// One line of a concept map, seen from where it was asked.
struct MapRow {
    std::string_view code;
    std::string_view display;
    std::string_view equivalence;  // from the side asked to the other
    std::string_view comment;
    core::JsonNode product;
};

// Direction of a lookup.
enum class Direction : std::uint8_t { kForward, kReverse };

// The groups of a ConceptMap with an index of their codes, both ways. Immutable, any thread; views
// live as long as the JSON it was made from.
class ConceptMap {
public:
    struct Group {
        std::string source;
        std::string source_version;
        std::string target;
        std::string target_version;
        core::JsonNode unmapped;
        std::multimap<std::string_view, MapRow> forward;
        std::multimap<std::string_view, MapRow> reverse;
    };
    static core::Result<std::shared_ptr<const ConceptMap>> Make(core::JsonNode resource);

    const ResourceHead& head() const noexcept { return head_; }
    const std::vector<Group>& groups() const noexcept { return groups_; }
    // Value sets the map says it joins; empty when it says none.
    const std::string& source_set() const noexcept { return source_set_; }
    const std::string& target_set() const noexcept { return target_set_; }

private:
    ResourceHead head_;
    std::string source_set_;
    std::string target_set_;
    std::vector<Group> groups_;
};

// The same relation seen from the other side: wider becomes narrower.
std::string_view Reversed(std::string_view equivalence) noexcept;

}  // namespace kangqu::terminology
