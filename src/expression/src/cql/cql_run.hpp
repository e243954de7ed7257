#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/expression/cql.hpp"

#include "evaluation.hpp"
#include "plan.hpp"
#include <memory>
#include <vector>

namespace kangqu::expression {

struct CqlDefinition {
    NodeIndex root = kNoNode;
    bool constant = false;
};
struct CqlFunctionPlan {
    NodeIndex root = kNoNode;
    std::uint16_t first_slot = 0;  // its operands come first
    std::uint16_t end_slot = 0;
};
struct CqlParameterPlan {
    NodeIndex fallback = kNoNode;
};

// Definitions, functions and parameters of a library and all it includes, numbered across them.
struct CqlProgram {
    std::vector<CqlDefinition> definitions;
    std::vector<CqlFunctionPlan> functions;
    std::vector<CqlParameterPlan> parameters;
};

// What the evaluation of one patient knows beyond Evaluation.
struct CqlRun {
    struct Cached {
        Value value;
        bool done = false;
    };
    const CqlProgram* program = nullptr;
    const DataSource* source = nullptr;
    Value patient;
    std::vector<Cached> definitions;
    std::vector<Cached> parameters;
    Arena* lasting = nullptr;  // of constant definitions
    std::uint32_t calls = 0;   // nested function calls
    // Documents of the instances made for the current patient, and in constant definitions.
    using Documents = std::vector<std::unique_ptr<const core::JsonDocument>>;
    Documents made;
    Documents lasting_made;
    bool in_constant = false;
};

}  // namespace kangqu::expression
