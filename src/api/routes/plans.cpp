#include "kangqu/api/services.hpp"
#include "kangqu/plan/document.hpp"
#include "kangqu/plan/resource.hpp"
#include "kangqu/search/query.hpp"

#include "measure_view.hpp"
#include "plan_json.hpp"
#include "route_family.hpp"
#include <algorithm>

namespace kangqu::api {

namespace {

using core::JsonWriter;

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

core::Result<Response> ReadPlan(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const StoredPlan stored, ReadStored(services, restriction, request.Param("id")));
    KQ_ASSIGN(const PeriodChoice period, PeriodOf(request, services.measures.periods));
    const plan::Board board = BoardOf(services, stored, period, request.Query("unit").value_or(""));
    return Response::Json(PlanJson(
        stored.id,
        stored.document,
        board,
        {period.named.id,
         services.measures.populations.position(),
         services.measures.populations.as_of(),
         request.language}
    ));
}

core::Result<Response> ReadDocument(const PlanServices&, const Request& request) {
    KQ_ASSIGN(const plan::PlanDocument document, plan::ReadPlan(request.body));
    return Response::Json(plan::ToJson(document));
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
    RouteFamily<PlanServices> family(registry, std::move(services));
    family.Get("/api/plans", "listPlans", {"规划列表", "Plans"}, {}, {PlanListSchema(), ListPlans});
    family.Get(
        "/api/plans/{id}",
        "readPlan",
        {"规划的任务与指标", "Tasks and targets of a plan"},
        {UnitParameter(), PeriodParameter()},
        {PlanSchema(), ReadPlan}
    );
    Route read;
    read.method = Method::kPost;
    read.path = "/api/plans/read";
    read.id = "readPlanDocument";
    read.summary = {"试读规划文件", "Read a plan document without keeping it"};
    read.request = {{"text/plain", Schema::String()}};
    read.cost = Cost::kHeavy;
    read.body_limit = plan::kPlanMaxBytes;
    family.Add(std::move(read), Schema::Any(), ReadDocument);
}

}  // namespace kangqu::api
