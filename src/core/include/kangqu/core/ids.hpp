#pragma once

#include "kangqu/core/clock.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace kangqu::core {

// Fills `size` bytes from the operating system's generator. Aborts if there is none.
void FillRandom(void* bytes, std::size_t size);
// `bytes` random bytes as unpadded base64url text.
std::string RandomToken(std::size_t bytes);

// Makes UUID version 7 (RFC 9562 section 5.7): text of 36 characters that sorts by time of making,
// strictly rising from one instance. Any thread.
class IdSource {
public:
    explicit IdSource(const Clock& clock) : clock_(clock) {}
    std::string Next();

private:
    const Clock& clock_;
    std::mutex mutex_;
    std::uint64_t last_ms_ = 0;
    std::uint16_t sequence_ = 0;
};

// FHIR `id`: 1 to 64 of [A-Za-z0-9-.].
bool IsFhirId(std::string_view text) noexcept;

}  // namespace kangqu::core
