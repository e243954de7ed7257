#include "kangqu/access/throttle.hpp"

#include <algorithm>

namespace kangqu::access {

namespace {

std::string PairKey(std::string_view name, std::string_view address) {
    return "p" + std::string(address) + "\n" + std::string(name);
}

core::InstantMs WaitAfter(int failures, const ThrottleLimits& limits) {
    if (failures < limits.pair_failures) {
        return 0;
    }
    core::InstantMs wait = limits.first_wait_ms;
    for (int more = limits.pair_failures; more < failures && wait < limits.longest_wait_ms;
         ++more) {
        wait *= 2;
    }
    return std::min(wait, limits.longest_wait_ms);
}

}  // namespace

int Throttle::Begin(std::string_view name, std::string_view address) {
    const core::InstantMs now = clock_.Now();
    const std::lock_guard lock(mutex_);
    if (counters_.size() + 3 > limits_.counters) {
        Forget(now);
    }
    // References stay good: an unordered_map never moves its elements.
    Counter& pair = At(PairKey(name, address), now);
    Counter& by_address = At("a" + std::string(address), now);
    Counter& by_name = At("n" + std::string(name), now);
    const core::InstantMs until =
        std::max({pair.blocked_until, by_address.blocked_until, by_name.blocked_until});
    if (until > now) {
        return static_cast<int>((until - now + 999) / 1000);
    }
    for (Counter* counter : {&pair, &by_address, &by_name}) {
        ++counter->failures;
    }
    // Guessing one name stays remembered as long as it goes on; what an office mistypes in the
    // course of a day does not add up.
    pair.since = now;
    pair.blocked_until = now + WaitAfter(pair.failures, limits_);
    if (by_address.failures >= limits_.address_failures) {
        by_address = {0, now, now + limits_.block_ms};
    }
    if (by_name.failures >= limits_.name_failures) {
        by_name = {0, now, now + limits_.block_ms};
    }
    return 0;
}

void Throttle::Succeeded(std::string_view name, std::string_view address) {
    // The other two counters lose only what this attempt had added: one right password does not
    // wash away an attack on others.
    Withdraw(name, address);
    const std::lock_guard lock(mutex_);
    counters_.erase(PairKey(name, address));
}

void Throttle::Withdraw(std::string_view name, std::string_view address) {
    const std::lock_guard lock(mutex_);
    for (const std::string& key :
         {PairKey(name, address), "a" + std::string(address), "n" + std::string(name)}) {
        if (const auto it = counters_.find(key); it != counters_.end()) {
            it->second.failures = std::max(0, it->second.failures - 1);
        }
    }
}

Throttle::Counter& Throttle::At(std::string key, core::InstantMs now) {
    Counter& counter = counters_[std::move(key)];
    if (now - counter.since > limits_.memory_ms && counter.blocked_until <= now) {
        counter = Counter{};
        counter.since = now;
    }
    return counter;
}

void Throttle::Forget(core::InstantMs now) {
    for (auto it = counters_.begin(); it != counters_.end();) {
        const bool old =
            now - it->second.since > limits_.memory_ms && it->second.blocked_until <= now;
        it = old ? counters_.erase(it) : std::next(it);
    }
    while (counters_.size() + 3 > limits_.counters && !counters_.empty()) {
        const auto oldest =
            std::min_element(counters_.begin(), counters_.end(), [](const auto& a, const auto& b) {
                return a.second.since < b.second.since;
            });
        counters_.erase(oldest);
    }
}

}  // namespace kangqu::access
