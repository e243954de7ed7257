// How fast the synthetic district is made, and in how much memory; nothing is written to disk.
//   bench_synth [RESIDENTS [DETAILED_PER_MILLE [THREADS]]]
#include "kangqu/synth/synth.hpp"

#include "figure.hpp"
#include <cstdlib>
#include <string>

#include <sys/resource.h>

namespace {

using kangqu::synth::SynthOptions;

// Counts, so that nothing but the making is measured.
class Counter final : public kangqu::synth::SynthSink {
public:
    kangqu::core::Status Put(std::string_view /*type*/, std::string_view json) override {
        ++resources;
        bytes += json.size() + 1;
        for (std::size_t i = 0; i < json.size(); i += 64) {
            hash = (hash ^ static_cast<unsigned char>(json[i])) * 1099511628211ULL;
        }
        return {};
    }
    std::uint64_t resources = 0;
    std::uint64_t bytes = 0;
    std::uint64_t hash = 1469598103934665603ULL;
};

double PeakMegabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace

int main(int argc, char** argv) {
    SynthOptions options;
    options.residents = argc > 1 ? std::atoll(argv[1]) : 20'000;
    options.detailed_per_mille = argc > 2 ? std::atoi(argv[2]) : 1000;
    options.threads = argc > 3 ? std::atoi(argv[3]) : 2;
    Counter counter;
    const auto start = kangqu::bench::SteadyClock::now();
    const auto made = kangqu::synth::Generate(options, counter);
    if (!made.ok()) {
        std::fprintf(stderr, "bench: %s\n", made.error().Line().c_str());
        return 3;
    }
    const double seconds = kangqu::bench::SecondsSince(start);
    const std::string work = std::to_string(options.residents) + " residents, 5 years, " +
                             std::to_string(options.detailed_per_mille) +
                             " of 1000 households in full, " + std::to_string(options.threads) +
                             " threads, no disk, hash " + std::to_string(counter.hash);
    using kangqu::bench::Print;
    Print("synth_seconds", seconds, "s", work, 0);
    Print(
        "synth_residents", static_cast<double>(options.residents) / seconds, "residents/s", work, 0
    );
    Print(
        "synth_resources", static_cast<double>(counter.resources) / seconds, "resources/s", work, 0
    );
    Print("synth_megabytes", static_cast<double>(counter.bytes) / 1e6, "MB", work, 0);
    Print("synth_peak_memory", PeakMegabytes(), "MB", work, 0);
    Print("synth_truth", static_cast<double>(made->truth_json.size()) / 1e6, "MB", work, 0);
    return 0;
}
