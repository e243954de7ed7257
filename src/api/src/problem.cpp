#include "kangqu/api/problem.hpp"

#include "kangqu/core/json.hpp"

namespace kangqu::api {

namespace {

// Long enough for a queue of quick work to empty, short enough not to be felt as an outage.
constexpr std::string_view kBusyRetrySeconds = "1";

std::string ProblemJson(const core::Error& error, core::Language language, int status) {
    std::string text;
    core::JsonWriter json(text);
    const std::string title = error.Text(language);
    json.BeginObject();
    json.Field("type", "urn:kangqu:error:" + std::string(core::FactsOf(error.code).code));
    json.Field("title", title).Field("status", std::int64_t{status});
    json.Field("detail", error.where.empty() ? title : error.where + ": " + title);
    if (!error.where.empty()) {
        json.Field("where", error.where);
    }
    json.EndObject();
    return text;
}

}  // namespace

Response Problem(const core::Error& error, core::Language language, const OutcomeWriter& fhir) {
    Response response;
    response.status = core::FactsOf(error.code).http_status;
    if (fhir) {
        response.body = fhir({error}, language);
        response.Set("Content-Type", "application/fhir+json");
    } else {
        response.body = ProblemJson(error, language, response.status);
        response.Set("Content-Type", "application/problem+json");
    }
    response.Set("Content-Language", language == core::Language::kZh ? "zh" : "en");
    if (error.code == core::ErrorCode::kLockedOut && !error.args.empty()) {
        response.Set("Retry-After", error.args[0]);
    } else if (response.status == 503 || response.status == 429) {
        response.Set("Retry-After", std::string(kBusyRetrySeconds));
    }
    return response;
}

}  // namespace kangqu::api
