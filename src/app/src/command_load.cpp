#include "kangqu/api/client.hpp"
#include "kangqu/app/files.hpp"
#include "kangqu/app/load.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/core/json.hpp"

#include "commands.hpp"
#include <chrono>
#include <cstdio>
#include <thread>

#include <unistd.h>

namespace kangqu::app {

namespace {

// How long one send to a running server may take: a full batch behind other work.
constexpr int kSendTimeoutMs = 600'000;

// A sink to the server that owns the folder. Each thread keeps a connection of its own.
LoadSink RemoteSink(const std::string& socket) {
    return [socket](const std::vector<records::LoadLine>& lines
           ) -> core::Result<std::vector<records::LoadAnswer>> {
        const auto client = api::Client::ForSocket(socket, kSendTimeoutMs);
        KQ_ASSIGN(
            const api::Response answer,
            client->Post("/internal/load", "application/octet-stream", EncodeLines(lines))
        );
        if (answer.status != 200) {
            return core::MakeError(core::ErrorCode::kInternal, answer.body.substr(0, 500));
        }
        return DecodeAnswers(answer.body);
    };
}

// Plain lines now and then, or one line rewritten on a terminal.
std::function<void(std::int64_t, std::int64_t)> Progress() {
    const bool terminal = isatty(STDERR_FILENO) == 1;
    const auto started = std::chrono::steady_clock::now();
    auto last = started;
    return [terminal, started, last](std::int64_t lines, std::int64_t resources) mutable {
        const auto now = std::chrono::steady_clock::now();
        if (now - last < std::chrono::milliseconds(terminal ? 200 : 5'000)) {
            return;
        }
        last = now;
        const double seconds = std::chrono::duration<double>(now - started).count();
        std::fprintf(
            stderr,
            "%sload: %lld lines, %lld resources, %.0f resources/s%s",
            terminal ? "\r" : "",
            static_cast<long long>(lines),
            static_cast<long long>(resources),
            static_cast<double>(resources) / seconds,
            terminal ? "" : "\n"
        );
    };
}

void PrintSummary(
    const LoadSummary& summary,
    double seconds,
    bool json,
    const std::string& refused_file
) {
    if (json) {
        std::string out;
        core::JsonWriter writer(out);
        writer.BeginObject().Field("lines", summary.lines).Field("refused", summary.refused);
        writer.Field("resources", summary.resources).Key("seconds").Double(seconds);
        writer.Key("types").BeginObject();
        for (const auto& [type, counts] : summary.by_type) {
            writer.Key(type).BeginObject().Field("created", counts[0]).Field("updated", counts[1]);
            writer.Field("unchanged", counts[2]).Field("deleted", counts[3]).EndObject();
        }
        writer.EndObject().EndObject();
        std::puts(out.c_str());
        return;
    }
    std::printf(
        "%-28s %10s %10s %10s %10s\n", "type", "created", "updated", "unchanged", "deleted"
    );
    for (const auto& [type, counts] : summary.by_type) {
        std::printf(
            "%-28s %10lld %10lld %10lld %10lld\n",
            type.c_str(),
            static_cast<long long>(counts[0]),
            static_cast<long long>(counts[1]),
            static_cast<long long>(counts[2]),
            static_cast<long long>(counts[3])
        );
    }
    std::printf(
        "%lld lines, %lld resources, %lld refused, %.1f s, %.0f resources/s\n",
        static_cast<long long>(summary.lines),
        static_cast<long long>(summary.resources),
        static_cast<long long>(summary.refused),
        seconds,
        static_cast<double>(summary.resources) / seconds
    );
    if (summary.refused > 0) {
        std::printf("refused lines and reasons: %s\n", refused_file.c_str());
    }
}

int LoadThrough(const Arguments& arguments, const LoadSink& sink, Platform* platform) {
    const auto files = ExpandPaths(arguments.operands);
    if (!files.ok()) {
        return Fail(files.error());
    }
    LoadOptions options;
    options.refused_file = arguments.Get("refused");
    // Most of them wait for a flush at any time.
    options.threads = static_cast<int>(2 * std::thread::hardware_concurrency() + 2);
    options.progress = Progress();
    const auto started = std::chrono::steady_clock::now();
    LoadPipeline pipeline(options, sink);
    for (const std::string& file : *files) {
        const auto added = pipeline.AddFile(file);
        if (!added.ok()) {
            const auto ended = pipeline.Finish();
            return Fail(ended.ok() ? added.error() : ended.error());
        }
    }
    const auto summary = pipeline.Finish();
    if (!summary.ok()) {
        return Fail(summary.error());
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    PrintSummary(*summary, seconds, arguments.Has("json"), options.refused_file);
    if (platform != nullptr && !arguments.Has("json")) {
        const store::StoreFigures figures = platform->store().figures();
        std::printf(
            "flush: median %.2f ms, p99 %.2f ms, %lld commits\n",
            figures.flush_ms_median,
            figures.flush_ms_p99,
            static_cast<long long>(figures.commits)
        );
    }
    return summary->refused > 0 ? kAnswerIsNo : kDone;
}

int RunLoad(const Arguments& arguments) {
    const auto folder = DataFolder(arguments.Get("data"), arguments.Get("database"));
    if (!folder.ok()) {
        return Fail(folder.error());
    }
    auto platform = Platform::Open(arguments.Get("data"), arguments.Get("database"));
    if (platform.ok()) {
        Platform& here = **platform;
        return LoadThrough(
            arguments,
            [&here](const std::vector<records::LoadLine>& lines) {
                return here.records().Load(search::Restriction::System(), lines);
            },
            &here
        );
    }
    if (platform.error().code != core::ErrorCode::kStoreLocked) {
        return Fail(platform.error());
    }
    return LoadThrough(arguments, RemoteSink(SocketOf(*folder)), nullptr);
}

}  // namespace

void AddLoadCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"load",
         "PATH...",
         "load NDJSON, JSON and bundles, also .gz .bz2 .xz, and folders of them",
         {DataOption(),
          DatabaseOption(),
          {"refused", "FILE", "refused.ndjson", "where refused lines and their reasons go"},
          {"json", "", "", "print the counts as JSON"}},
         1,
         10'000,
         RunLoad}
    );
}

}  // namespace kangqu::app
