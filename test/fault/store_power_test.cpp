#include "crash_load.hpp"
#include "fault_vfs.hpp"
#include "rounds.hpp"
#include <array>
#include <atomic>
#include <random>
#include <thread>

namespace kangqu::fault {
namespace {

constexpr int kWriters = 4;

// Power goes at any moment: what was acknowledged before is on the disk, the file is sound.
TEST(StorePower, NothingAcknowledgedIsLost) {
    const store::TestFolder folder;
    const store::TurnableClock clock;
    FaultyDisk disk(folder.path());
    auto store = std::move(store::Store::Open(store::TestOptions(folder.path(), clock))).value();
    std::array<std::atomic<int>, kWriters> acknowledged{};
    std::atomic<bool> stop{false};
    std::vector<std::thread> writers;
    for (int name = 0; name < kWriters; ++name) {
        writers.emplace_back([&, name] {
            for (int number = 0; !stop; ++number) {
                const auto written = store->Write([&](store::Writer& writer) {
                    return CrashUnit(writer, name, number);
                });
                EXPECT_TRUE(written.ok());
                ++acknowledged[static_cast<std::size_t>(name)];
            }
        });
    }
    std::mt19937 random(7);
    int last = 0;
    for (int round = 0; round < Rounds(8); ++round) {
        const int wait_for = last + 1 + static_cast<int>(random() % 200);
        while (acknowledged[0] < wait_for) {
            std::this_thread::yield();
        }
        std::vector<int> known(acknowledged.begin(), acknowledged.end());
        last = known[0];
        const store::TestFolder after;
        disk.LosePower(after.path(), random);
        auto opened = store::Store::Open(store::TestOptions(after.path(), clock));
        ASSERT_TRUE(opened.ok()) << opened.error().Line();
        ExpectAllThere(*opened.value(), known);
    }
    stop = true;
    for (std::thread& writer : writers) {
        writer.join();
    }
    store.reset();
}

// A group whose flush failed was refused; it must not come back, not even when the power goes after
// the next good write.
TEST(StorePower, ARefusedGroupDoesNotComeBack) {
    const store::TestFolder folder;
    const store::TurnableClock clock;
    FaultyDisk disk(folder.path());
    auto store = std::move(store::Store::Open(store::TestOptions(folder.path(), clock))).value();
    const auto write = [&](int number) {
        return store->Write([&](store::Writer& writer) { return CrashUnit(writer, 0, number); });
    };
    ASSERT_TRUE(write(1).ok());
    disk.FailFlushes(1);
    const auto refused = write(2);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kStoreIo);
    EXPECT_EQ(store->position(), 1);
    ASSERT_TRUE(write(4).ok());
    EXPECT_EQ(store->position(), 2);
    std::mt19937 random(3);
    for (int round = 0; round < 5; ++round) {
        const store::TestFolder after;
        disk.LosePower(after.path(), random);
        auto opened = store::Store::Open(store::TestOptions(after.path(), clock));
        ASSERT_TRUE(opened.ok()) << opened.error().Line();
        const auto reader = std::move(opened.value()->Read()).value();
        EXPECT_TRUE(reader->Find("Observation", CrashId(0, 1)).value().has_value());
        EXPECT_FALSE(reader->Find("Observation", CrashId(0, 2)).value().has_value());
        EXPECT_TRUE(reader->Find("Observation", CrashId(0, 4)).value().has_value());
        EXPECT_TRUE(opened.value()->Check().value().empty());
    }
    store.reset();
}

}  // namespace
}  // namespace kangqu::fault
