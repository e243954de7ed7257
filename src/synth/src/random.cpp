#include "random.hpp"

#include "kangqu/core/check.hpp"

namespace kangqu::synth {
namespace {

// SplitMix64 (Steele, Lea, Flood 2014): spreads neighbouring counters over the whole range.
std::uint64_t Mix(std::uint64_t value) noexcept {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

constexpr std::uint64_t kMultiplier = 6364136223846793005ULL;

}  // namespace

Random::Random(std::uint64_t seed, Stream stream, std::uint64_t index) noexcept
    : state_(Mix(seed ^ Mix(index))),
      increment_((Mix(Mix(static_cast<std::uint64_t>(stream)) ^ seed) << 1U) | 1U) {
    Next();
}

std::uint32_t Random::Next() noexcept {
    const std::uint64_t old = state_;
    state_ = old * kMultiplier + increment_;
    const auto shifted = static_cast<std::uint32_t>(((old >> 18U) ^ old) >> 27U);
    const auto turn = static_cast<std::uint32_t>(old >> 59U);
    return (shifted >> turn) | (shifted << ((32U - turn) & 31U));
}

std::uint32_t Random::Below(std::uint32_t bound) noexcept {
    KQ_CHECK(bound > 0, "an empty range has no member");
    // Multiply and shift, refusing the draws that would favour small results (Lemire, 2019).
    std::uint64_t product = std::uint64_t{Next()} * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
        const std::uint32_t unfair = (0U - bound) % bound;
        while (static_cast<std::uint32_t>(product) < unfair) {
            product = std::uint64_t{Next()} * bound;
        }
    }
    return static_cast<std::uint32_t>(product >> 32U);
}

int Random::Between(int low, int high) noexcept {
    KQ_CHECK(low <= high, "an empty range has no member");
    return low + static_cast<int>(Below(static_cast<std::uint32_t>(high - low) + 1U));
}

int Random::Bell(int spread) noexcept {
    int sum = 0;
    for (int i = 0; i < 4; ++i) {
        sum += Between(-spread, spread);
    }
    return sum / 2;
}

}  // namespace kangqu::synth
