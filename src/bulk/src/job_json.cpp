#include "job_json.hpp"

namespace kangqu::bulk {

std::string WriteJob(const Job& job) {
    std::string text;
    core::JsonWriter writer(text);
    writer.BeginObject().Field("id", job.id);
    writer.Field("kind", static_cast<std::int64_t>(job.kind));
    writer.Field("status", static_cast<std::int64_t>(job.status));
    writer.Field("owner", job.owner).Field("request", job.request);
    writer.Field("begun", job.begun).Field("ended", job.ended);
    if (job.error) {
        writer.Key("error").BeginObject();
        writer.Field("code", core::FactsOf(job.error->code).code).Field("where", job.error->where);
        writer.Key("args").BeginArray();
        for (const std::string& arg : job.error->args) {
            writer.String(arg);
        }
        writer.EndArray().EndObject();
    }
    writer.Key("plan");
    if (job.kind == Job::Kind::kExport) {
        WritePlan(writer, job.export_plan);
        WriteState(writer.Key("state"), job.export_state);
    } else {
        WritePlan(writer, job.import_plan);
        WriteState(writer.Key("state"), job.import_state);
    }
    writer.EndObject();
    return text;
}

core::Result<Job> ReadJob(std::string_view text) {
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(std::string(text)));
    const core::JsonNode root = document->root();
    Job job;
    job.id = root["id"].text();
    job.kind = static_cast<Job::Kind>(root["kind"].integer().value_or(0));
    job.status = static_cast<Job::Status>(root["status"].integer().value_or(0));
    job.owner = root["owner"].text();
    job.request = root["request"].text();
    job.begun = root["begun"].integer().value_or(0);
    job.ended = root["ended"].integer().value_or(0);
    if (const core::JsonNode error = root["error"]) {
        job.error = core::Error{};
        job.error->code =
            core::FindErrorCode(error["code"].text()).value_or(core::ErrorCode::kInternal);
        job.error->where = error["where"].text();
        for (core::JsonNode arg = error["args"].first(); arg; arg = arg.next()) {
            job.error->args.emplace_back(arg.text());
        }
    }
    if (job.kind == Job::Kind::kExport) {
        job.export_plan = ReadPlan(root["plan"]);
        job.export_state = ReadState(root["state"]);
    } else {
        job.import_plan = ReadImportPlan(root["plan"]);
        job.import_state = ReadImportState(root["state"]);
    }
    return job;
}

}  // namespace kangqu::bulk
