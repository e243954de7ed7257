#include "kangqu/api/client.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/store/image.hpp"

#include "commands.hpp"
#include "routes_store.hpp"
#include <cstdio>
#include <filesystem>

namespace kangqu::app {

namespace {

// A backup or a check through a running server ends when the whole of it is done.
constexpr int kServerTimeoutMs = 24 * 3600 * 1000;

core::Result<std::unique_ptr<const core::JsonDocument>>
AskServer(const Arguments& arguments, const std::string& target, const std::string& body) {
    KQ_ASSIGN(
        const std::string folder, DataFolder(arguments.Get("data"), arguments.Get("database"))
    );
    const auto client = api::Client::ForSocket(SocketOf(folder), kServerTimeoutMs);
    KQ_ASSIGN(const api::Response answer, client->Post(target, "application/json", body));
    if (answer.status != 200) {
        return core::MakeError(core::ErrorCode::kInternal, answer.body.substr(0, 500));
    }
    return core::JsonDocument::Parse(answer.body);
}

void Print(const store::ImageFigures& figures, const std::string& what, bool json) {
    if (json) {
        std::string out;
        core::JsonWriter writer(out);
        WriteImageFigures(writer, figures);
        std::puts(out.c_str());
        return;
    }
    std::printf(
        "%s: %lld records in %lld versions up to change %lld, digest %016llx\n",
        what.c_str(),
        static_cast<long long>(figures.records),
        static_cast<long long>(figures.versions),
        static_cast<long long>(figures.position),
        static_cast<unsigned long long>(figures.digest)
    );
}

store::ImageFigures FiguresIn(core::JsonNode root) {
    const auto number = [&](std::string_view name) {
        return root[name].integer().value_or(0);
    };
    store::ImageFigures figures;
    figures.position = number("position");
    figures.versions = number("versions");
    figures.records = number("records");
    figures.reserved = number("reserved");
    figures.texts = number("texts");
    figures.values = number("values");
    figures.digest = std::strtoull(std::string(root["digest"].text()).c_str(), nullptr, 10);
    return figures;
}

store::ImageProgress Progress(const char* what) {
    return [what, last = std::int64_t{0}](std::int64_t done, std::int64_t) mutable {
        constexpr std::int64_t kEvery = 200'000;
        if (done / kEvery != last / kEvery) {
            std::fprintf(stderr, "%s: %lld versions\n", what, static_cast<long long>(done));
        }
        last = done;
    };
}

int RunBackup(const Arguments& arguments) {
    if (arguments.Get("out").empty()) {
        std::fprintf(stderr, "kangqu: backup needs --out FILE\n");
        return kWrongUsage;
    }
    std::error_code error;
    const std::string file = std::filesystem::absolute(arguments.Get("out"), error).string();
    auto platform = Platform::Open(arguments.Get("data"), arguments.Get("database"));
    if (!platform.ok() && platform.error().code != core::ErrorCode::kStoreLocked) {
        return Fail(platform.error());
    }
    if (platform.ok()) {
        const auto figures = BackupHere(**platform, file);
        if (!figures.ok()) {
            return Fail(figures.error());
        }
        Print(*figures, file, arguments.Has("json"));
        return kDone;
    }
    std::string body;
    core::JsonWriter(body).BeginObject().Field("file", file).EndObject();
    const auto answer = AskServer(arguments, "/internal/backup", body);
    if (!answer.ok()) {
        return Fail(answer.error());
    }
    Print(FiguresIn((*answer)->root()), file, arguments.Has("json"));
    return kDone;
}

core::Result<store::RestorePoint> PointOf(const Arguments& arguments) {
    store::RestorePoint point;
    if (!arguments.Get("upto").empty()) {
        KQ_ASSIGN(point.upto, arguments.Integer("upto", 1, INT64_MAX));
    }
    if (!arguments.Get("at").empty()) {
        const auto at = core::ParseInstant(arguments.Get("at"));
        if (!at) {
            return core::MakeError(
                core::ErrorCode::kInvalidArgument, "--at", "YYYY-MM-DDThh:mm:ss+08:00"
            );
        }
        point.at = *at;
    }
    return point;
}

int RunRestore(const Arguments& arguments) {
    const std::string& file = arguments.operands[0];
    const auto point = PointOf(arguments);
    if (!point.ok()) {
        std::fprintf(stderr, "kangqu: %s\n", point.error().Line().c_str());
        return kWrongUsage;
    }
    // Read through once before anything is written: a damaged file must not leave half a store.
    const auto sound = store::FiguresOfBackup(file);
    if (!sound.ok()) {
        return Fail(sound.error());
    }
    auto platform = Platform::Open(arguments.Get("data"), arguments.Get("database"));
    if (!platform.ok()) {
        return Fail(platform.error());
    }
    store::Store& store = (*platform)->store();
    const auto restored = store::Restore(file, store, *point, Progress("restore"));
    if (!restored.ok()) {
        return Fail(restored.error());
    }
    const auto now = store::FiguresOf(store);
    if (!now.ok()) {
        return Fail(now.error());
    }
    if (now->digest != restored->digest || now->versions != restored->versions) {
        return Fail(core::MakeError(core::ErrorCode::kStoreCorrupt, "restored otherwise than read")
        );
    }
    Print(*now, "restored", arguments.Has("json"));
    return kDone;
}

int RunCopy(const Arguments& arguments) {
    const std::string& from = arguments.Get("from");
    const std::string& to = arguments.Get("to");
    if (from.empty() || to.empty() || from == to) {
        std::fprintf(stderr, "kangqu: copy needs --from URL and --to another URL\n");
        return kWrongUsage;
    }
    // Each in a folder of its own: that of its file, or one beside the data for a database.
    auto source = Platform::Open(arguments.Get("data") + "/copy-from", from);
    auto target = Platform::Open(arguments.Get("data") + "/copy-to", to);
    for (const auto* platform : {&source, &target}) {
        if (!platform->ok()) {
            return Fail(platform->error());
        }
    }
    const auto copied = store::Copy((*source)->store(), (*target)->store(), Progress("copy"));
    if (!copied.ok()) {
        return Fail(copied.error());
    }
    const auto there = store::FiguresOf((*target)->store());
    if (!there.ok()) {
        return Fail(there.error());
    }
    Print(*copied, "from", arguments.Has("json"));
    Print(*there, "to", arguments.Has("json"));
    return *copied == *there ? kDone : kAnswerIsNo;
}

int PrintFaults(const std::vector<std::string>& faults) {
    for (const std::string& fault : faults) {
        std::printf("%s\n", fault.c_str());
    }
    std::printf("check: %zu faults\n", faults.size());
    return faults.empty() ? kDone : kAnswerIsNo;
}

int RunCheck(const Arguments& arguments) {
    auto platform = Platform::Open(arguments.Get("data"), arguments.Get("database"));
    if (platform.ok()) {
        const auto faults = CheckHere(**platform, arguments.Has("repair"));
        return faults.ok() ? PrintFaults(*faults) : Fail(faults.error());
    }
    if (platform.error().code != core::ErrorCode::kStoreLocked) {
        return Fail(platform.error());
    }
    const auto answer = AskServer(
        arguments, "/internal/check", arguments.Has("repair") ? R"({"repair":true})" : "{}"
    );
    if (!answer.ok()) {
        return Fail(answer.error());
    }
    std::vector<std::string> faults;
    for (core::JsonNode one = (*answer)->root().first(); one; one = one.next()) {
        faults.emplace_back(one.text());
    }
    return PrintFaults(faults);
}

}  // namespace

void AddStoreCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"backup",
         "",
         "write the whole store into one file; works beside a running serve",
         {DataOption(),
          DatabaseOption(),
          {"out", "FILE", "", "file to write, new"},
          {"json", "", "", "print the figures as JSON"}},
         0,
         0,
         RunBackup}
    );
    commands.push_back(
        {"restore",
         "FILE",
         "fill an empty store from a backup, whole or up to a point",
         {DataOption(),
          DatabaseOption(),
          {"upto", "N", "", "stop behind change N"},
          {"at", "TIME", "", "stop behind the last change up to this time"},
          {"json", "", "", "print the figures as JSON"}},
         1,
         1,
         RunRestore}
    );
    commands.push_back(
        {"copy",
         "",
         "copy a store into an empty one of either database, and compare the two",
         {DataOption(),
          {"from", "URL", "", "sqlite:DIR/kangqu.db or postgresql://..."},
          {"to", "URL", "", "the same, empty"},
          {"json", "", "", "print the figures as JSON"}},
         0,
         0,
         RunCopy}
    );
    commands.push_back(
        {"check",
         "",
         "verify the store: pages, feed, bodies, search rows; works beside a running serve",
         {DataOption(),
          DatabaseOption(),
          {"repair", "", "", "first make all search rows anew from the records"}},
         0,
         0,
         RunCheck}
    );
}

}  // namespace kangqu::app
