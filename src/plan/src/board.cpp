#include "kangqu/plan/board.hpp"

#include <algorithm>

namespace kangqu::plan {

namespace {

const Binding* BindingOf(const std::vector<Binding>& bindings, const std::string& target) {
    const auto found = std::find_if(bindings.begin(), bindings.end(), [&](const Binding& one) {
        return one.target == target;
    });
    return found == bindings.end() ? nullptr : &*found;
}

// The first printed indicator of a target: its words and attribute.
const Indicator* IndicatorOf(const PlanDocument& document, const Target& target) {
    for (const Task& task : document.tasks) {
        if (task.no != target.task_no) {
            continue;
        }
        for (const Indicator& indicator : task.indicators) {
            if (indicator.name == target.name) {
                return &indicator;
            }
        }
    }
    for (const Indicator& indicator : document.indicators) {
        if (target.task_no == 0 && indicator.name == target.name) {
            return &indicator;
        }
    }
    return nullptr;
}

BoardTarget Judged(
    const Target& target,
    const Binding* binding,
    const MeasuredBy& measured_by,
    const BoardPeriod& period,
    const std::vector<BoardPeriod>& history
) {
    BoardTarget out;
    out.target = target;
    TargetQuestion question;
    question.milestones = target.milestones;
    question.period = period.end;
    question.baseline = target.baseline;
    question.missing_reason = "no-measure";
    if (binding != nullptr && binding->baseline && !question.baseline) {
        question.baseline = binding->baseline;
    }
    out.basis = BasisOf(target.name);
    std::vector<std::pair<std::string, std::optional<double>>> units;
    const std::string chosen = !target.measure.empty() ? target.measure
                               : binding != nullptr    ? binding->measure
                                                       : std::string();
    if (chosen.empty() && binding != nullptr) {
        question.missing_reason = binding->reason;
    } else if (!chosen.empty()) {
        out.measure = chosen;
        const MeasuredAnswer answer = measured_by(out.measure, period.id);
        out.measured = answer.measured;
        question.missing_reason = answer.reason;
        question.direction = answer.direction;
        units = answer.units;
        if (answer.measured) {
            question.actual = answer.measured->value;
        }
        for (const BoardPeriod& past : history) {
            const MeasuredAnswer then = measured_by(out.measure, past.id);
            if (then.measured) {
                out.history.emplace_back(past.id, then.measured->value);
            }
            if (then.measured && past.end.year + 1 == period.end.year) {
                question.previous = then.measured->value;
            }
        }
    }
    out.state = out.basis.empty() ? Judge(question) : JudgeEach(question, units, out.short_units);
    out.target.baseline = question.baseline;
    return out;
}

class Units {
public:
    void Count(const Task& task, const std::vector<const BoardTarget*>& targets) {
        for (const std::string& name : task.units) {
            BoardUnit& unit = Of(name);
            const bool leads = name == task.lead_unit;
            ++(leads ? unit.lead : unit.assist);
            if (!leads) {
                continue;
            }
            unit.targets += static_cast<std::int64_t>(targets.size());
            for (const BoardTarget* target : targets) {
                unit.states.Add(target->state.state);
            }
        }
    }
    std::vector<BoardUnit> Take() {
        std::stable_sort(units_.begin(), units_.end(), [](const BoardUnit& a, const BoardUnit& b) {
            return a.lead > b.lead;
        });
        return std::move(units_);
    }

private:
    BoardUnit& Of(const std::string& name) {
        const auto [found, added] = positions_.emplace(name, units_.size());
        if (added) {
            units_.push_back({name, 0, 0, 0, {}});
        }
        return units_[found->second];
    }
    std::vector<BoardUnit> units_;
    std::map<std::string, std::size_t> positions_;
};

}  // namespace

void StateCounts::Add(State state) {
    switch (state) {
        case State::kMet:
            ++met;
            break;
        case State::kOnTrack:
            ++on_track;
            break;
        case State::kBehind:
            ++behind;
            break;
        case State::kNotComputable:
            ++not_computable;
            break;
    }
}

Board MakeBoard(
    const PlanDocument& document,
    const std::vector<Binding>& bindings,
    const MeasuredBy& measured_by,
    const BoardPeriod& period,
    const std::vector<BoardPeriod>& history
) {
    Board board;
    for (const Target& target : TargetsOf(document)) {
        BoardTarget judged =
            Judged(target, BindingOf(bindings, target.name), measured_by, period, history);
        judged.id = "t" + std::to_string(board.targets.size() + 1);
        if (const Indicator* indicator = IndicatorOf(document, target)) {
            judged.attribute = indicator->attribute;
            judged.words = indicator->words;
        }
        board.states.Add(judged.state.state);
        board.targets.push_back(std::move(judged));
    }
    Units units;
    for (const Task& task : document.tasks) {
        std::vector<const BoardTarget*> targets;
        for (const BoardTarget& target : board.targets) {
            if (target.target.task_no == task.no) {
                targets.push_back(&target);
            }
        }
        units.Count(task, targets);
    }
    board.units = units.Take();
    return board;
}

}  // namespace kangqu::plan
