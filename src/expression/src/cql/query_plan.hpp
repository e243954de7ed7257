#pragma once

#include "kangqu/expression/cql.hpp"

#include "plan.hpp"
#include <string_view>
#include <vector>

namespace kangqu::expression {

struct QuerySource {
    std::uint16_t slot = 0;
    NodeIndex list = kNoNode;
};

// One query; clauses run in this order for each combination of source items.
struct QueryPlan {
    std::vector<QuerySource> sources;
    std::vector<std::string_view> aliases;  // of the tuple when several sources have no return
    std::vector<QuerySource> lets;
    struct With {
        QuerySource source;
        NodeIndex condition = kNoNode;
        bool without = false;
    };
    std::vector<With> withs;
    NodeIndex where = kNoNode;
    NodeIndex result = kNoNode;  // return or aggregate expression
    bool distinct = false;       // of return and aggregate
    bool aggregate = false;
    NodeIndex starting = kNoNode;
    std::uint16_t total_slot = 0;
    struct Key {
        NodeIndex key = kNoNode;  // kNoNode: the item itself
        bool descending = false;
    };
    std::vector<Key> sort;
    std::uint16_t item_slot = 0;  // of the item while sorting
};

struct RetrievePlan {
    fhir::TypeNumber type = fhir::kNoType;
    std::string_view path;                     // empty: no filter
    std::span<const fhir::ElementFacts> rows;  // of a path of one step
    NodeIndex path_value = kNoNode;  // of a longer path: its value for the item in the slot
    std::uint16_t item_slot = 0;
    NodeIndex terminology = kNoNode;
    // Only resources whose `element` has `value` are of the profile asked for; empty: all.
    std::string_view element;
    std::string_view value;
    bool unfiltered = false;      // of all patients
    NodeIndex subject = kNoNode;  // of this patient or related person
};

}  // namespace kangqu::expression
