#include "crash_load.hpp"
#include "fault_vfs.hpp"
#include <atomic>
#include <thread>

namespace kangqu::fault {
namespace {

class StoreSpace : public ::testing::Test {
protected:
    void SetUp() override {
        disk_ = std::make_unique<FaultyDisk>(folder_.path());
        Open();
    }
    void TearDown() override {
        disk_->FreeSpace();
        store_.reset();
        disk_.reset();
    }
    void Open() {
        store_.reset();
        auto opened = store::Store::Open(store::TestOptions(folder_.path(), clock_));
        ASSERT_TRUE(opened.ok()) << opened.error().Line();
        store_ = std::move(opened).value();
    }
    core::Result<store::Position> Write(int name, int number) {
        return store_->Write([&](store::Writer& writer) { return CrashUnit(writer, name, number); }
        );
    }

    // One unit of many records.
    core::Result<store::Position> WriteMany(int name, int count) {
        return store_->Write([&](store::Writer& writer) -> core::Status {
            for (int number = 0; number < count; ++number) {
                KQ_TRY(CrashUnit(writer, name, number));
            }
            return {};
        });
    }

    // Records of about a kilobyte; the log has room for ten megabytes here.
    static constexpr int kMoreThanTheLog = 15'000;

    store::TestFolder folder_;
    store::TurnableClock clock_;
    std::unique_ptr<FaultyDisk> disk_;
    std::unique_ptr<store::Store> store_;
};

TEST_F(StoreSpace, AFullDiskRefusesWholeGroupsAndGoesOnLater) {
    ASSERT_TRUE(Write(0, 0).ok());
    disk_->LimitSpace(2'000'000);
    constexpr int kWriters = 8;
    std::vector<int> acknowledged(kWriters, 0);
    std::vector<std::thread> writers;
    for (int name = 0; name < kWriters; ++name) {
        writers.emplace_back([&, name] {
            for (int number = 0; number < 5'000; ++number) {
                const auto written = Write(name, number);
                if (!written.ok()) {
                    EXPECT_EQ(written.error().code, core::ErrorCode::kStoreFull)
                        << written.error().Line();
                    return;
                }
                acknowledged[static_cast<std::size_t>(name)] = number + 1;
            }
            ADD_FAILURE() << "the disk never got full";
        });
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    // Still full: reading goes on, what does not fit into the log is refused, nothing half done.
    disk_->LimitSpace(0);
    const auto refused = WriteMany(kWriters, kMoreThanTheLog);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kStoreFull);
    ExpectAllThere(*store_, acknowledged);
    const store::Position before = store_->position();
    disk_->FreeSpace();
    ASSERT_TRUE(Write(0, 900'002).ok());
    EXPECT_GT(store_->position(), before);
    ExpectAllThere(*store_, acknowledged);
    Open();
    ExpectAllThere(*store_, acknowledged);
    EXPECT_FALSE(
        store_->Read().value()->Find("Observation", CrashId(kWriters, 0)).value().has_value()
    );
}

TEST_F(StoreSpace, AFullDiskDuringAnOversizedUnit) {
    disk_->LimitSpace(1'000'000);
    const auto written = WriteMany(1, kMoreThanTheLog);
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().code, core::ErrorCode::kStoreFull);
    EXPECT_EQ(store_->position(), 0);
    disk_->FreeSpace();
    ASSERT_TRUE(Write(1, 0).ok());
    ExpectAllThere(*store_, {0, 1});
}

TEST_F(StoreSpace, ADiskThatCannotFlushIsToldAndLeft) {
    ASSERT_TRUE(Write(0, 0).ok());
    disk_->FailFlushes(3);
    for (int i = 0; i < 2; ++i) {
        const auto written = Write(0, 1);
        ASSERT_FALSE(written.ok());
        EXPECT_EQ(written.error().code, core::ErrorCode::kStoreIo);
        EXPECT_EQ(store_->Read().value()->position(), store_->position());
    }
    disk_->FailFlushes(0);
    ASSERT_TRUE(Write(0, 1).ok());
    ExpectAllThere(*store_, {2});
}

}  // namespace
}  // namespace kangqu::fault
