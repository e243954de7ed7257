#include "chunk.hpp"

#include <algorithm>

namespace kangqu::synth {

void CountTypes(const Chunk& chunk, TypeCounts& counts) {
    for (const Chunk::Line& line : chunk.lines) {
        const auto found = std::find_if(counts.begin(), counts.end(), [&line](const auto& count) {
            return count.first == line.type;
        });
        if (found == counts.end()) {
            counts.emplace_back(line.type, 1);
        } else {
            ++found->second;
        }
    }
}

}  // namespace kangqu::synth
