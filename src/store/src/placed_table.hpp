#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store {

// An index table as it is in the database.
struct PlacedTable {
    IndexTable table;
    std::int64_t number = 0;  // of this definition, stands in version.rows
    Position since = 0;       // changes up to this one may lack rows
};

// Names, columns and orders of the tables a caller describes, each name once.
core::Status CheckTables(const std::vector<IndexTable>& tables);

// "name" in quotes, and a list of such.
std::string Quoted(std::string_view name);
std::string ListOf(const std::vector<std::string>& names);

// The rows of one record as AppendRow makes them, sorted, each once.
core::Result<std::vector<std::string>> EncodeRows(
    const std::vector<PlacedTable>& tables,
    const Placement& placement,
    std::span<const IndexRow> rows
);

// Walks both sorted lists: `removed` gets what only `before` has, `added` what only `after` has.
template <class Removed, class Added>
void CompareRows(
    const std::vector<std::string>& before,
    const std::vector<std::string>& after,
    Removed removed,
    Added added
) {
    auto was = before.begin();
    for (const std::string& row : after) {
        for (; was != before.end() && *was < row; ++was) {
            removed(*was);
        }
        if (was != before.end() && *was == row) {
            ++was;
        } else {
            added(row);
        }
    }
    for (; was != before.end(); ++was) {
        removed(*was);
    }
}

}  // namespace kangqu::store
