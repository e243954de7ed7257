#include "kangqu/app/vocabulary.hpp"

#include "kangqu/app/files.hpp"
#include "kangqu/core/json.hpp"

#include <algorithm>
#include <filesystem>

namespace kangqu::app {

namespace {

using core::JsonNode;
using terminology::Layer;
using terminology::Terminology;

bool IsTerminology(std::string_view type) {
    return type == "CodeSystem" || type == "ValueSet" || type == "ConceptMap";
}

core::Status
AddText(const std::string& text, const std::string& where, std::vector<Terminology::Source>& out) {
    auto document = core::JsonDocument::Parse(text);
    if (!document.ok()) {
        return core::At(std::move(document).error(), where);
    }
    const JsonNode root = (*document)->root();
    if (root["resourceType"].text() != "Bundle") {
        if (IsTerminology(root["resourceType"].text())) {
            out.push_back({text, where});
        }
        return {};
    }
    const JsonNode entries = root["entry"];
    for (JsonNode entry = entries.first(); entry; entry = entry.next()) {
        if (IsTerminology(entry["resource"]["resourceType"].text())) {
            out.push_back({std::string(entry["resource"].raw()), where});
        }
    }
    return {};
}

}  // namespace

core::Result<std::unique_ptr<Terminology>>
LoadTerminology(const std::string& packs_folder, const core::Clock& clock) {
    auto out = std::make_unique<Terminology>(clock);
    std::vector<std::string> folders;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(packs_folder, error)) {
        if (std::filesystem::exists(entry.path() / "terminology")) {
            folders.push_back(entry.path().string());
        }
    }
    std::sort(folders.begin(), folders.end());
    for (const std::string& folder : folders) {
        KQ_ASSIGN(auto sources, terminology::ReadPackTerminology(folder));
        KQ_TRY(out->Add(Layer::kPack, std::move(sources)));
    }
    return out;
}

core::Status AddTerminologyFiles(const std::vector<std::string>& paths, Terminology& terminology) {
    KQ_ASSIGN(const auto files, ExpandPaths(paths));
    std::vector<Terminology::Source> sources;
    for (const std::string& path : files) {
        if (path.ends_with(".tsv")) {
            KQ_ASSIGN(const std::string text, ReadWhole(path));
            KQ_ASSIGN(auto resources, terminology::ReadTable(text, path));
            std::move(resources.begin(), resources.end(), std::back_inserter(sources));
            continue;
        }
        if (path.find(".ndjson") == std::string::npos) {
            KQ_ASSIGN(const std::string text, ReadWhole(path));
            KQ_TRY(AddText(text, path, sources));
            continue;
        }
        KQ_ASSIGN(const auto file, InputFile::Open(path));
        KQ_TRY(ForEachLine(*file, [&](std::int64_t, const std::string& text, bool) {
            return AddText(text, path, sources);
        }));
    }
    return terminology.Add(Layer::kPack, std::move(sources));
}

core::Result<std::size_t> CheckPackTerminology(const std::string& folder) {
    const core::SystemClock clock;
    Terminology terminology(clock);
    KQ_ASSIGN(auto sources, terminology::ReadPackTerminology(folder));
    const std::size_t count = sources.size();
    KQ_TRY(terminology.Add(Layer::kPack, std::move(sources)));
    const auto errors = terminology.now()->Check(Layer::kPack);
    return errors.empty() ? core::Result<std::size_t>(count)
                          : core::Result<std::size_t>(errors.front());
}

}  // namespace kangqu::app
