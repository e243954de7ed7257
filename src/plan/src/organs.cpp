// The table of bodies of government and what became of them (沿革).
#include "kangqu/plan/matching.hpp"

#include <algorithm>

namespace kangqu::plan {

namespace {

using core::Error;
using core::ErrorCode;
using core::MakeError;

constexpr std::string_view kColumns[] = {"name", "aliases", "from", "to", "successors"};

std::vector<std::string_view> SplitAt(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + separator.size());
    }
}

bool IsMonth(std::string_view text) {
    if (text.size() != 7 || text[4] != '-') {
        return false;
    }
    for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U}) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return text.substr(5) >= "01" && text.substr(5) <= "12";
}

class OrganTable {
public:
    explicit OrganTable(std::string_view pack) : pack_(pack) {}

    core::Status Add(std::string_view line) {
        ++line_no_;
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        if (line.empty() || line.front() == '#') {
            return {};
        }
        const std::vector<std::string_view> cells = SplitAt(line, "\t");
        if (!header_.empty()) {
            return AddRow(cells);
        }
        for (const std::string_view cell : cells) {
            if (std::find(std::begin(kColumns), std::end(kColumns), cell) == std::end(kColumns)) {
                return Wrong("未知的列 (unknown column) \"" + std::string(cell) + "\"");
            }
            header_.emplace_back(cell);
        }
        if (header_.front() != "name") {
            return Wrong("第一列应当是 name (the first column must be name)");
        }
        return {};
    }

    bool has_header() const noexcept { return !header_.empty(); }
    std::vector<Organ> Take() { return std::move(rows_); }

private:
    Error Wrong(std::string what) const {
        return MakeError(
            ErrorCode::kPackInvalid,
            std::string(pack_),
            "organs.tsv:" + std::to_string(line_no_) + " " + std::move(what)
        );
    }

    core::Status AddRow(const std::vector<std::string_view>& cells) {
        if (cells.size() > header_.size() || cells.front().empty() || rows_.size() >= kMaxOrgans) {
            return Wrong("列数不符或行数过多 (wrong number of columns, or too many rows)");
        }
        Organ row;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (header_[i] == "name") {
                row.name = cells[i];
            } else if (header_[i] == "aliases") {
                for (const std::string_view alias : SplitAt(cells[i], "、")) {
                    if (!alias.empty()) {
                        row.aliases.emplace_back(alias);
                    }
                }
            } else if (header_[i] == "successors") {
                KQ_TRY(AddSuccessors(cells[i], row));
            } else if (!cells[i].empty() && !IsMonth(cells[i])) {
                return Wrong("月份应写作 YYYY-MM (not a month) \"" + std::string(cells[i]) + "\"");
            } else {
                (header_[i] == "from" ? row.from : row.to) = cells[i];
            }
        }
        rows_.push_back(std::move(row));
        return {};
    }

    // "function=name@YYYY-MM; name@YYYY-MM"
    core::Status AddSuccessors(std::string_view cell, Organ& row) const {
        if (cell.empty()) {
            return {};
        }
        for (const std::string_view part : SplitAt(cell, ";")) {
            Organ::Successor successor;
            std::string_view name = part;
            if (const std::size_t equals = part.find('='); equals != std::string_view::npos) {
                successor.function = part.substr(0, equals);
                name = part.substr(equals + 1);
            }
            if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
                successor.since = name.substr(at + 1);
                name = name.substr(0, at);
            }
            if (name.empty() || !IsMonth(successor.since)) {
                return Wrong("successors \"" + std::string(part) + "\"");
            }
            successor.name = name;
            row.successors.push_back(std::move(successor));
        }
        return {};
    }

    std::string_view pack_;
    std::size_t line_no_ = 0;
    std::vector<std::string> header_;
    std::vector<Organ> rows_;
};

}  // namespace

core::Result<std::vector<Organ>> ReadOrgans(std::string_view text, std::string_view pack) {
    OrganTable table(pack);
    for (const std::string_view line : SplitAt(text, "\n")) {
        KQ_TRY(table.Add(line));
    }
    if (!table.has_header()) {
        return MakeError(
            ErrorCode::kPackInvalid, std::string(pack), "organs.tsv 缺少表头 (no header row)"
        );
    }
    return table.Take();
}

}  // namespace kangqu::plan
