#include "kangqu/app/files.hpp"
#include "kangqu/app/vocabulary.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"
#include "kangqu/expression/batch.hpp"
#include "kangqu/expression/catalogue.hpp"
#include "kangqu/expression/cql.hpp"
#include "kangqu/expression/explain.hpp"
#include "kangqu/expression/sources.hpp"

#include "commands.hpp"
#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace kangqu::app {

namespace {

// Answers every line of a batch file on stdout, in order.
int Batch(
    const Arguments& arguments,
    const std::function<std::string(std::string_view, const std::string&)>& answer
) {
    const std::string& path = arguments.Get("batch");
    if (path.empty()) {
        std::fprintf(stderr, "kangqu: --batch FILE is needed\n");
        return kWrongUsage;
    }
    const auto file = InputFile::Open(path);
    if (!file.ok()) {
        return Fail(file.error());
    }
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const auto status =
        ForEachLine(**file, [&](std::int64_t, const std::string& text, bool) -> core::Status {
            std::puts(answer(core::WithoutBom(text), folder).c_str());
            return {};
        });
    return status.ok() ? kDone : Fail(status.error());
}

int RunFhirPath(const Arguments& arguments) {
    const core::InstantMs now = core::SystemClock().Now();
    return Batch(arguments, [now](std::string_view line, const std::string& folder) {
        return expression::FhirPathBatchLine(line, folder, now);
    });
}

int RunCqlBatch(const Arguments& arguments) {
    const core::InstantMs now = core::SystemClock().Now();
    return Batch(arguments, [now](std::string_view line, const std::string&) {
        return expression::CqlBatchLine(line, now);
    });
}

// The libraries in the folder of `path`, and those of `more` (a file or folder, may be empty).
core::Result<expression::LibraryTexts>
LibrariesBeside(const std::string& path, const std::string& more) {
    expression::LibraryTexts out;
    std::vector<std::string> files;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(
             folder.empty() ? std::filesystem::path(".") : folder, ignored
         )) {
        if (entry.path().extension() == ".cql") {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    if (!more.empty()) {
        KQ_ASSIGN(const auto others, ExpandPaths({more}));
        files.insert(files.end(), others.begin(), others.end());
    }
    for (const std::string& file : files) {
        KQ_ASSIGN(std::string text, ReadWhole(file));
        KQ_TRY(out.Add(std::move(text)));
    }
    return out;
}

int RunCqlCheck(const Arguments& arguments) {
    bool good = true;
    for (const std::string& path : arguments.operands) {
        const auto text = ReadWhole(path);
        if (!text.ok()) {
            return Fail(text.error());
        }
        const auto includes = LibrariesBeside(path, arguments.Get("library"));
        if (!includes.ok()) {
            return Fail(includes.error());
        }
        const auto library = expression::CompileCql(*text, &*includes);
        if (library.ok()) {
            std::printf("%s: %zu definitions\n", path.c_str(), (*library)->definitions().size());
            continue;
        }
        good = false;
        const core::Language language =
            arguments.Get("lang") == "en" ? core::Language::kEn : core::Language::kZh;
        std::fputs(expression::ExplainCql(library.error(), path, *text, language).c_str(), stderr);
    }
    return good ? kDone : kAnswerIsNo;
}

// Documents of the files named; nodes live as long as this object.
class Resources {
public:
    core::Status AddFile(const std::string& path) {
        if (path.find(".ndjson") == std::string::npos) {
            KQ_ASSIGN(std::string text, ReadWhole(path));
            return AddText(std::move(text));
        }
        KQ_ASSIGN(const auto file, InputFile::Open(path));
        return ForEachLine(*file, [this](std::int64_t, std::string text, bool) {
            return AddText(std::move(text));
        });
    }
    const std::vector<core::JsonNode>& all() const { return nodes_; }

private:
    core::Status AddText(std::string text) {
        KQ_ASSIGN(auto document, core::JsonDocument::Parse(std::move(text)));
        const core::JsonNode root = document->root();
        if (root["resourceType"].text() == "Bundle") {
            for (core::JsonNode entry = root["entry"].first(); entry; entry = entry.next()) {
                nodes_.push_back(entry["resource"]);
            }
        } else {
            nodes_.push_back(root);
        }
        documents_.push_back(std::move(document));
        return {};
    }
    std::vector<std::unique_ptr<const core::JsonDocument>> documents_;
    std::vector<core::JsonNode> nodes_;
};

core::Status CqlRun(const Arguments& arguments) {
    KQ_ASSIGN(std::string text, ReadWhole(arguments.Get("library")));
    KQ_ASSIGN(const auto includes, LibrariesBeside(arguments.Get("library"), {}));
    auto library = expression::CompileCql(std::move(text), &includes);
    if (!library.ok()) {
        core::Error error = std::move(library).error();
        error.where = arguments.Get("library") + ":" + error.where;
        return error;
    }
    Resources resources;
    KQ_ASSIGN(const auto files, ExpandPaths({arguments.Get("resources")}));
    for (const std::string& file : files) {
        KQ_TRY(resources.AddFile(file));
    }
    const core::SystemClock clock;
    terminology::Terminology vocabulary(clock);
    if (!arguments.Get("valuesets").empty()) {
        KQ_TRY(AddTerminologyFiles({arguments.Get("valuesets")}, vocabulary));
    }
    const expression::CatalogueValueSets value_sets(vocabulary.now());
    expression::CqlRunOptions options;
    options.environment.value_sets = &value_sets;
    options.environment.now =
        core::Temporal::OfInstant(core::SystemClock().Now(), core::kChinaOffsetMinutes);
    const auto from = core::ParseDate(arguments.Get("from"));
    const auto to = core::ParseDate(arguments.Get("to"));
    if (from && to) {
        options.period = std::pair(*from, *to);
    }
    return expression::CqlRunCsv(
        **library,
        expression::GroupByPatient(resources.all()),
        options,
        [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stdout); }
    );
}

int RunCqlRun(const Arguments& arguments) {
    if (arguments.Get("library").empty() || arguments.Get("resources").empty()) {
        std::fprintf(stderr, "kangqu: cql run needs --library and --resources\n");
        return kWrongUsage;
    }
    const auto status = CqlRun(arguments);
    return status.ok() ? kDone : Fail(status.error());
}

}  // namespace

void AddExpressionCommands(std::vector<Command>& commands) {
    const Option batch = {"batch", "FILE", "", "NDJSON, a line in, a line out"};
    commands.push_back(
        {"fhirpath", "", "evaluate FHIRPath expressions line by line", {batch}, 0, 0, RunFhirPath}
    );
    commands.push_back(
        {"cql", "", "evaluate CQL expressions line by line", {batch}, 0, 0, RunCqlBatch}
    );
    commands.push_back(
        {"cql check",
         "FILE...",
         "type-check CQL libraries and explain what is wrong",
         {{"library", "PATH", "", "libraries to include, beside those in the folder of the file"},
          {"lang", "zh|en", "zh", "language of the explanation"}},
         1,
         1'000,
         RunCqlCheck}
    );
    commands.push_back(
        {"cql run",
         "",
         "evaluate every definition for every patient and print CSV",
         {{"library", "FILE", "", "CQL library"},
          {"resources", "PATH", "", "NDJSON, JSON or bundles, or a folder of them"},
          {"valuesets", "PATH", "", "value sets and code systems, a file or a folder of them"},
          {"from", "DATE", "", "first day of \"Measurement Period\""},
          {"to", "DATE", "", "its last day, included"}},
         0,
         0,
         RunCqlRun}
    );
}

}  // namespace kangqu::app
