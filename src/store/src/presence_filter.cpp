#include "presence_filter.hpp"

#include <algorithm>
#include <cstring>

namespace kangqu::store {

namespace {

constexpr std::size_t kBitsEach = 12;
constexpr unsigned kProbes = 6;

std::uint64_t Mix(std::uint64_t value) noexcept {
    value ^= value >> 30U;
    value *= 0xBF58476D1CE4E5B9U;
    value ^= value >> 27U;
    value *= 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

}  // namespace

PresenceFilter::PresenceFilter(std::size_t capacity)
    : words_(std::max<std::size_t>(capacity * kBitsEach / 64, 1024)),
      bits_(std::make_unique<std::atomic<std::uint64_t>[]>(words_)) {}

// All probes of one thing lie in eight neighbouring words, one line of the processor's cache.
void PresenceFilter::Add(std::uint64_t hash) noexcept {
    const std::size_t block = (hash % words_) & ~std::size_t{7};
    std::uint64_t probe = Mix(hash);
    for (unsigned i = 0; i < kProbes; ++i, probe >>= 9U) {
        const std::uint64_t bit = std::uint64_t{1} << (probe & 63U);
        bits_[std::min(block + ((probe >> 6U) & 7U), words_ - 1)].fetch_or(
            bit, std::memory_order_relaxed
        );
    }
}

bool PresenceFilter::MayHold(std::uint64_t hash) const noexcept {
    if (!complete()) {
        return true;
    }
    const std::size_t block = (hash % words_) & ~std::size_t{7};
    std::uint64_t probe = Mix(hash);
    for (unsigned i = 0; i < kProbes; ++i, probe >>= 9U) {
        const std::uint64_t bit = std::uint64_t{1} << (probe & 63U);
        const auto word =
            bits_[std::min(block + ((probe >> 6U) & 7U), words_ - 1)].load(std::memory_order_relaxed
            );
        if ((word & bit) == 0) {
            return false;
        }
    }
    return true;
}

std::uint64_t PresenceFilter::HashOf(std::string_view bytes, std::uint64_t seed) noexcept {
    std::uint64_t hash = Mix(seed + 0x9E3779B97F4A7C15U + bytes.size());
    while (bytes.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        hash = Mix(hash ^ word) * 0x9E3779B97F4A7C15U;
        bytes.remove_prefix(8);
    }
    std::uint64_t rest = 0;
    if (!bytes.empty()) {
        std::memcpy(&rest, bytes.data(), bytes.size());
    }
    return Mix(hash ^ rest);
}

}  // namespace kangqu::store
