#include "task_table.hpp"

#include "clause.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

constexpr std::size_t kMaxHeaderCell = 12;
constexpr std::size_t kMaxColumns = 32;

bool HasAny(View cell, std::initializer_list<View> words) noexcept {
    return std::any_of(words.begin(), words.end(), [cell](View word) {
        return Contains(cell, word);
    });
}

bool NamesUnits(View cell) noexcept {
    return cell.size() <= kMaxHeaderCell &&
           HasAny(
               cell,
               {U"责任",
                U"牵头",
                U"配合",
                U"参与",
                U"参加",
                U"负责",
                U"落实",
                U"协同",
                U"协办",
                U"主办"}
           ) &&
           HasAny(cell, {U"单位", U"部门", U"主体", U"机构"});
}

bool NamesWork(View cell) noexcept {
    return cell.size() <= kMaxHeaderCell &&
           HasAny(
               cell,
               {U"任务",
                U"内容",
                U"措施",
                U"工作",
                U"事项",
                U"项目",
                U"行动",
                U"要求",
                U"类别",
                U"领域"}
           ) &&
           !HasAny(cell, {U"时限", U"时间", U"单位", U"部门", U"进度"});
}

bool NamesTargets(View cell) noexcept {
    return cell.size() <= kMaxHeaderCell && HasAny(cell, {U"指标", U"目标", U"成效", U"成果"});
}

}  // namespace

bool TaskTable::ReadHeader(const std::vector<View>& cells) {
    std::vector<std::size_t> texts;
    std::vector<std::size_t> units;
    std::vector<std::size_t> targets;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const View cell = Trim(cells[i]);
        if (NamesUnits(cell)) {
            units.push_back(i);
        } else if (NamesTargets(cell)) {
            targets.push_back(i);
        } else if (NamesWork(cell)) {
            texts.push_back(i);
        }
    }
    if (units.empty() || texts.empty() || cells.size() > kMaxColumns) {
        return false;
    }
    columns_ = cells.size();
    texts_ = std::move(texts);
    units_ = std::move(units);
    targets_ = std::move(targets);
    last_.assign(columns_, View{});
    return true;
}

std::optional<TaskTable::Row> TaskTable::Feed(View line) {
    std::vector<View> cells = SplitOutside(line, U"\t");
    if (ReadHeader(cells) || columns_ == 0 || cells.size() < 2) {
        return std::nullopt;
    }
    // Web tables leave merged cells out: what is there stands to the right.
    if (cells.size() < columns_) {
        cells.insert(cells.begin(), columns_ - cells.size(), View{});
    }
    for (std::size_t i = 0; i < columns_; ++i) {
        cells[i] = Trim(cells[i]);
        const bool merged = cells[i].empty() && i != texts_.back();
        cells[i] = merged ? last_[i] : cells[i];
    }
    last_ = cells;
    Row row;
    row.text = cells[texts_.back()];
    for (const std::size_t column : texts_) {
        if (column != texts_.back() && !cells[column].empty()) {
            row.above.push_back(cells[column]);
        }
    }
    for (const std::size_t column : targets_) {
        row.targets.push_back(cells[column]);
    }
    for (const std::size_t column : units_) {
        for (const View unit : UnitsOf(cells[column], row.by_duty)) {
            if (std::find(row.units.begin(), row.units.end(), unit) == row.units.end()) {
                row.units.push_back(unit);
            }
        }
    }
    return row.text.size() < 2 || row.units.empty() ? std::nullopt
                                                    : std::optional<Row>(std::move(row));
}

}  // namespace kangqu::plan
