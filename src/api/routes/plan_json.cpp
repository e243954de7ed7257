#include "plan_json.hpp"

#include "kangqu/core/json.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace kangqu::api {

namespace {

using core::JsonWriter;
using core::Language;

std::string ReasonText(std::string_view code, Language language) {
    const std::string_view known = plan::ReasonText(code, language);
    if (!known.empty()) {
        return std::string(known);
    }
    const bool zh = language == Language::kZh;
    if (code == "empty-denominator") {
        return zh ? "所选范围内没有应计入分母的居民"
                  : "No resident of the chosen scope belongs to the denominator";
    }
    if (code == "measure-not-ready") {
        return zh ? "正在计算，请稍候" : "Being computed; wait a moment";
    }
    return std::string(code);
}

void WriteCounts(JsonWriter& writer, const plan::StateCounts& counts) {
    writer.Field("met", counts.met).Field("onTrack", counts.on_track);
    writer.Field("behind", counts.behind).Field("notComputable", counts.not_computable);
}

void WriteValue(JsonWriter& writer, const plan::TargetValue& value) {
    if (const auto* number = std::get_if<double>(&value)) {
        writer.Double(*number);
    } else if (const auto* range = std::get_if<plan::ValueRange>(&value)) {
        writer.BeginArray().Double(range->low).Double(range->high).EndArray();
    } else {
        writer.String(std::get<std::string>(value));
    }
}

void WriteYear(JsonWriter& writer, const std::optional<int>& year) {
    writer.Key("year");
    if (year) {
        writer.Int(*year);
    } else {
        writer.Null();
    }
}

void WriteRounded(JsonWriter& writer, std::string_view key, const std::optional<double>& value) {
    writer.Key(key);
    if (value) {
        writer.Double(std::round(*value * 100) / 100);
    } else {
        writer.Null();
    }
}

void WriteMilestones(JsonWriter& writer, const plan::Target& target) {
    writer.Key("years").BeginArray();
    for (const plan::Milestone& milestone : target.milestones) {
        writer.BeginObject();
        WriteYear(writer, milestone.year);
        writer.Field("comparator", plan::NameOf(milestone.comparator)).Key("value");
        WriteValue(writer, milestone.value);
        writer.Field("unit", milestone.unit).EndObject();
    }
    writer.EndArray();
}

void WriteDue(JsonWriter& writer, const plan::BoardTarget& target) {
    writer.Key("due");
    if (!target.state.milestone) {
        writer.Null();
        return;
    }
    const plan::Milestone& due = target.target.milestones[*target.state.milestone];
    writer.BeginObject();
    WriteYear(writer, due.year);
    writer.Field("comparator", plan::NameOf(due.comparator)).Key("value");
    WriteValue(writer, due.value);
    writer.EndObject();
}

void WriteTarget(JsonWriter& writer, const plan::BoardTarget& target, Language language) {
    const plan::Target& what = target.target;
    writer.BeginObject().Field("id", target.id).Key("task");
    if (what.task_no > 0) {
        writer.Int(what.task_no);
    } else {
        writer.Null();
    }
    writer.Field("name", what.name);
    writer.Field(
        "comparator", what.milestones.empty() ? "" : plan::NameOf(what.milestones[0].comparator)
    );
    writer.Field("unit", what.unit).Field("words", target.words).Key("attribute");
    if (target.attribute.empty()) {
        writer.Null();
    } else {
        writer.String(target.attribute);
    }
    WriteMilestones(writer, what);
    writer.Key("measure");
    if (target.measure.empty()) {
        writer.Null();
    } else {
        writer.String(target.measure);
    }
    WriteRounded(
        writer, "value", target.measured ? std::optional(target.measured->value) : std::nullopt
    );
    writer.Field("numerator", target.measured ? target.measured->numerator : 0);
    writer.Field("denominator", target.measured ? target.measured->denominator : 0);
    writer.Field("state", plan::NameOf(target.state.state)).Key("reason");
    if (target.state.reason.empty()) {
        writer.Null();
    } else {
        writer.BeginObject().Field("code", target.state.reason);
        writer.Field("text", ReasonText(target.state.reason, language)).EndObject();
    }
    WriteDue(writer, target);
    WriteRounded(writer, "expected", target.state.expected);
    writer.Key("baseline");
    if (what.baseline) {
        writer.BeginObject().Field("year", static_cast<std::int64_t>(what.baseline->year));
        writer.Key("value").Double(what.baseline->value).EndObject();
    } else {
        writer.Null();
    }
    writer.Key("history").BeginArray();
    for (const auto& [period, value] : target.history) {
        writer.BeginObject().Field("period", period);
        WriteRounded(writer, "value", value);
        writer.EndObject();
    }
    writer.EndArray().Field("basis", target.basis).Key("shortUnits").BeginArray();
    for (const std::string& unit : target.short_units) {
        writer.String(unit);
    }
    writer.EndArray().Key("notes").BeginArray();
    for (const std::string& note : target.state.notes) {
        writer.BeginObject().Field("code", note);
        writer.Field("text", ReasonText(note, language)).EndObject();
    }
    writer.EndArray().EndObject();
}

// Headings in document order, each once, with ids by their order.
class Chapters {
public:
    explicit Chapters(const plan::PlanDocument& document) {
        for (const plan::Task& task : document.tasks) {
            std::string parent;
            std::string key;
            for (const std::string& heading : task.path) {
                key += "\n" + heading;
                const auto [found, added] =
                    ids_.emplace(key, "c" + std::to_string(ids_.size() + 1));
                if (added) {
                    rows_.push_back({found->second, heading, parent, Depth(key)});
                }
                parent = found->second;
            }
        }
    }
    std::string Of(const plan::Task& task) const {
        std::string key;
        for (const std::string& heading : task.path) {
            key += "\n" + heading;
        }
        const auto found = ids_.find(key);
        return found == ids_.end() ? std::string() : found->second;
    }
    void Write(JsonWriter& writer) const {
        writer.BeginArray();
        for (const Row& row : rows_) {
            writer.BeginObject().Field("id", row.id).Field("heading", row.heading);
            writer.Field("level", row.level).Key("parent");
            if (row.parent.empty()) {
                writer.Null();
            } else {
                writer.String(row.parent);
            }
            writer.EndObject();
        }
        writer.EndArray();
    }

private:
    struct Row {
        std::string id;
        std::string heading;
        std::string parent;
        std::int64_t level;
    };
    static std::int64_t Depth(const std::string& key) {
        return std::count(key.begin(), key.end(), '\n');
    }
    std::map<std::string, std::string> ids_;
    std::vector<Row> rows_;
};

std::string_view ModeName(plan::ResponsibilityMode mode) {
    return mode == plan::ResponsibilityMode::kEachByDuty ? "each-by-duty" : "lead-first";
}

void WriteTask(
    JsonWriter& writer,
    const plan::Task& task,
    const Chapters& chapters,
    const plan::Board& board
) {
    writer.BeginObject().Field("no", static_cast<std::int64_t>(task.no));
    writer.Field("chapter", chapters.Of(task)).Key("path").BeginArray();
    for (const std::string& heading : task.path) {
        writer.String(heading);
    }
    writer.EndArray().Field("title", task.title).Field("text", task.text);
    writer.Field("leadUnit", task.lead_unit).Key("units").BeginArray();
    for (const std::string& unit : task.units) {
        writer.String(unit);
    }
    writer.EndArray().Field("mode", ModeName(task.mode)).Key("targets").BeginArray();
    for (const plan::BoardTarget& target : board.targets) {
        if (target.target.task_no == task.no) {
            writer.String(target.id);
        }
    }
    writer.EndArray().EndObject();
}

void WriteUnits(JsonWriter& writer, const plan::Board& board) {
    writer.BeginArray();
    for (const plan::BoardUnit& unit : board.units) {
        writer.BeginObject().Field("name", unit.name).Field("lead", unit.lead);
        writer.Field("assist", unit.assist).Field("targets", unit.targets);
        writer.Key("states").BeginObject();
        WriteCounts(writer, unit.states);
        writer.EndObject().EndObject();
    }
    writer.EndArray();
}

Schema StateCountsSchema(std::vector<Schema::Member> more) {
    for (const char* name : {"met", "onTrack", "behind", "notComputable"}) {
        more.push_back({name, Schema::Integer()});
    }
    return Schema::Object(more);
}

const char* const kTargetValue =
    R"({"oneOf":[{"type":"number"},{"type":"string"},{"type":"array","items":{"type":"number"}}]})";

Schema TargetSchema() {
    const Schema value = Schema::Json(kTargetValue);
    const Schema milestone = Schema::Object({
        {"year", Schema::Integer().Nullable()},
        {"comparator", Schema::String()},
        {"value", value},
        {"unit", Schema::String()},
    });
    const Schema due = Schema::Object({
        {"year", Schema::Integer().Nullable()},
        {"comparator", Schema::String()},
        {"value", value},
    });
    return Schema::Object({
        {"id", Schema::String()},
        {"task", Schema::Integer().Nullable()},
        {"name", Schema::String()},
        {"comparator", Schema::String()},
        {"unit", Schema::String()},
        {"words", Schema::String()},
        {"attribute", Schema::String().Nullable()},
        {"years", Schema::Array(milestone)},
        {"measure", Schema::String().Nullable()},
        {"value", Schema::Number().Nullable()},
        {"numerator", Schema::Integer()},
        {"denominator", Schema::Integer()},
        {"state", Schema::Enum({"met", "onTrack", "behind", "notComputable"})},
        {"reason",
         Schema::Object({{"code", Schema::String()}, {"text", Schema::String()}}).Nullable()},
        {"due", due.Nullable()},
        {"expected", Schema::Number().Nullable()},
        {"baseline",
         Schema::Object({{"year", Schema::Integer()}, {"value", Schema::Number()}}).Nullable()},
        {"history",
         Schema::Array(
             Schema::Object({{"period", Schema::String()}, {"value", Schema::Number().Nullable()}})
         )},
        {"basis", Schema::String()},
        {"shortUnits", Schema::Array(Schema::String())},
        {"notes",
         Schema::Array(Schema::Object({{"code", Schema::String()}, {"text", Schema::String()}}))},
    });
}

}  // namespace

