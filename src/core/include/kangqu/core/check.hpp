#pragma once

namespace kangqu::core {

// Prints the place and the reason and aborts. For bugs only, never for outside input.
[[noreturn]] void
CheckFailed(const char* condition, const char* why, const char* file, int line) noexcept;

}  // namespace kangqu::core

// Always on, also in the release build.
#define KQ_CHECK(condition, why)                                                \
    do {                                                                        \
        if (!(condition)) [[unlikely]] {                                        \
            ::kangqu::core::CheckFailed(#condition, (why), __FILE__, __LINE__); \
        }                                                                       \
    } while (false)
