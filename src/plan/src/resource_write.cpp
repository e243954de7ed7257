#include "kangqu/plan/resource.hpp"

#include "base64.hpp"
#include "resource_urls.hpp"
#include <charconv>
#include <map>
#include <utility>
#include <vector>

namespace kangqu::plan {

namespace {

using core::JsonWriter;

// FHIR has no empty strings: what is empty is left out.
void Text(JsonWriter& json, std::string_view key, std::string_view text) {
    if (!text.empty()) {
        json.Field(key, text);
    }
}

void SubString(JsonWriter& json, std::string_view url, std::string_view text) {
    if (!text.empty()) {
        json.BeginObject().Field("url", url).Field("valueString", text).EndObject();
    }
}

void SubInteger(JsonWriter& json, std::string_view url, std::size_t value) {
    json.BeginObject().Field("url", url);
    json.Field("valueInteger", static_cast<std::int64_t>(value)).EndObject();
}

void BeginExtension(JsonWriter& json, std::string_view url) {
    json.BeginObject().Field("url", url).Key("extension").BeginArray();
}

void EndExtension(JsonWriter& json) {
    json.EndArray().EndObject();
}

void WriteDoubts(JsonWriter& json, const std::vector<Doubt>& doubts) {
    for (const Doubt& doubt : doubts) {
        BeginExtension(json, kDoubtUrl);
        SubString(json, "code", doubt.code);
        SubString(json, "words", doubt.words);
        EndExtension(json);
    }
}

void WriteReview(JsonWriter& json, const Review& review) {
    if (review.state == ReviewState::kProposed) {
        return;
    }
    BeginExtension(json, kReviewUrl);
    SubString(json, "state", NameOf(review.state));
    SubString(json, "by", review.by);
    SubString(json, "at", review.at);
    EndExtension(json);
}

std::optional<int> YearOf(const std::string& date) {
    int year = 0;
    const auto [end, error] = std::from_chars(date.data(), date.data() + date.size(), year);
    const bool whole = error == std::errc() && end - date.data() == 4;
    return whole ? std::optional<int>(year) : std::nullopt;
}

// The comparators that Quantity knows.
bool QuantityComparator(Comparator comparator) noexcept {
    return comparator == Comparator::kAtLeast || comparator == Comparator::kAtMost ||
           comparator == Comparator::kBelow || comparator == Comparator::kAbove;
}

// Goals of one task (or of the document) by name, with the positions of their indicators.
using Goals = std::vector<std::pair<std::string, std::vector<std::size_t>>>;

Goals GoalsOf(const std::vector<Indicator>& indicators) {
    Goals goals;
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < indicators.size(); ++i) {
        const auto [place, fresh] = places.try_emplace(indicators[i].name, goals.size());
        if (fresh) {
            goals.emplace_back(indicators[i].name, std::vector<std::size_t>{});
        }
        goals[place->second].second.push_back(i);
    }
    return goals;
}

std::string GoalId(int task_no, std::size_t goal) {
    return "goal-" + std::to_string(task_no) + "-" + std::to_string(goal + 1);
}

class PlanWriter {
public:
    explicit PlanWriter(const PlanDocument& document) : document_(document), json_(out_) {}

    std::string Write(std::string_view id, std::string_view source_reference) {
        json_.BeginObject().Field("resourceType", "PlanDefinition");
        Text(json_, "id", id);
        WriteHead(source_reference);
        WriteGoals();
        WriteActions();
        json_.EndObject();
        return std::move(out_);
    }

private:
    void WriteHead(std::string_view source_reference) {
        if (!document_.published.empty() || !source_reference.empty() ||
            document_.undo_version > 0) {
            json_.Key("extension").BeginArray();
            if (!document_.published.empty()) {
                json_.BeginObject().Field("url", kPublishedUrl);
                json_.Field("valueDate", document_.published).EndObject();
            }
            if (!source_reference.empty()) {
                json_.BeginObject().Field("url", kSourceUrl).Key("valueReference").BeginObject();
                json_.Field("reference", source_reference).EndObject().EndObject();
            }
            if (document_.undo_version > 0) {
                json_.BeginObject().Field("url", kUndoUrl);
                json_.Field("valueInteger", document_.undo_version).EndObject();
            }
            json_.EndArray();
        }
        if (!document_.doc_no.empty()) {
            json_.Key("identifier").BeginArray().BeginObject();
            json_.Field("system", kDocNoSystem).Field("value", document_.doc_no);
            json_.EndObject().EndArray();
        }
        Text(json_, "title", document_.title);
        json_.Field("status", document_.status);
        Text(json_, "date", document_.date);
        Text(json_, "publisher", document_.issuer);
        if (!document_.edition_of.empty()) {
            json_.Key("relatedArtifact").BeginArray().BeginObject().Field("type", "predecessor");
            json_.Field("resource", "PlanDefinition/" + document_.edition_of);
            json_.EndObject().EndArray();
        }
    }

