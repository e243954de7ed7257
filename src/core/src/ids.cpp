#include "kangqu/core/ids.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <sys/random.h>

namespace kangqu::core {

void FillRandom(void* bytes, std::size_t size) {
    auto* at = static_cast<unsigned char*>(bytes);
    while (size > 0) {
        const ssize_t got = getrandom(at, size, 0);
        KQ_CHECK(got > 0, "the operating system gives no random bytes");
        at += got;
        size -= static_cast<std::size_t>(got);
    }
}

std::string RandomToken(std::size_t bytes) {
    static constexpr char kAlphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string raw(bytes, '\0');
    FillRandom(raw.data(), raw.size());
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : raw) {
        held = (held << 8U) | static_cast<unsigned char>(c);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            out.push_back(kAlphabet[(held >> bits) & 0x3FU]);
        }
    }
    if (bits > 0) {
        out.push_back(kAlphabet[(held << (6 - bits)) & 0x3FU]);
    }
    return out;
}

std::string IdSource::Next() {
    std::array<unsigned char, 16> bytes{};
    FillRandom(bytes.data(), bytes.size());
    std::uint64_t ms = 0;
    std::uint16_t sequence = 0;
    {
        const std::lock_guard lock(mutex_);
        const auto now = static_cast<std::uint64_t>(clock_.Now());
        if (now > last_ms_) {
            last_ms_ = now;
            sequence_ = static_cast<std::uint16_t>(((bytes[6] & 0x07U) << 8U) | bytes[7]);
        } else if (++sequence_ > 0x0FFFU) {
            // 12 bits of counter are used up within one millisecond: borrow the next one.
            ++last_ms_;
            sequence_ = 0;
        }
        ms = last_ms_;
        sequence = sequence_;
    }
    for (std::size_t i = 0; i < 6; ++i) {
        bytes[i] = static_cast<unsigned char>(ms >> (8U * (5U - i)));
    }
    bytes[6] = static_cast<unsigned char>(0x70U | (sequence >> 8U));
    bytes[7] = static_cast<unsigned char>(sequence & 0xFFU);
    bytes[8] = static_cast<unsigned char>(0x80U | (bytes[8] & 0x3FU));
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            out.push_back('-');
        }
        out.push_back(kHex[bytes[i] >> 4U]);
        out.push_back(kHex[bytes[i] & 0xFU]);
    }
    return out;
}

bool IsFhirId(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.';
    });
}

}  // namespace kangqu::core
