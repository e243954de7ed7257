#pragma once

#include "pipeline.hpp"
#include <memory>

namespace kangqu::synth {

core::Status CheckOptions(const SynthOptions& options);

// The district's own resources first, then the residents', chunk by chunk.
core::Result<SynthSummary> GenerateChunks(const World& world, const ChunkSink& sink);

}  // namespace kangqu::synth
