#include "evaluation.hpp"

#include "messages.hpp"
#include "navigate.hpp"
#include <algorithm>

namespace kangqu::expression {

namespace {
// Clock and memory are looked at this often: a check costs about as much as two steps.
constexpr std::uint64_t kStepsBetweenChecks = 1024;
}  // namespace

bool ValueSets::Expand(std::string_view, std::string_view, const Visitor&) const {
    return false;
}

std::optional<bool> ValueSets::Subsumes(std::string_view, std::string_view, std::string_view)
    const {
    return std::nullopt;
}

Evaluation::Evaluation(const Plan& plan, const Environment& environment, Arena& arena)
    : plan_(&plan),
      environment_(environment),
      arena_(&arena),
      slots_(arena.Room<Value>(plan.slots + 1)),
      memory_at_start_(arena.used()),
      start_(std::chrono::steady_clock::now()) {
    std::fill_n(slots_, plan.slots + 1, Value());
    next_check_ = std::min(kStepsBetweenChecks, environment.limits.steps + 1);
}

bool Evaluation::Check() {
    const Limits& limits = environment_.limits;
    if (steps_ > limits.steps) {
        FailLimit(std::to_string(limits.steps) + " steps");
        return false;
    }
    next_check_ = std::min(steps_ + kStepsBetweenChecks, limits.steps + 1);
    if (arena_->used() > memory_at_start_ &&
        arena_->used() - memory_at_start_ > limits.memory_bytes) {
        FailLimit(std::to_string(limits.memory_bytes) + " bytes of memory");
        return false;
    }
    const auto spent = std::chrono::steady_clock::now() - start_;
    if (limits.milliseconds != 0 && spent > std::chrono::milliseconds(limits.milliseconds)) {
        FailLimit(std::to_string(limits.milliseconds) + " ms");
        return false;
    }
    return true;
}

bool Evaluation::FitsText(std::size_t size) {
    if (size > environment_.limits.text_bytes) {
        FailLimit(std::to_string(environment_.limits.text_bytes) + " bytes of a text");
        return false;
    }
    return true;
}

Value Evaluation::Run(NodeIndex index) {
    if (failed()) {
        return {};
    }
    if (!Tick()) {
        return {};
    }
    if (depth_ >= environment_.limits.depth) {
        return FailLimit("nested " + std::to_string(environment_.limits.depth) + " deep");
    }
    ++depth_;
    const PlanNode& node = plan_->nodes[index];
    const Value value = node.run(*this, node);
    --depth_;
    return value;
}

Value Evaluation::One(const PlanNode& node, const Value& value) {
    if (!value.is(Kind::kList)) {
        return value;
    }
    const auto items = value.items();
    if (items.empty()) {
        return {};
    }
    if (items.size() > 1) {
        return Fail(node, "one item is needed here, there are " + std::to_string(items.size()));
    }
    return items[0];
}

Value Evaluation::System(const PlanNode& node, std::size_t position) {
    return ToSystem(*this, One(node, Arg(node, position)));
}

Value Evaluation::Typed(const PlanNode& node, std::size_t position, Kind kind) {
    const Value value = System(node, position);
    if (value.is_null() || value.is(kind)) {
        return value;
    }
    return Fail(node, std::string(NameOf(kind)) + " is needed here, found " + TypeNameOf(value));
}

Value Evaluation::Fail(const PlanNode& node, std::string what) {
    if (!error_) {
        error_ = core::At(
            core::MakeError(core::ErrorCode::kExpressionRuntime, InBothLanguages(std::move(what))),
            plan_->Place(node.at)
        );
    }
    return {};
}

Value Evaluation::FailLimit(std::string what) {
    if (!error_) {
        error_ =
            core::MakeError(core::ErrorCode::kExpressionLimit, InBothLanguages(std::move(what)));
    }
    return {};
}

void ListBuilder::Add(const Value& value) {
    if (size_ == room_) {
        if (size_ >= evaluation_.environment().limits.list_items) {
            evaluation_.FailLimit(std::to_string(size_) + " items of a list");
            return;
        }
        room_ = room_ * 4;
        Value* wider = evaluation_.arena().Room<Value>(room_);
        std::copy_n(data_, size_, wider);
        data_ = wider;
    }
    data_[size_++] = value;
}

std::span<const Value> ListBuilder::Kept() {
    if (data_ == inside_.data()) {
        Value* kept = evaluation_.arena().Room<Value>(size_);
        std::copy_n(data_, size_, kept);
        return {kept, size_};
    }
    return {data_, size_};
}

Value ListBuilder::Collection() {
    if (size_ == 0) {
        return {};
    }
    return size_ == 1 ? data_[0] : Value::List(Kept());
}

Value ListBuilder::List() {
    return size_ == 0 ? Value::List({}) : Value::List(Kept());
}

}  // namespace kangqu::expression
