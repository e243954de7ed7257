#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include "placed_table.hpp"
#include "postgres/connection.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store::postgres {

struct PendingText {
    std::int64_t number = 0;
    std::string text;
};
struct PendingId {
    std::int64_t type = 0;
    std::string id;  // packed
    Home home = 0;
    RecordKey key = 0;
};
struct PendingVersion {
    Version facts;  // without body
    std::int64_t type = 0;
    std::string id;  // packed
    std::optional<std::string> body;
    std::string rows;
};
struct PendingRows {
    Position change = 0;
    Home home = 0;
    std::string rows;
};
struct PendingCurrent {
    Home home = 0;
    RecordKey key = 0;
    std::int64_t type = 0;
    Position change = 0;
    std::int64_t version = 0;
    std::int64_t deleted = 0;
};
struct PendingSuperseded {
    Home home = 0;
    RecordKey key = 0;
    std::int64_t version = 0;
    Position change = 0;
};
struct PendingValue {
    std::string space;
    std::string key;
    std::optional<std::string> value;  // nothing: removed
};
struct PendingIndexRow {
    std::string row;
    Home home = 0;
    RecordKey key = 0;
    bool insert = true;
};

// What a group has written and the server not yet seen: each list in the order of writing. Going to
// the server, the last word on a row counts, and the rows of a table go as arrays in the order of
// its key: a few statements a group, in one round trip.
class Pending {
public:
    // `tables` must outlive the object.
    explicit Pending(const std::vector<PlacedTable>& tables) : tables_(tables) {}

    std::vector<PendingText> texts;
    std::vector<PendingId> ids;
    std::vector<PendingVersion> versions;
    std::vector<PendingRows> reindexed;
    std::vector<PendingCurrent> current;
    std::vector<PendingSuperseded> superseded;
    std::vector<PendingValue> values;
    std::vector<PendingIndexRow> rows;

    struct Mark {
        std::size_t texts = 0, ids = 0, versions = 0, reindexed = 0;
        std::size_t current = 0, superseded = 0, values = 0, rows = 0;
    };
    Mark mark() const;
    bool empty() const;
    // Forgets what was added since.
    void ReturnTo(const Mark& mark);
    void Clear() { ReturnTo(Mark()); }

    // Makes the connection ready for Queue.
    core::Status Prepare(Connection& connection) const;
    // Queues everything up to `mark` and forgets it here.
    core::Status Queue(Connection& connection, const Mark& mark);

private:
    core::Status QueueRecords(Connection& connection, const Mark& mark);
    core::Status QueueVersions(Connection& connection, std::size_t count);
    core::Status QueueCurrent(Connection& connection, std::size_t count);
    core::Status QueueValues(Connection& connection, std::size_t count);
    core::Status QueueRows(Connection& connection, std::size_t count);

    const std::vector<PlacedTable>& tables_;
};

// Index rows of one table as arrays, one a column, then homes and keys.
class RowArrays {
public:
    explicit RowArrays(const IndexTable& table);
    // `bytes` as made by AppendRow, without the table's number.
    core::Status Add(std::string_view bytes, Home home, RecordKey key);
    Params ToParams() const;
    std::size_t size() const { return homes_.size(); }
    void Clear();

private:
    struct Column {
        IndexColumn::Type type;
        std::vector<std::int64_t> integers;
        std::vector<double> reals;
        std::vector<std::string> texts;
    };
    std::string name_;
    std::vector<Column> columns_;
    std::vector<std::int64_t> homes_;
    std::vector<std::int64_t> keys_;
};

std::string InsertRowsSql(const IndexTable& table);
std::string RemoveRowsSql(const IndexTable& table);
// How many of the rows given are not in the table.
std::string MissingRowsSql(const IndexTable& table);

}  // namespace kangqu::store::postgres
