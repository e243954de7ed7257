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

// What a unit of work sees, over a driver's Writes.
template <class Writes, class Reads>
class UnitSession final : public ReadingSession<Writer, Reads> {
public:
    UnitSession(Writes& writes, Reads& reads)
        : ReadingSession<Writer, Reads>(reads), writes_(writes) {}

    Position position() const override { return writes_.position(); }
    core::Status Query(
        std::string_view sql,
        std::span<const SqlValue> binds,
        const std::function<bool(std::span<const SqlValue>)>& row
    ) override {
        KQ_TRY(writes_.Settle());
        return ReadingSession<Writer, Reads>::Query(sql, binds, row);
    }
    core::Result<Placement> Reserve(std::string_view type, std::string_view id, Home home)
        override {
        return writes_.Reserve(type, id, home);
    }
    core::Result<std::int64_t> Put(
        const Placement& placement,
        Method method,
        std::string_view type,
        std::string_view id,
        std::string_view body,
        std::span<const IndexRow> rows
    ) override {
        return Kept(writes_.Put(placement, method, type, id, body, rows));
    }
    core::Status Reindex(const Placement& placement, std::span<const IndexRow> rows) override {
        return Kept(writes_.Reindex(placement, rows));
    }
    core::Result<std::int64_t> Intern(std::string_view text) override {
        return writes_.Intern(text);
    }
    core::Status PutValue(std::string_view space, std::string_view key, std::string_view value)
        override {
        return writes_.PutValue(space, key, value);
    }
    core::Status RemoveValue(std::string_view space, std::string_view key) override {
        return writes_.RemoveValue(space, key);
    }
    core::InstantMs now() const override { return writes_.now(); }
    core::Status AdoptText(std::int64_t number, std::string_view text) override {
        return writes_.AdoptText(number, text);
    }
    core::Status AdoptId(std::string_view type, std::string_view id, Home home, RecordKey key)
        override {
        return writes_.AdoptId(type, id, home, key);
    }
    core::Status AdoptVersion(const Version& version, std::string_view rows) override {
        return Kept(writes_.AdoptVersion(version, rows));
    }
    core::Status RebuildRows() override { return Kept(writes_.RebuildRows()); }
    core::Status AdoptLack(std::string_view table, Position upto) override {
        return writes_.AdoptLack(table, upto);
    }

    // The first failure of a step that leaves half a record: the unit cannot be kept after it,
    // whatever it returns.
    const core::Status& spoilt() const { return spoilt_; }

private:
    template <class Outcome>
    Outcome Kept(Outcome outcome) {
        if (!outcome.ok() && spoilt_.ok()) {
            spoilt_ = outcome.error();
        }
        return outcome;
    }

    Writes& writes_;
    core::Status spoilt_;
};

}  // namespace kangqu::store
