// From a document to a live plan: import, review, undo, going live, and what a new edition changes.
#include "plans_review.hpp"

#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/plan/edition.hpp"
#include "kangqu/plan/live.hpp"
#include "kangqu/plan/review.hpp"
#include "kangqu/plan/source.hpp"

#include "plan_review_json.hpp"
#include <algorithm>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;

// Steps of one request: a page full of clicks.
constexpr std::size_t kMaxSteps = 500;

plan::Reviewer ReviewerOf(const PlanServices& services, const Request& request) {
    plan::Reviewer who;
    if (request.principal) {
        const access::Principal& principal = *request.principal;
        who.by = principal.display_name.empty() ? principal.name : principal.display_name;
    }
    who.at = core::FormatInstant(services.measures.clock.Now());
    return who;
}

core::Result<std::int64_t> VersionOf(core::JsonNode body) {
    const auto version = body["version"].integer();
    if (!version || *version < 1) {
        return MakeError(
            ErrorCode::kInvalidArgument, "version", std::string(body["version"].text())
        );
    }
    return *version;
}

core::Status CheckVersion(const StoredPlan& stored, std::int64_t version) {
    if (stored.version != version) {
        return MakeError(
            ErrorCode::kVersionConflict,
            "PlanDefinition/" + stored.id,
            std::to_string(stored.version)
        );
    }
    return {};
}

core::Result<Response> Review(
    const PlanServices& services,
    const search::Restriction& restriction,
    const StoredPlan& stored,
    core::Language language
) {
    KQ_ASSIGN(const std::string text, SourceText(services, restriction, stored));
    return Response::Json(
        ReviewJson(stored, text, UnitNamesOf(services), LibraryOf(services, language), language)
    );
}

core::Result<Response> ReadReview(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const StoredPlan stored, ReadStored(services, restriction, request.Param("id")));
    return Review(services, restriction, stored, request.language);
}

// Units whose organisation is beyond doubt are matched at once; the rest waits for a person.
void MatchSure(plan::PlanDocument& document, const plan::UnitNames& names) {
    for (plan::Task& task : document.tasks) {
        task.unit_ids.assign(task.units.size(), {});
        bool any = false;
        for (std::size_t i = 0; i < task.units.size(); ++i) {
            const std::string& full =
                i < task.units_full.size() ? task.units_full[i] : task.units[i];
            const plan::UnitMatch match = names.Match(full, document.date);
            if (match.kind == plan::MatchKind::kExact || match.kind == plan::MatchKind::kAlias) {
                task.unit_ids[i] = match.id;
                any = any || !match.id.empty();
            }
        }
        if (!any) {
            task.unit_ids.clear();
        }
    }
}

core::Result<Response> Import(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(
        const plan::SourceFile source,
        plan::ReadSource(request.body, request.Query("name").value_or("document"))
    );
    KQ_ASSIGN(plan::PlanDocument document, plan::ReadPlan(source.text));
    if (const auto former = request.Query("edition-of"); former && !former->empty()) {
        KQ_ASSIGN(const StoredPlan stored, ReadStored(services, restriction, *former));
        document.edition_of = stored.id;
    }
    MatchSure(document, UnitNamesOf(services));
    core::IdSource ids(services.measures.clock);
    const std::string id = ids.Next();
    KQ_TRY(WriteAll(services, restriction, plan::DraftTransaction(document, source.text, id)));
    KQ_ASSIGN(const StoredPlan stored, ReadStored(services, restriction, id));
    return Review(services, restriction, stored, request.language);
}

core::Result<Response> TakeSteps(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const auto body, PlanBodyOf(request));
    KQ_ASSIGN(const std::int64_t version, VersionOf(body->root()));
    KQ_ASSIGN(StoredPlan stored, ReadStored(services, restriction, request.Param("id")));
    KQ_TRY(CheckVersion(stored, version));
    KQ_ASSIGN(const std::string text, SourceText(services, restriction, stored));
    const core::JsonNode steps = body->root()["steps"];
    if (!steps.is_array() || steps.size() == 0 || steps.size() > kMaxSteps) {
        return MakeError(ErrorCode::kPlanStepInvalid, "steps");
    }
    const plan::Reviewer who = ReviewerOf(services, request);
    plan::PlanDocument document = stored.document;
    for (core::JsonNode node = steps.first(); node; node = node.next()) {
        KQ_ASSIGN(const plan::ReviewStep step, plan::ReadStep(node));
        KQ_TRY(plan::Apply(document, text, step, who));
    }
    document.undo_version = stored.version;
    KQ_ASSIGN(stored.version, WriteNext(services, restriction, stored, document));
    stored.document = std::move(document);
    return Review(services, restriction, stored, request.language);
}

