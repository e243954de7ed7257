#include "id_code.hpp"

#include <cstddef>

namespace kangqu::store {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kUuidText = 36;

constexpr bool IsHyphenPlace(std::size_t place) {
    return place == 8 || place == 13 || place == 18 || place == 23;
}

int DigitOf(char letter) {
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace

std::optional<PackedUuid> PackUuid(std::string_view id) noexcept {
    if (id.size() != kUuidText) {
        return std::nullopt;
    }
    PackedUuid packed{};
    std::size_t digits = 0;
    for (std::size_t place = 0; place < kUuidText; ++place) {
        if (IsHyphenPlace(place)) {
            if (id[place] != '-') {
                return std::nullopt;
            }
            continue;
        }
        const int digit = DigitOf(id[place]);
        if (digit < 0) {
            return std::nullopt;
        }
        auto byte = static_cast<unsigned>(static_cast<unsigned char>(packed[digits / 2]));
        byte = byte * 16U + static_cast<unsigned>(digit);
        packed[digits / 2] = static_cast<char>(static_cast<unsigned char>(byte));
        ++digits;
    }
    return packed;
}

std::string UnpackId(std::string_view bytes, bool packed) {
    if (!packed || bytes.size() != std::tuple_size_v<PackedUuid>) {
        return std::string(bytes);
    }
    std::string text;
    text.reserve(kUuidText);
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned>(static_cast<unsigned char>(byte));
        if (IsHyphenPlace(text.size())) {
            text += '-';
        }
        text += kDigits[value / 16U];
        text += kDigits[value % 16U];
    }
    return text;
}

}  // namespace kangqu::store
