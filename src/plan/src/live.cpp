#include "kangqu/plan/live.hpp"

#include "kangqu/core/json.hpp"
#include "kangqu/plan/resource.hpp"

#include "resource_urls.hpp"
#include <algorithm>
#include <map>
#include <vector>

namespace kangqu::plan {

namespace {

using core::JsonWriter;

constexpr std::string_view kMeasureSystem = "urn:kangqu:measure";

class Transaction {
public:
    Transaction() : json_(out_) {
        json_.BeginObject().Field("resourceType", "Bundle").Field("type", "transaction");
        json_.Key("entry").BeginArray();
    }

    // `version` 0: whatever is current.
    void
    Put(std::string_view type, std::string_view id, std::string_view resource, std::int64_t version
    ) {
        json_.BeginObject().Key("resource").Raw(resource).Key("request").BeginObject();
        json_.Field("method", "PUT").Field("url", std::string(type) + "/" + std::string(id));
        if (version > 0) {
            json_.Field("ifMatch", "W/\"" + std::to_string(version) + "\"");
        }
        json_.EndObject().EndObject();
    }

    std::string Take() {
        json_.EndArray().EndObject();
        return std::move(out_);
    }

private:
    std::string out_;
    JsonWriter json_;
};

void WriteUnit(JsonWriter& json, const Task& task, std::size_t i) {
    json.BeginObject();
    if (i < task.unit_ids.size() && !task.unit_ids[i].empty()) {
        json.Field("reference", "Organization/" + task.unit_ids[i]);
    } else {
        json.Field("type", "Organization");
    }
    json.Field("display", i < task.units_full.size() ? task.units_full[i] : task.units[i]);
    json.EndObject();
}

std::string TaskResource(const Task& task, const LiveOptions& options, const std::string& id) {
    std::string out;
    JsonWriter json(out);
    json.BeginObject().Field("resourceType", "Task").Field("id", id);
    json.Field("status", "requested").Field("intent", "order");
    json.Key("code").BeginObject().Field("text", "规划任务").EndObject();
    json.Field("description", task.title.empty() ? task.text : task.title);
    json.Key("focus").BeginObject();
    json.Field("reference", "PlanDefinition/" + options.plan_id).EndObject();
    const bool leads = task.mode == ResponsibilityMode::kLeadFirst && !task.units.empty();
    if (leads) {
        json.Key("owner");
        WriteUnit(json, task, 0);
    }
    if (task.units.size() > (leads ? 1U : 0U)) {
        json.Key("restriction").BeginObject().Key("recipient").BeginArray();
        for (std::size_t i = leads ? 1 : 0; i < task.units.size(); ++i) {
            WriteUnit(json, task, i);
        }
        json.EndArray().EndObject();
    }
    json.Key("input").BeginArray().BeginObject().Key("type").BeginObject();
    json.Field("text", "任务序号").EndObject().Field("valueInteger", std::int64_t{task.no});
    json.EndObject().EndArray().EndObject();
    return out;
}

void WriteTarget(JsonWriter& json, const Indicator& indicator) {
    json.BeginObject().Key("measure").BeginObject();
    if (!indicator.measure.empty()) {
        json.Key("coding").BeginArray().BeginObject().Field("system", kMeasureSystem);
        json.Field("code", indicator.measure).EndObject().EndArray();
    }
    json.Field("text", indicator.name).EndObject();
    if (const auto* number = std::get_if<double>(&indicator.value)) {
        json.Key("detailQuantity").BeginObject().Key("value").Double(*number);
        const std::string_view comparator = NameOf(indicator.comparator);
        if (comparator == ">=" || comparator == "<=" || comparator == "<" || comparator == ">") {
            json.Field("comparator", comparator);
        }
        if (!indicator.unit.empty()) {
            json.Field("unit", indicator.unit);
        }
        json.EndObject();
    } else if (const auto* range = std::get_if<ValueRange>(&indicator.value)) {
        json.Key("detailRange").BeginObject();
        json.Key("low").BeginObject().Key("value").Double(range->low).EndObject();
        json.Key("high").BeginObject().Key("value").Double(range->high).EndObject();
        json.EndObject();
    } else if (const auto& words = std::get<std::string>(indicator.value); !words.empty()) {
        json.Key("detailCodeableConcept").BeginObject().Field("text", words).EndObject();
    }
    if (indicator.year) {
        json.Field("dueDate", std::to_string(*indicator.year) + "-12-31");
    }
    json.EndObject();
}

std::string GoalResource(
    const std::string& name,
    const std::vector<const Indicator*>& years,
    const PlanDocument& document,
    const std::string& id
) {
    std::string out;
    JsonWriter json(out);
    json.BeginObject().Field("resourceType", "Goal").Field("id", id);
    json.Field("lifecycleStatus", "active");
    json.Key("description").BeginObject().Field("text", name).EndObject();
    json.Key("subject").BeginObject().Field("type", "Organization");
    json.Field("display", document.issuer.empty() ? document.title : document.issuer).EndObject();
    json.Key("target").BeginArray();
    for (const Indicator* const indicator : years) {
        WriteTarget(json, *indicator);
    }
    json.EndArray().EndObject();
    return out;
}

// Targets of one task by name, in their order.
std::vector<std::pair<std::string, std::vector<const Indicator*>>> ByName(
    const std::vector<Indicator>& indicators
) {
    std::vector<std::pair<std::string, std::vector<const Indicator*>>> out;
    for (const Indicator& indicator : indicators) {
        auto found = std::find_if(out.begin(), out.end(), [&indicator](const auto& one) {
            return one.first == indicator.name;
        });
        if (found == out.end()) {
            out.push_back({indicator.name, {}});
            found = out.end() - 1;
        }
        found->second.push_back(&indicator);
    }
    return out;
}

}  // namespace

std::string LiveTransaction(const PlanDocument& document, const LiveOptions& options) {
    Transaction transaction;
    transaction.Put(
        "PlanDefinition",
        options.plan_id,
        ToPlanDefinition(document, options.plan_id, options.source_reference),
        options.version
    );
    const auto goals = [&](int task_no, const std::vector<Indicator>& indicators) {
        std::size_t goal = 0;
        for (const auto& [name, years] : ByName(indicators)) {
            const std::string id =
                options.plan_id + "-goal-" + std::to_string(task_no) + "-" + std::to_string(++goal);
            transaction.Put("Goal", id, GoalResource(name, years, document, id), 0);
        }
    };
    for (const Task& task : document.tasks) {
        const std::string id = options.plan_id + "-task-" + std::to_string(task.no);
        transaction.Put("Task", id, TaskResource(task, options, id), 0);
        goals(task.no, task.indicators);
    }
    goals(0, document.indicators);
    if (options.former) {
        PlanDocument former = *options.former;
        former.status = "retired";
        transaction.Put(
            "PlanDefinition",
            document.edition_of,
            ToPlanDefinition(former, document.edition_of, options.former_source),
            options.former_version
        );
    }
    return transaction.Take();
}

std::string DraftTransaction(
    const PlanDocument& document,
    std::string_view source_text,
    std::string_view plan_id
) {
    const std::string id(plan_id);
    const std::string source = id + "-text";
    Transaction transaction;
    transaction.Put(
        "DocumentReference", source, ToDocumentReference(document, source_text, source, id), 0
    );
    transaction.Put(
        "PlanDefinition", id, ToPlanDefinition(document, id, "DocumentReference/" + source), 0
    );
    return transaction.Take();
}

}  // namespace kangqu::plan
