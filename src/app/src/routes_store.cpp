#include "routes_store.hpp"

#include "reindex.hpp"

namespace kangqu::app {

namespace {

constexpr int kDeadlineMs = 24 * 3600 * 1000;
// First the tables from the lists, which mends what a disk did; then the lists from the records,
// which mends what an older program wrote.
core::Status Repair(Platform& platform) {
    KQ_TRY(platform.store().Repair());
    return Reindex(platform);
}

api::Route Socket(std::string_view path, std::string_view id, api::BothLanguages summary) {
    api::Route route;
    route.method = api::Method::kPost;
    route.path = path;
    route.id = id;
    route.summary = std::move(summary);
    route.request = {{"application/json", api::Schema::Any()}};
    route.answer = {{"application/json", api::Schema::Any()}};
    route.needs = api::Needs::kSocketOnly;
    route.cost = api::Cost::kHeavy;
    route.deadline_ms = kDeadlineMs;
    return route;
}

}  // namespace

core::Result<store::ImageFigures> BackupHere(Platform& platform, const std::string& file) {
    return store::Backup(platform.store(), file);
}

core::Result<std::vector<std::string>> CheckHere(Platform& platform, bool repair) {
    if (repair) {
        KQ_TRY(Repair(platform));
    }
    KQ_ASSIGN(std::vector<std::string> faults, platform.store().Check());
    for (const store::IndexState& state : platform.store().index_states()) {
        if (state.lacks_upto > 0 && !platform.index_complete()) {
            faults.push_back(
                "index: " + state.name + " lacks rows of changes up to " +
                std::to_string(state.lacks_upto) + "; check --repair makes them"
            );
        }
    }
    return faults;
}

void WriteImageFigures(core::JsonWriter& out, const store::ImageFigures& figures) {
    out.BeginObject().Field("position", figures.position).Field("versions", figures.versions);
    out.Field("records", figures.records).Field("reserved", figures.reserved);
    out.Field("texts", figures.texts).Field("values", figures.values);
    out.Field("digest", std::to_string(figures.digest)).EndObject();
}

void RegisterStore(api::Registry& registry, Platform& platform) {
    api::Route backup = Socket(
        "/internal/backup",
        "backupFile",
        {"备份到本机文件（仅供本机命令行）",
         "Backup into a file of this machine, for its command line"}
    );
    backup.handler = [&platform](const api::Request& request) -> core::Result<api::Response> {
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(request.body));
        KQ_ASSIGN(
            const auto figures, BackupHere(platform, std::string(document->root()["file"].text()))
        );
        std::string body;
        core::JsonWriter writer(body);
        WriteImageFigures(writer, figures);
        return api::Response::Json(std::move(body));
    };
    registry.Add(std::move(backup));
    api::Route check = Socket(
        "/internal/check",
        "checkStore",
        {"检查存储（仅供本机命令行）", "Check of the store, for the command line of this machine"}
    );
    check.handler = [&platform](const api::Request& request) -> core::Result<api::Response> {
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(request.body));
        KQ_ASSIGN(const auto faults, CheckHere(platform, document->root()["repair"].boolean()));
        std::string body;
        core::JsonWriter writer(body);
        writer.BeginArray();
        for (const std::string& fault : faults) {
            writer.String(fault);
        }
        writer.EndArray();
        return api::Response::Json(std::move(body));
    };
    registry.Add(std::move(check));
}

}  // namespace kangqu::app
