#include "kangqu/plan/review.hpp"

#include "kangqu/core/utf8.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace kangqu::plan {

namespace {

using core::ErrorCode;
using core::MakeError;

core::Error Unknown(const ReviewItem& item) {
    return MakeError(ErrorCode::kPlanItemUnknown, ToText(item));
}

core::Error Bad(std::string what) {
    return MakeError(ErrorCode::kPlanStepInvalid, std::move(what));
}

Task* TaskOf(PlanDocument& document, int no) {
    const auto found =
        std::find_if(document.tasks.begin(), document.tasks.end(), [no](const Task& task) {
            return task.no == no;
        });
    return found == document.tasks.end() ? nullptr : &*found;
}

std::vector<Indicator>* TargetsAt(PlanDocument& document, int no) {
    if (no == 0) {
        return &document.indicators;
    }
    Task* const task = TaskOf(document, no);
    return task == nullptr ? nullptr : &task->indicators;
}

Indicator* TargetOf(PlanDocument& document, const ReviewItem& item) {
    std::vector<Indicator>* const targets = TargetsAt(document, item.task);
    const bool there = targets != nullptr && item.target && *item.target < targets->size();
    return there ? &(*targets)[*item.target] : nullptr;
}

void Renumber(PlanDocument& document) {
    int no = 0;
    for (Task& task : document.tasks) {
        task.no = ++no;
    }
}

void CorrectTask(Task& task, const Correction& set) {
    task.title = set.title.value_or(task.title);
    task.mode = set.mode.value_or(task.mode);
    if (set.units) {
        task.units = *set.units;
        task.units_full = *set.units;
        task.unit_ids.clear();
        task.collective =
            std::any_of(task.units.begin(), task.units.end(), [](const std::string& unit) {
                return unit.rfind("各", 0) == 0;
            });
    }
    if (task.units.empty()) {
        task.mode = ResponsibilityMode::kNone;
    } else if (task.mode == ResponsibilityMode::kNone) {
        task.mode = ResponsibilityMode::kLeadFirst;
    }
    task.lead_unit = task.mode == ResponsibilityMode::kLeadFirst ? task.units.front() : "";
    if (set.unit_ids) {
        task.unit_ids = *set.unit_ids;
        task.unit_ids.resize(task.units.size());
    }
}

void CorrectTarget(Indicator& target, const Correction& set) {
    target.name = set.name.value_or(target.name);
    target.comparator = set.comparator.value_or(target.comparator);
    target.value = set.value.value_or(target.value);
    target.unit = set.unit.value_or(target.unit);
    target.year = set.year.value_or(target.year);
    target.attribute = set.attribute.value_or(target.attribute);
    target.baseline = set.baseline.value_or(target.baseline);
    target.baseline_year = set.baseline_year.value_or(target.baseline_year);
    target.measure = set.measure.value_or(target.measure);
}

// A target whose value and comparator do not go together cannot be judged.
core::Status CheckTarget(const Indicator& target) {
    const bool range = std::holds_alternative<ValueRange>(target.value);
    if (target.name.empty()) {
        return Bad("name");
    }
    if (range != (target.comparator == Comparator::kBetween)) {
        return Bad("value, comparator");
    }
    return {};
}

core::Status SplitTask(PlanDocument& document, std::string_view text, const ReviewStep& step) {
    Task* const task = TaskOf(document, step.item.task);
    if (task == nullptr) {
        return Unknown(step.item);
    }
    if (step.at <= task->offset.start || step.at >= task->offset.end) {
        return Bad("at: " + std::to_string(step.at));
    }
    Task second = *task;
    second.offset.start = step.at;
    task->offset.end = step.at;
    for (Task* const part : {task, &second}) {
        part->text = SliceCodePoints(text, part->offset);
        part->review = {};
        part->repeated_at.clear();
    }
    const std::string_view words = second.text;
    second.title = std::string(words.substr(0, std::min(words.find("。"), words.find('\n'))));
    const auto behind = [at = step.at](const Indicator& target) {
        return target.place.start >= at;
    };
    second.indicators.erase(
        std::remove_if(second.indicators.begin(), second.indicators.end(), std::not_fn(behind)),
        second.indicators.end()
    );
    task->indicators.erase(
        std::remove_if(task->indicators.begin(), task->indicators.end(), behind),
        task->indicators.end()
    );
    document.tasks.insert(document.tasks.begin() + step.item.task, std::move(second));
    Renumber(document);
    return {};
}

core::Status MergeTasks(PlanDocument& document, std::string_view text, const ReviewStep& step) {
    const int first_no = std::min(step.item.task, step.with.task);
    const int second_no = std::max(step.item.task, step.with.task);
    Task* const first = TaskOf(document, first_no);
    Task* const second = TaskOf(document, second_no);
    if (first == nullptr || second == nullptr) {
        return Unknown(first == nullptr ? step.item : step.with);
    }
    if (second_no != first_no + 1) {
        return Bad(ToText(step.item) + ", " + ToText(step.with));
    }
    first->offset.end = std::max(first->offset.end, second->offset.end);
    first->text = SliceCodePoints(text, first->offset);
    first->unit_ids.resize(first->units.size());
    second->unit_ids.resize(second->units.size());
    for (std::size_t i = 0; i < second->units.size(); ++i) {
        const bool known = std::find(first->units.begin(), first->units.end(), second->units[i]) !=
                           first->units.end();
        if (!known) {
            first->units.push_back(second->units[i]);
            first->units_full.push_back(
                i < second->units_full.size() ? second->units_full[i] : second->units[i]
            );
            first->unit_ids.push_back(second->unit_ids[i]);
        }
    }
    if (first->mode == ResponsibilityMode::kNone) {
        first->mode = second->mode;
        first->lead_unit = second->lead_unit;
    }
    first->collective = first->collective || second->collective;
    std::move(
        second->indicators.begin(), second->indicators.end(), std::back_inserter(first->indicators)
    );
    first->review = {};
    document.tasks.erase(document.tasks.begin() + (second_no - 1));
    Renumber(document);
    return {};
}

core::Status MergeTargets(PlanDocument& document, const ReviewStep& step) {
    if (step.item.task != step.with.task || !step.item.target || !step.with.target ||
        step.item == step.with) {
        return Bad(ToText(step.item) + ", " + ToText(step.with));
    }
    if (TargetOf(document, step.item) == nullptr || TargetOf(document, step.with) == nullptr) {
        return Unknown(TargetOf(document, step.item) == nullptr ? step.item : step.with);
    }
    std::vector<Indicator>& targets = *TargetsAt(document, step.item.task);
    targets[*step.item.target].review = {};
    targets.erase(targets.begin() + static_cast<std::ptrdiff_t>(*step.with.target));
    return {};
}

core::Status AddTarget(PlanDocument& document, const ReviewStep& step, const Reviewer& who) {
    std::vector<Indicator>* const targets = TargetsAt(document, step.item.task);
    if (targets == nullptr) {
        return Unknown(step.item);
    }
    Indicator target;
    CorrectTarget(target, step.set);
    KQ_TRY(CheckTarget(target));
    target.review = {ReviewState::kCorrected, who.by, who.at};
    targets->push_back(std::move(target));
    return {};
}

void AcceptSure(PlanDocument& document, const Reviewer& who) {
    const Review accepted = {ReviewState::kAccepted, who.by, who.at};
    const auto accept = [&accepted](auto& item) {
        if (item.review.state == ReviewState::kProposed && item.doubts.empty()) {
            item.review = accepted;
        }
    };
    for (Task& task : document.tasks) {
        accept(task);
        std::for_each(task.indicators.begin(), task.indicators.end(), accept);
    }
    std::for_each(document.indicators.begin(), document.indicators.end(), accept);
}

// Steps that say something of one item and keep its place.
core::Status Say(PlanDocument& document, const ReviewStep& step, const Reviewer& who) {
    Review review = {ReviewState::kAccepted, who.by, who.at};
    if (step.action == ReviewAction::kReject) {
        review.state = ReviewState::kRejected;
    } else if (step.action == ReviewAction::kReopen) {
        review = {};
    } else if (step.action == ReviewAction::kCorrect) {
        review.state = ReviewState::kCorrected;
    }
    if (step.item.target) {
        Indicator* const target = TargetOf(document, step.item);
        if (target == nullptr) {
            return Unknown(step.item);
        }
        if (step.action == ReviewAction::kCorrect) {
            CorrectTarget(*target, step.set);
            KQ_TRY(CheckTarget(*target));
        }
        target->review = review;
        return {};
    }
    Task* const task = TaskOf(document, step.item.task);
    if (task == nullptr) {
        return Unknown(step.item);
    }
    if (step.action == ReviewAction::kCorrect) {
        CorrectTask(*task, step.set);
    }
    task->review = review;
    return {};
}

core::Status
Take(PlanDocument& document, std::string_view text, const ReviewStep& step, const Reviewer& who) {
    switch (step.action) {
        case ReviewAction::kAcceptSure:
            AcceptSure(document, who);
            return {};
        case ReviewAction::kAdd:
            return AddTarget(document, step, who);
        case ReviewAction::kMerge:
            return step.item.target ? MergeTargets(document, step)
                                    : MergeTasks(document, text, step);
        case ReviewAction::kSplit: {
            if (!step.item.target) {
                return SplitTask(document, text, step);
            }
            Indicator* const target = TargetOf(document, step.item);
            if (target == nullptr) {
                return Unknown(step.item);
            }
            target->review = {};
            const Indicator copy = *target;
            std::vector<Indicator>& targets = *TargetsAt(document, step.item.task);
            targets.insert(
                targets.begin() + static_cast<std::ptrdiff_t>(*step.item.target) + 1, copy
            );
            return {};
        }
        case ReviewAction::kAccept:
        case ReviewAction::kReject:
        case ReviewAction::kReopen:
        case ReviewAction::kCorrect:
            break;
    }
    return Say(document, step, who);
}

template <class Visit>
void EachReview(const PlanDocument& document, Visit&& visit) {
    for (const Task& task : document.tasks) {
        visit(task.review, task.doubts);
        for (const Indicator& target : task.indicators) {
            // Targets of what is no task are none either.
            if (task.review.state != ReviewState::kRejected) {
                visit(target.review, target.doubts);
            }
        }
    }
    for (const Indicator& target : document.indicators) {
        visit(target.review, target.doubts);
    }
}

}  // namespace

