#include "kangqu/api/client.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/bulk/export.hpp"

#include "commands.hpp"
#include "routes_export.hpp"
#include <cstdio>
#include <filesystem>
#include <map>

namespace kangqu::app {

namespace {

// An export through a running server ends with the whole of it written.
constexpr int kExportTimeoutMs = 24 * 3600 * 1000;

void PrintFiles(const bulk::ExportState& state, const std::string& folder, bool json) {
    std::map<std::string, std::int64_t> counts;
    for (const bulk::ExportFile& file : state.files) {
        counts[file.deleted ? "deleted" : file.type] += file.count;
    }
    if (json) {
        std::string out;
        core::JsonWriter writer(out);
        writer.BeginObject().Field("folder", folder);
        writer.Field("files", static_cast<std::int64_t>(state.files.size()));
        writer.Key("types").BeginObject();
        for (const auto& [type, count] : counts) {
            writer.Field(type, count);
        }
        writer.EndObject().EndObject();
        std::puts(out.c_str());
        return;
    }
    for (const auto& [type, count] : counts) {
        std::printf("%-28s %10lld\n", type.c_str(), static_cast<long long>(count));
    }
    std::printf(
        "%lld resources in %zu files in %s\n",
        static_cast<long long>(state.Count()),
        state.files.size(),
        folder.c_str()
    );
}

core::Result<bulk::ExportPlan> PlanOf(const Arguments& arguments) {
    bulk::ExportPlan plan;
    std::string_view types = arguments.Get("types");
    while (!types.empty()) {
        const std::string_view type = types.substr(0, types.find(','));
        types.remove_prefix(std::min(types.size(), type.size() + 1));
        plan.types.emplace_back(type);
    }
    if (!arguments.Get("since").empty()) {
        plan.since = core::ParseInstant(arguments.Get("since"));
        if (const auto date = core::ParseDate(arguments.Get("since"))) {
            plan.since = core::ParseInstant(core::FormatDate(*date) + "T00:00:00+08:00");
        }
        if (!plan.since) {
            return core::MakeError(
                core::ErrorCode::kInvalidArgument, "--since", "YYYY-MM-DD[Thh:mm:ss+08:00]"
            );
        }
    }
    KQ_TRY(bulk::CheckPlan(plan));
    return plan;
}

core::Result<bulk::ExportState>
ThroughServer(const std::string& socket, const bulk::ExportPlan& plan, const std::string& folder) {
    const auto client = api::Client::ForSocket(socket, kExportTimeoutMs);
    KQ_ASSIGN(
        const api::Response answer,
        client->Post("/internal/export", "application/json", EncodeExport(plan, folder))
    );
    if (answer.status != 200) {
        return core::MakeError(core::ErrorCode::kInternal, answer.body.substr(0, 500));
    }
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(answer.body));
    return bulk::ReadState(document->root());
}

int RunExportCommand(const Arguments& arguments) {
    const std::string& out = arguments.Get("out");
    const auto plan = PlanOf(arguments);
    if (out.empty() || !plan.ok()) {
        std::fprintf(
            stderr,
            "kangqu: %s\n",
            out.empty() ? "export needs --out DIR" : plan.error().Line().c_str()
        );
        return kWrongUsage;
    }
    std::error_code error;
    std::filesystem::create_directories(out, error);
    const std::string folder = std::filesystem::absolute(out, error).string();
    if (error || !std::filesystem::is_empty(folder, error)) {
        return Fail(core::MakeError(core::ErrorCode::kFileUnwritable, out, "must be empty"));
    }
    const auto data = DataFolder(arguments.Get("data"), arguments.Get("database"));
    if (!data.ok()) {
        return Fail(data.error());
    }
    auto platform = Platform::Open(arguments.Get("data"), arguments.Get("database"));
    if (!platform.ok() && platform.error().code != core::ErrorCode::kStoreLocked) {
        return Fail(platform.error());
    }
    const auto state = platform.ok() ? ExportHere(**platform, *plan, folder)
                                     : ThroughServer(SocketOf(*data), *plan, folder);
    if (!state.ok()) {
        return Fail(state.error());
    }
    PrintFiles(*state, folder, arguments.Has("json"));
    return kDone;
}

}  // namespace

void AddExportCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"export",
         "",
         "write all records as FHIR NDJSON, one file or more a type; works beside a running serve",
         {DataOption(),
          DatabaseOption(),
          {"out", "DIR", "", "folder to write, empty or new"},
          {"types", "LIST", "", "only these types, separated by commas"},
          {"since", "TIME", "", "only what changed since then, deletions too"},
          {"json", "", "", "print the counts as JSON"}},
         0,
         0,
         RunExportCommand}
    );
}

}  // namespace kangqu::app
