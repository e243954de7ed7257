#include "write_queue.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::store {
namespace {

core::Error Full() {
    return core::MakeError(core::ErrorCode::kStoreFull);
}

core::Error Unused() {
    return core::MakeError(core::ErrorCode::kInternal, "not part of these tests");
}

// The units of these tests only count; none of them writes.
class IdleWriter final : public Writer {
public:
    using Visit = std::function<bool(const Version&)>;
    using Row = std::function<bool(std::span<const SqlValue>)>;
    using Pair = std::function<bool(std::string_view, std::string_view)>;
    Position position() const override { return 0; }
    core::Result<std::optional<Placement>> Find(std::string_view, std::string_view) override {
        return Unused();
    }
    core::Result<std::optional<Version>> Current(Home, RecordKey) override { return Unused(); }
    core::Result<std::optional<Version>> AtVersion(Home, RecordKey, std::int64_t) override {
        return Unused();
    }
    core::Result<std::vector<Version>> History(Home, RecordKey, Position, int) override {
        return Unused();
    }
    core::Result<std::vector<Version>> TypeHistory(std::string_view, Position, int) override {
        return Unused();
    }
    core::Status ScanHome(Home, const Visit&) override { return Unused(); }
    core::Result<std::vector<Version>> Feed(Position, int) override { return Unused(); }
    core::Result<std::vector<Home>> ChangedHomes(Position, Position) override { return Unused(); }
    core::Status Query(std::string_view, std::span<const SqlValue>, const Row&) override {
        return Unused();
    }
    core::Result<std::int64_t> Interned(std::string_view) override { return Unused(); }
    core::Result<std::optional<std::string>> GetValue(std::string_view, std::string_view) override {
        return Unused();
    }
    core::Status ScanValues(std::string_view, const Pair&) override { return Unused(); }
    core::Result<Placement> Reserve(std::string_view, std::string_view, Home) override {
        return Unused();
    }
    core::Result<std::int64_t>
    Put(const Placement&,
        Method,
        std::string_view,
        std::string_view,
        std::string_view,
        std::span<const IndexRow>) override {
        return Unused();
    }
    core::Status Reindex(const Placement&, std::span<const IndexRow>) override { return Unused(); }
    core::Result<std::int64_t> Intern(std::string_view) override { return Unused(); }
    core::Status PutValue(std::string_view, std::string_view, std::string_view) override {
        return Unused();
    }
    core::Status RemoveValue(std::string_view, std::string_view) override { return Unused(); }
    core::InstantMs now() const override { return 0; }
};

// Counts what the queue asks of it.
class FakeTarget final : public GroupTarget {
public:
    core::Status Begin() override {
        kept_ = position_;
        lost_ = false;
        return begin_fails ? core::Status(Full()) : core::Status();
    }
    core::Status Run(const Work& work) override {
        const core::Status done = work(writer_);
        position_ += done.ok() ? 1 : 0;
        lost_ = !done.ok() && done.error().code == core::ErrorCode::kStoreIo;
        return done;
    }
    bool lost() const override { return lost_; }
    Position position() const override { return position_; }
    core::Status Finish() override { return finish_fails ? core::Status(Full()) : core::Status(); }
    core::Status Commit() override {
        ++commits;
        return commit_fails ? core::Status(Full()) : core::Status();
    }
    void Rollback() override {
        ++rollbacks;
        position_ = kept_;
    }
    void Rest(bool) override {}

    std::atomic<bool> begin_fails{false};
    std::atomic<bool> finish_fails{false};
    std::atomic<bool> commit_fails{false};
    std::atomic<int> commits{0};
    std::atomic<int> rollbacks{0};

private:
    IdleWriter writer_;
    Position position_ = 0;
    Position kept_ = 0;
    bool lost_ = false;
};

// Holds the writer inside a unit, so that what comes next waits and becomes one group.
class Gate {
public:
    core::Status Pass() {
        arrived_.set_value();
        opened_.wait();
        return {};
    }
    void WaitUntilClosed() { here_.wait(); }
    void Open() { open_.set_value(); }

private:
    std::promise<void> arrived_;
    std::promise<void> open_;
    std::future<void> here_ = arrived_.get_future();
    std::future<void> opened_ = open_.get_future();
};

struct Outcomes {
    std::mutex mutex;
    std::vector<core::Result<Position>> results;
    void Add(core::Result<Position> result) {
        const std::lock_guard lock(mutex);
        results.push_back(std::move(result));
    }
};

class WriteQueueTest : public ::testing::Test {
protected:
    void Later(WriteQueue& queue, core::Status outcome) {
        queue.SubmitLater(
            [outcome](Writer&) { return outcome; },
            [this](core::Result<Position> result) { outcomes_.Add(std::move(result)); }
        );
    }
    // Runs `fill` while the writer is held inside the first unit of the group.
    template <class Fill>
    void InOneGroup(WriteQueue& queue, Fill fill) {
        // Shared with the unit, which may still be leaving the gate when this returns.
        const auto gate = std::make_shared<Gate>();
        queue.SubmitLater(
            [gate](Writer&) { return gate->Pass(); },
            [this](core::Result<Position> result) { outcomes_.Add(std::move(result)); }
        );
        gate->WaitUntilClosed();
        fill();
        gate->Open();
    }

