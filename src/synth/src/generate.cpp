#include "generate.hpp"

#include "kangqu/synth/synth.hpp"

#include "place_writer.hpp"
#include "report.hpp"

namespace kangqu::synth {
namespace {

constexpr int kEarliestYear = 1990;
constexpr int kLatestYear = 2100;

core::Error OutOfRange(const char* name, const std::string& range) {
    return core::MakeError(core::ErrorCode::kInvalidArgument, name, range);
}

}  // namespace

core::Status CheckOptions(const SynthOptions& options) {
    if (options.residents < 1 || options.residents > kMaxResidents) {
        return OutOfRange("residents", "1-" + std::to_string(kMaxResidents));
    }
    if (options.years < 1 || options.years > kMaxYears) {
        return OutOfRange("years", "1-" + std::to_string(kMaxYears));
    }
    if (!core::IsValid(options.until) || options.until.year < kEarliestYear ||
        options.until.year > kLatestYear) {
        return OutOfRange(
            "until", std::to_string(kEarliestYear) + "-" + std::to_string(kLatestYear)
        );
    }
    if (options.detailed_per_mille < 0 || options.detailed_per_mille > 1000) {
        return OutOfRange("detailed_per_mille", "0-1000");
    }
    if (options.threads < 1 || options.threads > kMaxThreads) {
        return OutOfRange("threads", "1-" + std::to_string(kMaxThreads));
    }
    return {};
}

core::Result<SynthSummary> GenerateChunks(const World& world, const ChunkSink& sink) {
    Written written;
    Chunk first;
    Emitter emitter(world.texts, world.templates);
    emitter.WriteTo(first);
    EmitDistrict(world.district, emitter);
    if (world.options.detailed_per_mille > 0) {
        world.sites.Emit(world.district, emitter);
        PlaceWriter(world, emitter).Write();
    }
    CountTypes(first, written.resources);
    KQ_TRY(sink(first));
    first = {};

    Truth truth(world);
    Pipeline pipeline(world, sink);
    KQ_TRY(pipeline.Run(truth, written));
    SynthSummary summary;
    summary.residents = world.options.residents;
    summary.truth_json = truth.Json(written);
    summary.resources = std::move(written.resources);
    summary.report_html = ReportHtml(world, truth.marginals(), summary);
    return summary;
}

core::Result<SynthSummary> Generate(const SynthOptions& options, SynthSink& sink) {
    KQ_TRY(CheckOptions(options));
    const auto world = std::make_unique<World>(options);
    return GenerateChunks(*world, [&sink](Chunk& chunk) -> core::Status {
        for (std::size_t i = 0; i < chunk.lines.size(); ++i) {
            KQ_TRY(sink.Put(chunk.lines[i].type, chunk.Text(i)));
        }
        return {};
    });
}

}  // namespace kangqu::synth
