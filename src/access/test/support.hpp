#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/store/store.hpp"
#include "kangqu/store/testing.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

namespace kangqu::access::testing {

// A clock the test moves.
class TestClock final : public core::Clock {
public:
    core::InstantMs Now() const override { return now_.load(); }
    void Advance(core::InstantMs ms) { now_ += ms; }

private:
    std::atomic<core::InstantMs> now_{1'800'000'000'000};
};

// A store in a folder of its own that goes when the test ends.
class TestStore {
public:
    TestStore() : path_(std::filesystem::temp_directory_path() / ("kq" + core::RandomToken(9))) {
        std::filesystem::create_directories(path_);
        Reopen();
    }
    ~TestStore() {
        store_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TestStore(const TestStore&) = delete;
    TestStore& operator=(const TestStore&) = delete;

    void Reopen() {
        store_.reset();
        store::StoreOptions options;
        options.database = database_;
        options.folder = path_.string();
        options.clock = &clock_;
        auto opened = store::Store::Open(std::move(options));
        KQ_CHECK(opened.ok(), "the test store opens");
        store_ = std::move(opened).value();
    }
    store::Store& operator*() { return *store_; }
    std::filesystem::path path() const { return path_; }

private:
    core::SystemClock clock_;
    const std::string database_ = store::FreshTestDatabase();
    std::filesystem::path path_;
    std::unique_ptr<store::Store> store_;
};

}  // namespace kangqu::access::testing
