#include "plan_review_json.hpp"

#include "kangqu/core/json.hpp"
#include "kangqu/plan/review.hpp"

#include <cmath>

namespace kangqu::api {

namespace {

using core::JsonWriter;
using core::Language;

constexpr std::size_t kMostMeasures = 3;

void WritePlace(JsonWriter& writer, plan::TextRange range) {
    writer.Field("start", static_cast<std::int64_t>(range.start));
    writer.Field("end", static_cast<std::int64_t>(range.end));
}

void WriteReview(
    JsonWriter& writer,
    const plan::Review& review,
    const std::vector<plan::Doubt>& doubts,
    Language language
) {
    writer.Field("state", plan::NameOf(review.state));
    writer.Field("by", review.by).Field("at", review.at);
    writer.Key("confidence").Double(std::round(plan::ConfidenceOf(doubts) * 100) / 100);
    writer.Key("doubts").BeginArray();
    for (const plan::Doubt& doubt : doubts) {
        writer.BeginObject().Field("code", doubt.code).Field("words", doubt.words);
        writer.Field("text", plan::TextOf(doubt, language)).EndObject();
    }
    writer.EndArray();
}

void WriteUnit(
    JsonWriter& writer,
    const plan::Task& task,
    std::size_t i,
    const plan::UnitNames& names,
    const std::string& date
) {
    const std::string& full = i < task.units_full.size() ? task.units_full[i] : task.units[i];
    const plan::UnitMatch match = names.Match(full, date);
    writer.BeginObject().Field("printed", task.units[i]).Field("full", full);
    writer.Field("chosen", i < task.unit_ids.size() ? task.unit_ids[i] : std::string());
    writer.Field("match", plan::NameOf(match.kind)).Field("organization", match.id);
    writer.Key("candidates").BeginArray();
    for (const plan::RegisteredUnit& one : match.candidates) {
        writer.BeginObject().Field("id", one.id).Field("name", one.name).EndObject();
    }
    writer.EndArray().Field("organ", match.organ).Field("ended", match.ended_at);
    writer.Key("successors").BeginArray();
    for (const plan::Organ::Successor& one : match.successors) {
        writer.BeginObject().Field("function", one.function).Field("name", one.name);
        writer.Field("since", one.since).EndObject();
    }
    writer.EndArray().EndObject();
}

void WriteMeasures(
    JsonWriter& writer,
    const plan::Indicator& target,
    const std::vector<plan::LibraryEntry>& library
) {
    writer.Field("measure", target.measure).Key("measures").BeginArray();
    for (const plan::LibraryMatch& match :
         plan::MatchIndicator(target.name, library, kMostMeasures)) {
        writer.BeginObject().Field("id", match.entry.id).Field("name", match.entry.name);
        writer.Key("likeness").Double(std::round(match.likeness * 100) / 100);
        writer.EndObject();
    }
    writer.EndArray();
}

void WriteTarget(
    JsonWriter& writer,
    const plan::Indicator& target,
    const plan::ReviewItem& item,
    const std::vector<plan::LibraryEntry>& library,
    Language language
) {
    writer.BeginObject().Field("item", plan::ToText(item)).Field("name", target.name);
    writer.Field("comparator", plan::NameOf(target.comparator)).Key("value");
    WriteTargetValue(writer, target.value);
    writer.Field("unit", target.unit);
    WriteOptional(writer, "year", target.year);
    writer.Field("words", target.words).Field("attribute", target.attribute);
    WriteOptional(writer, "baseline", target.baseline);
    WriteOptional(writer, "baselineYear", target.baseline_year);
    WritePlace(writer, target.place);
    WriteMeasures(writer, target, library);
    WriteReview(writer, target.review, target.doubts, language);
    writer.EndObject();
}

Schema DoubtsSchema() {
    return Schema::Array(Schema::Object({
        {"code", Schema::String()},
        {"words", Schema::String()},
        {"text", Schema::String()},
    }));
}

std::vector<Schema::Member> ReviewMembers() {
    return {
        {"start", Schema::Integer()},
        {"end", Schema::Integer()},
        {"state", Schema::Enum({"proposed", "accepted", "corrected", "rejected"})},
        {"by", Schema::String()},
        {"at", Schema::String()},
        {"confidence", Schema::Number()},
        {"doubts", DoubtsSchema()},
    };
}

Schema TargetSchema() {
    std::vector<Schema::Member> members = {
        {"item", Schema::String()},
        {"name", Schema::String()},
        {"comparator", Schema::String()},
        {"value", TargetValueSchema()},
        {"unit", Schema::String()},
        {"year", Schema::Integer().Nullable()},
        {"words", Schema::String()},
        {"attribute", Schema::String()},
        {"baseline", Schema::Number().Nullable()},
        {"baselineYear", Schema::Integer().Nullable()},
        {"measure", Schema::String()},
        {"measures",
         Schema::Array(Schema::Object({
             {"id", Schema::String()},
             {"name", Schema::String()},
             {"likeness", Schema::Number()},
         }))},
    };
    for (Schema::Member& member : ReviewMembers()) {
        members.push_back(std::move(member));
    }
    return Schema::Object(members);
}

Schema UnitSchema() {
    const Schema named = Schema::Object({{"id", Schema::String()}, {"name", Schema::String()}});
    return Schema::Object({
        {"printed", Schema::String()},
        {"full", Schema::String()},
        {"chosen", Schema::String()},
        {"match", Schema::Enum({"none", "exact", "alias", "successor", "collective"})},
        {"organization", Schema::String()},
        {"candidates", Schema::Array(named)},
        {"organ", Schema::String()},
        {"ended", Schema::String()},
        {"successors",
         Schema::Array(Schema::Object({
             {"function", Schema::String()},
             {"name", Schema::String()},
             {"since", Schema::String()},
         }))},
    });
}

}  // namespace

void WriteTargetValue(JsonWriter& writer, const plan::TargetValue& value) {
    if (const auto* number = std::get_if<double>(&value)) {
        writer.Double(*number);
    } else if (const auto* range = std::get_if<plan::ValueRange>(&value)) {
        writer.BeginArray().Double(range->low).Double(range->high).EndArray();
    } else {
        writer.String(std::get<std::string>(value));
    }
}

void WriteOptional(JsonWriter& writer, std::string_view key, const std::optional<int>& year) {
    writer.Key(key);
    if (year) {
        writer.Int(*year);
    } else {
        writer.Null();
    }
}

void WriteOptional(JsonWriter& writer, std::string_view key, const std::optional<double>& number) {
    writer.Key(key);
    if (number) {
        writer.Double(std::round(*number * 1e4) / 1e4);
    } else {
        writer.Null();
    }
}

Schema TargetValueSchema() {
    return Schema::Json(
        R"({"oneOf":[{"type":"number"},{"type":"string"},{"type":"array","items":{"type":"number"}}]})"
    );
}

std::string ReviewJson(
    const StoredPlan& stored,
    const std::string& text,
    const plan::UnitNames& names,
    const std::vector<plan::LibraryEntry>& library,
    Language language
) {
    const plan::PlanDocument& document = stored.document;
    const plan::ReviewCounts counts = plan::CountsOf(document);
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("id", stored.id).Field("version", stored.version);
    writer.Field("status", document.status).Field("title", document.title);
    writer.Field("issuer", document.issuer).Field("docNo", document.doc_no);
    writer.Field("date", document.date).Field("editionOf", document.edition_of);
    writer.Field("canUndo", document.undo_version > 0).Key("counts").BeginObject();
    writer.Field("proposed", counts.proposed).Field("unsure", counts.unsure);
    writer.Field("accepted", counts.accepted).Field("corrected", counts.corrected);
    writer.Field("rejected", counts.rejected).EndObject();
    writer.Field("text", text).Key("tasks").BeginArray();
    const auto targets = [&](int task_no, const std::vector<plan::Indicator>& indicators) {
        writer.Key("targets").BeginArray();
        for (std::size_t i = 0; i < indicators.size(); ++i) {
            WriteTarget(writer, indicators[i], {task_no, i}, library, language);
        }
        writer.EndArray();
    };
    for (const plan::Task& task : document.tasks) {
        writer.BeginObject().Field("item", plan::ToText({task.no, {}}));
        writer.Field("no", std::int64_t{task.no}).Key("path").BeginArray();
        for (const std::string& heading : task.path) {
            writer.String(heading);
        }
        writer.EndArray().Field("title", task.title);
        writer.Field("leadUnit", task.lead_unit);
        const bool by_duty = task.mode == plan::ResponsibilityMode::kEachByDuty;
        writer.Field("mode", by_duty ? "each-by-duty" : "lead-first").Key("units").BeginArray();
        for (std::size_t i = 0; i < task.units.size(); ++i) {
            WriteUnit(writer, task, i, names, document.date);
        }
        writer.EndArray();
        WritePlace(writer, task.offset);
        WriteReview(writer, task.review, task.doubts, language);
        targets(task.no, task.indicators);
        writer.EndObject();
    }
    writer.EndArray();
    targets(0, document.indicators);
    writer.EndObject();
    return body;
}

Schema ReviewSchema() {
    std::vector<Schema::Member> task = {
        {"item", Schema::String()},
        {"no", Schema::Integer()},
        {"path", Schema::Array(Schema::String())},
        {"title", Schema::String()},
        {"leadUnit", Schema::String()},
        {"mode", Schema::Enum({"lead-first", "each-by-duty"})},
        {"units", Schema::Array(UnitSchema())},
    };
    for (Schema::Member& member : ReviewMembers()) {
        task.push_back(std::move(member));
    }
    task.push_back({"targets", Schema::Array(TargetSchema())});
    return Schema::Object({
        {"id", Schema::String()},
        {"version", Schema::Integer()},
        {"status", Schema::String()},
        {"title", Schema::String()},
        {"issuer", Schema::String()},
        {"docNo", Schema::String()},
        {"date", Schema::String()},
        {"editionOf", Schema::String()},
        {"canUndo", Schema::Boolean()},
        {"counts",
         Schema::Object({
             {"proposed", Schema::Integer()},
             {"unsure", Schema::Integer()},
             {"accepted", Schema::Integer()},
             {"corrected", Schema::Integer()},
             {"rejected", Schema::Integer()},
         })},
        {"text", Schema::String()},
        {"tasks", Schema::Array(Schema::Object(task))},
        {"targets", Schema::Array(TargetSchema())},
    });
}

}  // namespace kangqu::api
