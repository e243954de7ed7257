#include "table.hpp"

#include "kangqu/core/utf8.hpp"

#include "quantity.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

// A cell is no paragraph; a header has a few dozen cells.
constexpr std::size_t kMaxCell = 80;
constexpr std::size_t kMaxCells = 64;
constexpr std::size_t kMaxHeaderCell = 16;

View WithoutPairMark(View cell) noexcept {
    cell = Trim(cell);
    DropSuffix(cell, {U";"});
    return cell;
}

bool IsValue(View cell) {
    return ReadCell(WithoutPairMark(cell)).has_value();
}

bool IsNumber(View cell) noexcept {
    return !cell.empty() && cell.size() <= 3 && std::all_of(cell.begin(), cell.end(), IsDigit);
}

// A row's number or its mark: "1", "(1)".
bool IsRowNumber(View cell) noexcept {
    cell = Trim(cell);
    if (cell.starts_with(U'(') && cell.ends_with(U')')) {
        cell = cell.substr(1, cell.size() - 2);
    }
    return IsNumber(cell);
}

std::optional<int> YearOfHeader(View cell) {
    if (cell.size() > kMaxHeaderCell || Contains(cell, U"比") || Contains(cell, U"较") ||
        !PrefixOf(cell, {U"到", U"至", U"截"}).empty()) {
        return std::nullopt;
    }
    for (std::size_t at = 0; at < cell.size(); ++at) {
        const bool begins = IsDigit(cell[at]) && (at == 0 || !IsDigit(cell[at - 1]));
        const auto years = begins ? ReadYears(cell.substr(at)) : std::nullopt;
        // "89.6(2014年)" is a value.
        if (years && (at == 0 || cell[at - 1] != U'(')) {
            return years->years.front();
        }
    }
    return std::nullopt;
}

bool IsHeaderWord(View cell) noexcept {
    for (const View word :
         {View(U"指标"),
          View(U"属性"),
          View(U"性质"),
          View(U"单位"),
          View(U"序号"),
          View(U"领域"),
          View(U"类别"),
          View(U"类型"),
          View(U"目标"),
          View(U"现状"),
          View(U"基期"),
          View(U"分类"),
          View(U"维度")}) {
        if (Contains(cell, word) && cell.size() <= 8) {
            return true;
        }
    }
    return false;
}

// The sign a cell without one takes from its neighbour: the other column may stand at the limit.
Comparator Borrowed(Comparator sign) noexcept {
    if (sign == Comparator::kBelow) {
        return Comparator::kAtMost;
    }
    return sign == Comparator::kAbove ? Comparator::kAtLeast : sign;
}

bool IsPlainSign(Comparator comparator) noexcept {
    return comparator == Comparator::kAtLeast || comparator == Comparator::kAtMost ||
           comparator == Comparator::kBelow || comparator == Comparator::kAbove;
}

// Cells that a page's layout set close together: "支出占比(%) 29.3" is two, and so is
// "健康水平 人均寿命(岁)".
std::vector<View> Separated(const std::vector<View>& parts) {
    std::vector<View> cells;
    for (const View part : parts) {
        View rest = Trim(part);
        std::vector<View> values;
        for (std::size_t space = rest.rfind(U' '); space != View::npos; space = rest.rfind(U' ')) {
            const View last = rest.substr(space + 1);
            const auto value = ReadCell(last);
            if (!value || !(value->number || value->none)) {
                break;
            }
            values.push_back(last);
            rest = Trim(rest.substr(0, space));
        }
        const std::size_t space = rest.rfind(U' ');
        const bool grouped = space != View::npos && space <= 8 && rest.ends_with(U')') &&
                             IsHan(rest.front()) && OutsideBrackets(rest)[space];
        if (grouped) {
            cells.push_back(rest.substr(0, space));
            rest = Trim(rest.substr(space + 1));
        }
        cells.push_back(rest);
        cells.insert(cells.end(), values.rbegin(), values.rend());
    }
    return cells;
}

}  // namespace

void TableReader::Feed(View line) {
    if (line.size() > kMaxCell * 8) {
        EndTable();
        return;
    }
    std::vector<View> parts = SplitOutside(line, U"\t|");
    if (parts.size() > 1) {
        parts = Separated(parts);
    }
    if (parts.size() >= 3) {
        FeedRow(parts);
        return;
    }
    for (const View cell : parts) {
        FeedCell(Trim(cell));
    }
}

bool TableReader::FeedHeader(View cell) {
    const auto year = YearOfHeader(cell);
    if (year) {
        if (in_rows_) {
            columns_.clear();
            in_rows_ = false;
            with_attribute_ = false;
        }
        columns_.push_back({*year, false, std::u32string(cell)});
        return true;
    }
    headed_ = headed_ || IsHeaderWord(cell);
    if (in_rows_ || columns_.empty()) {
        return false;
    }
    const bool attribute = Contains(cell, U"属性") || Contains(cell, U"性质");
    with_attribute_ = with_attribute_ || (attribute && cell.size() <= 6);
    if (IsHeaderWord(cell) || (cell.size() <= 6 && cell.ends_with(U"值"))) {
        if (!attribute && cell != U"指标" && cell != U"单位") {
            columns_.back().words += cell;
        }
        return true;
    }
    return false;
}

