#pragma once

#include "kangqu/store/store.hpp"

#include "reading_session.hpp"
#include "sqlite/reads.hpp"
#include "sqlite/writes.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store::sqlite {

// What a unit of work sees.
class UnitSession final : public ReadingSession<Writer, Reads> {
public:
    explicit UnitSession(Writes& writes) : ReadingSession(writes.reads()), writes_(writes) {}

    Position position() const override { return writes_.position(); }
    core::Status Query(
        std::string_view sql,
        std::span<const SqlValue> binds,
        const std::function<bool(std::span<const SqlValue>)>& row
    ) override;
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
    ) override;
    core::Status Reindex(const Placement& placement, std::span<const IndexRow> rows) override;
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

    // The first failure of a step that leaves half a record: the unit cannot be kept after it,
    // whatever it returns.
    const core::Status& spoilt() const { return spoilt_; }

private:
    Writes& writes_;
    core::Status spoilt_;
};

// One connection with what is needed to read from it.
struct ReadingConnection {
    std::unique_ptr<Connection> connection;
    std::unique_ptr<Reads> reads;
};

// Idle reading connections.
class ReaderPool {
public:
    ReaderPool(std::string path, const BodyCodec& codec) : path_(std::move(path)), codec_(codec) {}
    ~ReaderPool();
    ReaderPool(const ReaderPool&) = delete;
    ReaderPool& operator=(const ReaderPool&) = delete;

    // A session over the newest snapshot; it must die before the pool.
    core::Result<std::unique_ptr<Reader>> Begin();
    void TakeBack(ReadingConnection connection);

private:
    core::Result<ReadingConnection> Lend();

    const std::string path_;
    const BodyCodec& codec_;
    std::mutex mutex_;
    std::vector<ReadingConnection> idle_;
    int lent_ = 0;
};

}  // namespace kangqu::store::sqlite
