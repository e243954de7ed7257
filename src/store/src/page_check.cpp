#include "page_check.hpp"

#include "presence_filter.hpp"
#include <cstdint>
#include <cstring>

namespace kangqu::store {

namespace {

std::uint64_t SumOf(const char* page, std::size_t size, long long offset) {
    // Never 0, so that a page of zeros is not sealed.
    return PresenceFilter::HashOf(
               {page, size - kPageCheckBytes}, static_cast<std::uint64_t>(offset) + 1
           ) |
           1U;
}

}  // namespace

void SealPage(char* page, std::size_t size, long long offset) noexcept {
    const std::uint64_t sum = SumOf(page, size, offset);
    std::memcpy(page + size - kPageCheckBytes, &sum, kPageCheckBytes);
}

bool IsSealed(const char* page, std::size_t size, long long offset) noexcept {
    std::uint64_t kept = 0;
    std::memcpy(&kept, page + size - kPageCheckBytes, kPageCheckBytes);
    return kept == SumOf(page, size, offset);
}

}  // namespace kangqu::store