    void WriteGoals() {
        bool any = !document_.indicators.empty();
        for (const Task& task : document_.tasks) {
            any = any || !task.indicators.empty();
        }
        if (!any) {
            return;
        }
        json_.Key("goal").BeginArray();
        for (const Task& task : document_.tasks) {
            WriteGoalsOf(task.no, task.indicators);
        }
        WriteGoalsOf(0, document_.indicators);
        json_.EndArray();
    }

    void WriteGoalsOf(int task_no, const std::vector<Indicator>& indicators) {
        const Goals goals = GoalsOf(indicators);
        for (std::size_t g = 0; g < goals.size(); ++g) {
            json_.BeginObject().Field("id", GoalId(task_no, g));
            json_.Key("description").BeginObject().Field("text", goals[g].first).EndObject();
            json_.Key("target").BeginArray();
            for (const std::size_t position : goals[g].second) {
                WriteTarget(indicators[position], position);
            }
            json_.EndArray().EndObject();
        }
    }

    void WriteTarget(const Indicator& indicator, std::size_t position) {
        json_.BeginObject().Key("extension").BeginArray();
        BeginExtension(json_, kTargetUrl);
        SubInteger(json_, "position", position);
        SubString(json_, "comparator", NameOf(indicator.comparator));
        SubString(json_, "unit", indicator.unit);
        SubString(json_, "words", indicator.words);
        SubString(json_, "attribute", indicator.attribute);
        if (indicator.year) {
            SubInteger(json_, "year", static_cast<std::size_t>(*indicator.year));
        }
        if (indicator.baseline) {
            json_.BeginObject().Field("url", "baseline").Key("valueDecimal");
            json_.Double(*indicator.baseline).EndObject();
        }
        if (indicator.baseline_year) {
            SubInteger(json_, "baselineYear", static_cast<std::size_t>(*indicator.baseline_year));
        }
        if (indicator.place != TextRange{}) {
            SubInteger(json_, "placeStart", indicator.place.start);
            SubInteger(json_, "placeEnd", indicator.place.end);
        }
        SubString(json_, "measure", indicator.measure);
        EndExtension(json_);
        WriteReview(json_, indicator.review);
        WriteDoubts(json_, indicator.doubts);
        json_.EndArray();
        json_.Key("measure").BeginObject().Field("text", indicator.name).EndObject();
        WriteDetail(indicator);
        WriteDue(indicator);
        json_.EndObject();
    }

    void WriteQuantity(double value, const Indicator& indicator, bool compared) {
        json_.BeginObject().Key("value").Double(value);
        if (compared && QuantityComparator(indicator.comparator)) {
            json_.Field("comparator", NameOf(indicator.comparator));
        }
        Text(json_, "unit", indicator.unit);
        json_.EndObject();
    }

    void WriteDetail(const Indicator& indicator) {
        if (const auto* number = std::get_if<double>(&indicator.value)) {
            json_.Key("detailQuantity");
            WriteQuantity(*number, indicator, true);
        } else if (const auto* range = std::get_if<ValueRange>(&indicator.value)) {
            json_.Key("detailRange").BeginObject().Key("low");
            WriteQuantity(range->low, indicator, false);
            json_.Key("high");
            WriteQuantity(range->high, indicator, false);
            json_.EndObject();
        } else {
            json_.Key("detailCodeableConcept").BeginObject();
            json_.Field("text", std::get<std::string>(indicator.value)).EndObject();
        }
    }

    void WriteDue(const Indicator& indicator) {
        const std::optional<int> from = YearOf(document_.date);
        if (!indicator.year || !from || *indicator.year < *from) {
            return;
        }
        json_.Key("due").BeginObject().Field("value", std::int64_t{*indicator.year - *from});
        json_.Field("unit", "年").Field("system", "http://unitsofmeasure.org").Field("code", "a");
        json_.EndObject();
    }

