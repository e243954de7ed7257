#include "kangqu/app/files.hpp"
#include "kangqu/app/vocabulary.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/measure/pack_test.hpp"
#include "kangqu/measure/report.hpp"
#include "kangqu/measure/subject.hpp"

#include "commands.hpp"
#include <cstdio>
#include <filesystem>
#include <map>

namespace kangqu::app {

namespace {

bool HasFolder(const std::string& pack, const char* name) {
    return std::filesystem::exists(std::filesystem::path(pack) / name);
}

// Name and version of any pack, measures or not.
core::Result<std::string> TitleOf(const std::string& folder) {
    KQ_ASSIGN(const std::string text, ReadWhole(folder + "/package.json"));
    KQ_ASSIGN(const auto manifest, core::JsonDocument::Parse(text));
    const core::JsonNode root = manifest->root();
    if (root["name"].text().empty() || root["version"].text().empty()) {
        return core::At(
            core::MakeError(core::ErrorCode::kPackInvalid, folder, "name, version"),
            folder + "/package.json"
        );
    }
    return std::string(root["name"].text()) + " " + std::string(root["version"].text());
}

// What is in a pack, in words: "1 measures", "14 terminology resources".
core::Result<std::string> CheckPack(const std::string& folder) {
    KQ_ASSIGN(std::string line, TitleOf(folder));
    const bool vocabulary = HasFolder(folder, "terminology");
    if (HasFolder(folder, "measures") || !vocabulary) {
        KQ_ASSIGN(const measure::Pack pack, measure::LoadPack(folder));
        line += ": " + std::to_string(pack.measures.size()) + " measures";
    }
    if (vocabulary) {
        KQ_ASSIGN(const std::size_t count, CheckPackTerminology(folder));
        line += ": " + std::to_string(count) + " terminology resources";
    }
    return line;
}

int RunPackCheck(const Arguments& arguments) {
    const auto line = CheckPack(arguments.operands[0]);
    if (!line.ok()) {
        Fail(line.error());
        return kAnswerIsNo;
    }
    std::puts(line->c_str());
    return kDone;
}

// Value sets of the packs beside this one and of its own.
core::Result<std::shared_ptr<const terminology::Catalogue>> CatalogueBeside(
    const std::string& folder
) {
    static const core::SystemClock clock;
    const std::filesystem::path path = std::filesystem::absolute(folder).lexically_normal();
    const auto parent =
        path.filename().empty() ? path.parent_path().parent_path() : path.parent_path();
    KQ_ASSIGN(const auto terminology, LoadTerminology(parent.string(), clock));
    return terminology->now();
}

int RunPackTest(const Arguments& arguments) {
    const auto pack = measure::LoadPack(arguments.operands[0]);
    if (!pack.ok()) {
        Fail(pack.error());
        return kAnswerIsNo;
    }
    const auto catalogue = CatalogueBeside(arguments.operands[0]);
    if (!catalogue.ok()) {
        return Fail(catalogue.error());
    }
    const auto outcome = measure::RunPackTests(*pack, *catalogue);
    if (!outcome.ok()) {
        return Fail(outcome.error());
    }
    for (const std::string& failure : outcome->failures) {
        std::printf("%s\n", failure.c_str());
    }
    std::printf(
        "%lld passed, %zu failed\n",
        static_cast<long long>(outcome->passed),
        outcome->failures.size()
    );
    return outcome->failures.empty() && outcome->passed > 0 ? kDone : kAnswerIsNo;
}

int RunPackList(const Arguments& arguments) {
    const auto packs = measure::LoadPacks(arguments.Get("packs"));
    if (!packs.ok()) {
        return Fail(packs.error());
    }
    for (const measure::Pack& pack : *packs) {
        std::printf("%-28s %-12s", pack.name.c_str(), pack.version.c_str());
        for (const measure::Measure& measure : pack.measures) {
            std::printf(" %s", measure.id.c_str());
        }
        std::printf("\n");
    }
    return kDone;
}

// Residents of the files named, by the id of their Patient.
class Subjects {
public:
    core::Status AddFile(const std::string& path) {
        KQ_ASSIGN(const auto file, InputFile::Open(path));
        if (path.find(".ndjson") == std::string::npos) {
            KQ_ASSIGN(const std::string text, ReadWhole(path));
            return AddText(text);
        }
        return ForEachLine(*file, [this](std::int64_t, const std::string& text, bool) {
            return AddText(text);
        });
    }
    const std::map<std::string, measure::SubjectRecords>& all() const { return subjects_; }

private:
    core::Status AddText(const std::string& text) {
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(text));
        const core::JsonNode root = document->root();
        if (root["resourceType"].text() != "Bundle") {
            return AddResource(root);
        }
        for (core::JsonNode entry = root["entry"].first(); entry; entry = entry.next()) {
            KQ_TRY(AddResource(entry["resource"]));
        }
        return {};
    }
    core::Status AddResource(core::JsonNode resource) {
        std::string patient;
        if (resource["resourceType"].text() == "Patient") {
            patient = resource["id"].text();
        }
        const auto references =
            patient.empty() ? fhir::ReferencesOf(resource) : std::vector<core::JsonNode>{};
        for (const core::JsonNode node : references) {
            const fhir::Reference reference = fhir::ParseReference(node.text());
            if (patient.empty() && reference.type == "Patient") {
                patient = reference.id;
            }
        }
        return patient.empty() ? core::Status{} : subjects_[patient].Add(resource.raw());
    }
    std::map<std::string, measure::SubjectRecords> subjects_;
};

core::Result<measure::Measure> ReadMeasure(const Arguments& arguments) {
    KQ_ASSIGN(const std::string json, ReadWhole(arguments.Get("measure")));
    std::vector<std::string> libraries;
    KQ_ASSIGN(const std::string text, ReadWhole(arguments.Get("library")));
    libraries.push_back(text);
    return measure::MakeMeasure(json, libraries, arguments.Get("measure"));
}

core::Status
Judge(const Arguments& arguments, const measure::Measure& measure, const measure::Period& period) {
    Subjects subjects;
    KQ_ASSIGN(const auto files, ExpandPaths({arguments.Get("resources")}));
    for (const std::string& file : files) {
        KQ_TRY(subjects.AddFile(file));
    }
    const core::SystemClock clock;
    terminology::Terminology vocabulary(clock);
    if (!arguments.Get("valuesets").empty()) {
        KQ_TRY(AddTerminologyFiles({arguments.Get("valuesets")}, vocabulary));
    }
    KQ_ASSIGN(
        const auto judge,
        measure::SubjectJudge::Make(measure, period, clock.Now(), vocabulary.now())
    );
    std::vector<std::uint8_t> standings;
    for (const auto& [id, records] : subjects.all()) {
        if (!records.patient()) {
            continue;
        }
        KQ_ASSIGN(const auto result, judge->Judge(records));
        standings.push_back(result.populations);
        if (arguments.Has("subjects")) {
            std::puts(measure::IndividualReport(measure, period, id, result.populations).c_str());
        }
    }
    if (!arguments.Has("subjects")) {
        std::puts(measure::SummaryReport(measure, period, standings).c_str());
    }
    return {};
}

int RunMeasure(const Arguments& arguments) {
    const auto from = core::ParseDate(arguments.Get("from"));
    const auto to = core::ParseDate(arguments.Get("to"));
    if (!from || !to || *to < *from || arguments.Get("measure").empty() ||
        arguments.Get("library").empty() || arguments.Get("resources").empty()) {
        std::fprintf(
            stderr, "kangqu: measure run needs --measure, --library, --resources, --from and --to\n"
        );
        return kWrongUsage;
    }
    const auto measure = ReadMeasure(arguments);
    if (!measure.ok()) {
        return Fail(measure.error());
    }
    const auto status = Judge(arguments, *measure, {*from, *to});
    return status.ok() ? kDone : Fail(status.error());
}

}  // namespace

void AddPackCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"pack check", "DIR", "check a pack: resources, CQL, texts", {}, 1, 1, RunPackCheck}
    );
    commands.push_back({"pack test", "DIR", "run the tests of a pack", {}, 1, 1, RunPackTest});
    commands.push_back(
        {"pack list", "", "list the packs and their measures", {PacksOption()}, 0, 0, RunPackList}
    );
    commands.push_back(
        {"measure run",
         "",
         "evaluate a measure over files and print a FHIR MeasureReport",
         {{"measure", "FILE", "", "FHIR Measure"},
          {"library", "FILE", "", "its CQL library"},
          {"resources", "PATH", "", "NDJSON, JSON or bundles, or a folder of them"},
          {"valuesets", "PATH", "", "value sets and code systems, a file or a folder of them"},
          {"from", "DATE", "", "first day"},
          {"to", "DATE", "", "last day, included"},
          {"subjects", "", "", "one individual report a line"}},
         0,
         0,
         RunMeasure}
    );
}

}  // namespace kangqu::app
