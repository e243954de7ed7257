#include "kangqu/api/system_routes.hpp"
#include "kangqu/core/json.hpp"

#include <utility>

namespace kangqu::api {

namespace {

Route Health() {
    Route route;
    route.path = "/healthz";
    route.id = "readHealth";
    route.summary = {"查看程序是否在运行", "see whether the program runs"};
    route.answer = {{"text/plain", Schema::String()}};
    route.cost = Cost::kInline;
    route.needs = Needs::kNothing;
    route.handler = [](const Request&) -> core::Result<Response> {
        return Response::Text("ok\n", "text/plain");
    };
    return route;
}

Route Ready(std::function<std::vector<NotReady>()> not_ready) {
    Route route;
    route.path = "/readyz";
    route.id = "readReadiness";
    route.summary = {
        "查看程序是否可以服务（503 时列出原因）",
        "see whether the program can serve (503 lists the reasons)"};
    const Schema reason = Schema::Object({{"code", Schema::String()}, {"text", Schema::String()}});
    route.answer = {
        {"application/json",
         Schema::Object({{"ready", Schema::Boolean()}, {"reasons", Schema::Array(reason)}})}};
    route.cost = Cost::kInline;
    route.needs = Needs::kNothing;
    route.handler = [ask = std::move(not_ready)](const Request& request) -> core::Result<Response> {
        const std::vector<NotReady> reasons = ask ? ask() : std::vector<NotReady>{};
        std::string text;
        core::JsonWriter json(text);
        json.BeginObject().Field("ready", reasons.empty()).Key("reasons").BeginArray();
        for (const NotReady& why : reasons) {
            json.BeginObject().Field("code", why.code);
            json.Field("text", why.text.In(request.language)).EndObject();
        }
        json.EndArray().EndObject();
        return Response::Json(std::move(text), reasons.empty() ? 200 : 503);
    };
    return route;
}

Route Metrics(const RequestMetrics& metrics, std::function<void(MetricsText&)> figures) {
    Route route;
    route.path = "/metrics";
    route.id = "readMetrics";
    route.summary = {"读取运行指标", "read the operating figures"};
    route.answer = {{"text/plain", Schema::String()}};
    route.ability = kOperationsAbility;
    route.programs = true;
    route.handler = [&metrics, add = std::move(figures)](const Request&) -> core::Result<Response> {
        MetricsText text;
        metrics.WriteTo(text);
        if (add) {
            add(text);
        }
        return Response::Text(text.text(), "text/plain; version=0.0.4; charset=utf-8");
    };
    return route;
}

Route Description(const Registry& registry) {
    Route route;
    route.path = "/openapi.json";
    route.id = "readOpenApi";
    route.summary = {"读取本接口说明", "read this description of the interface"};
    route.answer = {{"application/json", Schema::Any()}};
    route.needs = Needs::kNothing;
    route.handler = [&registry](const Request& request) -> core::Result<Response> {
        return Response::Json(OpenApi(registry, request.language));
    };
    return route;
}

}  // namespace

void RegisterSystemRoutes(Registry& registry, const RequestMetrics& metrics, SystemHooks hooks) {
    registry.Add(Health());
    registry.Add(Ready(std::move(hooks.not_ready)));
    registry.Add(Metrics(metrics, std::move(hooks.figures)));
    registry.Add(Description(registry));
}

}  // namespace kangqu::api
