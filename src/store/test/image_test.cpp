#include "kangqu/store/image.hpp"

#include "kangqu/store/bookmarks.hpp"
#include "kangqu/store/jobs.hpp"

#include "store_fixture.hpp"
#include <fstream>
#include <sstream>

namespace kangqu::store {
namespace {

constexpr core::InstantMs kMinute = 60'000;

class ImageTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        // Three versions of some, deletions, a reservation, homes, values.
        for (int i = 0; i < 60; ++i) {
            clock_.now += kMinute;
            const std::string id = std::to_string(i % 40);
            Put("Patient", id, "body " + std::to_string(i), {Token(1, i), Name("n" + id)});
            Put("Observation",
                "0190163d-8694-739b-aea5-966c26f8ad" + std::to_string(10 + i),
                "o",
                {Quantity(2, i * 0.5)},
                Place("Patient", id).home);
        }
        Delete("Patient", "7");
        const auto more = store_->Write([](Writer& writer) -> core::Status {
            KQ_TRY(writer.Reserve("Device", "mentioned", 0));
            KQ_TRY(writer.Intern("http://example.org/only-a-text"));
            KQ_TRY(writer.PutValue("user", "lin", std::string("\0\x01 secret", 9)));
            return SetBookmark(writer, "timeline", 121);
        });
        ASSERT_TRUE(more.ok()) << more.error().Line();
    }
    std::unique_ptr<Store> Empty() {
        other_database_ = FreshTestDatabase();
        return OpenOther();
    }
    std::unique_ptr<Store> OpenOther() {
        auto opened = Store::Open(TestOptions(other_.path(), clock_, other_database_));
        EXPECT_TRUE(opened.ok()) << opened.error().Line();
        return std::move(opened).value();
    }
    std::string File() const { return folder_.path() + "/backup.kangqu"; }
    // Every row of the index tables, as text.
    static std::vector<std::string> AllRows(Store& store) {
        std::vector<std::string> rows;
        const auto reader = std::move(store.Read()).value();
        for (const char* const sql :
             {"SELECT param, code, home, key FROM token ORDER BY 1, 2, 3, 4",
              "SELECT param, amount, home, key FROM quantity ORDER BY 1, 2, 3, 4",
              "SELECT text, home, key, 0 FROM name ORDER BY 1, 2, 3"}) {
            const auto done = reader->Query(sql, {}, [&](std::span<const SqlValue> row) {
                std::ostringstream line;
                for (const SqlValue& value : row) {
                    std::visit(
                        [&](const auto& held) {
                            if constexpr (!std::is_same_v<
                                              std::decay_t<decltype(held)>,
                                              std::monostate>) {
                                line << held << ' ';
                            }
                        },
                        value
                    );
                }
                rows.push_back(line.str());
                return true;
            });
            EXPECT_TRUE(done.ok()) << done.error().Line();
        }
        return rows;
    }
    void ExpectSame(Store& left, Store& right) {
        EXPECT_EQ(FiguresOf(left).value(), FiguresOf(right).value());
        EXPECT_EQ(AllRows(left), AllRows(right));
        const auto faults = right.Check();
        ASSERT_TRUE(faults.ok()) << faults.error().Line();
        EXPECT_TRUE(faults->empty()) << faults->front();
    }

    TestFolder other_;
    std::string other_database_;
};

TEST_F(ImageTest, ARestoredBackupIsTheStore) {
    const auto saved = Backup(*store_, File());
    ASSERT_TRUE(saved.ok()) << saved.error().Line();
    EXPECT_EQ(saved->versions, 121);
    EXPECT_EQ(saved->records, 100);
    EXPECT_EQ(saved->reserved, 1);
    EXPECT_EQ(saved->values, 2);
    EXPECT_EQ(FiguresOfBackup(File()).value(), saved.value());
    Put("Patient", "later", "not in the backup");
    auto copy = Empty();
    const auto restored = Restore(File(), *copy);
    ASSERT_TRUE(restored.ok()) << restored.error().Line();
    EXPECT_EQ(restored.value(), saved.value());
    EXPECT_EQ(FiguresOf(*copy).value(), saved.value());
    EXPECT_FALSE(copy->Read().value()->Find("Patient", "later").value().has_value());
    EXPECT_EQ(
        copy->Read().value()->GetValue("user", "lin").value(), std::string("\0\x01 secret", 9)
    );
    EXPECT_EQ(BookmarkOf(*copy->Read().value(), "timeline").value(), 121);
    // It goes on where it stood: next change, next key, next number of a text.
    const auto next = copy->Write([](Writer& writer) -> core::Status {
        KQ_TRY(PutOne(writer, "Device", "mentioned", "now there", {Token(9, 9)}));
        KQ_TRY(PutOne(writer, "Device", "new", "new"));
        KQ_TRY(writer.Intern("another text"));
        return {};
    });
    ASSERT_TRUE(next.ok()) << next.error().Line();
    EXPECT_EQ(next.value(), 123);
    copy.reset();
    copy = OpenOther();
    EXPECT_EQ(copy->position(), 123);
    EXPECT_TRUE(copy->Check().value().empty());
}

