#include "table_cells.hpp"

#include "quantity.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

constexpr std::size_t kMaxUnit = 10;
constexpr std::size_t kMaxWords = 14;

std::optional<Comparator> SignOf(View& cell) noexcept {
    struct Sign {
        View text;
        Comparator comparator;
    };
    constexpr Sign kSigns[] = {
        {U"≥", Comparator::kAtLeast},
        {U"≧", Comparator::kAtLeast},
        {U">=", Comparator::kAtLeast},
        {U"≤", Comparator::kAtMost},
        {U"≦", Comparator::kAtMost},
        {U"<=", Comparator::kAtMost},
        {U"<", Comparator::kBelow},
        {U">", Comparator::kAbove},
        {U"不低于", Comparator::kAtLeast},
        {U"不少于", Comparator::kAtLeast},
        {U"达到", Comparator::kAtLeast},
        {U"不高于", Comparator::kAtMost},
        {U"不超过", Comparator::kAtMost},
        {U"控制在", Comparator::kAtMost},
        {U"低于", Comparator::kBelow},
        {U"高于", Comparator::kAbove}};
    for (const Sign& sign : kSigns) {
        if (cell.starts_with(sign.text)) {
            cell = Trim(cell.substr(sign.text.size()));
            return sign.comparator;
        }
    }
    return std::nullopt;
}

bool IsNone(View cell) noexcept {
    return cell == U"-" || cell == U"—" || cell == U"--" || cell == U"——" || cell == U"/" ||
           cell == U"无" || cell == U"*" || cell == U"…";
}

// "比2015年降低10%", "较2020年提高1"
std::optional<CellValue> ReadChange(View cell) {
    View rest = cell;
    if (!DropPrefix(rest, {U"比", U"较", U"在"})) {
        return std::nullopt;
    }
    CellValue value;
    if (const auto years = ReadYears(rest)) {
        value.base_year = years->years.front();
        rest = rest.substr(years->length);
    }
    DropPrefix(rest, {U"的基础上", U"基础上", U"水平"});
    const bool falls = DropPrefix(rest, {U"降低", U"下降", U"减少"});
    if (!falls && !DropPrefix(rest, {U"提高", U"增加", U"增长", U"上升"})) {
        return std::nullopt;
    }
    const auto quantity = ReadQuantity(rest, 0);
    if (!quantity) {
        return std::nullopt;
    }
    value.comparator = falls ? Comparator::kReduceBy : Comparator::kIncreaseBy;
    value.signed_value = true;
    value.number = quantity->value;
    value.unit = quantity->unit;
    return value;
}

std::optional<CellValue> ReadWords(View cell) {
    if (cell.size() > kMaxWords) {
        return std::nullopt;
    }
    CellValue value;
    if (!SuffixOf(cell, {U"下降", U"降低", U"减少"}).empty() && cell.size() <= 6) {
        value.comparator = Comparator::kTrendDown;
        value.signed_value = true;
        value.words = cell;
        return value;
    }
    const bool hope = !PrefixOf(
                           cell,
                           {U"持续",
                            U"逐步",
                            U"稳步",
                            U"明显",
                            U"有所",
                            U"显著",
                            U"进一步",
                            U"大幅",
                            U"保持",
                            U"完成",
                            U"达到国家",
                            U"达到省",
                            U"不断",
                            U"基本"}
    )
                           .empty();
    const bool grade = Contains(cell, U"级") && !SuffixOf(cell, {U"等", U"级", U"以上"}).empty() &&
                       cell.size() <= 8;
    if (!hope && !grade) {
        return std::nullopt;
    }
    value.words = cell;
    value.signed_value = grade;
    return value;
}

}  // namespace