void TableReader::MarkBaselines() {
    for (Column& column : columns_) {
        for (const View word :
             {U"现状", U"现值", U"基期", U"基准", U"实际", U"完成", U"基线", U"底数"}) {
            column.baseline = column.baseline || Contains(column.words, word);
        }
    }
    // "2015年 2020年 2030年" without words: the first is where the plan starts.
    const bool any = std::any_of(columns_.begin(), columns_.end(), [](const Column& column) {
        return column.baseline;
    });
    const bool rising =
        columns_.size() >= 3 &&
        std::is_sorted(columns_.begin(), columns_.end(), [](const Column& a, const Column& b) {
            return a.year < b.year;
        });
    if (!any && rising && !Contains(columns_.front().words, U"目标") &&
        columns_[0].year < columns_[1].year) {
        columns_.front().baseline = true;
    }
}

void TableReader::FeedCell(View cell) {
    if (cell.empty()) {
        return;
    }
    if (const View attribute = AttributeOf(cell); !attribute.empty()) {
        EndRow(attribute);
        return;
    }
    if (cell.size() > kMaxCell || Contains(cell, U"。")) {
        EndTable();
        return;
    }
    if (cells_.size() >= kMaxCells) {
        cells_.erase(cells_.begin());
    }
    if (!FeedHeader(cell)) {
        cells_.push_back(cell);
        TryRow();
    }
}

// Without attributes a row is over when it has a value for every column.
void TableReader::TryRow() {
    const bool headed = columns_.size() > 1 || headed_;
    if (columns_.empty() || !headed || with_attribute_ || cells_.size() <= columns_.size()) {
        return;
    }
    const std::size_t first = cells_.size() - columns_.size();
    const bool values =
        std::all_of(cells_.begin() + static_cast<std::ptrdiff_t>(first), cells_.end(), IsValue);
    if (values && !IsValue(cells_[first - 1])) {
        EndRow({});
    }
}

void TableReader::EndTable() {
    cells_.clear();
    columns_.clear();
    in_rows_ = false;
    headed_ = false;
    with_attribute_ = false;
    upper_name_ = {};
}

void TableReader::FeedRow(const std::vector<View>& parts) {
    std::vector<View> cells;
    View attribute;
    bool header = false;
    for (const View part : parts) {
        const View cell = Trim(part);
        if (cell.empty()) {
            continue;
        }
        header = header || YearOfHeader(cell).has_value();
        if (const View found = AttributeOf(cell); !found.empty()) {
            attribute = found;
        } else {
            cells.push_back(cell);
        }
    }
    const bool values = cells.size() > 1 && IsValue(cells.back()) && !YearOfHeader(cells.back());
    if (header && !values) {
        for (const View cell : cells) {
            FeedHeader(cell);
        }
        cells_.clear();
        return;
    }
    cells_ = std::move(cells);
    EndRow(attribute);
    cells_.clear();
}

bool TableReader::RowOf(const std::vector<View>& cells, View attribute, Row& row) const {
    std::size_t first = cells.size();
    while (first > 0 && IsValue(cells[first - 1])) {
        --first;
    }
    if (first == cells.size() || first == 0) {
        return false;
    }
    std::size_t name_at = first - 1;
    row.attribute = attribute;
    row.name = cells[name_at];
    const bool own_line = row.name.starts_with(U'(') && name_at > 0;
    if (own_line) {
        // The unit stood on a line of its own.
        row.unit = row.name.substr(1, row.name.size() - 1 - (row.name.ends_with(U')') ? 1U : 0U));
        row.name = cells[--name_at];
    } else if (IsUnitCell(row.name) && name_at > 0 && !IsRowNumber(cells[name_at - 1])) {
        row.unit = row.name;
        row.name = cells[--name_at];
    } else {
        row.unit = CutUnit(row.name);
    }
    bool pair = false;
    for (std::size_t i = first; i < cells.size(); ++i) {
        if (!pair) {
            row.cells.emplace_back();
        }
        row.cells.back().push_back(WithoutPairMark(cells[i]));
        pair = cells[i].ends_with(U';');
    }
    return row.name.size() >= 2;
}