    FakeTarget target_;
    FeedPosition position_{0};
    Outcomes outcomes_;
};

TEST_F(WriteQueueTest, WhatWaitsIsOneGroup) {
    {
        WriteQueue queue(target_, position_, 100, 100);
        InOneGroup(queue, [&] {
            for (int i = 0; i < 9; ++i) {
                Later(queue, {});
            }
        });
    }
    EXPECT_EQ(target_.commits, 1);
    ASSERT_EQ(outcomes_.results.size(), 10U);
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(outcomes_.results[i].value(), static_cast<Position>(i + 1));
    }
    EXPECT_EQ(position_.get(), 10);
}

TEST_F(WriteQueueTest, AFailedUnitFailsAlone) {
    {
        WriteQueue queue(target_, position_, 100, 100);
        InOneGroup(queue, [&] {
            Later(queue, core::MakeError(core::ErrorCode::kNotFound, "x"));
            Later(queue, {});
        });
    }
    ASSERT_EQ(outcomes_.results.size(), 3U);
    EXPECT_EQ(outcomes_.results[1].error().code, core::ErrorCode::kNotFound);
    EXPECT_EQ(outcomes_.results[2].value(), 2);
}

TEST_F(WriteQueueTest, AFailedFlushFailsEveryUnit) {
    for (std::atomic<bool>* fails : {&target_.commit_fails, &target_.finish_fails}) {
        outcomes_.results.clear();
        *fails = true;
        WriteQueue queue(target_, position_, 100, 100);
        InOneGroup(queue, [&] {
            Later(queue, {});
            Later(queue, {});
        });
        EXPECT_EQ(queue.Submit([](Writer&) { return core::Status(); }).ok(), false);
        *fails = false;
        const Position again = queue.Submit([](Writer&) { return core::Status(); }).value();
        EXPECT_EQ(again, position_.get());
        ASSERT_GE(outcomes_.results.size(), 3U);
        for (const auto& result : outcomes_.results) {
            EXPECT_EQ(result.error().code, core::ErrorCode::kStoreFull);
        }
    }
    EXPECT_EQ(position_.get(), 2);
    EXPECT_GE(target_.rollbacks, 2);
}

TEST_F(WriteQueueTest, ALostTransactionFailsEveryUnit) {
    {
        WriteQueue queue(target_, position_, 100, 100);
        InOneGroup(queue, [&] {
            Later(queue, core::MakeError(core::ErrorCode::kStoreIo, "gone"));
        });
    }
    ASSERT_EQ(outcomes_.results.size(), 2U);
    EXPECT_EQ(outcomes_.results[0].error().code, core::ErrorCode::kStoreIo);
    EXPECT_EQ(outcomes_.results[1].error().code, core::ErrorCode::kStoreIo);
    EXPECT_EQ(target_.commits, 0);
    EXPECT_EQ(position_.get(), 0);
}

TEST_F(WriteQueueTest, ATransactionThatCannotBeginFailsItsUnit) {
    WriteQueue queue(target_, position_, 100, 100);
    target_.begin_fails = true;
    EXPECT_EQ(
        queue.Submit([](Writer&) { return core::Status(); }).error().code,
        core::ErrorCode::kStoreFull
    );
    target_.begin_fails = false;
    EXPECT_TRUE(queue.Submit([](Writer&) { return core::Status(); }).ok());
}

TEST_F(WriteQueueTest, AFullQueueSaysBusy) {
    WriteQueue queue(target_, position_, 100, 2);
    InOneGroup(queue, [&] {
        Later(queue, {});
        Later(queue, {});
        Later(queue, {});
        EXPECT_EQ(outcomes_.results.at(0).error().code, core::ErrorCode::kBusy);
    });
}

TEST_F(WriteQueueTest, AGroupHasALimit) {
    {
        WriteQueue queue(target_, position_, 3, 100);
        InOneGroup(queue, [&] {
            for (int i = 0; i < 5; ++i) {
                Later(queue, {});
            }
        });
    }
    EXPECT_EQ(target_.commits, 2);
}

}  // namespace
}  // namespace kangqu::store
