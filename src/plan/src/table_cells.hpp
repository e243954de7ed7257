#pragma once

#include "kangqu/plan/document.hpp"

#include "text.hpp"
#include <optional>
#include <string>

namespace kangqu::plan {

// What a cell of an indicator table says.
struct CellValue {
    bool none = false;  // "-", "—": no value
    Comparator comparator = Comparator::kAtLeast;
    bool signed_value = false;  // the comparator is printed
    std::optional<double> number;
    std::optional<double> high;
    std::u32string words;          // a value in words
    View unit;                     // printed in the cell
    std::optional<int> base_year;  // "比2015年降低10%"
    std::optional<int> year;       // "89.6(2014年)": the year it is of
};

// Nothing when the cell holds no value but a name, a unit or a heading.
std::optional<CellValue> ReadCell(View cell);

// 预期性, 约束性, 倡导性 ...; empty for another cell.
View AttributeOf(View cell) noexcept;
// A unit in a cell of its own: "岁", "/10万", "1/10万", "人/千人".
bool IsUnitCell(View cell) noexcept;
// "婴儿死亡率(‰)" -> name and unit.
View CutUnit(View& name) noexcept;

// A smaller value is the better one, by the words of the name: rates of death and disease, length
// of stay, own payments. For values that are printed without a sign.
bool SmallerIsBetter(View name) noexcept;

}  // namespace kangqu::plan
