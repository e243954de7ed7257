#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kangqu::store {

// Number of a change: 1, 2, 3 ... in commit order without gaps visible to readers. The position of
// a reader of the feed is the last change it has seen; 0 is the beginning.
using Position = std::int64_t;
// Row number of a record, given once at its first mention and never again.
using RecordKey = std::int64_t;
// Placement of a row: the RecordKey of the resident (or the subject of supervision) it belongs to,
// or its own. Fixed at version 1.
using Home = std::int64_t;

// Limits, the same for every driver. FHIR ids have at most 64 bytes.
constexpr std::size_t kMaxIdBytes = 64;
constexpr std::size_t kMaxTextBytes = std::size_t{64} << 10U;   // interned
constexpr std::size_t kMaxValueBytes = std::size_t{64} << 20U;  // of a service
// Far above any resource, below what would hurt one process.
constexpr std::size_t kMaxBodyBytes = std::size_t{256} << 20U;
// Longest a question to the database may take before it is stopped with kTimeout.
constexpr int kStatementMs = 30'000;

enum class Method : std::uint8_t { kCreate = 1, kUpdate = 2, kDelete = 3 };

struct Placement {
    RecordKey key = 0;
    Home home = 0;
    std::int64_t version = 0;  // 0: reserved by a reference, nothing written yet
    bool deleted = false;
};

// One version of one record. `body` is the stored form of the resource; empty for a deletion.
struct Version {
    Position change = 0;
    RecordKey key = 0;
    Home home = 0;
    std::string type;
    std::string id;
    std::int64_t version = 0;
    core::InstantMs updated = 0;
    Method method = Method::kCreate;
    std::string body;
};

// A value bound to or read from SQL.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string_view>;
using IndexValue = std::variant<std::int64_t, double, std::string>;
// A row of an index table: values in the order of the table's columns. `home` and `key` may follow
// them or be left out; the store knows them. The same row twice counts once.
struct IndexRow {
    std::uint16_t table = 0;  // position in StoreOptions::index_tables
    std::vector<IndexValue> values;
};

// An index table described as data. Every table gets the columns `home` and `key` (RecordKey)
// appended and is clustered by (columns..., home, key); rows of one record are found by (home, key)
// for replacement. `columns` are integer unless marked.
struct IndexColumn {
    enum class Type : std::uint8_t { kInteger, kReal, kText };
    std::string name;
    Type type = Type::kInteger;
};
struct IndexTable {
    std::string name;  // [a-z_]+
    std::vector<IndexColumn> columns;
    // Column names of further orders in which the table is searched.
    std::vector<std::vector<std::string>> orders;
};

// A consistent view of everything committed up to position(). Cheap; one thread at a time; keep it
// for one request, not longer: it holds back the checkpoint. `Query` rows live until the callback
// returns.
class Reader {
public:
    virtual ~Reader() = default;
    virtual Position position() const = 0;

    // Where (type, id) is; nothing when it was never mentioned.
    virtual core::Result<std::optional<Placement>>
    Find(std::string_view type, std::string_view id) = 0;
    // Current version of a placed record; nothing when reserved only. Deleted ones come with
    // kDelete.
    virtual core::Result<std::optional<Version>> Current(Home home, RecordKey key) = 0;
    virtual core::Result<std::optional<Version>>
    AtVersion(Home home, RecordKey key, std::int64_t version) = 0;
    // Newest first, at most `limit`, changes below `before` (0: from the newest).
    virtual core::Result<std::vector<Version>>
    History(Home home, RecordKey key, Position before, int limit) = 0;
    virtual core::Result<std::vector<Version>>
    TypeHistory(std::string_view type, Position before, int limit) = 0;  // "" all types
    // All current, not deleted records of one home, in (type, key) order. The callback returns
    // false to stop.
    virtual core::Status ScanHome(Home home, const std::function<bool(const Version&)>& visit) = 0;
    // The feed: versions with change > after, in order, at most `limit`.
    virtual core::Result<std::vector<Version>> Feed(Position after, int limit) = 0;
    // Homes touched by changes in (after, upto], each once.
    virtual core::Result<std::vector<Home>> ChangedHomes(Position after, Position upto) = 0;
    // Prepared, cached SQL over the tables documented in migrations/ and the index tables. One text
    // serves every driver, so it is written in what SQLite and PostgreSQL share:
    // - values are `?`, or `?1` `?2` ... never both in one text; integers are 64 bits;
    // - a condition is a comparison: `1 = 1` and `1 = 0`, not `1` and `0`; what is selected may be
    //   one and comes back as 0 or 1;
    // - a query in FROM has an alias; JOIN has ON, CROSS JOIN keeps its order only in SQLite;
    // - texts compare by their bytes; no LIKE, GLOB, `+column`, ROWID, INDEXED BY, IS on values;
    // - nulls sort by an explicit `column IS NULL` in front;
    // - what joins `version`, `current` or index tables to each other says `home = home` too;
    // - beyond standard SQL there are kq_id(id), the text of a packed id; json_each(?) of an array
    //   of integers, whose rows have the column `value`; instr(text, part), 0 when it is not in it.
    virtual core::Status Query(
        std::string_view sql,
        std::span<const SqlValue> binds,
        const std::function<bool(std::span<const SqlValue>)>& row
    ) = 0;
    // Number of an interned text (token systems, codes, reference types...), 0 when never seen.
    virtual core::Result<std::int64_t> Interned(std::string_view text) = 0;
    // Private key-value rows of a service (accounts, sessions, bookmarks).
    virtual core::Result<std::optional<std::string>>
    GetValue(std::string_view space, std::string_view key) = 0;
    virtual core::Status ScanValues(
        std::string_view space,
        const std::function<bool(std::string_view key, std::string_view value)>& visit
    ) = 0;
};