std::optional<CellValue> ReadCell(View cell) {
    cell = Trim(cell);
    if (cell.empty() || IsNone(cell)) {
        CellValue value;
        value.none = true;
        return cell.empty() ? std::nullopt : std::optional<CellValue>(value);
    }
    if (auto change = ReadChange(cell)) {
        return change;
    }
    CellValue value;
    View rest = cell;
    // "[1200]": a sum over the years of the plan.
    const bool boxed = View(U"[〔【").find(rest.front()) != View::npos;
    rest = boxed ? rest.substr(1, rest.size() - 2) : rest;
    const auto sign = SignOf(rest);
    if (rest.empty() || !IsDigit(rest.front())) {
        return ReadWords(cell);
    }
    View note;
    if (const std::size_t open = rest.find(U'('); open != View::npos) {
        note = rest.substr(open + 1);
        rest = Trim(rest.substr(0, open));
    }
    const auto quantity = ReadQuantity(rest, 0);
    if (!quantity || Trim(rest.substr(quantity->span.size())).size() > 0) {
        return std::nullopt;
    }
    value.number = quantity->value;
    value.high = quantity->high;
    value.unit = quantity->unit;
    if (const auto years = ReadYears(note)) {
        value.year = years->years.front();
    }
    value.signed_value = sign.has_value() || quantity->bound != Bound::kNone || quantity->high;
    value.comparator = sign.value_or(Comparator::kAtLeast);
    if (!sign) {
        switch (quantity->bound) {
            case Bound::kAtMost:
                value.comparator = Comparator::kAtMost;
                break;
            case Bound::kAbout:
                value.comparator = Comparator::kAbout;
                break;
            case Bound::kAtLeast:
            case Bound::kNone:
                break;
        }
    }
    if (quantity->high) {
        value.comparator = Comparator::kBetween;
    }
    return value;
}

View AttributeOf(View cell) noexcept {
    cell = Trim(cell);
    for (const View word :
         {View(U"预期性"),
          View(U"约束性"),
          View(U"倡导性"),
          View(U"预期"),
          View(U"约束"),
          View(U"预期性指标"),
          View(U"约束性指标")}) {
        if (cell == word) {
            return cell.substr(0, std::min<std::size_t>(cell.size(), 3));
        }
    }
    return {};
}

bool IsUnitCell(View cell) noexcept {
    cell = Trim(cell);
    if (cell.empty() || cell.size() > kMaxUnit) {
        return false;
    }
    for (const View unit :
         {View(U"%"),     View(U"‰"),      View(U"岁"),        View(U"1/10万"),
          View(U"/10万"), View(U"1/十万"), View(U"/十万"),     View(U"平方米"),
          View(U"天"),    View(U"分钟"),   View(U"元"),        View(U"万元"),
          View(U"亿元"),  View(U"万亿元"), View(U"万人"),      View(U"亿人"),
          View(U"小时"),  View(U"百分比"), View(U"1/万"),      View(U"微克/立方米"),
          View(U"μg/m3"), View(U"人次"),   View(U"平方米/人"), View(U"百分点"),
          View(U"级"),    View(U"公里")}) {
        if (cell == unit) {
            return true;
        }
    }
    const std::size_t slash = cell.find(U'/');
    const View base = cell.substr(0, slash);
    return IsCountUnit(base) && (slash == View::npos || slash + 1 < cell.size());
}

View CutUnit(View& name) noexcept {
    const std::size_t open = name.rfind(U'(');
    if (!name.ends_with(U')') || open == View::npos || open == 0 ||
        name.size() - open - 2 > kMaxUnit) {
        return {};
    }
    const View unit = Trim(name.substr(open + 1, name.size() - open - 2));
    name = Trim(name.substr(0, open));
    return unit;
}

bool SmallerIsBetter(View name) noexcept {
    for (const View word :
         {View(U"死亡率"),    View(U"发病率"),       View(U"患病率"),   View(U"发生率"),
          View(U"吸烟率"),    View(U"患龋率"),       View(U"龋齿率"),   View(U"近视率"),
          View(U"肥胖率"),    View(U"超重率"),       View(U"贫血率"),   View(U"迟缓率"),
          View(U"住院日"),    View(U"个人卫生支出"), View(U"药占比"),   View(U"摄入量"),
          View(U"超标率"),    View(U"感染率"),       View(U"漏报率"),   View(U"反应时间"),
          View(U"响应时间"),  View(U"等候时间"),     View(U"服务半径"), View(U"使用强度"),
          View(U"浓度"),      View(U"自杀率"),       View(U"传播率"),   View(U"增幅"),
          View(U"复发率"),    View(U"伤亡人数"),     View(U"死亡人数"), View(U"增长率每年"),
          View(U"低出生体重")}) {
        if (Contains(name, word)) {
            return true;
        }
    }
    return false;
}

}  // namespace kangqu::plan
