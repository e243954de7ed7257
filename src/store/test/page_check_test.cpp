#include "page_check.hpp"

#include "sqlite/connection.hpp"
#include "store_fixture.hpp"
#include <fstream>
#include <random>

namespace kangqu::store {
namespace {

constexpr std::size_t kPage = 4096;

TEST(PageCheck, KnowsEveryFlippedBitAndEveryMovedPage) {
    std::mt19937 random(7);
    std::string page(kPage, '\0');
    for (char& byte : page) {
        byte = static_cast<char>(random());
    }
    SealPage(page.data(), page.size(), 8192);
    EXPECT_TRUE(IsSealed(page.data(), page.size(), 8192));
    EXPECT_FALSE(IsSealed(page.data(), page.size(), 4096));
    for (std::size_t bit = 0; bit < kPage * 8; ++bit) {
        page[bit / 8] = static_cast<char>(page[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(IsSealed(page.data(), page.size(), 8192)) << bit;
        page[bit / 8] = static_cast<char>(page[bit / 8] ^ (1 << (bit % 8)));
    }
    const std::string zeros(kPage, '\0');
    EXPECT_FALSE(IsSealed(zeros.data(), zeros.size(), 0));
}

TEST(PageCheck, EveryPageOfANewFileIsSealedAndAnOldFileIsLetBe) {
    const TestFolder folder;
    const TurnableClock clock;
    {
        auto store = std::move(Store::Open(TestOptions(folder.path(), clock))).value();
        ASSERT_TRUE(
            store
                ->Write([](Writer& writer) -> core::Status {
                    for (int i = 0; i < 500; ++i) {
                        KQ_TRY(PutOne(writer, "Patient", std::to_string(i), "body", {Token(1, i)}));
                    }
                    return {};
                })
                .ok()
        );
    }
    std::ifstream in(folder.database(), std::ios::binary);
    const std::string file((std::istreambuf_iterator<char>(in)), {});
    ASSERT_GT(file.size(), 10 * kPage);
    for (std::size_t at = 0; at < file.size(); at += kPage) {
        EXPECT_TRUE(IsSealed(file.data() + at, kPage, static_cast<long long>(at))) << at;
    }
    // As the first release made them: without room for checksums.
    const TestFolder old;
    {
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open(old.database().c_str(), &handle), SQLITE_OK);
        ASSERT_EQ(
            sqlite3_exec(
                handle, "PRAGMA page_size=4096; CREATE TABLE t (x)", nullptr, nullptr, nullptr
            ),
            SQLITE_OK
        );
        sqlite3_close(handle);
    }
    auto connection = sqlite::Connection::Open(old.database(), false);
    ASSERT_TRUE(connection.ok());
    EXPECT_TRUE(connection.value()->Execute("INSERT INTO t VALUES (1)").ok());
    EXPECT_EQ(connection.value()->Number("SELECT x FROM t").value(), 1);
}

}  // namespace
}  // namespace kangqu::store
