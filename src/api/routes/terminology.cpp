// Terminology operations: $expand, $validate-code, $lookup, $subsumes, $translate.
#include "kangqu/terminology/terminology.hpp"

#include "fhir_http.hpp"
#include <algorithm>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::MakeError;
using terminology::Operation;

// Vocabulary belongs to no resident; whoever may read records of nobody may use it.
bool MayUse(const search::Restriction& restriction, std::string_view type) {
    if (restriction.is_system()) {
        return true;
    }
    return std::any_of(
        restriction.grants.begin(),
        restriction.grants.end(),
        [type](const search::Grant& grant) {
            const bool typed =
                grant.types.empty() ||
                std::find(grant.types.begin(), grant.types.end(), type) != grant.types.end();
            const bool reads =
                std::find(grant.actions.begin(), grant.actions.end(), search::Action::kRead) !=
                grant.actions.end();
            return typed && reads &&
                   (grant.scope == search::Scope::kEverything ||
                    grant.scope == search::Scope::kWithoutResident);
        }
    );
}

core::Result<Response> Answer(
    const TerminologyServices& services,
    const terminology::OperationName& name,
    const Request& request
) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    if (!MayUse(restriction, name.type)) {
        return MakeError(
            ErrorCode::kForbidden, std::string(name.type) + "/$" + std::string(name.name)
        );
    }
    Operation operation;
    operation.type = name.type;
    operation.name = name.name;
    operation.id = request.Param("id");
    operation.language = request.language;
    std::unique_ptr<const core::JsonDocument> body;
    if (request.method == Method::kPost && !request.body.empty()) {
        KQ_ASSIGN(body, BodyOf(request));
        operation.parameters = terminology::ReadParameters(body->root());
    }
    for (const Pair& pair : request.query) {
        operation.parameters.push_back({pair.name, pair.value, {}});
    }
    KQ_ASSIGN(const auto catalogue, services.stored.Now());
    KQ_ASSIGN(std::string json, catalogue->Operate(operation));
    return FhirAnswer(std::move(json));
}

BothLanguages SummaryOf(std::string_view type, std::string_view name) {
    if (name == "expand") {
        return {"展开值集", "Expand a value set"};
    }
    if (name == "validate-code") {
        return type == "ValueSet"
                   ? BothLanguages{"校验代码是否属于值集", "Whether a code is in a value set"}
                   : BothLanguages{"校验代码是否存在", "Whether a code exists"};
    }
    if (name == "lookup") {
        return {"查询代码的名称与属性", "Name and properties of a code"};
    }
    if (name == "subsumes") {
        return {"两个代码的上下位关系", "How two codes stand in the hierarchy"};
    }
    return {"代码换算（映射）", "Translate a code by a concept map"};
}

std::string IdOf(std::string_view type, std::string_view name, bool instance, Method method) {
    std::string id = "fhir" + std::string(type);
    bool capital = true;
    for (const char c : name) {
        if (c == '-') {
            capital = true;
            continue;
        }
        id.push_back(capital ? static_cast<char>(c - 'a' + 'A') : c);
        capital = false;
    }
    return id + (instance ? "Instance" : "") + (method == Method::kPost ? "Post" : "");
}

}  // namespace

void RegisterTerminology(Registry& registry, TerminologyServices given) {
    // Shared by the handlers in the registry.
    const auto services = std::make_shared<const TerminologyServices>(std::move(given));
    for (const terminology::OperationName& name : terminology::OperationNames()) {
        const std::string tail = "/$" + std::string(name.name);
        for (const bool instance : {false, true}) {
            for (const Method method : {Method::kGet, Method::kPost}) {
                Route route = FhirRoute(
                    method,
                    "/fhir/" + std::string(name.type) + (instance ? "/{id}" : "") + tail,
                    IdOf(name.type, name.name, instance, method),
                    SummaryOf(name.type, name.name)
                );
                route.cost = Cost::kRead;
                route.handler = [services, name](const Request& request) {
                    return Answer(*services, name, request);
                };
                registry.Add(std::move(route));
            }
        }
    }
}

}  // namespace kangqu::api