TEST_F(ImageTest, ACopyIsEqual) {
    auto copy = Empty();
    const auto copied = Copy(*store_, *copy);
    ASSERT_TRUE(copied.ok()) << copied.error().Line();
    ExpectSame(*store_, *copy);
    EXPECT_EQ(Copy(*store_, *copy).error().code, core::ErrorCode::kStoreNotEmpty);
}

TEST_F(ImageTest, ACopyGoesBetweenTheDatabases) {
    if (!TestsUsePostgres()) {
        GTEST_SKIP() << "runs as postgres.store, with a server";
    }
    // From PostgreSQL to a file and back.
    auto file = std::move(Store::Open(TestOptions(other_.path() + "/f", clock_))).value();
    ASSERT_TRUE(Copy(*store_, *file).ok());
    ExpectSame(*store_, *file);
    auto back = Empty();
    ASSERT_TRUE(Copy(*file, *back).ok());
    ExpectSame(*store_, *back);
}

TEST_F(ImageTest, RestoresToAChangeAndToATime) {
    ASSERT_TRUE(Backup(*store_, File()).ok());
    auto copy = Empty();
    const auto upto = Restore(File(), *copy, {.upto = 81});
    ASSERT_TRUE(upto.ok()) << upto.error().Line();
    EXPECT_EQ(copy->position(), 81);
    EXPECT_EQ(upto->versions, 81);
    EXPECT_EQ(BookmarkOf(*copy->Read().value(), "timeline").value(), 81);
    EXPECT_TRUE(copy->Check().value().empty());
    // A record that was cut off keeps its key, since what was kept may refer to it.
    const auto cut =
        copy->Read().value()->Find("Observation", "0190163d-8694-739b-aea5-966c26f8ad65");
    ASSERT_TRUE(cut.value().has_value());
    EXPECT_EQ(cut.value()->version, 0);

    const core::InstantMs at = Read()->Feed(49, 1).value()[0].updated;
    const TestFolder third;
    auto timed =
        std::move(Store::Open(TestOptions(third.path(), clock_, FreshTestDatabase()))).value();
    const auto restored = Restore(File(), *timed, {.at = at});
    ASSERT_TRUE(restored.ok());
    const auto last = timed->Read().value()->Feed(timed->position() - 1, 1).value()[0];
    EXPECT_LE(last.updated, at);
    EXPECT_GT(Read()->Feed(timed->position(), 1).value()[0].updated, at);
}

TEST_F(ImageTest, ADamagedBackupIsRefused) {
    ASSERT_TRUE(Backup(*store_, File()).ok());
    EXPECT_EQ(Backup(*store_, File()).error().code, core::ErrorCode::kStoreNotEmpty);
    std::ifstream in(File(), std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    const auto outcome = [&](const std::string& bytes) {
        const std::string path = folder_.path() + "/damaged";
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
        const auto read = FiguresOfBackup(path);
        return read.ok() ? core::ErrorCode::kNotFound : read.error().code;
    };
    EXPECT_EQ(outcome(whole), core::ErrorCode::kNotFound);
    for (std::size_t cut = 0; cut < whole.size(); cut += 1 + whole.size() / 50) {
        EXPECT_EQ(outcome(whole.substr(0, cut)), core::ErrorCode::kBackupInvalid) << cut;
    }
    for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 200) {
        std::string flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
        EXPECT_EQ(outcome(flipped), core::ErrorCode::kBackupInvalid) << at;
    }
    EXPECT_EQ(
        FiguresOfBackup(folder_.path() + "/none").error().code, core::ErrorCode::kFileUnreadable
    );
}

TEST_F(ImageTest, ABackupBesideWritesIsOneMoment) {
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        for (int i = 0; !stop; ++i) {
            Put("Patient", "busy" + std::to_string(i % 5), std::to_string(i), {Token(3, i)});
        }
    });
    const auto saved = Backup(*store_, File());
    stop = true;
    writer.join();
    ASSERT_TRUE(saved.ok()) << saved.error().Line();
    auto copy = Empty();
    ASSERT_TRUE(Restore(File(), *copy).ok());
    EXPECT_EQ(copy->position(), saved->position);
    EXPECT_TRUE(copy->Check().value().empty());
}

TEST_F(ImageTest, AnIndexTableThatIsOtherInTheBackupIsToBeFilled) {
    ASSERT_TRUE(Backup(*store_, File()).ok());
    StoreOptions options = TestOptions(other_.path(), clock_, FreshTestDatabase());
    options.index_tables[0].columns.push_back({"more", IndexColumn::Type::kInteger});
    auto copy = std::move(Store::Open(options)).value();
    ASSERT_TRUE(Restore(File(), *copy).ok());
    EXPECT_TRUE(copy->Check().value().empty());
    copy.reset();
    copy = std::move(Store::Open(options)).value();
    EXPECT_EQ(copy->index_states()[0].lacks_upto, 121);
    EXPECT_EQ(copy->index_states()[1].lacks_upto, 0);
}

TEST_F(ImageTest, RepairMakesTheIndexTablesAnew) {
    const auto before = AllRows(*store_);
    ASSERT_TRUE(store_->Repair().ok());
    EXPECT_EQ(AllRows(*store_), before);
    ExpectSound();
}

}  // namespace
}  // namespace kangqu::store
