#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include "body_codec.hpp"
#include "id_code.hpp"
#include "sqlite/connection.hpp"
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::store::sqlite {

// The reading calls of Reader over one connection, whatever transaction it is in.
class Reads {
public:
    // A Query longer than `statement_ms` stops with kTimeout; 0: none does.
    Reads(Connection& connection, const BodyCodec& codec, int statement_ms)
        : connection_(connection), codec_(codec), statement_ms_(statement_ms) {}

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

    core::Result<std::optional<Version>> AtChange(Position change);
    // Text of an interned number that a row refers to.
    core::Result<std::string> TextOf(std::int64_t number);
    // Forgets what may have been read of a rolled back transaction.
    void Forget() { texts_.clear(); }

private:
    core::Result<Version> Take(Statement& statement);
    core::Result<std::vector<Version>> TakeAll(Statement& statement);

    Connection& connection_;
    const BodyCodec& codec_;
    const int statement_ms_;
    // Only types come here, so it stays small.
    std::unordered_map<std::int64_t, std::string> texts_;
};

// An id in the form of `ids.id` and `version.id`; must outlive the run of the statement.
class PackedId {
public:
    explicit PackedId(std::string_view id) : id_(id), uuid_(PackUuid(id)) {}
    void BindTo(Statement& statement, int index) const;

private:
    std::string_view id_;
    std::optional<PackedUuid> uuid_;
};

}  // namespace kangqu::store::sqlite
