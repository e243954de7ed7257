#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace kangqu::store {

// Tells of most things never stored that they were not, without asking the database (a Bloom
// filter). It may be filled while in use; until MarkComplete everything may be there. Adding and
// asking may go on in several threads.
class PresenceFilter {
public:
    // `capacity` things at about one wrong "maybe" in two hundred; more make it more often wrong.
    explicit PresenceFilter(std::size_t capacity);

    void Add(std::uint64_t hash) noexcept;
    bool MayHold(std::uint64_t hash) const noexcept;
    void MarkComplete() noexcept { complete_.store(true, std::memory_order_release); }
    bool complete() const noexcept { return complete_.load(std::memory_order_acquire); }

    static std::uint64_t HashOf(std::string_view bytes, std::uint64_t seed) noexcept;

private:
    std::size_t words_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> bits_;
    std::atomic<bool> complete_ = false;
};

}  // namespace kangqu::store
