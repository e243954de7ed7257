#include "kangqu/api/route.hpp"
#include "kangqu/core/json.hpp"

#include <algorithm>
#include <map>

namespace kangqu::api {

namespace {

using core::JsonWriter;

std::vector<Parameter> AllParameters(const Route& route) {
    std::vector<Parameter> all;
    for (std::size_t at = route.path.find('{'); at != std::string::npos;
         at = route.path.find('{', at + 1)) {
        const std::string name = route.path.substr(at + 1, route.path.find('}', at) - at - 1);
        const auto listed = std::find_if(
            route.parameters.begin(),
            route.parameters.end(),
            [&](const Parameter& parameter) {
                return parameter.in == Parameter::In::kPath && parameter.name == name;
            }
        );
        Parameter parameter = listed == route.parameters.end() ? Parameter{} : *listed;
        parameter.name = name;
        parameter.in = Parameter::In::kPath;
        parameter.required = true;
        all.push_back(std::move(parameter));
    }
    for (const Parameter& parameter : route.parameters) {
        if (parameter.in != Parameter::In::kPath) {
            all.push_back(parameter);
        }
    }
    return all;
}

std::string_view NameOf(Parameter::In in) noexcept {
    switch (in) {
        case Parameter::In::kPath:
            return "path";
        case Parameter::In::kQuery:
            return "query";
        case Parameter::In::kHeader:
            return "header";
    }
    return "query";
}

void WriteParameters(const Route& route, core::Language language, JsonWriter& json) {
    json.Key("parameters").BeginArray();
    for (const Parameter& parameter : AllParameters(route)) {
        json.BeginObject().Field("name", parameter.name).Field("in", NameOf(parameter.in));
        if (!parameter.text.In(language).empty()) {
            json.Field("description", parameter.text.In(language));
        }
        json.Field("required", parameter.required).Key("schema").Raw(parameter.schema.json());
        json.EndObject();
    }
    json.EndArray();
}

void WriteContent(const std::vector<Payload>& payloads, JsonWriter& json) {
    json.Key("content").BeginObject();
    for (const Payload& payload : payloads) {
        json.Key(payload.content_type).BeginObject().Key("schema").Raw(payload.schema.json());
        json.EndObject();
    }
    json.EndObject();
}

void WriteResponses(const Route& route, core::Language language, JsonWriter& json) {
    const bool zh = language == core::Language::kZh;
    json.Key("responses").BeginObject();
    json.Key(std::to_string(route.answer_status)).BeginObject();
    json.Field("description", zh ? "完成" : "Done");
    if (!route.answer.empty()) {
        WriteContent(route.answer, json);
    }
    json.EndObject().Key("default").BeginObject();
    json.Field("description", zh ? "错误" : "Error");
    if (IsFhirPath(route.path)) {
        WriteContent({{"application/fhir+json", Schema::Any()}}, json);
    } else {
        const Schema problem = Schema::Json(R"({"$ref":"#/components/schemas/Problem"})");
        WriteContent({{"application/problem+json", problem}}, json);
    }
    json.EndObject().EndObject();
}

void WriteSecurity(const Route& route, JsonWriter& json) {
    json.Key("security").BeginArray();
    if (route.needs == Needs::kSession) {
        json.BeginObject().Key("session").BeginArray().EndArray().EndObject();
        if (route.programs) {
            json.BeginObject().Key("basic").BeginArray().EndArray().EndObject();
        }
    }
    json.EndArray();
}

void WriteOperation(const Route& route, core::Language language, JsonWriter& json) {
    json.BeginObject().Field("operationId", route.id);
    json.Field("summary", route.summary.In(language));
    WriteParameters(route, language, json);
    if (!route.request.empty()) {
        json.Key("requestBody").BeginObject().Field("required", true);
        WriteContent(route.request, json);
        json.EndObject();
    }
    WriteResponses(route, language, json);
    WriteSecurity(route, json);
    json.Field("x-kangqu-cost", NameOf(route.cost));
    if (route.needs == Needs::kSocketOnly) {
        json.Field("x-kangqu-socket-only", true);
    }
    if (!route.ability.empty()) {
        json.Field("x-kangqu-ability", route.ability);
    }
    json.EndObject();
}

constexpr std::string_view kComponents =
    R"({"schemas":{"Problem":{"type":"object","properties":{)"
    R"("type":{"type":"string","format":"uri"},"title":{"type":"string"},)"
    R"("status":{"type":"integer"},"detail":{"type":"string"},"where":{"type":"string"}},)"
    R"("required":["type","title","status","detail"]}},)"
    R"("securitySchemes":{"session":{"type":"apiKey","in":"cookie","name":"kangqu_session"},)"
    R"("basic":{"type":"http","scheme":"basic"}}})";

std::string LowerName(Method method) {
    std::string name(api::NameOf(method));
    for (char& c : name) {
        c = static_cast<char>(c + 32);
    }
    return name;
}

}  // namespace

std::string OpenApi(const Registry& registry, core::Language language) {
    const bool zh = language == core::Language::kZh;
    std::map<std::string, std::vector<const Route*>> paths;
    for (const Route& route : registry.routes()) {
        paths[route.path].push_back(&route);
    }
    std::string text;
    JsonWriter json(text);
    json.BeginObject().Field("openapi", "3.1.0").Key("info").BeginObject();
    json.Field("title", zh ? "康衢 接口" : "Kangqu API").Field("version", "1").EndObject();
    json.Key("paths").BeginObject();
    for (const auto& [path, routes] : paths) {
        json.Key(path).BeginObject();
        for (const Route* route : routes) {
            json.Key(LowerName(route->method));
            WriteOperation(*route, language, json);
        }
        json.EndObject();
    }
    json.EndObject().Key("components").Raw(kComponents).EndObject();
    return text;
}

}  // namespace kangqu::api
