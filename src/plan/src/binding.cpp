#include "kangqu/plan/binding.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace kangqu::plan {

namespace {

using core::Error;
using core::ErrorCode;
using core::MakeError;

constexpr std::string_view kColumns[] =
    {"target", "measure", "reason", "baseline_year", "baseline_value", "baseline_source"};

std::vector<std::string_view> Split(std::string_view line, char separator) {
    std::vector<std::string_view> cells;
    while (true) {
        const std::size_t end = line.find(separator);
        cells.push_back(line.substr(0, end));
        if (end == std::string_view::npos) {
            return cells;
        }
        line.remove_prefix(end + 1);
    }
}

template <class Number>
bool Parse(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

class BindingTable {
public:
    explicit BindingTable(std::string_view pack) : pack_(pack) {}

    core::Status Add(std::string_view line) {
        ++line_no_;
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        if (line.empty() || line.front() == '#') {
            return {};
        }
        const std::vector<std::string_view> cells = Split(line, '\t');
        if (header_.empty()) {
            return AddHeader(cells);
        }
        return AddRow(cells);
    }

    std::vector<Binding> Take() { return std::move(rows_); }
    bool has_header() const noexcept { return !header_.empty(); }

private:
    Error Wrong(std::string what) const {
        return MakeError(
            ErrorCode::kPackInvalid,
            std::string(pack_),
            "bindings.tsv:" + std::to_string(line_no_) + " " + std::move(what)
        );
    }

    core::Status AddHeader(const std::vector<std::string_view>& cells) {
        for (const std::string_view cell : cells) {
            if (std::find(std::begin(kColumns), std::end(kColumns), cell) == std::end(kColumns) ||
                std::count(cells.begin(), cells.end(), cell) > 1) {
                return Wrong(
                    "未知或重复的列 (unknown or repeated column) \"" + std::string(cell) + "\""
                );
            }
            header_.emplace_back(cell);
        }
        for (const std::string_view needed : {"target", "measure", "reason"}) {
            if (std::find(header_.begin(), header_.end(), needed) == header_.end()) {
                return Wrong("缺少列 (missing column) \"" + std::string(needed) + "\"");
            }
        }
        return {};
    }

    std::string_view Cell(const std::vector<std::string_view>& cells, std::string_view name) const {
        for (std::size_t i = 0; i < header_.size(); ++i) {
            if (header_[i] == name) {
                return cells[i];
            }
        }
        return {};
    }

    core::Status AddRow(const std::vector<std::string_view>& cells) {
        if (cells.size() != header_.size()) {
            return Wrong("列数不符 (wrong number of columns)");
        }
        if (rows_.size() >= kMaxBindings) {
            return Wrong("行数过多 (too many rows)");
        }
        Binding row;
        row.target = Cell(cells, "target");
        row.measure = Cell(cells, "measure");
        row.reason = Cell(cells, "reason");
        row.baseline_source = Cell(cells, "baseline_source");
        if (row.target.empty() || !seen_.insert(row.target).second) {
            return Wrong("目标名称为空或重复 (empty or repeated target) \"" + row.target + "\"");
        }
        if (row.measure.empty() == row.reason.empty()) {
            return Wrong(
                "“" + row.target +
                "”应当只填 measure 或 reason 之一 (exactly one of measure and reason)"
            );
        }
        const std::string_view year = Cell(cells, "baseline_year");
        const std::string_view value = Cell(cells, "baseline_value");
        KnownValue baseline;
        if (!year.empty() || !value.empty()) {
            if (!Parse(year, baseline.year) || !Parse(value, baseline.value)) {
                return Wrong("“" + row.target + "”的基期值不是数字 (baseline is not a number)");
            }
            row.baseline = baseline;
        }
        rows_.push_back(std::move(row));
        return {};
    }

    std::string_view pack_;
    std::size_t line_no_ = 0;
    std::vector<std::string> header_;
    std::vector<Binding> rows_;
    std::set<std::string> seen_;
};

}  // namespace

core::Result<std::vector<Binding>> ReadBindings(std::string_view text, std::string_view pack) {
    BindingTable table(pack);
    for (const std::string_view line : Split(text, '\n')) {
        KQ_TRY(table.Add(line));
    }
    if (!table.has_header()) {
        return MakeError(
            ErrorCode::kPackInvalid, std::string(pack), "bindings.tsv 缺少表头 (no header row)"
        );
    }
    return table.Take();
}

}  // namespace kangqu::plan
