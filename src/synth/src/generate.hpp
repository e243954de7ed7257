#pragma once

#include "pipeline.hpp"
#include <memory>

namespace kangqu::synth {

core::Status CheckOptions(const SynthOptions& options);

// What a run left to tell.
struct Told {
    SynthSummary summary;
    Marginals marginals;
};

// The district's own resources first, then the residents', chunk by chunk.
core::Result<Told> GenerateChunks(const World& world, const ChunkSink& sink);

}  // namespace kangqu::synth
