#pragma once

#include "kangqu/expression/arena.hpp"
#include "kangqu/expression/value.hpp"
#include "kangqu/fhir/definitions.hpp"

#include "lexer.hpp"
#include "regular_expression.hpp"
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression {

class Evaluation;
struct PlanNode;
using NodeIndex = std::uint32_t;
constexpr NodeIndex kNoNode = 0xFFFFFFFFU;
using EvalFn = Value (*)(Evaluation&, const PlanNode&);

// One operation. Children stand side by side in Plan::children. What `data`, `slot` and `flags`
// mean is the business of the function in `run`.
struct PlanNode {
    EvalFn run = nullptr;
    std::uint32_t first = 0;
    std::uint16_t count = 0;
    std::uint16_t slot = 0;
    std::uint32_t data = 0;
    std::uint32_t at = 0;  // byte offset in the source
    std::uint32_t flags = 0;
};

// A member by name, looked up beforehand for the type it is expected on.
struct MemberStep {
    std::string_view name;
    fhir::TypeNumber type = fhir::kNoType;
    std::span<const fhir::ElementFacts> rows;
};

// What `is` and `as` ask for. A bare name may mean a System and a FHIR type at once.
struct TypeTest {
    Kind system = Kind::kNull;  // kNull: no System type
    fhir::TypeNumber fhir = fhir::kNoType;
    bool any = false;
    std::uint32_t inner = 0;  // of kList and kInterval: the element test behind this one, 0 none
    std::vector<std::uint32_t> choices;
};

struct QueryPlan;
struct RetrievePlan;
struct DispatchPlan;

// A compiled expression or library. Immutable once built.
struct Plan {
    Plan();
    ~Plan();
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    std::vector<PlanNode> nodes;
    std::vector<NodeIndex> children;
    std::vector<Value> constants;
    std::vector<MemberStep> steps;
    std::vector<TypeTest> types;
    std::deque<std::string> texts;
    std::uint32_t slots = 0;
    // Source texts; PlanNode::at has the number of its text in the upper byte.
    struct Source {
        std::string name;  // empty for the main one
        std::string text;
    };
    std::deque<Source> sources;
    std::uint32_t binding = 0;  // the text being bound
    Dialect dialect = Dialect::kFhirPath;
    Arena arena;  // what the constants point to
    std::deque<std::unique_ptr<const RegularExpression>> patterns;
    // CQL only.
    std::deque<QueryPlan> queries;
    std::deque<RetrievePlan> retrieves;
    std::deque<DispatchPlan> dispatches;

    // Place in the text being bound, as kept in nodes, and shown: "12:3", "Common 12:3".
    std::uint32_t At(std::uint32_t offset) const { return offset | binding << 24U; }
    std::string Place(std::uint32_t at) const {
        const Source& source = sources[at >> 24U];
        const std::string place = PlaceOf(source.text, at & 0xFFFFFFU);
        return source.name.empty() ? place : source.name + " " + place;
    }

    std::string_view Keep(std::string_view text) { return texts.emplace_back(text); }
    NodeIndex Add(const PlanNode& node, std::span<const NodeIndex> kids = {}) {
        PlanNode copy = node;
        copy.first = static_cast<std::uint32_t>(children.size());
        copy.count = static_cast<std::uint16_t>(kids.size());
        children.insert(children.end(), kids.begin(), kids.end());
        nodes.push_back(copy);
        return static_cast<NodeIndex>(nodes.size() - 1);
    }
};

}  // namespace kangqu::expression
