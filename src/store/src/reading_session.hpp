#pragma once

#include "kangqu/store/store.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store {

// The calls that Reader and Writer share, over a driver's Reads. `Base` is Reader or Writer.
template <class Base, class Reads>
class ReadingSession : public Base {
public:
    explicit ReadingSession(Reads& reads) : reads_(reads) {}

    core::Result<std::optional<Placement>> Find(std::string_view type, std::string_view id)
        override {
        return reads_.Find(type, id);
    }
    core::Result<std::optional<Version>> Current(Home home, RecordKey key) override {
        return reads_.Current(home, key);
    }
    core::Result<std::optional<Version>> AtVersion(Home home, RecordKey key, std::int64_t version)
        override {
        return reads_.AtVersion(home, key, version);
    }
    core::Result<std::vector<Version>> History(Home home, RecordKey key, Position before, int limit)
        override {
        return reads_.History(home, key, before, limit);
    }
    core::Result<std::vector<Version>>
    TypeHistory(std::string_view type, Position before, int limit) override {
        return reads_.TypeHistory(type, before, limit);
    }
    core::Status ScanHome(Home home, const std::function<bool(const Version&)>& visit) override {
        return reads_.ScanHome(home, visit);
    }
    core::Result<std::vector<Version>> Feed(Position after, int limit) override {
        return reads_.Feed(after, limit);
    }
    core::Result<std::vector<Home>> ChangedHomes(Position after, Position upto) override {
        return reads_.ChangedHomes(after, upto);
    }
    core::Status Query(
        std::string_view sql,
        std::span<const SqlValue> binds,
        const std::function<bool(std::span<const SqlValue>)>& row
    ) override {
        return reads_.Query(sql, binds, row);
    }
    core::Result<std::int64_t> Interned(std::string_view text) override {
        return reads_.Interned(text);
    }
    core::Result<std::optional<std::string>> GetValue(std::string_view space, std::string_view key)
        override {
        return reads_.GetValue(space, key);
    }
    core::Status ScanValues(
        std::string_view space,
        const std::function<bool(std::string_view key, std::string_view value)>& visit
    ) override {
        return reads_.ScanValues(space, visit);
    }

private:
    Reads& reads_;
};

}  // namespace kangqu::store
