#include "kangqu/fhir/resource.hpp"

#include "fhir_http.hpp"
#include "route_family.hpp"
#include <algorithm>

namespace kangqu::api {

namespace {

using bulk::ExportPlan;
using bulk::Job;
using core::ErrorCode;
using core::JsonNode;
using core::JsonWriter;
using core::MakeError;

constexpr std::string_view kStatusPath = "/bulkstatus/";
constexpr std::string_view kFilesPath = "/bulkfiles/";
constexpr std::string_view kNdjson = "application/fhir+ndjson";
// What a client should wait between two looks at a job.
constexpr std::string_view kLookAgainSeconds = "2";

// The parameters of a kick-off, from the address or from a Parameters body.
using Given = std::vector<Pair>;

core::Result<Given> GivenBy(const Request& request) {
    Given given = request.query;
    if (request.body.empty()) {
        return given;
    }
    KQ_ASSIGN(const auto document, BodyOf(request));
    const JsonNode parameters = document->root()["parameter"];
    for (JsonNode one = parameters.first(); one; one = one.next()) {
        std::string name(one["name"].text());
        for (JsonNode member = one.first(); member; member = member.next()) {
            if (member.key().starts_with("value")) {
                const JsonNode reference = member["reference"];
                given.push_back({name, std::string(reference ? reference.text() : member.text())});
            }
        }
    }
    return given;
}

std::vector<std::string> Split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(separator));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        if (!part.empty()) {
            parts.emplace_back(part);
        }
    }
    return parts;
}

// "Observation?code=a,Condition?code=b": a comma ends a filter only where the next one begins.
std::vector<std::pair<std::string, std::string>> Filters(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> filters;
    for (const std::string& part : Split(text, ',')) {
        const std::size_t mark = part.find('?');
        if (mark != std::string::npos) {
            filters.emplace_back(part.substr(0, mark), part.substr(mark + 1));
        } else if (!filters.empty()) {
            filters.back().second += "," + part;
        } else {
            filters.emplace_back(part, "");
        }
    }
    return filters;
}

bool IsNdjson(std::string_view format) {
    return format == kNdjson || format == "application/fhir ndjson" ||
           format == "application/ndjson" || format == "ndjson";
}

core::Status TakeParameter(const Pair& pair, bool lenient, ExportPlan& plan) {
    if (pair.name == "_type") {
        const auto types = Split(pair.value, ',');
        plan.types.insert(plan.types.end(), types.begin(), types.end());
    } else if (pair.name == "_typeFilter") {
        const auto filters = Filters(pair.value);
        plan.filters.insert(plan.filters.end(), filters.begin(), filters.end());
    } else if (pair.name == "_since") {
        plan.since = core::ParseInstant(pair.value);
        if (!plan.since) {
            return MakeError(ErrorCode::kInvalidArgument, "_since", "instant");
        }
    } else if (pair.name == "_outputFormat") {
        if (!IsNdjson(pair.value)) {
            return MakeError(ErrorCode::kInvalidArgument, "_outputFormat", std::string(kNdjson));
        }
    } else if (pair.name == "patient" && plan.level != ExportPlan::Level::kSystem) {
        const auto reference = fhir::ParseReference(pair.value);
        if (reference.type != "Patient") {
            return MakeError(ErrorCode::kInvalidArgument, "patient", "Patient/id");
        }
        plan.level = ExportPlan::Level::kMembers;
        plan.patients.emplace_back(reference.id);
    } else if (!lenient && pair.name != "_format") {
        return MakeError(ErrorCode::kInvalidArgument, pair.name, "$export");
    }
    return {};
}

core::Result<Response> Began(const BulkServices& services, const Request& request, Job job) {
    job.owner = OwnerText(*request.principal);
    job.request = BaseUrl(request) + request.target.substr(std::string_view("/fhir").size());
    KQ_ASSIGN(const std::string id, services.jobs.Submit(std::move(job)));
    Response response = FhirAnswer(fhir::OperationOutcome({}, request.language), 202);
    response.Set("Content-Location", BaseUrl(request) + std::string(kStatusPath) + id);
    return response;
}

core::Result<Response>
BeginExport(const BulkServices& services, const Request& request, ExportPlan plan) {
    const bool lenient =
        request.Header("prefer").find("handling=lenient") != std::string_view::npos;
    KQ_ASSIGN(const Given given, GivenBy(request));
    for (const Pair& pair : given) {
        KQ_TRY(TakeParameter(pair, lenient, plan));
    }
    KQ_TRY(bulk::CheckPlan(plan));
    Job job;
    job.kind = Job::Kind::kExport;
    job.export_plan = std::move(plan);
    return Began(services, request, std::move(job));
}

