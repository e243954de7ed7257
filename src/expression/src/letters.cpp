#include "letters.hpp"

#include "kangqu/core/utf8.hpp"

#include <array>

namespace kangqu::expression {

namespace {

// Capital letters from `first` to `last`, every `step`th; the small letter lies `shift` further.
struct Capitals {
    char32_t first;
    char32_t last;
    char32_t step;
    char32_t shift;
};
constexpr auto kCapitals = std::to_array<Capitals>({
    {0x0041, 0x005A, 1, 32},  // Latin
    {0x00C0, 0x00D6, 1, 32}, {0x00D8, 0x00DE, 1, 32}, {0x0100, 0x012E, 2, 1},
    {0x0132, 0x0136, 2, 1},  {0x0139, 0x0147, 2, 1},  {0x014A, 0x0176, 2, 1},
    {0x0179, 0x017D, 2, 1},  {0x01CD, 0x01DB, 2, 1},  // with the tones of pinyin
    {0x01F8, 0x021E, 2, 1},  {0x1E00, 0x1E94, 2, 1},  {0x1EA0, 0x1EFE, 2, 1},
    {0x0386, 0x0386, 1, 38},  // Greek
    {0x0388, 0x038A, 1, 37}, {0x038C, 0x038C, 1, 64}, {0x038E, 0x038F, 1, 63},
    {0x0391, 0x03A1, 1, 32}, {0x03A3, 0x03AB, 1, 32}, {0x0400, 0x040F, 1, 80},  // Cyrillic
    {0x0410, 0x042F, 1, 32}, {0x0460, 0x0480, 2, 1},  {0x048A, 0x04BE, 2, 1},
    {0xFF21, 0xFF3A, 1, 32},  // full width
});

char32_t Mapped(char32_t letter, bool upper) {
    if (upper && letter == 0x00FF) {
        return 0x0178;
    }
    if (!upper && letter == 0x0178) {
        return 0x00FF;
    }
    for (const Capitals& row : kCapitals) {
        const char32_t shift = upper ? row.shift : 0;
        if (letter >= row.first + shift && letter <= row.last + shift &&
            (letter - row.first - shift) % row.step == 0) {
            return upper ? letter - row.shift : letter + row.shift;
        }
    }
    return letter;
}

std::string Converted(std::string_view text, bool upper) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        core::AppendUtf8(Mapped(core::NextCodePoint(text, at), upper), out);
    }
    return out;
}

}  // namespace

std::string UpperCase(std::string_view text) {
    return Converted(text, true);
}
std::string LowerCase(std::string_view text) {
    return Converted(text, false);
}

}  // namespace kangqu::expression