// What a unit of work may do, on the writer's thread, inside its own savepoint. Reads see the
// unit's own writes and those of units before it in the same group.
class Writer : public Reader {
public:
    // The placement of (type, id), reserving a new RecordKey when it was never mentioned. `home` 0
    // means "its own key". A reservation keeps its home unless nothing was ever written to it.
    virtual core::Result<Placement>
    Reserve(std::string_view type, std::string_view id, Home home) = 0;
    // Appends a version to a reserved record and replaces its index rows; returns the version
    // number.
    virtual core::Result<std::int64_t> Put(
        const Placement& placement,
        Method method,
        std::string_view type,
        std::string_view id,
        std::string_view body,
        std::span<const IndexRow> rows
    ) = 0;
    // Replaces the index rows of the current version of a record without writing a version.
    virtual core::Status Reindex(const Placement& placement, std::span<const IndexRow> rows) = 0;
    virtual core::Result<std::int64_t> Intern(std::string_view text) = 0;
    virtual core::Status
    PutValue(std::string_view space, std::string_view key, std::string_view value) = 0;
    virtual core::Status RemoveValue(std::string_view space, std::string_view key) = 0;
    // The time given to every version of this group.
    virtual core::InstantMs now() const = 0;

    // For copies of another store into an empty one (image.hpp), which keep its numbers: an
    // interned text, a reservation, the next change of the feed with its packed index rows, already
    // in the numbers of this store's tables.
    virtual core::Status AdoptText(std::int64_t number, std::string_view text);
    virtual core::Status
    AdoptId(std::string_view type, std::string_view id, Home home, RecordKey key);
    virtual core::Status AdoptVersion(const Version& version, std::string_view rows);
    // Says of an index table that changes up to `upto` may lack rows.
    virtual core::Status AdoptLack(std::string_view table, Position upto);
    // For Repair.
    virtual core::Status RebuildRows();
};

struct StoreOptions {
    std::string folder;
    // Where the records are: "" or "sqlite:PATH/kangqu.db" for a file (in the folder), or
    // "postgresql://..." as libpq takes it.
    std::string database;
    std::vector<IndexTable> index_tables;
    const core::Clock* clock = nullptr;
    // Most units of work committed by one flush, and most that may wait before kBusy.
    int group_limit = 4096;
    int queue_limit = 16384;
    // Longest question of a Reader, in milliseconds.
    int statement_ms = kStatementMs;
};

struct StoreFigures {
    std::int64_t commits = 0;    // flushed groups
    std::int64_t units = 0;      // units of work in them
    double flush_ms_median = 0;  // of the last 1,000 groups
    double flush_ms_p99 = 0;
};

// How complete an index table is. A table that is new, or whose description changed, starts empty:
// records whose current version was written up to `lacks_upto` have no rows until Reindex.
struct IndexState {
    std::string name;
    Position lacks_upto = 0;
    std::int64_t number = 0;  // leads each row of the table in packed rows
};

// The data folder and everything in it. One process owns a folder (lock file); opening a folder in
// use gives kStoreLocked. Thread-safe.
class Store {
public:
    virtual ~Store() = default;
    static core::Result<std::unique_ptr<Store>> Open(StoreOptions options);

    virtual core::Result<std::unique_ptr<Reader>> Read() = 0;
    // Queues `work` for the writer and waits until the flush that covers it, then returns the last
    // position it wrote (or the position of the group when it wrote nothing). When `work` fails its
    // savepoint is rolled back and its error returned, the rest of the group goes on. When the
    // flush fails every unit of the group gets the error and nothing of the group is kept.
    virtual core::Result<Position> Write(const std::function<core::Status(Writer&)>& work) = 0;
    // The same without waiting: `done` gets the outcome after the flush, on the writer's thread, so
    // it must be short and may not call Write. A loader keeps many units in flight this way; units
    // run in the order of their queueing.
    virtual void WriteLater(
        std::function<core::Status(Writer&)> work,
        std::function<void(core::Result<Position>)> done
    ) = 0;
    virtual Position position() const = 0;
    // Waits until position() > after, at most timeout_ms; returns position().
    virtual Position WaitForChange(Position after, int timeout_ms) = 0;
    virtual StoreFigures figures() const = 0;
    // In the order of StoreOptions::index_tables, as of Open.
    virtual std::vector<IndexState> index_states() const = 0;
    // As described at Open.
    virtual const std::vector<IndexTable>& index_tables() const = 0;
    // Verifies pages, placement, the order of the feed, that every body unpacks and that the index
    // tables hold exactly the rows of the current versions. The first hundred faults, or none.
    virtual core::Result<std::vector<std::string>> Check() = 0;
    // Makes every index table anew from what the current versions say of their rows.
    virtual core::Status Repair() = 0;
};

}  // namespace kangqu::store