void TableReader::EndRow(View attribute) {
    const std::vector<View> cells = std::move(cells_);
    cells_.clear();
    // 预期性 behind a row that was over without it.
    if (cells.empty() && !attribute.empty()) {
        for (std::size_t i = last_row_; i < out_.size(); ++i) {
            out_[i].attribute = source_.Printed(attribute);
        }
        return;
    }
    Row row;
    if (columns_.empty() || !RowOf(cells, attribute, row)) {
        return;
    }
    if (!in_rows_) {
        MarkBaselines();
        in_rows_ = true;
    }
    // Merged cells to the left may have slipped in as values.
    if (row.cells.size() > columns_.size()) {
        row.cells.erase(
            row.cells.begin(), row.cells.end() - static_cast<std::ptrdiff_t>(columns_.size())
        );
    }
    if (row.cells.size() == columns_.size()) {
        last_row_ = out_.size();
        EmitRow(row);
    }
}

void TableReader::EmitRow(const Row& row) {
    std::vector<Subject> subjects = SplitSubjects(source_, row.name);
    RowFacts facts;
    View unit = row.unit;
    const bool part = row.name.starts_with(U"其中");
    if (part && unit.empty() && !upper_name_.empty()) {
        subjects = {MakeSubject(source_, {upper_name_, U"(", row.name, U")"})};
        unit = upper_unit_;
    } else {
        upper_name_ = row.name;
        upper_unit_ = row.unit;
    }
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        const auto value = ReadCell(row.cells[c].front());
        if (!columns_[c].baseline && !facts.sign && value && value->signed_value &&
            IsPlainSign(value->comparator)) {
            facts.sign = value->comparator;
        }
    }
    facts.unit = unit;
    // "每万人口…(人/千人)": the name says what is counted for.
    if (row.name.starts_with(U"每万") && facts.unit.ends_with(U"/千人")) {
        facts.unit.resize(facts.unit.find(U'/'));
        facts.doubts.push_back({"odd-unit", source_.Printed(unit)});
    }
    if (facts.unit == U"ddds") {
        facts.unit = U"DDDs";
    }
    for (std::size_t s = 0; s < subjects.size(); ++s) {
        EmitSubject(row, facts, subjects[s], s);
    }
}

void TableReader::EmitSubject(
    const Row& row,
    const RowFacts& facts,
    const Subject& subject,
    std::size_t member
) {
    Indicator common;
    common.name = subject.name;
    common.attribute = source_.Printed(row.attribute);
    common.unit = FinishedUnit(subject.key, facts.unit);
    common.doubts = facts.doubts;
    common.place = {
        source_.OffsetOf(row.name),
        source_.OffsetOf(row.cells.back().back()) + row.cells.back().back().size()};
    if (subject.composed) {
        common.doubts.push_back({"composed-name", source_.Printed(row.name)});
    }
    bool own = true;
    int own_year = 0;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        const View cell = row.cells[c][std::min(member, row.cells[c].size() - 1)];
        const auto value = ReadCell(cell);
        if (columns_[c].baseline) {
            if (value && value->number) {
                common.baseline = value->number;
                common.baseline_year = value->year.value_or(columns_[c].year);
            }
            continue;
        }
        // A second column of the same year is another level's target.
        own = own_year == 0 || columns_[c].year != own_year;
        own_year = columns_[c].year;
        if (value && !value->none) {
            EmitCell(common, facts, columns_[c], cell, own);
        }
    }
}

void TableReader::EmitCell(
    const Indicator& common,
    const RowFacts& facts,
    const Column& column,
    View cell,
    bool own
) {
    const auto value = ReadCell(cell);
    const bool trend = value->comparator == Comparator::kTrendDown;
    // "持续改善" says no value that could be reached.
    if (!value->number && !trend && !value->signed_value) {
        return;
    }
    Indicator target = common;
    target.comparator = value->comparator;
    target.year = column.year;
    target.words = source_.Printed(cell);
    if (value->high) {
        target.value = ValueRange{*value->number, *value->high};
    } else if (value->number) {
        target.value = *value->number;
    } else {
        target.value = source_.Named(value->words);
        target.unit = trend ? std::string() : "等级";
    }
    if (target.unit.empty() && !value->unit.empty()) {
        target.unit = source_.Printed(value->unit);
    }
    if (value->base_year) {
        target.baseline.reset();
        target.baseline_year = value->base_year;
        target.unit = value->unit.empty() ? target.unit : core::EncodeUtf8(value->unit);
    }
    if (!value->signed_value) {
        const bool whole = target.unit == "%" && target.value == TargetValue(100.0);
        if (facts.sign) {
            target.comparator = Borrowed(*facts.sign);
        } else if (SmallerIsBetter(core::DecodeUtf8(target.name))) {
            target.comparator = Comparator::kAtMost;
        } else {
            target.comparator = whole ? Comparator::kEqual : Comparator::kAtLeast;
        }
        target.doubts.push_back({"no-sign", target.words});
    }
    if (!own) {
        target.baseline.reset();
        target.baseline_year.reset();
        target.doubts.push_back({"reference-column", core::EncodeUtf8(column.words)});
    }
    out_.push_back(std::move(target));
}

}  // namespace kangqu::plan
