// Queries.
#include "cql/cql_functions.hpp"
#include "cql/cql_run.hpp"
#include "cql/query_plan.hpp"
#include "functions/lambda.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include <algorithm>
#include <numeric>

namespace kangqu::expression {

namespace {

bool IsTrue(Evaluation& evaluation, NodeIndex condition) {
    const Value met = ToSystem(evaluation, evaluation.Run(condition));
    return met.is(Kind::kBoolean) && met.boolean();
}

// Runs one query over the combinations of its sources' items.
class QueryRun {
public:
    QueryRun(Evaluation& evaluation, const PlanNode& node)
        : evaluation_(evaluation),
          node_(node),
          plan_(evaluation.plan().queries[node.data]),
          out_(evaluation) {}

    Value Run() {
        if (plan_.aggregate) {
            total_ = plan_.starting == kNoNode ? Value() : evaluation_.Run(plan_.starting);
        }
        if (!Sources(0)) {
            return {};
        }
        if (evaluation_.failed()) {
            return {};
        }
        if (plan_.aggregate) {
            return total_;
        }
        if (!single_) {
            return Sorted();
        }
        return out_.size() == 0 ? Value() : out_.items()[0];
    }

private:
    // False when a source is null: then so is the query.
    bool Sources(std::size_t position) {
        if (position == plan_.sources.size()) {
            Combination();
            return true;
        }
        const QuerySource& source = plan_.sources[position];
        Value list = evaluation_.Run(source.list);
        if (list.is(Kind::kVocabulary)) {
            list = CodesOfValueSet(evaluation_, node_, list);
        }
        if (list.is_null()) {
            return false;
        }
        if (!list.is(Kind::kList)) {
            evaluation_.slot(source.slot) = list;
            return Sources(position + 1);
        }
        single_ = false;
        for (const Value& item : list.items()) {
            if (evaluation_.failed()) {
                return true;
            }
            evaluation_.slot(source.slot) = item;
            if (!Sources(position + 1)) {
                return false;
            }
        }
        return true;
    }

    bool Related(const QueryPlan::With& with) {
        const Value list = evaluation_.Run(with.source.list);
        for (const Value& item : ItemsOf(list)) {
            evaluation_.slot(with.source.slot) = item;
            if (IsTrue(evaluation_, with.condition)) {
                return true;
            }
        }
        return false;
    }

    void Combination() {
        for (const QuerySource& let : plan_.lets) {
            evaluation_.slot(let.slot) = evaluation_.Run(let.list);
        }
        for (const QueryPlan::With& with : plan_.withs) {
            if (Related(with) == with.without) {
                return;
            }
        }
        if (plan_.where != kNoNode && !IsTrue(evaluation_, plan_.where)) {
            return;
        }
        if (plan_.aggregate) {
            // Distinct: a combination counts once.
            if (plan_.distinct) {
                const Value item = Item();
                if (Holds(item)) {
                    return;
                }
                out_.Add(item);
            }
            evaluation_.slot(plan_.total_slot) = total_;
            total_ = evaluation_.Run(plan_.result);
            return;
        }
        const Value item = plan_.result != kNoNode ? evaluation_.Run(plan_.result) : Item();
        if (!plan_.distinct || !Holds(item)) {
            out_.Add(item);
        }
    }

    bool Holds(const Value& wanted) {
        const auto items = out_.items();
        return std::any_of(items.begin(), items.end(), [&](const Value& item) {
            return SameItem(evaluation_, item, wanted);
        });
    }

    Value Item() {
        if (plan_.sources.size() == 1) {
            return evaluation_.slot(plan_.sources[0].slot);
        }
        auto* values = evaluation_.arena().Room<Value>(plan_.sources.size());
        for (std::size_t i = 0; i < plan_.sources.size(); ++i) {
            values[i] = evaluation_.slot(plan_.sources[i].slot);
        }
        return Value::Of(evaluation_.arena().New(Tuple{
            plan_.aliases, std::span<const Value>(values, plan_.sources.size())}));
    }

    Value Sorted() {
        const std::size_t count = out_.size();
        const std::size_t width = plan_.sort.size();
        if (width == 0 || count < 2) {
            return out_.List();
        }
        std::vector<Value> keys(count * width);
        for (std::size_t i = 0; i < count; ++i) {
            evaluation_.slot(plan_.item_slot) = out_.items()[i];
            for (std::size_t k = 0; k < width; ++k) {
                const NodeIndex key = plan_.sort[k].key;
                keys[i * width + k] =
                    ToSystem(evaluation_, key == kNoNode ? out_.items()[i] : evaluation_.Run(key));
            }
        }
        // Of items with equal keys the first in source order counts as the last in time, so that
        // descending is ascending turned round.
        std::vector<std::uint32_t> order(count);
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            for (std::size_t k = 0; k < width; ++k) {
                const int sign = SortOrder(evaluation_, keys[a * width + k], keys[b * width + k]);
                if (sign != 0) {
                    return plan_.sort[k].descending ? sign > 0 : sign < 0;
                }
            }
            return plan_.sort[0].descending ? a < b : a > b;
        });
        auto* sorted = evaluation_.arena().Room<Value>(count);
        for (std::size_t i = 0; i < count; ++i) {
            sorted[i] = out_.items()[order[i]];
        }
        return Value::List(std::span<const Value>(sorted, count));
    }

    Evaluation& evaluation_;
    const PlanNode& node_;
    const QueryPlan& plan_;
    ListBuilder out_;
    Value total_;
    bool single_ = true;
};

}  // namespace

Value RunQuery(Evaluation& evaluation, const PlanNode& node) {
    return QueryRun(evaluation, node).Run();
}

}  // namespace kangqu::expression
