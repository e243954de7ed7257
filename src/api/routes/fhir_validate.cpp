// $validate of types and instances (http://hl7.org/fhir/R4/resource-operation-validate.html).
#include "kangqu/fhir/resource.hpp"
#include "kangqu/validate/validator.hpp"

#include "fhir_http.hpp"
#include "route_family.hpp"

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

constexpr std::string_view kModes = "create, update, delete, profile";

// What is asked: in the address, in a Parameters resource, or a resource alone.
struct Question {
    std::unique_ptr<const core::JsonDocument> body;
    JsonNode resource;
    std::string mode;
    std::vector<std::string> profiles;
};

void ReadParameters(JsonNode parameters, Question& question) {
    for (JsonNode one = parameters["parameter"].first(); one; one = one.next()) {
        const std::string_view name = one["name"].text();
        if (name == "resource") {
            question.resource = one["resource"];
        } else if (name == "mode") {
            question.mode = one["valueCode"].text();
        } else if (name == "profile") {
            const JsonNode uri = one["valueUri"] ? one["valueUri"] : one["valueCanonical"];
            question.profiles.emplace_back(uri.text());
        }
    }
}

core::Result<Question> ReadQuestion(const Request& request, std::string_view type) {
    Question question;
    question.mode = request.Query("mode").value_or("");
    if (const auto profile = request.Query("profile")) {
        question.profiles.emplace_back(*profile);
    }
    if (!request.body.empty()) {
        KQ_ASSIGN(question.body, BodyOf(request));
        const JsonNode root = question.body->root();
        const bool wrapped = root["resourceType"].text() == "Parameters" && type != "Parameters";
        question.resource = wrapped ? JsonNode() : root;
        if (wrapped) {
            ReadParameters(root, question);
        }
    }
    const std::string& mode = question.mode;
    if (!mode.empty() && mode != "create" && mode != "update" && mode != "delete" &&
        mode != "profile") {
        return MakeError(ErrorCode::kWrongCheckMode, mode, std::string(kModes));
    }
    return question;
}

// What the mode asks besides the resource's own rules.
void CheckMode(
    const Question& question,
    std::string_view type,
    std::string_view id,
    std::vector<validate::Issue>& issues
) {
    const auto fail = [&issues](core::Error error) {
        issues.push_back({validate::Severity::kError, std::move(error)});
    };
    const std::string_view given = question.resource["resourceType"].text();
    const std::string_view given_id = question.resource["id"].text();
    if (!given.empty() && given != type) {
        fail(core::At(
            MakeError(
                ErrorCode::kTypeNotAllowed, "resourceType", std::string(given), std::string(type)
            ),
            std::string(given)
        ));
    }
    if (question.mode == "update" && (given_id.empty() || (!id.empty() && given_id != id))) {
        fail(core::At(
            MakeError(ErrorCode::kIdMismatch, std::string(given_id), std::string(id)),
            std::string(type) + ".id"
        ));
    }
}

core::Result<Response> Validate(const ValidateServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    const std::string id(request.Param("id"));
    KQ_ASSIGN(Question question, ReadQuestion(request, type));
    if (!id.empty() && (!question.resource || question.mode == "delete")) {
        KQ_ASSIGN(const records::Record record, services.records.Read(restriction, type, id));
        KQ_ASSIGN(question.body, core::JsonDocument::Parse(record.json));
        question.resource = question.body->root();
    }
    std::vector<validate::Issue> issues;
    if (question.mode != "delete") {
        if (!question.resource) {
            return core::At(
                MakeError(ErrorCode::kFhirMissingElement, "resource"), "Parameters.parameter"
            );
        }
        validate::Options options;
        options.profiles = question.profiles;
        issues = services.validator.Validate(question.resource, options);
        CheckMode(question, type, id, issues);
    }
    return FhirAnswer(validate::OperationOutcome(issues, request.language));
}

}  // namespace

void RegisterValidate(Registry& registry, ValidateServices services) {
    const auto shared = std::make_shared<const ValidateServices>(std::move(services));
    const auto add = [&](Method method, std::string path, std::string name, BothLanguages summary) {
        Route route = FhirRoute(method, std::move(path), std::move(name), std::move(summary));
        route.parameters = {
            QueryText(
                "mode",
                {"核对方式：create、update、delete、profile",
                 "What is going to be done: create, update, delete, profile"}
            ),
            QueryText("profile", {"还要按哪个规格核对", "A profile to check against as well"}),
        };
        route.cost = Cost::kHeavy;
        route.handler = [shared](const Request& request) {
            return Validate(*shared, request);
        };
        registry.Add(std::move(route));
    };
    add(Method::kPost,
        "/fhir/{type}/$validate",
        "fhirValidate",
        {"核对一个资源，不保存", "Validate a resource without keeping it"});
    add(Method::kPost,
        "/fhir/{type}/{id}/$validate",
        "fhirValidateInstance",
        {"核对对某条记录的改动，不保存", "Validate a change of a record without keeping it"});
    add(Method::kGet,
        "/fhir/{type}/{id}/$validate",
        "fhirValidateStored",
        {"核对已保存的记录", "Validate a record as it is kept"});
}

}  // namespace kangqu::api
