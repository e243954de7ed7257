#include "fhir_http.hpp"
#include "route_family.hpp"

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::MakeError;
using subscription::Content;

// The subscription of the path, when the caller may see its record.
core::Result<std::string> SeenSubscription(
    const SubscriptionServices& services,
    const search::Restriction& restriction,
    const Request& request
) {
    KQ_ASSIGN(
        const records::Record record,
        services.records.Read(restriction, "Subscription", request.Param("id"))
    );
    return record.id;
}

core::Result<Response> Status(const SubscriptionServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const std::string id, SeenSubscription(services, restriction, request));
    KQ_ASSIGN(std::string body, services.engine.Status(id, BaseUrl(request)));
    return FhirAnswer(std::move(body));
}

core::Result<std::optional<Content>> ContentOf(const Request& request) {
    const auto text = request.Query("content");
    if (!text) {
        return std::optional<Content>();
    }
    if (*text == "empty") {
        return std::optional(Content::kEmpty);
    }
    if (*text == "id-only") {
        return std::optional(Content::kIdOnly);
    }
    if (*text == "full-resource") {
        return std::optional(Content::kFull);
    }
    return MakeError(ErrorCode::kInvalidArgument, "content", "empty | id-only | full-resource");
}

core::Result<Response> Events(const SubscriptionServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const std::string id, SeenSubscription(services, restriction, request));
    KQ_ASSIGN(const auto from, request.QueryInt("eventsSinceNumber", 1, 0, INT64_MAX));
    KQ_ASSIGN(const auto to, request.QueryInt("eventsUntilNumber", INT64_MAX, 0, INT64_MAX));
    KQ_ASSIGN(const auto content, ContentOf(request));
    KQ_ASSIGN(
        std::string body,
        services.engine.Events(restriction, id, from, to, content, BaseUrl(request))
    );
    return FhirAnswer(std::move(body));
}

}  // namespace

WrittenHook OwnSubscriptions(subscription::Engine& engine) {
    return [&engine](const access::Principal& principal, const records::Receipt& receipt) {
        using Outcome = records::Receipt::Outcome;
        const bool written =
            receipt.outcome == Outcome::kCreated || receipt.outcome == Outcome::kUpdated;
        if (receipt.type != "Subscription" || !written) {
            return core::Status{};
        }
        return engine.Own(receipt.id, OwnerText(principal));
    };
}

void RegisterSubscriptions(Registry& registry, SubscriptionServices services) {
    RouteFamily<SubscriptionServices> family(registry, std::move(services));
    family.Add(
        FhirRoute(
            Method::kGet,
            "/fhir/Subscription/{id}/$status",
            "subscriptionStatus",
            {"订阅的状态", "State of a subscription"}
        ),
        Status
    );
    Route events = FhirRoute(
        Method::kGet,
        "/fhir/Subscription/{id}/$events",
        "subscriptionEvents",
        {"订阅的事件", "Events of a subscription"}
    );
    events.parameters = {
        QueryNumber("eventsSinceNumber", {"从此号起", "From this number on"}),
        QueryNumber("eventsUntilNumber", {"到此号止", "Up to this number"}),
        QueryText("content", {"内容详略", "empty, id-only or full-resource"}),
    };
    family.Add(std::move(events), Events);
}

}  // namespace kangqu::api
