#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace kangqu::bench {

using SteadyClock = std::chrono::steady_clock;

inline double SecondsSince(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

// One figure as one line of JSON. `workload` says what was done in words.
inline void Print(
    const std::string& name,
    double value,
    const std::string& unit,
    const std::string& workload,
    double flush_ms
) {
    std::printf(
        R"({"name": "%s", "value": %.6g, "unit": "%s", "workload": "%s", "flush_ms": %.3f})"
        "\n",
        name.c_str(),
        value,
        unit.c_str(),
        workload.c_str(),
        flush_ms
    );
    std::fflush(stdout);
}

}  // namespace kangqu::bench
