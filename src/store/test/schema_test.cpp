#include "sqlite/schema.hpp"

#include "body_codec.hpp"
#include "sqlite/connection.hpp"
#include "store_fixture.hpp"
#include <fstream>

namespace kangqu::store {
namespace {

void RunSql(const std::string& path, const std::string& sql) {
    auto connection = sqlite::Connection::Open(path, false);
    ASSERT_TRUE(connection.ok());
    const core::Status done = connection.value()->Execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().Line();
}

core::ErrorCode OpenError(const std::string& folder, const core::Clock& clock) {
    const auto opened = Store::Open(TestOptions(folder, clock));
    return opened.ok() ? core::ErrorCode::kNotFound : opened.error().code;
}

TEST(Migrations, AreNumberedFromOne) {
    int expected = 1;
    for (const Migration& migration : sqlite::Migrations()) {
        EXPECT_EQ(migration.number, expected++);
        EXPECT_FALSE(migration.sql.empty());
    }
    EXPECT_GE(expected, 3);
}

// A file as version 1 of the schema left it: one record with an update, bodies without dictionary.
TEST(Migrations, AFileOfVersionOneComesUp) {
    const TestFolder folder;
    const TurnableClock clock;
    RunSql(
        folder.database(),
        "PRAGMA journal_mode=WAL;" + std::string(sqlite::Migrations()[0].sql) +
            "PRAGMA application_id = 1263599617; PRAGMA user_version = 1;"
            "INSERT INTO interned VALUES (1, 'Patient');"
            "INSERT INTO ids VALUES (1, 'old', 1, 1);"
            "INSERT INTO counter VALUES ('key', 1);"
            "INSERT INTO current VALUES (1, 1, 1, 2, 2, 0);"
            "INSERT INTO superseded VALUES (1, 1, 1, 1);"
    );
    {
        const BodyCodec codec;
        auto connection = sqlite::Connection::Open(folder.database(), false);
        for (std::int64_t version = 1; version <= 2; ++version) {
            std::string packed;
            ASSERT_TRUE(codec.Pack("body " + std::to_string(version), packed).ok());
            auto insert = connection.value()->Prepare(
                "INSERT INTO version VALUES (?1, 1, 1, 1, 'old', ?1, 1000, ?1, ?2, NULL)"
            );
            insert.value().Bind(1, version).BindBlob(2, packed);
            ASSERT_TRUE(insert.value().Run().ok());
        }
    }
    auto opened = Store::Open(TestOptions(folder.path(), clock));
    ASSERT_TRUE(opened.ok()) << opened.error().Line();
    Store& store = *opened.value();
    EXPECT_EQ(store.position(), 2);
    EXPECT_TRUE(store.Check().value().empty());
    EXPECT_EQ(store.Read().value()->Current(1, 1).value()->body, "body 2");
    EXPECT_EQ(store.Read().value()->AtVersion(1, 1, 1).value()->body, "body 1");
    ASSERT_TRUE(store
                    .Write([](Writer& writer) -> core::Status {
                        KQ_TRY(PutOne(writer, "Patient", "old", "body 3", {Token(1, 2)}));
                        KQ_TRY(PutOne(writer, "Patient", "new", "other"));
                        return {};
                    })
                    .ok());
    EXPECT_EQ(store.Read().value()->Find("Patient", "new").value()->key, 2);
    EXPECT_EQ(store.Read().value()->Find("Patient", "old").value()->version, 3);
    EXPECT_TRUE(store.Check().value().empty());
}

TEST(Migrations, ANewerFileIsRefused) {
    const TestFolder folder;
    const TurnableClock clock;
    { ASSERT_TRUE(Store::Open(TestOptions(folder.path(), clock)).ok()); }
    RunSql(folder.database(), "PRAGMA user_version = 99");
    EXPECT_EQ(OpenError(folder.path(), clock), core::ErrorCode::kStoreTooNew);
}

TEST(Migrations, AForeignFileIsRefused) {
    const TurnableClock clock;
    const TestFolder other;
    RunSql(other.database(), "CREATE TABLE t (x); PRAGMA user_version = 1");
    EXPECT_EQ(OpenError(other.path(), clock), core::ErrorCode::kStoreCorrupt);
    const TestFolder text;
    std::ofstream(text.database()) << std::string(9000, 'x');
    EXPECT_EQ(OpenError(text.path(), clock), core::ErrorCode::kStoreCorrupt);
}

TEST(IndexTables, WrongDescriptionsAreRefused) {
    const TurnableClock clock;
    const std::vector<IndexTable> wrong[] = {
        {{"version", {{"a"}}, {}}},
        {{"Token", {{"a"}}, {}}},
        {{"a\"b", {{"a"}}, {}}},
        {{"t", {}, {}}},
        {{"t", {{"a"}, {"a"}}, {}}},
        {{"t", {{"home"}}, {}}},
        {{"t", {{"a"}}, {{"b"}}}},
        {{"t", {{"a"}}, {}}, {"t", {{"b"}}, {}}},
        {{"sqlite_x", {{"a"}}, {}}},
    };
    for (const auto& tables : wrong) {
        const TestFolder folder;
        StoreOptions options = TestOptions(folder.path(), clock, FreshTestDatabase());
        options.index_tables = tables;
        const auto opened = Store::Open(options);
        ASSERT_FALSE(opened.ok());
        EXPECT_EQ(opened.error().code, core::ErrorCode::kInvalidArgument);
    }
}

// Rows of a definition that is gone must not disturb later updates of the record.
TEST(IndexTables, AChangedDefinitionStartsEmpty) {
    const TestFolder folder;
    const TurnableClock clock;
    StoreOptions options = TestOptions(folder.path(), clock, FreshTestDatabase());
    const auto put = [](Store& store, std::string_view body, std::vector<IndexRow> rows) {
        ASSERT_TRUE(store
                        .Write([&](Writer& writer) -> core::Status {
                            KQ_TRY(PutOne(writer, "Device", "d", body, rows));
                            return {};
                        })
                        .ok());
    };
    {
        auto store = std::move(Store::Open(options)).value();
        put(*store, "1", {Token(1, 2), Name("a")});
    }
    options.index_tables[0].columns.push_back({"date", IndexColumn::Type::kInteger});
    auto store = std::move(Store::Open(options)).value();
    const auto states = store->index_states();
    ASSERT_EQ(states.size(), 3U);
    EXPECT_EQ(states[0].lacks_upto, 1);
    EXPECT_EQ(states[2].lacks_upto, 0);
    put(*store, "2", {{0, {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}}}, Name("b")});
    int rows = 0;
    const auto reader = std::move(store->Read()).value();
    ASSERT_TRUE(reader
                    ->Query(
                        "SELECT date FROM token UNION ALL SELECT 0 FROM name",
                        {},
                        [&](std::span<const SqlValue>) { return ++rows > 0; }
                    )
                    .ok());
    EXPECT_EQ(rows, 2);
}

TEST(IndexTables, RowsCanBeMadeAgainWithoutANewVersion) {
    const TestFolder folder;
    const TurnableClock clock;
    auto store =
        std::move(Store::Open(TestOptions(folder.path(), clock, FreshTestDatabase()))).value();
    const auto written = store->Write([](Writer& writer) -> core::Status {
        KQ_TRY(PutOne(writer, "Device", "d", "1", {Token(1, 2), Name("a")}));
        KQ_ASSIGN(const auto placement, writer.Find("Device", "d"));
        const std::vector<IndexRow> rows = {Token(1, 3), Name("a")};
        KQ_TRY(writer.Reindex(*placement, rows));
        const std::vector<IndexRow> again = {Token(1, 4)};
        return writer.Reindex(*placement, again);
    });
    ASSERT_TRUE(written.ok()) << written.error().Line();
    EXPECT_EQ(written.value(), 1);
    const auto reader = std::move(store->Read()).value();
    std::vector<std::int64_t> codes;
    ASSERT_TRUE(reader
                    ->Query(
                        "SELECT code FROM token UNION ALL SELECT 0 FROM name",
                        {},
                        [&](std::span<const SqlValue> row) {
                            codes.push_back(std::get<std::int64_t>(row[0]));
                            return true;
                        }
                    )
                    .ok());
    EXPECT_EQ(codes, std::vector<std::int64_t>{4});
    EXPECT_TRUE(store->Check().value().empty());
    const auto missing = store->Write([](Writer& writer) -> core::Status {
        KQ_ASSIGN(const Placement only, writer.Reserve("Device", "reserved", 0));
        return writer.Reindex(only, {});
    });
    EXPECT_FALSE(missing.ok());
}

}  // namespace
}  // namespace kangqu::store
