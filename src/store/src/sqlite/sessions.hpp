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

// One connection with what is needed to read from it.
struct ReadingConnection {
    std::unique_ptr<Connection> connection;
    std::unique_ptr<Reads> reads;
};

// Idle reading connections.
class ReaderPool {
public:
    ReaderPool(std::string path, int statement_ms, const BodyCodec& codec)
        : path_(std::move(path)), statement_ms_(statement_ms), codec_(codec) {}
    ~ReaderPool();
    ReaderPool(const ReaderPool&) = delete;
    ReaderPool& operator=(const ReaderPool&) = delete;

    // A session over the newest snapshot; it must die before the pool.
    core::Result<std::unique_ptr<Reader>> Begin();
    void TakeBack(ReadingConnection connection);

private:
    core::Result<ReadingConnection> Lend();

    const std::string path_;
    const int statement_ms_;
    const BodyCodec& codec_;
    std::mutex mutex_;
    std::vector<ReadingConnection> idle_;
    int lent_ = 0;
};

}  // namespace kangqu::store::sqlite
