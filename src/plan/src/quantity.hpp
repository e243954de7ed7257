#pragma once

#include "text.hpp"
#include <cstdint>
#include <optional>
#include <vector>

namespace kangqu::plan {

// What the words around a number say of its direction.
enum class Bound : std::uint8_t { kNone, kAtLeast, kAtMost, kAbout };

// "2.5", "2.6平方米", "40/10万以内", "5-10个", "3‰". The unit is as printed, without spaces.
struct Quantity {
    View span;  // with its bound word
    View number;
    double value = 0;
    std::optional<double> high;  // of a range
    View unit;                   // "%", "平方米", "万人"
    View per;                    // "10万", "百万人口" behind a slash
    Bound bound = Bound::kNone;
};

// The quantity that begins at `at`, or nothing: years ("2030年"), ages ("15岁以上人群") and numbers
// that are part of a word ("5年生存率", "12320") are none.
std::optional<Quantity> ReadQuantity(View text, std::size_t at);

// Quantities side by side ("80%、85%以上"), outside brackets and quotation marks.
struct QuantityList {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<Quantity> items;
};
std::vector<QuantityList> FindQuantities(View text);

// A counted thing's word: 名 家 所 个 张 ...
bool IsCountUnit(View unit) noexcept;

// "到2030年、2035年," at the beginning of `text`: the years, and how many characters they take.
struct YearPhrase {
    std::vector<int> years;
    std::size_t length = 0;
};
std::optional<YearPhrase> ReadYears(View text);

}  // namespace kangqu::plan
