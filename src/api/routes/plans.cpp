#include "kangqu/api/services.hpp"
#include "kangqu/plan/document.hpp"
#include "kangqu/plan/resource.hpp"
#include "kangqu/plan/review.hpp"
#include "kangqu/plan/source.hpp"
#include "kangqu/search/query.hpp"

#include "measure_view.hpp"
#include "plan_board.hpp"
#include "plan_json.hpp"
#include "plan_store.hpp"
#include "plans_review.hpp"
#include "route_family.hpp"

namespace kangqu::api {

namespace {

using core::JsonWriter;

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
    const std::string_view wanted = request.Query("status").value_or("active");
    for (const auto& [home, key] : page.hits) {
        KQ_ASSIGN(const auto version, reader->Current(home, key));
        if (!version || version->method == store::Method::kDelete) {
            continue;
        }
        KQ_ASSIGN(const auto json, core::JsonDocument::Parse(version->body));
        KQ_ASSIGN(const auto document, plan::FromPlanDefinition(json->root()));
        if (wanted != "all" && document.status != wanted) {
            continue;
        }
        writer.BeginObject().Field("id", version->id).Field("title", document.title);
        writer.Field("issuer", document.issuer).Field("docNo", document.doc_no);
        writer.Field("date", document.date).Field("status", document.status);
        writer.Field("editionOf", document.edition_of);
        writer.Field("unreviewed", plan::CountsOf(document).proposed);
        writer.Field("taskCount", static_cast<std::int64_t>(document.tasks.size()));
        writer.Field("targetCount", static_cast<std::int64_t>(plan::TargetsOf(document).size()));
        writer.EndObject();
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

core::Result<Response> ReadPlan(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const StoredPlan stored, ReadStored(services, restriction, request.Param("id")));
    KQ_ASSIGN(const PeriodChoice period, PeriodOf(request, services.measures.periods));
    // Nothing that nobody has looked at is shown as a target.
    if (stored.document.status == "draft") {
        return core::MakeError(
            core::ErrorCode::kPlanNotReviewed,
            std::to_string(plan::CountsOf(stored.document).proposed)
        );
    }
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
    KQ_ASSIGN(const plan::SourceFile source, plan::ReadSource(request.body, "document"));
    KQ_ASSIGN(const plan::PlanDocument document, plan::ReadPlan(source.text));
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
              {"status", Schema::Enum({"draft", "active", "retired"})},
              {"editionOf", Schema::String()},
              {"unreviewed", Schema::Integer()},
              {"taskCount", Schema::Integer()},
              {"targetCount", Schema::Integer()},
          }))}}
    );
}

}  // namespace

void RegisterPlans(Registry& registry, PlanServices services) {
    RouteFamily<PlanServices> family(registry, std::move(services));
    family.Get(
        "/api/plans",
        "listPlans",
        {"规划列表", "Plans"},
        {QueryText(
            "status",
            {"draft、active、retired 或 all，默认 active",
             "draft, active, retired or all; active when absent"}
        )},
        {PlanListSchema(), ListPlans}
    );
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
    read.request = {
        {"text/plain", Schema::String()}, {"application/octet-stream", Schema::String()}};
    read.cost = Cost::kHeavy;
    read.body_limit = plan::kSourceMaxBytes + 1;
    family.Add(std::move(read), Schema::Any(), ReadDocument);
    RegisterPlanReview(family);
    RegisterPlanOutlook(family);
}

}  // namespace kangqu::api
