#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/records.hpp"
#include "kangqu/search/index.hpp"
#include "kangqu/store/store.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace kangqu::app {

// The folder of the data: `--data DIR`, or that of `--database sqlite:FILE`. A store in PostgreSQL
// has a folder too, for its lock, its socket and its logs.
core::Result<std::string> DataFolder(const std::string& data, const std::string& database);
// The Unix socket of the program that owns a data folder.
std::string SocketOf(const std::string& folder);

// A data folder opened by this process: the store and the door to it.
class Platform {
public:
    // `database` is empty, sqlite:DIR/kangqu.db or postgresql://...
    static core::Result<std::unique_ptr<Platform>>
    Open(const std::string& data, const std::string& database = "");

    const std::string& folder() const noexcept { return folder_; }
    const core::Clock& clock() const noexcept { return clock_; }
    core::IdSource& ids() noexcept { return ids_; }
    store::Store& store() noexcept { return *store_; }
    records::Records& records() noexcept { return *records_; }
    const search::Indexer& indexer() const noexcept { return *indexer_; }
    // That search tables which lacked rows at Open were filled since.
    bool index_complete() const noexcept { return index_complete_; }
    void SetIndexComplete() noexcept { index_complete_ = true; }

private:
    Platform() : ids_(clock_) {}
    std::string folder_;
    std::atomic<bool> index_complete_ = false;
    core::SystemClock clock_;
    core::IdSource ids_;
    std::unique_ptr<const search::Indexer> indexer_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<records::Records> records_;
};

}  // namespace kangqu::app
