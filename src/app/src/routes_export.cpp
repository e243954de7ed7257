#include "routes_export.hpp"

namespace kangqu::app {

core::Result<bulk::ExportState>
ExportHere(Platform& platform, bulk::ExportPlan plan, const std::string& folder) {
    plan.until = platform.clock().Now();
    bulk::ExportState state;
    KQ_TRY(bulk::RunExport(
        platform.records(),
        search::Restriction::System(),
        plan,
        folder,
        state,
        [](const bulk::ExportState&) { return core::Status{}; },
        [] { return false; }
    ));
    return state;
}

std::string EncodeExport(const bulk::ExportPlan& plan, const std::string& folder) {
    std::string text;
    core::JsonWriter writer(text);
    writer.BeginObject().Field("folder", folder);
    bulk::WritePlan(writer.Key("plan"), plan);
    writer.EndObject();
    return text;
}

void RegisterExport(api::Registry& registry, Platform& platform) {
    constexpr int kDeadlineMs = 24 * 3600 * 1000;
    api::Route route;
    route.method = api::Method::kPost;
    route.path = "/internal/export";
    route.id = "exportFolder";
    route.summary = {
        "导出到本机文件夹（仅供本机命令行）",
        "Export into a folder of this machine, for its command line"};
    route.request = {{"application/json", api::Schema::Any()}};
    route.answer = {{"application/json", api::Schema::Any()}};
    route.needs = api::Needs::kSocketOnly;
    route.cost = api::Cost::kHeavy;
    route.deadline_ms = kDeadlineMs;
    route.handler = [&platform](const api::Request& request) -> core::Result<api::Response> {
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(request.body));
        const core::JsonNode root = document->root();
        KQ_ASSIGN(
            const auto state,
            ExportHere(platform, bulk::ReadPlan(root["plan"]), std::string(root["folder"].text()))
        );
        std::string body;
        core::JsonWriter writer(body);
        bulk::WriteState(writer, state);
        return api::Response::Json(std::move(body));
    };
    registry.Add(std::move(route));
}

}  // namespace kangqu::app
