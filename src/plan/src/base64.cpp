#include "base64.hpp"

#include <cstdint>

namespace kangqu::plan {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t count = bytes.size() - at < 3 ? bytes.size() - at : 3;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto byte = i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U;
            group = (group << 8U) | byte;
        }
        for (std::size_t i = 0; i < 4; ++i) {
            const std::uint32_t index = (group >> (18U - 6U * static_cast<std::uint32_t>(i))) & 63U;
            out.push_back(i <= count ? kAlphabet[index] : '=');
        }
    }
    return out;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
    std::string out;
    std::uint32_t group = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            continue;
        }
        const std::size_t value = kAlphabet.find(c);
        if (c == '=') {
            ++padding;
        } else if (value == std::string_view::npos || padding > 0) {
            return std::nullopt;
        }
        group = (group << 6U) | (c == '=' ? 0U : static_cast<std::uint32_t>(value));
        if (++digits % 4 == 0) {
            for (std::size_t i = 0; i + padding < 3; ++i) {
                out.push_back(
                    static_cast<char>((group >> (16U - 8U * static_cast<std::uint32_t>(i))) & 255U)
                );
            }
            group = 0;
        }
    }
    return digits % 4 == 0 && padding <= 2 ? std::optional<std::string>(std::move(out))
                                           : std::nullopt;
}

}  // namespace kangqu::plan
