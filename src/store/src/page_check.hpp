#pragma once

#include <cstddef>

namespace kangqu::store {

// Pages of the database file end in a checksum of the rest and of their place.
constexpr int kPageCheckBytes = 8;

// Computes the checksum of a page of `size` bytes that lies at `offset` and puts it into its end.
void SealPage(char* page, std::size_t size, long long offset) noexcept;
bool IsSealed(const char* page, std::size_t size, long long offset) noexcept;

}  // namespace kangqu::store
