#include "table.hpp"

#include "kangqu/core/utf8.hpp"

#include "quantity.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

// A cell is no paragraph; a header has a few dozen cells.
constexpr std::size_t kMaxCell = 80;
constexpr std::size_t kMaxCells = 64;
constexpr std::size_t kMaxUnit = 8;
constexpr View kSigns = U"≥≤<>";

bool IsNone(View cell) noexcept {
    return cell == U"-" || cell == U"—" || cell == U"--" || cell == U"——" || cell == U"/";
}

View WithoutPairMark(View cell) noexcept {
    cell = Trim(cell);
    DropSuffix(cell, {U";"});
    return cell;
}

bool IsValue(View cell) noexcept {
    cell = WithoutPairMark(cell);
    if (IsNone(cell)) {
        return true;
    }
    if (!cell.empty() && kSigns.find(cell.front()) != View::npos) {
        cell = Trim(cell.substr(1));
    }
    DropSuffix(cell, {U"%", U"‰"});
    const bool digits =
        std::all_of(cell.begin(), cell.end(), [](char32_t c) { return IsDigit(c) || c == U'.'; });
    return !cell.empty() && digits && IsDigit(cell.front()) && IsDigit(cell.back());
}

std::optional<double> NumberIn(View cell) {
    cell = WithoutPairMark(cell);
    if (!cell.empty() && kSigns.find(cell.front()) != View::npos) {
        cell = Trim(cell.substr(1));
    }
    DropSuffix(cell, {U"%", U"‰"});
    const auto quantity = ReadQuantity(cell, 0);
    return quantity ? std::optional<double>(quantity->value) : std::nullopt;
}

std::optional<Comparator> SignOf(View cell) noexcept {
    switch (cell.empty() ? U'\0' : cell.front()) {
        case U'≥':
            return Comparator::kAtLeast;
        case U'≤':
            return Comparator::kAtMost;
        case U'<':
            return Comparator::kBelow;
        case U'>':
            return Comparator::kAbove;
        default:
            return std::nullopt;
    }
}

// The sign a cell without one takes from its neighbour: the other column may stand at the limit.
Comparator Borrowed(Comparator sign) noexcept {
    if (sign == Comparator::kBelow) {
        return Comparator::kAtMost;
    }
    return sign == Comparator::kAbove ? Comparator::kAtLeast : sign;
}

// "婴儿死亡率(‰)" -> name and unit.
View CutUnit(View& name) noexcept {
    const std::size_t open = name.rfind(U'(');
    if (!name.ends_with(U')') || open == View::npos || open == 0 ||
        name.size() - open - 2 > kMaxUnit) {
        return {};
    }
    const View unit = name.substr(open + 1, name.size() - open - 2);
    name = Trim(name.substr(0, open));
    return unit;
}

}  // namespace

void TableReader::Feed(View line) {
    if (line.size() > kMaxCell * 4) {
        EndTable();
        return;
    }
    for (const View cell : SplitOutside(line, U"\t|")) {
        FeedCell(Trim(cell));
    }
}

void TableReader::FeedCell(View cell) {
    if (cell.empty()) {
        return;
    }
    if (cell == U"预期性" || cell == U"约束性") {
        EndRow(cell);
        return;
    }
    if (cell.size() > kMaxCell || Contains(cell, U"。")) {
        EndTable();
        return;
    }
    if (cells_.size() >= kMaxCells) {
        cells_.erase(cells_.begin());
    }
    cells_.push_back(cell);
}

void TableReader::EndTable() {
    cells_.clear();
    columns_.clear();
    upper_name_ = {};
}

void TableReader::ReadHeader(const std::vector<View>& cells) {
    columns_.clear();
    for (const View cell : cells) {
        std::optional<YearPhrase> years;
        for (std::size_t at = 0; at < cell.size() && !years; ++at) {
            years = IsDigit(cell[at]) ? ReadYears(cell.substr(at)) : std::nullopt;
        }
        if (years) {
            columns_.push_back({years->years.front(), false, std::u32string(cell)});
        } else if (!columns_.empty() && cell != U"指标" && cell != U"属性") {
            columns_.back().words += cell;
        }
    }
    for (Column& column : columns_) {
        for (const View word : {U"现状", U"现值", U"基期", U"基准", U"实际", U"完成"}) {
            column.baseline = column.baseline || Contains(column.words, word);
        }
    }
}

void TableReader::EndRow(View attribute) {
    std::size_t first = cells_.size();
    while (first > 0 && IsValue(cells_[first - 1])) {
        --first;
    }
    const std::vector<View> cells = std::move(cells_);
    cells_.clear();
    if (first == 0 || first == cells.size()) {
        return;
    }
    Row row;
    row.attribute = attribute;
    row.name = cells[first - 1];
    std::size_t name_at = first - 1;
    if (row.name.starts_with(U'(') && name_at > 0) {
        // The unit stood on a line of its own.
        row.unit = row.name.substr(1, row.name.size() - 1 - (row.name.ends_with(U')') ? 1U : 0U));
        row.name = cells[--name_at];
    } else {
        row.unit = CutUnit(row.name);
    }
    if (columns_.empty()) {
        ReadHeader({cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(name_at)});
    }
    bool pair = false;
    for (std::size_t i = first; i < cells.size(); ++i) {
        if (!pair) {
            row.cells.emplace_back();
        }
        row.cells.back().push_back(WithoutPairMark(cells[i]));
        pair = cells[i].ends_with(U';');
    }
    if (row.cells.size() == columns_.size()) {
        EmitRow(row);
    }
}

void TableReader::EmitRow(const Row& row) {
    std::vector<Subject> subjects = SplitSubjects(source_, row.name);
    RowFacts facts;
    View unit = row.unit;
    if (row.name.starts_with(U"其中") && unit.empty() && !upper_name_.empty()) {
        subjects = {MakeSubject(source_, {upper_name_, U"(", row.name, U")"})};
        unit = upper_unit_;
    } else {
        upper_name_ = row.name;
        upper_unit_ = row.unit;
    }
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (!columns_[c].baseline && !facts.sign) {
            facts.sign = SignOf(row.cells[c].front());
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
    if (subject.composed) {
        common.doubts.push_back({"composed-name", source_.Printed(row.name)});
    }
    bool own = true;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        const View cell = row.cells[c][std::min(member, row.cells[c].size() - 1)];
        const auto value = NumberIn(cell);
        if (value && columns_[c].baseline) {
            common.baseline = value;
            common.baseline_year = columns_[c].year;
        } else if (!columns_[c].baseline) {
            if (value) {
                EmitCell(common, facts, columns_[c], cell, own);
            }
            own = false;
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
    Indicator target = common;
    target.value = NumberIn(cell).value_or(0);
    target.year = column.year;
    target.words = source_.Printed(cell);
    const auto printed = SignOf(cell);
    if (printed) {
        target.comparator = *printed;
    } else if (facts.sign) {
        target.comparator = Borrowed(*facts.sign);
    } else {
        const bool whole = target.unit == "%" && target.value == TargetValue(100.0);
        target.comparator = whole ? Comparator::kEqual : Comparator::kAtLeast;
    }
    if (!printed) {
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
