#include "postgres/pending.hpp"
#include "row_code.hpp"

namespace kangqu::store::postgres {

namespace {

std::string Arguments(const IndexTable& table) {
    std::string list = "?1";
    for (std::size_t i = 2; i <= table.columns.size() + 2; ++i) {
        list += ", ?" + std::to_string(i);
    }
    return list;
}

// "d(c1, c2 ..., home, key)" and the condition that it is a row of the table `t`.
std::string Columns(const IndexTable& table) {
    std::vector<std::string> names;
    for (const IndexColumn& column : table.columns) {
        names.push_back(column.name);
    }
    names.insert(names.end(), {"home", "key"});
    return ListOf(names);
}

std::string SameRow(const IndexTable& table) {
    std::string sql;
    for (const IndexColumn& column : table.columns) {
        const std::string name = Quoted(column.name);
        sql += "t." + name + " = d." + name + " AND ";
    }
    return sql + "t.home = d.home AND t.key = d.key";
}

}  // namespace

std::string InsertRowsSql(const IndexTable& table) {
    return "INSERT INTO " + Quoted(table.name) + " (" + Columns(table) + ") SELECT * FROM unnest(" +
           Arguments(table) + ") d ON CONFLICT DO NOTHING";
}

std::string RemoveRowsSql(const IndexTable& table) {
    return "DELETE FROM " + Quoted(table.name) + " t USING unnest(" + Arguments(table) + ") d(" +
           Columns(table) + ") WHERE " + SameRow(table);
}

std::string MissingRowsSql(const IndexTable& table) {
    return "SELECT d.key FROM unnest(" + Arguments(table) + ") d(" + Columns(table) +
           ") WHERE NOT EXISTS (SELECT 1 FROM " + Quoted(table.name) + " t WHERE " +
           SameRow(table) + ")";
}

RowArrays::RowArrays(const IndexTable& table) : name_(table.name) {
    for (const IndexColumn& column : table.columns) {
        columns_.push_back({column.type, {}, {}, {}});
    }
}

core::Status RowArrays::Add(std::string_view bytes, Home home, RecordKey key) {
    bool whole = true;
    for (Column& column : columns_) {
        if (column.type == IndexColumn::Type::kInteger) {
            const auto value = TakeInteger(bytes);
            whole = whole && value.has_value();
            column.integers.push_back(value.value_or(0));
        } else if (column.type == IndexColumn::Type::kReal) {
            const auto value = TakeReal(bytes);
            whole = whole && value.has_value();
            column.reals.push_back(value.value_or(0));
        } else {
            whole = TakeText(bytes, column.texts.emplace_back()) && whole;
        }
    }
    homes_.push_back(home);
    keys_.push_back(key);
    if (!whole || !bytes.empty()) {
        return core::MakeError(core::ErrorCode::kStoreCorrupt, "index row of " + name_);
    }
    return {};
}

Params RowArrays::ToParams() const {
    Params params;
    std::vector<std::string_view> texts;
    for (const Column& column : columns_) {
        if (column.type == IndexColumn::Type::kInteger) {
            params.AddArray(column.integers);
        } else if (column.type == IndexColumn::Type::kReal) {
            params.AddArray(column.reals);
        } else {
            texts.assign(column.texts.begin(), column.texts.end());
            params.AddTexts(texts);
        }
    }
    params.AddArray(homes_).AddArray(keys_);
    return params;
}

void RowArrays::Clear() {
    for (Column& column : columns_) {
        column.integers.clear();
        column.reals.clear();
        column.texts.clear();
    }
    homes_.clear();
    keys_.clear();
}

}  // namespace kangqu::store::postgres