// Brings the version before the last step back, as a new version: nothing is lost.
core::Result<Response> Undo(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const auto body, PlanBodyOf(request));
    KQ_ASSIGN(const std::int64_t version, VersionOf(body->root()));
    KQ_ASSIGN(StoredPlan stored, ReadStored(services, restriction, request.Param("id")));
    KQ_TRY(CheckVersion(stored, version));
    if (stored.document.status != "draft" || stored.document.undo_version == 0) {
        return MakeError(ErrorCode::kPlanStepInvalid, "undo");
    }
    KQ_ASSIGN(
        StoredPlan before,
        ReadStoredVersion(services, restriction, stored.id, stored.document.undo_version)
    );
    KQ_ASSIGN(stored.version, WriteNext(services, restriction, stored, before.document));
    stored.document = std::move(before.document);
    return Review(services, restriction, stored, request.language);
}

core::Result<Response> GoLive(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const auto body, PlanBodyOf(request));
    KQ_ASSIGN(const std::int64_t version, VersionOf(body->root()));
    KQ_ASSIGN(StoredPlan stored, ReadStored(services, restriction, request.Param("id")));
    KQ_TRY(CheckVersion(stored, version));
    if (stored.document.status != "draft") {
        return MakeError(ErrorCode::kPlanStepInvalid, "status: " + stored.document.status);
    }
    KQ_ASSIGN(const plan::PlanDocument live, plan::Live(stored.document));
    plan::LiveOptions options;
    options.plan_id = stored.id;
    options.source_reference = stored.source_reference;
    options.version = stored.version;
    if (!live.edition_of.empty()) {
        KQ_ASSIGN(StoredPlan former, ReadStored(services, restriction, live.edition_of));
        if (former.document.status == "active") {
            options.former = std::move(former.document);
            options.former_source = former.source_reference;
            options.former_version = former.version;
        }
    }
    KQ_TRY(WriteAll(services, restriction, plan::LiveTransaction(live, options)));
    KQ_ASSIGN(const StoredPlan now, ReadStored(services, restriction, stored.id));
    return Review(services, restriction, now, request.language);
}

void WriteStrings(JsonWriter& writer, std::string_view key, const std::vector<std::string>& texts) {
    writer.Key(key).BeginArray();
    for (const std::string& text : texts) {
        writer.String(text);
    }
    writer.EndArray();
}

void WriteGoal(
    JsonWriter& writer,
    std::string_view key,
    const std::optional<plan::Indicator>& target
) {
    writer.Key(key);
    if (!target) {
        writer.Null();
        return;
    }
    writer.BeginObject().Field("name", target->name);
    writer.Field("comparator", plan::NameOf(target->comparator)).Key("value");
    WriteTargetValue(writer, target->value);
    writer.Field("unit", target->unit).Field("attribute", target->attribute).EndObject();
}

std::string ChangesJson(
    const StoredPlan& before,
    const StoredPlan& after,
    const plan::EditionChanges& changes
) {
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("from", before.id).Field("fromTitle", before.document.title);
    writer.Field("to", after.id).Field("toTitle", after.document.title);
    writer.Field("sameTasks", changes.same_tasks).Field("sameTargets", changes.same_targets);
    writer.Key("tasks").BeginArray();
    for (const plan::TaskChange& change : changes.tasks) {
        writer.BeginObject().Field("change", plan::NameOf(change.kind));
        writer.Field("before", std::int64_t{change.before});
        writer.Field("after", std::int64_t{change.after}).Field("title", change.title);
        writer.Field("words", change.words);
        WriteStrings(writer, "unitsAdded", change.units_added);
        WriteStrings(writer, "unitsRemoved", change.units_removed);
        writer.Field("leadBefore", change.lead_before).Field("leadAfter", change.lead_after);
        writer.EndObject();
    }
    writer.EndArray().Key("targets").BeginArray();
    for (const plan::TargetChange& change : changes.targets) {
        writer.BeginObject().Field("change", plan::NameOf(change.kind));
        writer.Field("name", change.name);
        WriteOptional(writer, "year", change.year);
        writer.Field("taskBefore", std::int64_t{change.task_before});
        writer.Field("taskAfter", std::int64_t{change.task_after});
        WriteGoal(writer, "before", change.before);
        WriteGoal(writer, "after", change.after);
        writer.EndObject();
    }
    writer.EndArray().EndObject();
    return body;
}

core::Result<Response> ReadChanges(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const StoredPlan after, ReadStored(services, restriction, request.Param("id")));
    const std::string from(request.Query("from").value_or(after.document.edition_of));
    if (from.empty()) {
        return MakeError(ErrorCode::kInvalidArgument, "from", "");
    }
    KQ_ASSIGN(const StoredPlan before, ReadStored(services, restriction, from));
    return Response::Json(ChangesJson(before, after, plan::Compare(before.document, after.document))
    );
}

