#pragma once

#include <cstdlib>

namespace kangqu::fault {

// How often a random fault is tried: `usual`, or KANGQU_FAULT_ROUNDS.
inline int Rounds(int usual) {
    const char* asked = std::getenv("KANGQU_FAULT_ROUNDS");  // NOLINT(concurrency-mt-unsafe)
    return asked == nullptr ? usual : std::atoi(asked);      // NOLINT(cert-err34-c)
}

}  // namespace kangqu::fault
