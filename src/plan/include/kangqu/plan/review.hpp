#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/plan/document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The review of a plan that was read: a person says of every task and target whether it is what the
// document says. Steps change the document in memory; the record of the result is a new version of
// the plan, so history, undo and audit are the store's.
//
// Items are named by their place: "task:3", "target:3/0" (the first target of task 3), "target:0/2"
// (of the targets of no task). A split or a merge moves the places behind it; a step is therefore
// taken against one version of the plan.
namespace kangqu::plan {

struct ReviewItem {
    int task = 0;
    std::optional<std::size_t> target;
    friend bool operator==(const ReviewItem&, const ReviewItem&) = default;
};
// Nothing when `text` is none.
std::optional<ReviewItem> ParseItem(std::string_view text);
std::string ToText(const ReviewItem& item);

enum class ReviewAction : std::uint8_t {
    kAccept,      // "accept": as read
    kReject,      // "reject": is no task, no target
    kReopen,      // "reopen": back to proposed
    kCorrect,     // "correct": with the values of `set`
    kSplit,       // "split": a task at a place in the text; a target into two equal ones
    kMerge,       // "merge": with a second item of the same kind, which it takes up
    kAdd,         // "add": a target that was overlooked, to a task
    kAcceptSure,  // "accept-sure": every proposed item without doubts
};

// What a correction sets; what is absent stays.
struct Correction {
    // of tasks
    std::optional<std::string> title;
    std::optional<std::vector<std::string>> units;
    std::optional<std::vector<std::string>> unit_ids;
    std::optional<ResponsibilityMode> mode;
    // of targets
    std::optional<std::string> name;
    std::optional<Comparator> comparator;
    std::optional<TargetValue> value;
    std::optional<std::string> unit;
    std::optional<std::optional<int>> year;
    std::optional<std::string> attribute;
    std::optional<std::optional<double>> baseline;
    std::optional<std::optional<int>> baseline_year;
    std::optional<std::string> measure;
};

struct ReviewStep {
    ReviewAction action = ReviewAction::kAccept;
    ReviewItem item;
    ReviewItem with;     // of a merge
    std::size_t at = 0;  // of a task's split: code points of the text
    Correction set;
};

// {"op","item","with"?,"at"?,"set"?:{...}}. Fails with kPlanStepInvalid, naming what is wrong.
core::Result<ReviewStep> ReadStep(core::JsonNode json);

struct Reviewer {
    std::string by;
    std::string at;
};

// Takes one step. `text` is the source text, for the words of a split or merged task. Fails with
// kPlanItemUnknown or kPlanStepInvalid and then leaves the document as it was.
core::Status
Apply(PlanDocument& document, std::string_view text, const ReviewStep& step, const Reviewer& who);

struct ReviewCounts {
    std::int64_t proposed = 0;
    std::int64_t unsure = 0;  // of the proposed, those with doubts
    std::int64_t accepted = 0;
    std::int64_t corrected = 0;
    std::int64_t rejected = 0;
};
ReviewCounts CountsOf(const PlanDocument& document);

// The document as it goes live: status "active", rejected items gone, tasks numbered anew. Fails
// with kPlanNotReviewed while an item is proposed.
core::Result<PlanDocument> Live(const PlanDocument& draft);

}  // namespace kangqu::plan
