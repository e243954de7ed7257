#pragma once

#include "kangqu/plan/document.hpp"

#include "naming.hpp"
#include "table_cells.hpp"
#include "text.hpp"
#include <optional>
#include <string>
#include <vector>

namespace kangqu::plan {

// Reads indicator tables: rows of cells between tabs or bars, or flattened by text extraction to
// one cell a line. A row is a name (with its unit in brackets or in the cell behind it) and one
// value a column; the columns and their years come from the header above the first row. 预期性 or
// 约束性 may stand at the end of a row.
class TableReader {
public:
    explicit TableReader(const SourceText& source) : source_(source) {}

    // Every line outside headings, in order.
    void Feed(View line);
    // A heading ends the table.
    void EndTable();

    std::vector<Indicator> TakeIndicators() { return std::move(out_); }

private:
    struct Column {
        int year = 0;
        bool baseline = false;  // the value of today
        std::u32string words;
    };
    struct Row {
        View name;
        View unit;
        View attribute;
        // By column; a cell "70.6; 69.1" holds two.
        std::vector<std::vector<View>> cells;
    };
    // What is the same for all columns of a row.
    struct RowFacts {
        std::u32string unit;
        std::optional<Comparator> sign;  // printed in the first target column that has one
        std::vector<Doubt> doubts;
    };

    void FeedCell(View cell);
    void FeedRow(const std::vector<View>& cells);
    // A cell of the header: a column with its year, or words of the last one.
    bool FeedHeader(View cell);
    void MarkBaselines();
    // The cells since the last row, of which the last are values.
    void EndRow(View attribute);
    void TryRow();
    bool RowOf(const std::vector<View>& cells, View attribute, Row& row) const;
    void EmitRow(const Row& row);
    // `member` counts the names that share the row.
    void
    EmitSubject(const Row& row, const RowFacts& facts, const Subject& subject, std::size_t member);
    void EmitCell(
        const Indicator& common,
        const RowFacts& facts,
        const Column& column,
        View cell,
        bool own
    );

    const SourceText& source_;
    std::vector<View> cells_;
    std::vector<Column> columns_;
    bool in_rows_ = false;         // the header is over
    bool headed_ = false;          // a cell said 指标, 序号 or the like
    bool with_attribute_ = false;  // rows end with their attribute
    std::size_t last_row_ = 0;     // where the last row's targets begin in out_
    View upper_name_;              // of the row above: what "其中" is part of
    View upper_unit_;
    std::vector<Indicator> out_;
};

}  // namespace kangqu::plan
