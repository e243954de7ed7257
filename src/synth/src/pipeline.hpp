#pragma once

#include "chunk.hpp"
#include "life.hpp"
#include "truth.hpp"
#include <functional>
#include <vector>

namespace kangqu::synth {

// Takes chunks in order, on the thread that called.
using ChunkSink = std::function<core::Status(Chunk& chunk)>;

// Makes all blocks of residents and hands them on in order. Blocks are drawn under a lock, told by
// any number of threads, and wait in a short queue for their turn: the order and the bytes do not
// depend on the threads, memory does not depend on the residents. `truth` and the cases and faults
// in `written` are complete at the end.
class Pipeline {
public:
    Pipeline(const World& world, ChunkSink sink);
    core::Status Run(Truth& truth, Written& written);
    ~Pipeline();

private:
    struct State;
    struct Worker;
    core::Status Take(Chunk& chunk, Written& written);
    core::Status RunAlone(Truth& truth, Written& written);
    core::Status RunThreads(Truth& truth, Written& written);

    const World& world_;
    ChunkSink sink_;
    std::unique_ptr<State> state_;
};

}  // namespace kangqu::synth
