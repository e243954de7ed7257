#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include "body_codec.hpp"
#include "postgres/connection.hpp"
#include "text_cache.hpp"
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store::postgres {

// The reading calls of Reader over one connection, whatever transaction it is in.
class Reads {
public:
    Reads(Connection& connection, const BodyCodec& codec, TextCache& texts)
        : connection_(connection), codec_(codec), texts_(texts) {}

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

    core::Result<std::optional<Placement>> FindPlace(std::int64_t type, std::string_view id);
    // Text of an interned number that a row refers to.
    core::Result<std::string> TextOf(std::int64_t number);
    // A whole version from a row of the columns kVersionColumns.
    core::Result<Version> Take(const Rows& rows, int row);

private:
    core::Result<std::vector<Version>> TakeAll(const Rows& rows);
    core::Result<std::optional<Version>> TakeOne(core::Result<Rows> rows);

    Connection& connection_;
    const BodyCodec& codec_;
    TextCache& texts_;
};

// What Take expects, of a `version v`.
inline constexpr std::string_view kVersionColumns =
    "v.change, v.home, v.key, v.type, v.id, v.version, v.updated, v.method, v.body";

// An id in the form of `ids.id` and `version.id`.
std::string PackedId(std::string_view id);

}  // namespace kangqu::store::postgres
