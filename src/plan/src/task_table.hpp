#pragma once

#include "text.hpp"
#include <cstddef>
#include <optional>
#include <vector>

namespace kangqu::plan {

// A table whose rows are tasks: one column says what to do, others say who. Rows are lines with
// tabs between their cells; cells that are merged downwards are empty below the first.
class TaskTable {
public:
    struct Row {
        View text;                  // what to do
        std::vector<View> above;    // what groups it: the columns before
        std::vector<View> targets;  // columns that say what is to be reached
        std::vector<View> units;
        bool by_duty = false;
    };

    // A line with tabs: nothing for the header itself and for lines of no task table.
    std::optional<Row> Feed(View line);
    // Another kind of line ends the table.
    void End() { columns_ = 0; }

private:
    bool ReadHeader(const std::vector<View>& cells);

    std::size_t columns_ = 0;  // 0: not in a table
    std::vector<std::size_t> texts_;
    std::vector<std::size_t> targets_;
    std::vector<std::size_t> units_;
    std::vector<View> last_;  // cells of the row above, for merged ones
};

}  // namespace kangqu::plan
