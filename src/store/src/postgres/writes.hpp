#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include "body_codec.hpp"
#include "placed_table.hpp"
#include "postgres/connection.hpp"
#include "postgres/pending.hpp"
#include "postgres/reads.hpp"
#include "presence_filter.hpp"
#include "undo_map.hpp"
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::store::postgres {

// Numbers that run on, as `writer` keeps them.
struct Counters {
    std::int64_t epoch = 0;
    std::int64_t groups = 0;
    Position change = 0;
    RecordKey key = 0;
    std::int64_t text = 0;
    core::InstantMs updated = 0;
};

// The reading and writing calls of Writer over the one writing connection, and the transaction
// around them. What units write waits in memory until the end of the group, and what they look up
// is remembered, so that a unit which only makes records costs no round trip of its own. Only the
// writer's thread comes here.
class Writes {
public:
    // All arguments must outlive the object. `filter` knows every id and text of the database, or
    // is not complete.
    Writes(
        Connection& connection,
        const BodyCodec& codec,
        const std::vector<PlacedTable>& tables,
        PresenceFilter& filter,
        const Counters& counters
    );

    // Makes the connection ready; before anything else.
    core::Status Prepare();
    void BeginGroup(core::InstantMs now);
    // Sends what waits; after it CommitGroup is only the flush.
    core::Status FinishGroup();
    core::Status CommitGroup();
    void RollbackGroup();
    void BeginUnit();
    core::Status KeepUnit();
    core::Status DropUnit();
    // Whether the group that runs or ran last changed anything.
    bool wrote() const { return wrote_; }
    const Counters& counters() const { return state_; }

    Position position() const { return state_.change; }
    core::InstantMs now() const { return now_; }
    // Sends what waits, so that the server's answers agree with what was put.
    core::Status Settle();

    core::Result<std::optional<Placement>> Find(std::string_view type, std::string_view id);
    core::Result<std::optional<Version>> Current(Home home, RecordKey key);
    core::Result<std::optional<Version>> AtVersion(Home home, RecordKey key, std::int64_t version);
    core::Result<std::vector<Version>>
    History(Home home, RecordKey key, Position before, int limit);
    core::Result<std::vector<Version>>
    TypeHistory(std::string_view type, Position before, int limit);
    core::Status ScanHome(Home home, const std::function<bool(const Version&)>& visit);
    core::Result<std::vector<Version>> Feed(Position after, int limit);
    core::Result<std::vector<Home>> ChangedHomes(Position after, Position upto);
    core::Status Query(
        std::string_view sql,
        std::span<const SqlValue> binds,
        const std::function<bool(std::span<const SqlValue>)>& row
    );
    core::Result<std::int64_t> Interned(std::string_view text);
    core::Result<std::optional<std::string>> GetValue(std::string_view space, std::string_view key);
    core::Status ScanValues(
        std::string_view space,
        const std::function<bool(std::string_view key, std::string_view value)>& visit
    );

    core::Result<Placement> Reserve(std::string_view type, std::string_view id, Home home);
    core::Result<std::int64_t> Put(
        const Placement& placement,
        Method method,
        std::string_view type,
        std::string_view id,
        std::string_view body,
        std::span<const IndexRow> rows
    );
    core::Status Reindex(const Placement& placement, std::span<const IndexRow> rows);
    core::Result<std::int64_t> Intern(std::string_view text);
    core::Status PutValue(std::string_view space, std::string_view key, std::string_view value);
    core::Status RemoveValue(std::string_view space, std::string_view key);
    // Empties the index tables and fills them from the lists of the current versions.
    core::Status RebuildRows();
    core::Status AdoptText(std::int64_t number, std::string_view text);
    core::Status AdoptId(std::string_view type, std::string_view id, Home home, RecordKey key);
    core::Status AdoptVersion(const Version& version, std::string_view rows);
    core::Status AdoptLack(std::string_view table, Position upto);

private:
    struct IdHash {
        std::size_t operator()(const std::pair<std::int64_t, std::string>& id) const noexcept {
            return PresenceFilter::HashOf(id.second, static_cast<std::uint64_t>(id.first));
        }
    };
    // The newest version of a record; `exists` false when it is only reserved.
    struct Newest {
        bool exists = false;
        Position change = 0;
        std::int64_t version = 0;
        bool deleted = false;
    };
    struct Place {
        Home home = 0;
        RecordKey key = 0;
    };

    core::Status Send(const Pending::Mark& mark);
    core::Result<std::optional<Place>> FindPlace(std::int64_t type, std::string_view id);
    const PendingVersion* Waiting(Position change) const;
    core::Result<Newest> FindNewest(Home home, RecordKey key);
    core::Result<std::string> RowsOf(const Newest& newest, Home home);
    core::Status Append(
        Version facts,
        std::string_view body,
        const Newest& before,
        std::int64_t type,
        const std::vector<std::string>& rows
    );
    core::Status ReplaceRows(
        const Placement& placement,
        const Newest& before,
        const std::vector<std::string>& after
    );

    Connection& connection_;
    const BodyCodec& codec_;
    const std::vector<PlacedTable>& tables_;
    // Not shared with readers: it may know texts of a group that will be rolled back.
    TextCache seen_texts_;
    Reads reads_;
    PresenceFilter& filter_;
    Pending pending_;
    core::InstantMs now_ = 0;
    Counters state_;
    Counters group_start_;
    Counters unit_start_;
    Pending::Mark unit_pending_;
    std::size_t unit_places_ = 0;
    std::size_t unit_newest_ = 0;
    std::size_t unit_texts_ = 0;
    bool begun_ = false;  // BEGIN was sent
    bool saved_ = false;  // SAVEPOINT of the unit was sent
    bool wrote_ = false;

    // Placements of ids, newest versions of records, interned texts: as the group sees them.
    UndoMap<std::pair<std::int64_t, std::string>, Place, IdHash> places_;
    UndoMap<RecordKey, Newest> newest_;
    UndoMap<std::string, std::int64_t, TextHash> texts_;
};

// Under what texts and ids stand in the filter.
std::uint64_t TextKey(std::string_view text) noexcept;
std::uint64_t IdKey(std::int64_t type, std::string_view packed_id) noexcept;

}  // namespace kangqu::store::postgres