core::Status
Apply(PlanDocument& document, std::string_view text, const ReviewStep& step, const Reviewer& who) {
    if (document.status != "draft") {
        return Bad("status: " + document.status);
    }
    PlanDocument changed = document;
    KQ_TRY(Take(changed, text, step, who));
    document = std::move(changed);
    return {};
}

ReviewCounts CountsOf(const PlanDocument& document) {
    ReviewCounts counts;
    EachReview(document, [&counts](const Review& review, const std::vector<Doubt>& doubts) {
        switch (review.state) {
            case ReviewState::kProposed:
                ++counts.proposed;
                counts.unsure += doubts.empty() ? 0 : 1;
                break;
            case ReviewState::kAccepted:
                ++counts.accepted;
                break;
            case ReviewState::kCorrected:
                ++counts.corrected;
                break;
            case ReviewState::kRejected:
                ++counts.rejected;
                break;
        }
    });
    return counts;
}

core::Result<PlanDocument> Live(const PlanDocument& draft) {
    if (const ReviewCounts counts = CountsOf(draft); counts.proposed > 0) {
        return MakeError(ErrorCode::kPlanNotReviewed, std::to_string(counts.proposed));
    }
    const auto rejected = [](const auto& item) {
        return item.review.state == ReviewState::kRejected;
    };
    PlanDocument live = draft;
    live.status = "active";
    live.undo_version = 0;
    const auto drop = [&rejected](auto& items) {
        items.erase(std::remove_if(items.begin(), items.end(), rejected), items.end());
    };
    drop(live.tasks);
    drop(live.indicators);
    for (Task& task : live.tasks) {
        drop(task.indicators);
    }
    Renumber(live);
    return live;
}

}  // namespace kangqu::plan