core::Result<Response> ExportSystem(const BulkServices& services, const Request& request) {
    return BeginExport(services, request, {});
}

core::Result<Response> ExportPatients(const BulkServices& services, const Request& request) {
    ExportPlan plan;
    plan.level = ExportPlan::Level::kPatients;
    return BeginExport(services, request, std::move(plan));
}

core::Result<Response> ExportGroup(const BulkServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(
        const records::Record group,
        services.records.Read(restriction, "Group", request.Param("id"))
    );
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(group.json));
    ExportPlan plan;
    plan.level = ExportPlan::Level::kMembers;
    const JsonNode members = document->root()["member"];
    for (JsonNode member = members.first(); member; member = member.next()) {
        const auto reference = fhir::ParseReference(member["entity"]["reference"].text());
        if (reference.type == "Patient" && !member["inactive"].boolean()) {
            plan.patients.emplace_back(reference.id);
        }
    }
    return BeginExport(services, request, std::move(plan));
}

core::Result<Response> BeginImport(const BulkServices& services, const Request& request) {
    KQ_ASSIGN(const auto document, BodyOf(request));
    Job job;
    job.kind = Job::Kind::kImport;
    const JsonNode parameters = document->root()["parameter"];
    for (JsonNode one = parameters.first(); one; one = one.next()) {
        const std::string_view name = one["name"].text();
        if (name == "inputFormat" && !IsNdjson(one["valueCode"].text()) &&
            !IsNdjson(one["valueString"].text())) {
            return MakeError(ErrorCode::kInvalidArgument, "inputFormat", std::string(kNdjson));
        }
        if (name != "input") {
            continue;
        }
        bulk::ImportInput input;
        for (JsonNode part = one["part"].first(); part; part = part.next()) {
            const JsonNode value = part[std::size_t{1}];
            (part["name"].text() == "url" ? input.url : input.type) = value.text();
        }
        if (!input.url.starts_with("http://") && !input.url.starts_with("https://")) {
            return MakeError(ErrorCode::kInvalidArgument, "input.url", "http://...");
        }
        job.import_plan.inputs.push_back(std::move(input));
    }
    const std::size_t count = job.import_plan.inputs.size();
    if (count == 0 || count > bulk::kMaxInputs) {
        return MakeError(
            ErrorCode::kInvalidArgument, "input", "1 .. " + std::to_string(bulk::kMaxInputs)
        );
    }
    return Began(services, request, std::move(job));
}

void WriteOutput(
    JsonWriter& writer,
    std::string_view name,
    const Job& job,
    const std::string& base,
    bool deleted
) {
    writer.Key(name).BeginArray();
    for (const bulk::ExportFile& file : job.export_state.files) {
        if (file.deleted == deleted) {
            writer.BeginObject().Field("type", file.type);
            writer.Field("url", base + std::string(kFilesPath) + job.id + "/" + file.name);
            writer.Field("count", file.count).EndObject();
        }
    }
    writer.EndArray();
}

std::string Manifest(const Job& job, const std::string& base) {
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("transactionTime", core::FormatInstant(job.begun));
    writer.Field("request", job.request).Field("requiresAccessToken", true);
    if (job.kind == Job::Kind::kExport) {
        WriteOutput(writer, "output", job, base, false);
        WriteOutput(writer, "deleted", job, base, true);
    } else {
        writer.Key("output").BeginArray();
        for (const bulk::ImportFile& file : job.import_state.files) {
            writer.BeginObject().Field("type", file.type).Field("inputUrl", file.url);
            writer.Field("count", file.accepted).Field("refused", file.refused).EndObject();
        }
        writer.EndArray();
    }
    writer.Key("error").BeginArray();
    if (!job.import_state.errors.empty()) {
        writer.BeginObject().Field("type", "OperationOutcome");
        writer.Field(
            "url", base + std::string(kFilesPath) + job.id + "/" + job.import_state.errors
        );
        writer.EndObject();
    }
    writer.EndArray().EndObject();
    return body;
}

