#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include "body_codec.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/reads.hpp"
#include "sqlite/row_buffer.hpp"
#include "sqlite/schema.hpp"
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::store::sqlite {

// The writing calls of Writer over the one writing connection, and the transaction around them:
// a group holds units, each in its own savepoint. Only the writer's thread comes here.
class Writes {
public:
    // Reads where the store stands. All arguments must outlive the object.
    static core::Result<std::unique_ptr<Writes>>
    Open(Connection& connection, const BodyCodec& codec, const std::vector<PlacedTable>& tables);

    core::Status BeginGroup(core::InstantMs now);
    // Writes what waits; after it CommitGroup is only the flush.
    core::Status FinishGroup();
    core::Status CommitGroup();
    void RollbackGroup();
    core::Status BeginUnit();
    core::Status KeepUnit();
    core::Status DropUnit();

    // The last change of the group so far.
    Position position() const { return state_.change; }
    core::InstantMs now() const { return now_; }
    Reads& reads() { return reads_; }
    // Makes the index tables agree with what was put. Before any question to them.
    core::Status Settle() { return rows_.Flush(); }

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
    // Numbers that run on; taken back with the unit or group that moved them.
    struct State {
        Position change = 0;
        RecordKey key = 0;
        core::InstantMs updated = 0;
    };
    // The newest version of a record as `current` has it.
    struct Newest {
        bool exists = false;
        Position change = 0;
        std::int64_t version = 0;
    };
    struct Statements {
        Statement find_id, insert_id, move_id;
        Statement find_current, insert_current, update_current;
        Statement insert_version, insert_superseded, rows_of, update_rows;
        Statement find_text, insert_text;
        Statement put_value, remove_value, put_counter;
        Statement begin, commit, begin_unit, keep_unit, undo_unit;
    };

    Writes(Connection& connection, const BodyCodec& codec, const std::vector<PlacedTable>& tables);
    core::Status Prepare();
    core::Result<Newest> FindNewest(Home home, RecordKey key);
    core::Status ReplaceRows(
        const Placement& placement,
        const Newest& before,
        const std::vector<std::string>& after
    );
    // The version in state_.change, with packed_body_ and packed_rows_, its pointers and rows.
    core::Status Append(
        const Placement& placement,
        const Newest& before,
        Method method,
        std::int64_t type,
        std::string_view id,
        const std::vector<std::string>& rows
    );
    core::Status AppendVersion(
        const Placement& placement,
        const Newest& before,
        Method method,
        std::int64_t type,
        std::string_view id
    );
    core::Status PointCurrent(
        const Placement& placement,
        const Newest& before,
        Method method,
        std::int64_t type
    );
    void ForgetTexts(std::size_t from);

    Connection& connection_;
    const BodyCodec& codec_;
    const std::vector<PlacedTable>& tables_;
    Reads reads_;
    RowBuffer rows_;
    Statements statements_;
    core::InstantMs now_ = 0;
    State state_;
    State group_start_;
    State unit_start_;
    RowBuffer::Mark unit_rows_;

    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> texts_;
    // Texts interned by the group that runs, to be forgotten with it.
    std::vector<std::string> new_texts_;
    std::size_t unit_texts_ = 0;
    std::string packed_body_;
    std::string packed_rows_;
};

}  // namespace kangqu::store::sqlite