Schema ChangesSchema() {
    const Schema kind = Schema::Enum({"added", "removed", "changed"});
    const Schema goal = Schema::Object({
        {"name", Schema::String()},
        {"comparator", Schema::String()},
        {"value", TargetValueSchema()},
        {"unit", Schema::String()},
        {"attribute", Schema::String()},
    });
    return Schema::Object({
        {"from", Schema::String()},
        {"fromTitle", Schema::String()},
        {"to", Schema::String()},
        {"toTitle", Schema::String()},
        {"sameTasks", Schema::Integer()},
        {"sameTargets", Schema::Integer()},
        {"tasks",
         Schema::Array(Schema::Object({
             {"change", kind},
             {"before", Schema::Integer()},
             {"after", Schema::Integer()},
             {"title", Schema::String()},
             {"words", Schema::Boolean()},
             {"unitsAdded", Schema::Array(Schema::String())},
             {"unitsRemoved", Schema::Array(Schema::String())},
             {"leadBefore", Schema::String()},
             {"leadAfter", Schema::String()},
         }))},
        {"targets",
         Schema::Array(Schema::Object({
             {"change", kind},
             {"name", Schema::String()},
             {"year", Schema::Integer().Nullable()},
             {"taskBefore", Schema::Integer()},
             {"taskAfter", Schema::Integer()},
             {"before", goal.Nullable()},
             {"after", goal.Nullable()},
         }))},
    });
}

Schema VersionSchema() {
    return Schema::Object({{"version", Schema::Integer()}});
}

// One step: what it does to which item. `set` takes the fields of a task or of a target.
Schema StepsSchema() {
    const Schema nullable_year = Schema::Integer().Nullable().Optional();
    const Schema set = Schema::Object({
        {"title", Schema::String().Optional()},
        {"units", Schema::Array(Schema::String()).Optional()},
        {"unitIds", Schema::Array(Schema::String()).Optional()},
        {"mode", Schema::Enum({"lead-first", "each-by-duty"}).Optional()},
        {"name", Schema::String().Optional()},
        {"comparator", Schema::String().Optional()},
        {"value", TargetValueSchema().Optional()},
        {"unit", Schema::String().Optional()},
        {"year", nullable_year},
        {"attribute", Schema::String().Optional()},
        {"baseline", Schema::Number().Nullable().Optional()},
        {"baselineYear", nullable_year},
        {"measure", Schema::String().Optional()},
    });
    const Schema step = Schema::Object({
        {"op",
         Schema::Enum(
             {"accept", "reject", "reopen", "correct", "split", "merge", "add", "accept-sure"}
         )},
        {"item", Schema::String().Optional()},
        {"with", Schema::String().Optional()},
        {"at", Schema::Integer().Optional()},
        {"set", set.Optional()},
    });
    return Schema::Object({{"version", Schema::Integer()}, {"steps", Schema::Array(step)}});
}

Route Post(std::string path, std::string id, BothLanguages summary, Schema body) {
    Route route;
    route.method = Method::kPost;
    route.path = std::move(path);
    route.id = std::move(id);
    route.summary = std::move(summary);
    route.request = {{"application/json", std::move(body)}};
    route.cost = Cost::kWrite;
    return route;
}

}  // namespace

void RegisterPlanReview(RouteFamily<PlanServices>& family) {
    Route import = Post(
        "/api/plans",
        "importPlan",
        {"读入规划文件，成为待审核的草稿", "Read a plan document and keep it as a draft to review"},
        Schema::String()
    );
    import.request.clear();
    for (const char* const type :
         {"text/plain",
          "text/html",
          "application/pdf",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "application/octet-stream"}) {
        import.request.push_back({type, Schema::String()});
    }
    import.parameters = {
        QueryText("name", {"文件名，用于提示", "File name, for messages"}),
        QueryText("edition-of", {"新版本所替代的规划", "The plan that this is a new edition of"})};
    import.cost = Cost::kHeavy;
    import.body_limit = plan::kSourceMaxBytes + 1;
    family.Add(std::move(import), ReviewSchema(), Import);
    family.Get(
        "/api/plans/{id}/review",
        "readPlanReview",
        {"规划审核：原文与抽取结果", "Review of a plan: its text and what was read from it"},
        {},
        {ReviewSchema(), ReadReview}
    );
    family.Add(
        Post(
            "/api/plans/{id}/review",
            "reviewPlan",
            {"执行审核操作", "Take review steps"},
            StepsSchema()
        ),
        ReviewSchema(),
        TakeSteps
    );
    family.Add(
        Post(
            "/api/plans/{id}/review/undo",
            "undoPlanReview",
            {"撤销上一次审核操作", "Undo the last review steps"},
            VersionSchema()
        ),
        ReviewSchema(),
        Undo
    );
    family.Add(
        Post(
            "/api/plans/{id}/live",
            "publishPlan",
            {"规划生效", "Let a reviewed plan go live"},
            VersionSchema()
        ),
        ReviewSchema(),
        GoLive
    );
    family.Get(
        "/api/plans/{id}/changes",
        "readPlanChanges",
        {"与另一版本的差异", "Differences from another edition"},
        {QueryText("from", {"旧版规划", "The former edition"})},
        {ChangesSchema(), ReadChanges}
    );
}

}  // namespace kangqu::api