std::string PlanJson(
    std::string_view id,
    const plan::PlanDocument& document,
    const plan::Board& board,
    const PlanMoment& at
) {
    const Chapters chapters(document);
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("id", id).Field("title", document.title);
    writer.Field("issuer", document.issuer).Field("docNo", document.doc_no);
    writer.Field("date", document.date);
    writer.Field("position", at.position);
    writer.Field("asOf", core::FormatInstant(at.as_of));
    writer.Field("period", at.period).Key("chapters");
    chapters.Write(writer);
    writer.Key("units");
    WriteUnits(writer, board);
    writer.Key("summary").BeginObject();
    writer.Field("tasks", static_cast<std::int64_t>(document.tasks.size()));
    writer.Field("targets", static_cast<std::int64_t>(board.targets.size()));
    WriteCounts(writer, board.states);
    writer.EndObject().Key("tasks").BeginArray();
    for (const plan::Task& task : document.tasks) {
        WriteTask(writer, task, chapters, board);
    }
    writer.EndArray().Key("targets").BeginArray();
    for (const plan::BoardTarget& target : board.targets) {
        WriteTarget(writer, target, at.language);
    }
    writer.EndArray().EndObject();
    return body;
}

Schema PlanSchema() {
    const Schema chapter = Schema::Object({
        {"id", Schema::String()},
        {"heading", Schema::String()},
        {"level", Schema::Integer()},
        {"parent", Schema::String().Nullable()},
    });
    const Schema unit = Schema::Object({
        {"name", Schema::String()},
        {"lead", Schema::Integer()},
        {"assist", Schema::Integer()},
        {"targets", Schema::Integer()},
        {"states", StateCountsSchema({})},
    });
    const Schema task = Schema::Object({
        {"no", Schema::Integer()},
        {"chapter", Schema::String()},
        {"path", Schema::Array(Schema::String())},
        {"title", Schema::String()},
        {"text", Schema::String()},
        {"leadUnit", Schema::String()},
        {"units", Schema::Array(Schema::String())},
        {"mode", Schema::Enum({"lead-first", "each-by-duty"})},
        {"targets", Schema::Array(Schema::String())},
    });
    return Schema::Object({
        {"id", Schema::String()},
        {"title", Schema::String()},
        {"issuer", Schema::String()},
        {"docNo", Schema::String()},
        {"date", Schema::String()},
        {"position", Schema::Integer()},
        {"asOf", Schema::Instant()},
        {"period", Schema::String()},
        {"chapters", Schema::Array(chapter)},
        {"units", Schema::Array(unit)},
        {"summary",
         StateCountsSchema({{"tasks", Schema::Integer()}, {"targets", Schema::Integer()}})},
        {"tasks", Schema::Array(task)},
        {"targets", Schema::Array(TargetSchema())},
    });
}

}  // namespace kangqu::api
