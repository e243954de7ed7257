#include "kangqu/api/services.hpp"
#include "kangqu/plan/document.hpp"
#include "kangqu/plan/resource.hpp"
#include "kangqu/search/query.hpp"

#include "measure_view.hpp"
#include "resident_json.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::Language;
using core::MakeError;

// Past years shown behind a target.
constexpr std::size_t kHistoryYears = 5;

struct StoredPlan {
    std::string id;
    plan::PlanDocument document;
};

core::Result<StoredPlan> ReadStored(
    const PlanServices& services,
    const search::Restriction& restriction,
    std::string_view id
) {
    KQ_ASSIGN(
        const records::Record record, services.records.Read(restriction, "PlanDefinition", id)
    );
    KQ_ASSIGN(const auto json, core::JsonDocument::Parse(record.json));
    StoredPlan stored;
    stored.id = record.id;
    KQ_ASSIGN(stored.document, plan::FromPlanDefinition(json->root()));
    return stored;
}

core::Result<Response> ListPlans(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(
        const auto search, search::Compile("PlanDefinition", {{"_count", "100"}}, restriction)
    );
    KQ_ASSIGN(const auto reader, services.records.store().Read());
    KQ_ASSIGN(const auto page, search.Run(*reader));
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Key("plans").BeginArray();
    for (const auto& [home, key] : page.hits) {
        KQ_ASSIGN(const auto version, reader->Current(home, key));
        if (!version || version->method == store::Method::kDelete) {
            continue;
        }
        KQ_ASSIGN(const auto json, core::JsonDocument::Parse(version->body));
        KQ_ASSIGN(const auto document, plan::FromPlanDefinition(json->root()));
        writer.BeginObject().Field("id", version->id).Field("title", document.title);
        writer.Field("issuer", document.issuer).Field("docNo", document.doc_no);
        writer.Field("date", document.date);
        writer.Field("taskCount", static_cast<std::int64_t>(document.tasks.size()));
        writer.Field("targetCount", static_cast<std::int64_t>(plan::TargetsOf(document).size()));
        writer.EndObject();
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

plan::MeasuredAnswer Measure(
    const MeasureServices& services,
    std::string_view measure,
    std::string_view period,
    std::string_view unit
) {
    if (services.populations.Find(measure) == nullptr) {
        return {std::nullopt, "no-measure"};
    }
    const auto view = ViewOf(services, measure, period, unit);
    if (!view.ok()) {
        return {std::nullopt, std::string(core::FactsOf(view.error().code).code)};
    }
    const measure::Counts counts = view->Count();
    const auto percent = counts.Percent();
    if (!percent) {
        return {std::nullopt, "empty-denominator"};
    }
    return {plan::Measured{*percent, counts.numerator, counts.denominator}, ""};
}

plan::Board BoardOf(
    const PlanServices& services,
    const StoredPlan& stored,
    const PeriodChoice& period,
    std::string_view unit
) {
    std::vector<plan::BoardPeriod> history;
    for (const PeriodChoice& choice : services.measures.periods()) {
        const bool earlier = choice.complete && choice.end.year < period.end.year;
        if (earlier && history.size() < kHistoryYears) {
            history.push_back({choice.named.id, choice.end});
        }
    }
    std::reverse(history.begin(), history.end());
    return plan::MakeBoard(
        stored.document,
        services.bindings(stored.id),
        [&](std::string_view measure, std::string_view at) {
            return Measure(services.measures, measure, at, unit);
        },
        {period.named.id, period.end},
        history
    );
}

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

core::Result<Response> ReadPlan(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const StoredPlan stored, ReadStored(services, restriction, request.Param("id")));
    KQ_ASSIGN(const PeriodChoice period, PeriodOf(request, services.measures.periods));
    const plan::Board board = BoardOf(services, stored, period, request.Query("unit").value_or(""));
    const Chapters chapters(stored.document);
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("id", stored.id).Field("title", stored.document.title);
    writer.Field("issuer", stored.document.issuer).Field("docNo", stored.document.doc_no);
    writer.Field("date", stored.document.date);
    writer.Field("position", services.measures.populations.position());
    writer.Field("asOf", core::FormatInstant(services.measures.populations.as_of()));
    writer.Field("period", period.named.id).Key("chapters");
    chapters.Write(writer);
    writer.Key("units");
    WriteUnits(writer, board);
    writer.Key("summary").BeginObject();
    writer.Field("tasks", static_cast<std::int64_t>(stored.document.tasks.size()));
    writer.Field("targets", static_cast<std::int64_t>(board.targets.size()));
    WriteCounts(writer, board.states);
    writer.EndObject().Key("tasks").BeginArray();
    for (const plan::Task& task : stored.document.tasks) {
        WriteTask(writer, task, chapters, board);
    }
    writer.EndArray().Key("targets").BeginArray();
    for (const plan::BoardTarget& target : board.targets) {
        WriteTarget(writer, target, request.language);
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

core::Result<Response> ReadDocument(const PlanServices&, const Request& request) {
    KQ_ASSIGN(const plan::PlanDocument document, plan::ReadPlan(request.body));
    return Response::Json(plan::ToJson(document));
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
    });
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

Schema PlanListSchema() {
    return Schema::Object(
        {{"plans",
          Schema::Array(Schema::Object({
              {"id", Schema::String()},
              {"title", Schema::String()},
              {"issuer", Schema::String()},
              {"docNo", Schema::String()},
              {"date", Schema::String()},
              {"taskCount", Schema::Integer()},
              {"targetCount", Schema::Integer()},
          }))}}
    );
}

}  // namespace

void RegisterPlans(Registry& registry, PlanServices services) {
    const auto shared = std::make_shared<const PlanServices>(std::move(services));
    using Handler = core::Result<Response> (*)(const PlanServices&, const Request&);
    const auto add = [&](Route route, Schema answer, Handler handler) {
        route.answer = {{"application/json", std::move(answer)}};
        route.handler = [shared, handler](const Request& request) {
            return handler(*shared, request);
        };
        registry.Add(std::move(route));
    };
    Route list;
    list.path = "/api/plans";
    list.id = "listPlans";
    list.summary = {"规划列表", "Plans"};
    add(std::move(list), PlanListSchema(), ListPlans);
    Route one;
    one.path = "/api/plans/{id}";
    one.id = "readPlan";
    one.summary = {"规划的任务与指标", "Tasks and targets of a plan"};
    one.parameters = {
        {"unit",
         Parameter::In::kQuery,
         Schema::String(),
         {"机构，含下级", "Organisation, with those below"}},
        {"period", Parameter::In::kQuery, Schema::String(), {"统计期", "Period"}},
    };
    add(std::move(one), PlanSchema(), ReadPlan);
    Route read;
    read.method = Method::kPost;
    read.path = "/api/plans/read";
    read.id = "readPlanDocument";
    read.summary = {"试读规划文件", "Read a plan document without keeping it"};
    read.request = {{"text/plain", Schema::String()}};
    read.cost = Cost::kHeavy;
    read.body_limit = plan::kPlanMaxBytes;
    add(std::move(read), Schema::Any(), ReadDocument);
}

}  // namespace kangqu::api
