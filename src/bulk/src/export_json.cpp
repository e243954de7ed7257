#include "kangqu/bulk/export.hpp"

namespace kangqu::bulk {

namespace {

void WriteTexts(
    core::JsonWriter& writer,
    std::string_view name,
    const std::vector<std::string>& texts
) {
    writer.Key(name).BeginArray();
    for (const std::string& text : texts) {
        writer.String(text);
    }
    writer.EndArray();
}

std::vector<std::string> ReadTexts(core::JsonNode list) {
    std::vector<std::string> texts;
    for (core::JsonNode text = list.first(); text; text = text.next()) {
        texts.emplace_back(text.text());
    }
    return texts;
}

}  // namespace

void WritePlan(core::JsonWriter& writer, const ExportPlan& plan) {
    writer.BeginObject().Field("level", static_cast<std::int64_t>(plan.level));
    WriteTexts(writer, "types", plan.types);
    WriteTexts(writer, "patients", plan.patients);
    writer.Key("filters").BeginArray();
    for (const auto& [type, query] : plan.filters) {
        writer.BeginObject().Field("type", type).Field("query", query).EndObject();
    }
    writer.EndArray();
    if (plan.since) {
        writer.Field("since", *plan.since);
    }
    writer.Field("until", plan.until).EndObject();
}

ExportPlan ReadPlan(core::JsonNode node) {
    ExportPlan plan;
    plan.level = static_cast<ExportPlan::Level>(node["level"].integer().value_or(0));
    plan.types = ReadTexts(node["types"]);
    plan.patients = ReadTexts(node["patients"]);
    for (core::JsonNode filter = node["filters"].first(); filter; filter = filter.next()) {
        plan.filters.emplace_back(filter["type"].text(), filter["query"].text());
    }
    plan.since = node["since"].integer();
    plan.until = node["until"].integer().value_or(0);
    return plan;
}

void WriteState(core::JsonWriter& writer, const ExportState& state) {
    writer.BeginObject().Field("step", static_cast<std::int64_t>(state.step));
    writer.Field("cursor", state.cursor).Field("done", state.done);
    writer.Key("files").BeginArray();
    for (const ExportFile& file : state.files) {
        writer.BeginObject().Field("type", file.type).Field("name", file.name);
        writer.Field("count", file.count).Field("deleted", file.deleted).EndObject();
    }
    writer.EndArray().EndObject();
}

ExportState ReadState(core::JsonNode node) {
    ExportState state;
    state.step = static_cast<std::size_t>(node["step"].integer().value_or(0));
    state.cursor = node["cursor"].text();
    state.done = node["done"].boolean();
    for (core::JsonNode file = node["files"].first(); file; file = file.next()) {
        state.files.push_back(
            {std::string(file["type"].text()),
             std::string(file["name"].text()),
             file["count"].integer().value_or(0),
             file["deleted"].boolean()}
        );
    }
    return state;
}

}  // namespace kangqu::bulk
