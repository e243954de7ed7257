#include "sqlite/row_buffer.hpp"

#include "row_code.hpp"
#include <algorithm>
#include <tuple>

namespace kangqu::store::sqlite {

namespace {

std::uint64_t PrefixOf(std::string_view row) {
    std::uint64_t prefix = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        const auto byte = i < row.size() ? static_cast<unsigned char>(row[i]) : 0U;
        prefix = (prefix << 8U) | byte;
    }
    return prefix;
}

std::string Values(std::size_t count) {
    std::string list = "?1";
    for (std::size_t i = 2; i <= count; ++i) {
        list += ", ?" + std::to_string(i);
    }
    return list;
}

std::string InsertSql(const IndexTable& table) {
    return "INSERT OR IGNORE INTO \"" + table.name + "\" VALUES (" +
           Values(table.columns.size() + 2) + ")";
}

std::string RemoveSql(const IndexTable& table) {
    return "DELETE FROM \"" + table.name + "\" WHERE " + WhereRow(table);
}

}  // namespace

RowBuffer::RowBuffer(Connection& connection, const std::vector<PlacedTable>& tables)
    : connection_(connection), tables_(tables) {}

void RowBuffer::Add(std::string_view row, Home home, RecordKey key) {
    Append(row, home, key, true);
}

void RowBuffer::Remove(std::string_view row, Home home, RecordKey key) {
    Append(row, home, key, false);
}

void RowBuffer::Append(std::string_view row, Home home, RecordKey key, bool insert) {
    operations_.push_back(
        {PrefixOf(row),
         bytes_.size(),
         static_cast<std::uint32_t>(row.size()),
         static_cast<std::uint32_t>(operations_.size()),
         home,
         key,
         insert}
    );
    bytes_ += row;
}

void RowBuffer::ReturnTo(const Mark& mark) {
    operations_.resize(mark.rows);
    bytes_.resize(mark.bytes);
    flushed_ = mark.flushed;
}

void RowBuffer::Clear() {
    ReturnTo({});
}

std::string_view RowBuffer::RowOf(const Operation& operation) const {
    return std::string_view(bytes_).substr(operation.offset, operation.size);
}

bool RowBuffer::Before(const Operation& left, const Operation& right) const {
    if (left.prefix != right.prefix) {
        return left.prefix < right.prefix;
    }
    const int order = RowOf(left).compare(RowOf(right));
    if (order != 0) {
        return order < 0;
    }
    return std::tie(left.home, left.key, left.order) < std::tie(right.home, right.key, right.order);
}

bool RowBuffer::SameRow(const Operation& left, const Operation& right) const {
    return left.prefix == right.prefix && left.home == right.home && left.key == right.key &&
           RowOf(left) == RowOf(right);
}

core::Status RowBuffer::Flush() {
    if (waiting() == 0) {
        return {};
    }
    sorted_.assign(operations_.begin() + static_cast<std::ptrdiff_t>(flushed_), operations_.end());
    std::sort(
        sorted_.begin(),
        sorted_.end(),
        [this](const Operation& left, const Operation& right) { return Before(left, right); }
    );
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
        // Of several operations on one row the last decides.
        if (i + 1 < sorted_.size() && SameRow(sorted_[i], sorted_[i + 1])) {
            continue;
        }
        KQ_TRY(Apply(sorted_[i]));
    }
    flushed_ = operations_.size();
    return {};
}

core::Result<RowBuffer::TableStatements*> RowBuffer::StatementsOf(std::int64_t number) {
    for (TableStatements& known : statements_) {
        if (known.table->number == number) {
            return &known;
        }
    }
    for (const PlacedTable& placed : tables_) {
        if (placed.number == number) {
            TableStatements made;
            made.table = &placed;
            KQ_ASSIGN(made.insert, connection_.Prepare(InsertSql(placed.table)));
            KQ_ASSIGN(made.remove, connection_.Prepare(RemoveSql(placed.table)));
            statements_.push_back(std::move(made));
            return &statements_.back();
        }
    }
    return nullptr;
}

core::Status RowBuffer::Apply(const Operation& operation) {
    std::string_view bytes = RowOf(operation);
    const auto number = TakeInteger(bytes);
    KQ_CHECK(number.has_value(), "a row begins with its table");
    KQ_ASSIGN(TableStatements * statements, StatementsOf(*number));
    if (statements == nullptr) {
        return {};
    }
    Statement& statement = operation.insert ? statements->insert : statements->remove;
    KQ_TRY(
        BindRow(statement, statements->table->table, bytes, operation.home, operation.key, texts_)
    );
    return statement.Run();
}

core::Status BindRow(
    Statement& statement,
    const IndexTable& table,
    std::string_view bytes,
    Home home,
    RecordKey key,
    std::vector<std::string>& texts
) {
    texts.resize(std::max(texts.size(), table.columns.size()));
    int index = 0;
    bool whole = true;
    for (const IndexColumn& column : table.columns) {
        std::string& text = texts[static_cast<std::size_t>(index)];
        ++index;
        if (column.type == IndexColumn::Type::kInteger) {
            const auto value = TakeInteger(bytes);
            whole = whole && value.has_value();
            statement.Bind(index, value.value_or(0));
        } else if (column.type == IndexColumn::Type::kReal) {
            const auto value = TakeReal(bytes);
            whole = whole && value.has_value();
            statement.Bind(index, value.value_or(0));
        } else {
            whole = whole && TakeText(bytes, text);
            statement.Bind(index, std::string_view(text));
        }
    }
    if (!whole || !bytes.empty()) {
        return core::MakeError(core::ErrorCode::kStoreCorrupt, "index row of " + table.name);
    }
    statement.Bind(index + 1, home).Bind(index + 2, key);
    return {};
}

std::string WhereRow(const IndexTable& table) {
    std::string sql;
    std::size_t number = 0;
    for (const IndexColumn& column : table.columns) {
        sql += "\"" + column.name + "\" = ?" + std::to_string(++number) + " AND ";
    }
    return sql + "home = ?" + std::to_string(number + 1) + " AND key = ?" +
           std::to_string(number + 2);
}

}  // namespace kangqu::store::sqlite
