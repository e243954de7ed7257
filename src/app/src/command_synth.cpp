#include "kangqu/app/files.hpp"
#include "kangqu/synth/persons.hpp"
#include "kangqu/synth/synth.hpp"

#include "commands.hpp"
#include <algorithm>
#include <cstdio>
#include <thread>

namespace kangqu::app {

namespace {

// Makes for the report and keeps nothing.
class NoSink final : public synth::SynthSink {
public:
    core::Status Put(std::string_view /*type*/, std::string_view /*json*/) override { return {}; }
};

core::Result<int> DetailedOf(const std::string& content) {
    if (content == "core") {
        return 0;
    }
    if (content == "sample") {
        return synth::kSamplePerMille;
    }
    if (content == "full") {
        return 1000;
    }
    return core::MakeError(core::ErrorCode::kInvalidArgument, "--content", "core, sample, full");
}

core::Result<synth::SynthOptions> OptionsOf(const Arguments& arguments) {
    synth::SynthOptions options;
    KQ_ASSIGN(options.residents, arguments.Integer("residents", 1, synth::kMaxResidents));
    KQ_ASSIGN(const auto seed, arguments.Integer("seed", 0, INT64_MAX));
    KQ_ASSIGN(const auto years, arguments.Integer("years", 1, synth::kMaxYears));
    KQ_ASSIGN(const auto threads, arguments.Integer("threads", 0, synth::kMaxThreads));
    KQ_ASSIGN(options.detailed_per_mille, DetailedOf(arguments.Get("content")));
    const auto until = core::ParseDate(arguments.Get("until"));
    if (!until) {
        return core::MakeError(core::ErrorCode::kInvalidArgument, "--until", "YYYY-MM-DD");
    }
    options.seed = static_cast<std::uint64_t>(seed);
    options.years = static_cast<int>(years);
    options.until = *until;
    options.sent = arguments.Has("sent");
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    options.threads =
        threads > 0 ? static_cast<int>(threads) : std::clamp(cores, 1, synth::kMaxThreads);
    return options;
}

core::Status WriteReport(const std::string& path, const std::string& html) {
    std::FILE* const file = std::fopen(path.c_str(), "wb");
    const bool written =
        file != nullptr && std::fwrite(html.data(), 1, html.size(), file) == html.size();
    const bool closed = file != nullptr && std::fclose(file) == 0;
    if (!written || !closed) {
        return core::MakeError(core::ErrorCode::kFileUnwritable, path, "report");
    }
    return {};
}

core::Status MakePersons(const synth::SynthOptions& options, const std::string& folder) {
    KQ_ASSIGN(const auto summary, synth::GeneratePersons(options, folder));
    std::printf(
        "%-20s %10lld\n%-20s %10lld\n",
        "persons",
        static_cast<long long>(summary.persons),
        "records",
        static_cast<long long>(summary.records)
    );
    for (const auto& [source, count] : summary.by_source) {
        std::printf("  %-18s %10lld\n", source.c_str(), static_cast<long long>(count));
    }
    return {};
}

core::Status MakeResidents(
    const synth::SynthOptions& options,
    const std::string& folder,
    const std::string& report
) {
    NoSink nowhere;
    auto made =
        folder.empty() ? synth::Generate(options, nowhere) : synth::GenerateFolder(options, folder);
    KQ_ASSIGN(const synth::SynthSummary summary, std::move(made));
    for (const auto& [type, count] : summary.resources) {
        std::printf("%-24s %10lld\n", type.c_str(), static_cast<long long>(count));
    }
    return report.empty() ? core::Status() : WriteReport(report, summary.report_html);
}

int RunSynth(const Arguments& arguments) {
    const auto options = OptionsOf(arguments);
    if (!options.ok()) {
        std::fprintf(stderr, "kangqu: %s\n", options.error().Line().c_str());
        return kWrongUsage;
    }
    const std::string& out = arguments.Get("out");
    const std::string& report = arguments.Get("report");
    const std::string& persons = arguments.Get("persons-benchmark");
    if (out.empty() && report.empty() && persons.empty()) {
        std::fprintf(
            stderr, "kangqu: synth needs --out DIR, --report FILE or --persons-benchmark DIR\n"
        );
        return kWrongUsage;
    }
    if (!persons.empty()) {
        const auto made = MakePersons(*options, persons);
        if (!made.ok()) {
            return Fail(made.error());
        }
    }
    if (!out.empty() || !report.empty()) {
        const auto made = MakeResidents(*options, out, report);
        if (!made.ok()) {
            return Fail(made.error());
        }
    }
    return kDone;
}

}  // namespace

void AddSynthCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"synth",
         "",
         "make a synthetic district as FHIR NDJSON with truth.json",
         {{"residents", "N", "10000", "residents made"},
          {"seed", "S", "42", "same seed, same bytes"},
          {"years", "N", "5", "calendar years of history"},
          {"until", "DATE", "2025-12-31", "last day anything happens on"},
          {"content", "core|sample|full", "full", "whose whole life is told: nobody's, 5 %, all"},
          {"threads", "N", "0", "threads, 0 for all cores; the bytes are the same"},
          {"sent", "", "", "also as institutions send it: HL7 v2, CDA, csv, xlsx"},
          {"out", "DIR", "", "folder to write"},
          {"report", "FILE", "", "distributions beside published figures, as HTML"},
          {"persons-benchmark", "DIR", "", "five sources with errors, to match persons on"}},
         0,
         0,
         RunSynth}
    );
}

}  // namespace kangqu::app
