#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/expression/arena.hpp"
#include "kangqu/expression/environment.hpp"
#include "kangqu/expression/value.hpp"

#include "plan.hpp"
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kangqu::expression {

struct CqlRun;

// State of one run of a plan. Operators return null once failed(); loops must look at it.
class Evaluation {
public:
    Evaluation(const Plan& plan, const Environment& environment, Arena& arena);

    Value Run(NodeIndex index);
    // Counts work done outside of plan nodes (comparing items); false once the limit is passed.
    bool Tick() { return ++steps_ < next_check_ || Check(); }
    Value Arg(const PlanNode& node, std::size_t position) {
        return Run(plan_->children[node.first + position]);
    }
    // The item of a collection; null when empty; fails when there are several.
    Value One(const PlanNode& node, const Value& value);
    // One(Arg()), elements of a document made System values.
    Value System(const PlanNode& node, std::size_t position);
    // System() that must be of `kind`; null when empty or failed.
    Value Typed(const PlanNode& node, std::size_t position, Kind kind);

    Value& slot(std::size_t number) { return slots_[number]; }
    const Plan& plan() const { return *plan_; }
    const Environment& environment() const { return environment_; }
    Arena& arena() { return *arena_; }
    // Returns the arena used before.
    Arena& SwapArena(Arena& arena) { return *std::exchange(arena_, &arena); }
    int offset() const { return environment_.now.offset_minutes; }
    std::string_view Text(std::string_view text) {
        return FitsText(text.size()) ? arena_->Copy(text) : std::string_view();
    }
    // False, with a failure, when a text of this size is over the limit: to ask before it is made.
    bool FitsText(std::size_t size);

    bool failed() const { return error_.has_value(); }
    Value Fail(const PlanNode& node, std::string what);
    Value FailLimit(std::string what);
    const core::Error& error() const { return *error_; }

    // CQL only: what belongs to the run of a library; null for FHIRPath.
    CqlRun* cql = nullptr;

private:
    // The limits of steps, memory and time, looked at every so many steps; false beyond one.
    bool Check();

    const Plan* plan_;
    const Environment& environment_;
    Arena* arena_;
    Value* slots_;
    std::uint64_t steps_ = 0;
    std::uint64_t next_check_ = 0;
    std::size_t memory_at_start_ = 0;
    std::chrono::steady_clock::time_point start_;
    std::uint32_t depth_ = 0;
    std::optional<core::Error> error_;
};

// Collects items; in the arena only beyond a few.
class ListBuilder {
public:
    explicit ListBuilder(Evaluation& evaluation) : evaluation_(evaluation) {}
    ListBuilder(const ListBuilder&) = delete;
    ListBuilder& operator=(const ListBuilder&) = delete;

    void Add(const Value& value);
    // Of a FHIRPath collection: its items; nothing for null.
    void AddItems(const Value& collection) {
        for (const Value& item : ItemsOf(collection)) {
            Add(item);
        }
    }
    std::size_t size() const { return size_; }
    std::span<const Value> items() const { return {data_, size_}; }
    // As a FHIRPath collection, and as a CQL list.
    Value Collection();
    Value List();

private:
    std::span<const Value> Kept();

    static constexpr std::size_t kInside = 6;
    Evaluation& evaluation_;
    std::array<Value, kInside> inside_;
    Value* data_ = inside_.data();
    std::size_t size_ = 0;
    std::size_t room_ = kInside;
};

// Null, true or false in three-valued logic.
inline Value ToValue(std::optional<bool> answer) {
    return answer ? Value::Boolean(*answer) : Value();
}

}  // namespace kangqu::expression
