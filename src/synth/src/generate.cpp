#include "kangqu/synth/synth.hpp"

#include "course.hpp"
#include "district.hpp"
#include "emit.hpp"
#include "names.hpp"
#include "resident.hpp"
#include "truth.hpp"

namespace kangqu::synth {
namespace {

constexpr int kEarliestYear = 1990;
constexpr int kLatestYear = 2100;

core::Status Check(const SynthOptions& options) {
    using core::ErrorCode;
    using core::MakeError;
    if (options.residents < 1 || options.residents > kMaxResidents) {
        return MakeError(
            ErrorCode::kInvalidArgument, "residents", "1-" + std::to_string(kMaxResidents)
        );
    }
    if (options.years < 1 || options.years > kMaxYears) {
        return MakeError(ErrorCode::kInvalidArgument, "years", "1-" + std::to_string(kMaxYears));
    }
    if (!core::IsValid(options.until) || options.until.year < kEarliestYear ||
        options.until.year > kLatestYear) {
        return MakeError(
            ErrorCode::kInvalidArgument,
            "until",
            std::to_string(kEarliestYear) + "-" + std::to_string(kLatestYear)
        );
    }
    return {};
}

}  // namespace

core::Result<SynthSummary> Generate(const SynthOptions& options, SynthSink& sink) {
    KQ_TRY(Check(options));
    Window window;
    window.until = core::DaysOf(options.until);
    window.last_year = options.until.year;
    window.first_year = options.until.year - options.years + 1;
    window.from = window.FirstDay(window.first_year);

    const Texts texts("texts");
    const Texts programme("programme");
    const Norm norm = ReadNorm(programme);
    const Names names;
    const District district = MakeDistrict(options, names, texts);
    Emitter emitter(sink, texts);
    EmitDistrict(district, emitter);

    ResidentSource residents(options, window, district, names);
    const CourseMaker courses(options.seed, window, district, norm);
    ResidentEmitter resident_emitter(district, window, programme, emitter);
    Truth truth(window, district, norm);
    for (std::int64_t i = 0; i < options.residents && emitter.status().ok(); ++i) {
        const Resident& resident = residents.Next();
        const Course course = courses.Make(resident);
        Random clock_times(
            options.seed, Stream::kClockTime, static_cast<std::uint64_t>(resident.number)
        );
        resident_emitter.Emit(resident, course, clock_times);
        truth.Add(resident, course);
    }
    KQ_TRY(emitter.status());
    SynthSummary summary;
    summary.residents = options.residents;
    summary.resources = emitter.counts();
    summary.truth_json = truth.Json(options, programme["episode"], summary.resources);
    return summary;
}

}  // namespace kangqu::synth
