#pragma once

#include "kangqu/core/clock.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kangqu::access {

// How much guessing is allowed. Counting is by what was typed, so a name that does not exist is
// slowed down exactly as one that does.
struct ThrottleLimits {
    // One name from one address: free failures, then a wait that doubles.
    int pair_failures = 5;
    core::InstantMs first_wait_ms = 30'000;
    core::InstantMs longest_wait_ms = 900'000;
    // One address, any names (an office behind one address still works), and one name, any
    // addresses (a stranger cannot lock a person out for long).
    int address_failures = 50;
    int name_failures = 100;
    core::InstantMs block_ms = 300'000;
    // Failures older than this are forgotten.
    core::InstantMs memory_ms = 900'000;
    // Most counters kept; the oldest go first.
    std::size_t counters = 100'000;
};

// Counts failed sign-ins in memory. Any thread.
class Throttle {
public:
    explicit Throttle(const core::Clock& clock, ThrottleLimits limits = {})
        : clock_(clock), limits_(limits) {}

    // Seconds to wait before another attempt is looked at; 0: go on. An attempt that may go on
    // counts as failed until Succeeded, so that attempts made at the same time cannot slip through.
    int Begin(std::string_view name, std::string_view address);
    void Succeeded(std::string_view name, std::string_view address);
    // The attempt was never looked at: takes back what Begin counted.
    void Withdraw(std::string_view name, std::string_view address);

private:
    struct Counter {
        int failures = 0;
        core::InstantMs since = 0;  // when the count began; of a pair: its last failure
        core::InstantMs blocked_until = 0;
    };
    Counter& At(std::string key, core::InstantMs now);
    void Forget(core::InstantMs now);

    const core::Clock& clock_;
    const ThrottleLimits limits_;
    std::mutex mutex_;
    std::unordered_map<std::string, Counter> counters_;
};

}  // namespace kangqu::access