std::string Progress(const Job& job) {
    if (job.kind == Job::Kind::kExport) {
        return std::to_string(job.export_state.Count()) + " resources in " +
               std::to_string(job.export_state.files.size()) + " files";
    }
    std::int64_t lines = 0;
    for (const bulk::ImportFile& file : job.import_state.files) {
        lines += file.accepted + file.refused;
    }
    return std::to_string(lines) + " lines";
}

core::Result<Response> Status(const BulkServices& services, const Request& request) {
    KQ_ASSIGN(
        const Job job, services.jobs.Find(request.Param("job"), OwnerText(*request.principal))
    );
    if (job.status == Job::Status::kFailed) {
        return job.error.value_or(MakeError(ErrorCode::kInternal, job.id));
    }
    if (job.status == Job::Status::kDone) {
        Response done = Response::Json(Manifest(job, BaseUrl(request)));
        done.Set("Expires", HttpDate(job.ended + bulk::kKeepMs));
        return done;
    }
    Response waiting = FhirAnswer({}, 202);
    waiting.Set("X-Progress", Progress(job));
    waiting.Set("Retry-After", std::string(kLookAgainSeconds));
    return waiting;
}

core::Result<Response> Remove(const BulkServices& services, const Request& request) {
    KQ_TRY(services.jobs.Remove(request.Param("job"), OwnerText(*request.principal)));
    return FhirAnswer(fhir::OperationOutcome({}, request.language), 202);
}

core::Result<Response> File(const BulkServices& services, const Request& request) {
    KQ_ASSIGN(
        std::string text,
        services.jobs.ReadFile(
            request.Param("job"), OwnerText(*request.principal), request.Param("file")
        )
    );
    return Response::Text(std::move(text), std::string(kNdjson));
}

using BulkFamily = RouteFamily<BulkServices>;

void AddExports(BulkFamily& family) {
    struct Level {
        const char* path;
        const char* id;
        BothLanguages text;
        BulkFamily::Handler handler;
    };
    const std::vector<Level> levels = {
        {"/fhir/$export", "bulkExport", {"导出全部资源", "Export all resources"}, ExportSystem},
        {"/fhir/Patient/$export",
         "bulkExportPatients",
         {"导出全部居民的资源", "Export the resources of all residents"},
         ExportPatients},
        {"/fhir/Group/{id}/$export",
         "bulkExportGroup",
         {"导出一组居民的资源", "Export the resources of a group of residents"},
         ExportGroup},
    };
    for (const Level& level : levels) {
        for (const Method method : {Method::kGet, Method::kPost}) {
            const std::string id = level.id;
            Route route = FhirRoute(
                method, level.path, method == Method::kPost ? id + "ByPost" : id, level.text
            );
            route.answer_status = 202;
            route.cost = Cost::kWrite;
            route.parameters = {
                QueryText("_type", {"资源类型，逗号分隔", "Types, separated by commas"}),
                QueryText("_since", {"此刻以后变化的", "Changed since this instant"}),
                QueryText("_typeFilter", {"查询条件", "Searches that select resources"}),
                QueryText("_outputFormat", {"输出格式", "Format of the files"}),
            };
            route.parameters.resize(method == Method::kGet ? route.parameters.size() : 0);
            family.Add(std::move(route), level.handler);
        }
    }
}

}  // namespace

void RegisterBulk(Registry& registry, BulkServices services) {
    BulkFamily family(registry, std::move(services));
    AddExports(family);
    Route import = FhirRoute(
        Method::kPost, "/fhir/$import", "bulkImport", {"导入 NDJSON 文件", "Import NDJSON files"}
    );
    import.answer_status = 202;
    import.ability = "operations";
    family.Add(std::move(import), BeginImport);
    family.Add(
        FhirRoute(
            Method::kGet,
            "/fhir/bulkstatus/{job}",
            "bulkStatus",
            {"导出导入任务的状态", "State of an export or import"}
        ),
        Schema::Any(),
        Status
    );
    Route remove = FhirRoute(
        Method::kDelete,
        "/fhir/bulkstatus/{job}",
        "bulkRemove",
        {"取消任务并删除文件", "Cancel the job and remove its files"}
    );
    remove.answer_status = 202;
    family.Add(std::move(remove), Remove);
    Route file = FhirRoute(
        Method::kGet,
        "/fhir/bulkfiles/{job}/{file}",
        "bulkFile",
        {"任务的一个文件", "A file of the job"}
    );
    file.cost = Cost::kHeavy;
    file.answer = {{std::string(kNdjson), Schema::String()}};
    family.Add(std::move(file), File);
}

}  // namespace kangqu::api