    // Headings open and close as the paths of the tasks say.
    void WriteActions() {
        if (document_.tasks.empty()) {
            return;
        }
        json_.Key("action").BeginArray();
        std::vector<std::string> open;
        for (const Task& task : document_.tasks) {
            std::size_t same = 0;
            while (same < open.size() && same < task.path.size() && open[same] == task.path[same]) {
                ++same;
            }
            while (open.size() > same) {
                json_.EndArray().EndObject();
                open.pop_back();
            }
            while (open.size() < task.path.size()) {
                open.push_back(task.path[open.size()]);
                json_.BeginObject().Field("title", open.back()).Key("action").BeginArray();
            }
            WriteTask(task);
        }
        for (; !open.empty(); open.pop_back()) {
            json_.EndArray().EndObject();
        }
        json_.EndArray();
    }

    void WriteTask(const Task& task) {
        json_.BeginObject().Key("extension").BeginArray();
        BeginExtension(json_, kTaskUrl);
        SubInteger(json_, "no", static_cast<std::size_t>(task.no));
        SubInteger(json_, "offsetStart", task.offset.start);
        SubInteger(json_, "offsetEnd", task.offset.end);
        if (task.mode != ResponsibilityMode::kNone) {
            const bool lead = task.mode == ResponsibilityMode::kLeadFirst;
            SubString(json_, "mode", lead ? "lead-first" : "each-by-duty");
        }
        SubString(json_, "leadUnit", task.lead_unit);
        SubString(json_, "declaration", task.declaration);
        json_.BeginObject().Field("url", "collective");
        json_.Field("valueBoolean", task.collective).EndObject();
        for (const TextRange& range : task.repeated_at) {
            BeginExtension(json_, "repeatedAt");
            SubInteger(json_, "offsetStart", range.start);
            SubInteger(json_, "offsetEnd", range.end);
            EndExtension(json_);
        }
        EndExtension(json_);
        WriteUnits(task);
        WriteReview(json_, task.review);
        WriteDoubts(json_, task.doubts);
        json_.EndArray();
        Text(json_, "title", task.title);
        Text(json_, "textEquivalent", task.text);
        const Goals goals = GoalsOf(task.indicators);
        if (!goals.empty()) {
            json_.Key("goalId").BeginArray();
            for (std::size_t g = 0; g < goals.size(); ++g) {
                json_.String(GoalId(task.no, g));
            }
            json_.EndArray();
        }
        json_.EndObject();
    }

    void WriteUnits(const Task& task) {
        for (std::size_t i = 0; i < task.units.size(); ++i) {
            BeginExtension(json_, kUnitUrl);
            SubString(json_, "printed", task.units[i]);
            SubString(
                json_, "full", i < task.units_full.size() ? task.units_full[i] : task.units[i]
            );
            if (i < task.unit_ids.size() && !task.unit_ids[i].empty()) {
                json_.BeginObject()
                    .Field("url", "organization")
                    .Key("valueReference")
                    .BeginObject();
                json_.Field("reference", "Organization/" + task.unit_ids[i])
                    .EndObject()
                    .EndObject();
            }
            EndExtension(json_);
        }
    }

    const PlanDocument& document_;
    std::string out_;
    JsonWriter json_;
};

}  // namespace

std::string ToPlanDefinition(
    const PlanDocument& document,
    std::string_view id,
    std::string_view source_reference
) {
    return PlanWriter(document).Write(id, source_reference);
}

std::string ToDocumentReference(
    const PlanDocument& document,
    std::string_view source_text,
    std::string_view id,
    std::string_view plan_id
) {
    std::string out;
    JsonWriter json(out);
    json.BeginObject().Field("resourceType", "DocumentReference");
    Text(json, "id", id);
    if (!document.doc_no.empty()) {
        json.Key("identifier").BeginArray().BeginObject();
        json.Field("system", kDocNoSystem).Field("value", document.doc_no).EndObject().EndArray();
    }
    json.Field("status", "current").Field("docStatus", "final");
    json.Key("type").BeginObject().Field("text", "规划文件").EndObject();
    Text(json, "description", document.title);
    json.Key("content").BeginArray().BeginObject().Key("attachment").BeginObject();
    json.Field("contentType", "text/plain; charset=utf-8").Field("language", "zh-CN");
    json.Field("data", EncodeBase64(source_text));
    json.Field("size", static_cast<std::int64_t>(source_text.size()));
    Text(json, "title", document.title);
    Text(json, "creation", document.date);
    json.EndObject().EndObject().EndArray();
    if (!plan_id.empty()) {
        json.Key("context").BeginObject().Key("related").BeginArray().BeginObject();
        json.Field("reference", "PlanDefinition/" + std::string(plan_id));
        json.EndObject().EndArray().EndObject();
    }
    json.EndObject();
    return out;
}

}  // namespace kangqu::plan
