#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include "sqlite/connection.hpp"
#include "sqlite/schema.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store::sqlite {

// Binds the columns of a row (bytes as made by AppendRow, without the table's number), its home and
// its key, in this order. `texts` holds what is bound.
core::Status BindRow(
    Statement& statement,
    const IndexTable& table,
    std::string_view bytes,
    Home home,
    RecordKey key,
    std::vector<std::string>& texts
);
// The condition that finds the row bound so.
std::string WhereRow(const IndexTable& table);

// Index rows that wait to be written: a group's rows go into each table in the order of its key,
// which touches every page once instead of once a record. Whoever asks the index tables must
// Flush first.
class RowBuffer {
public:
    // `tables` must outlive the buffer.
    RowBuffer(Connection& connection, const std::vector<PlacedTable>& tables);

    // `row` as made by AppendRow. Numbers of tables that are no longer there are left out.
    void Add(std::string_view row, Home home, RecordKey key);
    void Remove(std::string_view row, Home home, RecordKey key);

    // Marks for a unit that may be taken back: its rows are forgotten, and rows of earlier units
    // written since the mark count as waiting again (the savepoint took them out of the file).
    struct Mark {
        std::size_t rows = 0;
        std::size_t bytes = 0;
        std::size_t flushed = 0;
    };
    Mark mark() const { return {operations_.size(), bytes_.size(), flushed_}; }
    void ReturnTo(const Mark& mark);

    core::Status Flush();
    // After the end of a group: forgets everything.
    void Clear();
    std::size_t waiting() const { return operations_.size() - flushed_; }

private:
    struct Operation {
        std::uint64_t prefix;  // first bytes of the row, for fast comparison
        std::size_t offset;
        std::uint32_t size;
        std::uint32_t order;
        Home home;
        RecordKey key;
        bool insert;
    };
    struct TableStatements {
        const PlacedTable* table = nullptr;
        Statement insert;
        Statement remove;
    };

    void Append(std::string_view row, Home home, RecordKey key, bool insert);
    std::string_view RowOf(const Operation& operation) const;
    bool Before(const Operation& left, const Operation& right) const;
    bool SameRow(const Operation& left, const Operation& right) const;
    core::Status Apply(const Operation& operation);
    core::Result<TableStatements*> StatementsOf(std::int64_t number);

    Connection& connection_;
    const std::vector<PlacedTable>& tables_;
    std::vector<TableStatements> statements_;
    std::vector<Operation> operations_;
    std::vector<Operation> sorted_;
    std::string bytes_;
    std::size_t flushed_ = 0;
    std::vector<std::string> texts_;
};

}  // namespace kangqu::store::sqlite
