#include "placed_table.hpp"

#include "row_code.hpp"
#include <algorithm>
#include <array>

namespace kangqu::store {

namespace {

constexpr std::array<std::string_view, 12> kOwnTables = {
    "counter",
    "interned",
    "ids",
    "version",
    "current",
    "value",
    "home",
    "index_table",
    "dictionary",
    "superseded",
    "writer",
    "schema_version"};
constexpr std::size_t kMaxNameBytes = 60;

bool IsName(std::string_view name) {
    return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '_' &&
           std::all_of(name.begin(), name.end(), [](char letter) {
               return (letter >= 'a' && letter <= 'z') || letter == '_' ||
                      (letter >= '0' && letter <= '9');
           });
}

core::Error WrongTable(const IndexTable& table, const std::string& why) {
    return core::MakeError(core::ErrorCode::kInvalidArgument, "index_tables." + table.name, why);
}

core::Status CheckTable(const IndexTable& table) {
    const bool own =
        std::find(kOwnTables.begin(), kOwnTables.end(), table.name) != kOwnTables.end();
    if (!IsName(table.name) || own || table.name.starts_with("sqlite") ||
        table.name.starts_with("pg_")) {
        return WrongTable(table, "name");
    }
    if (table.columns.empty()) {
        return WrongTable(table, "no columns");
    }
    std::vector<std::string> names = {"home", "key"};
    for (const IndexColumn& column : table.columns) {
        if (!IsName(column.name) ||
            std::find(names.begin(), names.end(), column.name) != names.end()) {
            return WrongTable(table, "column " + column.name);
        }
        names.push_back(column.name);
    }
    for (const auto& order : table.orders) {
        for (const std::string& column : order) {
            if (std::find(names.begin(), names.end(), column) == names.end()) {
                return WrongTable(table, "order by unknown column " + column);
            }
        }
    }
    return {};
}

core::Error Wrong(const std::string& what) {
    return core::MakeError(core::ErrorCode::kInternal, what);
}

}  // namespace

std::string Quoted(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

std::string ListOf(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + Quoted(name);
    }
    return list;
}

core::Status CheckTables(const std::vector<IndexTable>& tables) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
        KQ_TRY(CheckTable(tables[i]));
        for (std::size_t before = 0; before < i; ++before) {
            if (tables[before].name == tables[i].name) {
                return WrongTable(tables[i], "described twice");
            }
        }
    }
    return {};
}

core::Result<std::vector<std::string>> EncodeRows(
    const std::vector<PlacedTable>& tables,
    const Placement& placement,
    std::span<const IndexRow> rows
) {
    std::vector<std::string> encoded;
    encoded.reserve(rows.size());
    for (const IndexRow& row : rows) {
        if (row.table >= tables.size()) {
            return Wrong("index row of an unknown table");
        }
        const PlacedTable& placed = tables[row.table];
        const std::size_t columns = placed.table.columns.size();
        const bool placed_row = row.values.size() == columns + 2;
        if (row.values.size() != columns && !placed_row) {
            return Wrong("index table " + placed.table.name + ": wrong number of values");
        }
        if (placed_row && (row.values[columns] != IndexValue(placement.home) ||
                           row.values[columns + 1] != IndexValue(placement.key))) {
            return Wrong("index table " + placed.table.name + ": row of another record");
        }
        encoded.emplace_back();
        KQ_TRY(AppendRow(placed.table, placed.number, row, encoded.back()));
    }
    std::sort(encoded.begin(), encoded.end());
    encoded.erase(std::unique(encoded.begin(), encoded.end()), encoded.end());
    return encoded;
}

}  // namespace kangqu::store
