#include "store_fixture.hpp"
#include <atomic>
#include <thread>

namespace kangqu::store {
namespace {

constexpr std::string_view kUuid = "0190163d-8694-739b-aea5-966c26f8ad91";

TEST_F(StoreTest, AnEmptyStoreHasNothing) {
    const auto reader = Read();
    EXPECT_EQ(reader->position(), 0);
    EXPECT_FALSE(reader->Find("Patient", "a").value().has_value());
    EXPECT_FALSE(reader->Current(1, 1).value().has_value());
    EXPECT_TRUE(reader->Feed(0, 10).value().empty());
    EXPECT_TRUE(reader->TypeHistory("", 0, 10).value().empty());
    EXPECT_EQ(reader->Interned("x").value(), 0);
    ExpectSound();
}

TEST_F(StoreTest, GivesBackWhatWasWritten) {
    EXPECT_EQ(Put("Patient", kUuid, R"({"a":1.00})"), 1);
    const Placement placement = Place("Patient", kUuid);
    EXPECT_EQ(placement.home, placement.key);
    EXPECT_EQ(placement.version, 1);
    const Version version = Read()->Current(placement.home, placement.key).value().value();
    EXPECT_EQ(version.change, 1);
    EXPECT_EQ(version.type, "Patient");
    EXPECT_EQ(version.id, kUuid);
    EXPECT_EQ(version.version, 1);
    EXPECT_EQ(version.updated, clock_.now);
    EXPECT_EQ(version.method, Method::kCreate);
    EXPECT_EQ(version.body, R"({"a":1.00})");
}

TEST_F(StoreTest, IdsOfOneTextInTwoTypesAreTwoRecords) {
    Put("Patient", "1", "p");
    Put("Practitioner", "1", "d");
    EXPECT_EQ(Body("Patient", "1"), "p");
    EXPECT_EQ(Body("Practitioner", "1"), "d");
    EXPECT_EQ(Body("Patient", "A1"), "(none)");
    // A text of sixteen bytes is not taken for a packed UUID.
    Put("Patient", "sixteen-bytes-ab", "s");
    EXPECT_EQ(Body("Patient", "sixteen-bytes-ab"), "s");
    EXPECT_EQ(Read()->Feed(0, 10).value()[2].id, "sixteen-bytes-ab");
}

TEST_F(StoreTest, KeepsEveryVersion) {
    for (int i = 1; i <= 5; ++i) {
        clock_.now += 1000;
        Put("Patient", "a", "body " + std::to_string(i));
        Put("Patient", "b", "other " + std::to_string(i));
    }
    const Placement a = Place("Patient", "a");
    const auto reader = Read();
    EXPECT_EQ(reader->AtVersion(a.home, a.key, 2).value()->body, "body 2");
    EXPECT_EQ(reader->AtVersion(a.home, a.key, 5).value()->body, "body 5");
    EXPECT_FALSE(reader->AtVersion(a.home, a.key, 6).value().has_value());
    EXPECT_FALSE(reader->AtVersion(a.home, a.key, 0).value().has_value());
    const auto history = reader->History(a.home, a.key, 0, 3).value();
    ASSERT_EQ(history.size(), 3U);
    EXPECT_EQ(history[0].version, 5);
    EXPECT_EQ(history[2].body, "body 3");
    const auto older = reader->History(a.home, a.key, history[2].change, 10).value();
    ASSERT_EQ(older.size(), 2U);
    EXPECT_EQ(older[0].version, 2);
    EXPECT_EQ(older[1].method, Method::kCreate);
    EXPECT_TRUE(reader->History(a.home, a.key, 0, 0).value().empty());
    ExpectSound();
}

TEST_F(StoreTest, ADeletedRecordIsAVersionAndMayComeBack) {
    Put("Patient", "a", "one");
    Delete("Patient", "a");
    const Placement gone = Place("Patient", "a");
    EXPECT_TRUE(gone.deleted);
    EXPECT_EQ(gone.version, 2);
    const Version version = Read()->Current(gone.home, gone.key).value().value();
    EXPECT_EQ(version.method, Method::kDelete);
    EXPECT_TRUE(version.body.empty());
    Put("Patient", "a", "again");
    EXPECT_FALSE(Place("Patient", "a").deleted);
    EXPECT_EQ(Place("Patient", "a").version, 3);
    ExpectSound();
}

TEST_F(StoreTest, TheFeedIsEveryChangeInOrder) {
    Put("Patient", "a", "1");
    Put("Observation", "o", "2");
    Put("Patient", "a", "3");
    const auto reader = Read();
    const auto all = reader->Feed(0, 10).value();
    ASSERT_EQ(all.size(), 3U);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].change, static_cast<Position>(i + 1));
        EXPECT_EQ(all[i].body, std::to_string(i + 1));
    }
    EXPECT_EQ(reader->Feed(1, 1).value().at(0).change, 2);
    EXPECT_TRUE(reader->Feed(3, 10).value().empty());
    EXPECT_EQ(reader->TypeHistory("Patient", 0, 10).value().size(), 2U);
    EXPECT_EQ(reader->TypeHistory("Patient", 3, 10).value().at(0).change, 1);
    EXPECT_EQ(reader->TypeHistory("", 0, 2).value().at(1).change, 2);
    EXPECT_TRUE(reader->TypeHistory("Device", 0, 10).value().empty());
    const Home a = Place("Patient", "a").home;
    EXPECT_EQ(reader->ChangedHomes(2, 3).value(), std::vector<Home>{a});
    EXPECT_EQ(reader->ChangedHomes(0, 3).value().size(), 2U);
}

TEST_F(StoreTest, TimeNeverFalls) {
    Put("Patient", "a", "1");
    const core::InstantMs first = clock_.now;
    clock_.now -= 86'400'000;
    Put("Patient", "a", "2");
    Reopen();
    Put("Patient", "a", "3");
    const auto feed = Read()->Feed(0, 10).value();
    for (const Version& version : feed) {
        EXPECT_EQ(version.updated, first);
    }
    ExpectSound();
}

TEST_F(StoreTest, AHomeIsReadInOnePass) {
    Put("Patient", "p", "patient");
    Put("Patient", "q", "other");
    const Home home = Place("Patient", "p").home;
    Put("Observation", "2", "o2", {}, home);
    Put("Condition", "1", "c1", {}, home);
    Put("Observation", "1", "o1", {}, home);
    Put("Observation", "gone", "x", {}, home);
    Delete("Observation", "gone");
    std::vector<std::string> bodies;
    const auto reader = Read();
    ASSERT_TRUE(reader
                    ->ScanHome(
                        home,
                        [&](const Version& version) {
                            bodies.push_back(version.body);
                            return true;
                        }
                    )
                    .ok());
    EXPECT_EQ(bodies, (std::vector<std::string>{"c1", "o2", "o1", "patient"}));
    int seen = 0;
    ASSERT_TRUE(reader->ScanHome(home, [&](const Version&) { return ++seen < 2; }).ok());
    EXPECT_EQ(seen, 2);
}

TEST_F(StoreTest, AReservationKeepsItsKeyAndTakesItsHomeWithTheFirstVersion) {
    RecordKey reserved = 0;
    ASSERT_TRUE(store_
                    ->Write([&](Writer& writer) -> core::Status {
                        KQ_ASSIGN(const Placement early, writer.Reserve("Observation", "o", 0));
                        EXPECT_EQ(early.home, early.key);
                        EXPECT_EQ(early.version, 0);
                        reserved = early.key;
                        return {};
                    })
                    .ok());
    EXPECT_EQ(Place("Observation", "o").version, 0);
    EXPECT_FALSE(Read()->Current(reserved, reserved).value().has_value());
    Put("Observation", "o", "1", {}, 77);
    EXPECT_EQ(Place("Observation", "o").home, 77);
    EXPECT_EQ(Place("Observation", "o").key, reserved);
    Put("Observation", "o", "2", {}, 78);
    EXPECT_EQ(Place("Observation", "o").home, 77);
    EXPECT_EQ(Place("Observation", "o").version, 2);
    ExpectSound();
}

TEST_F(StoreTest, IndexRowsFollowTheirRecord) {
    Put("Observation", "o", "1", {Token(1, 10), Token(1, 10), Quantity(2, -1.5), Name("王·芳")});
    EXPECT_EQ(Ask(*Read(), "SELECT code FROM token"), std::vector<std::string>{"10"});
    EXPECT_EQ(Ask(*Read(), "SELECT text FROM name"), std::vector<std::string>{"王·芳"});
    EXPECT_EQ(
        Ask(*Read(), "SELECT key FROM quantity WHERE param = 2 AND amount = -1.5").size(), 1U
    );
    Put("Observation", "o", "2", {Token(1, 10), Token(1, 11), Name("")});
    EXPECT_EQ(
        Ask(*Read(), "SELECT code FROM token ORDER BY code"), (std::vector<std::string>{"10", "11"})
    );
    EXPECT_TRUE(Ask(*Read(), "SELECT param FROM quantity").empty());
    EXPECT_EQ(Ask(*Read(), "SELECT text FROM name"), std::vector<std::string>{""});
    Delete("Observation", "o");
    EXPECT_TRUE(Ask(*Read(), "SELECT code FROM token").empty());
    EXPECT_TRUE(Ask(*Read(), "SELECT text FROM name").empty());
}

TEST_F(StoreTest, RefusesRowsThatDoNotFit) {
    const auto write = [&](IndexRow row) {
        return store_->Write([&](Writer& writer) -> core::Status {
            KQ_TRY(PutOne(writer, "Observation", "o", "1", {row}));
            return {};
        });
    };
    EXPECT_EQ(write({9, {}}).error().code, core::ErrorCode::kInternal);
    EXPECT_EQ(write({0, {std::int64_t{1}}}).error().code, core::ErrorCode::kInternal);
    EXPECT_EQ(write({0, {std::int64_t{1}, 2.0}}).error().code, core::ErrorCode::kInternal);
    EXPECT_EQ(
        write({2, {std::string("x"), std::int64_t{5}, std::int64_t{6}}}).error().code,
        core::ErrorCode::kInternal
    );
    EXPECT_TRUE(write({2, {std::string("x"), std::int64_t{1}, std::int64_t{1}}}).ok());
    EXPECT_EQ(store_->position(), 1);
    ExpectSound();
}

TEST_F(StoreTest, AUnitSeesItsOwnWrites) {
    const auto written = store_->Write([&](Writer& writer) -> core::Status {
        KQ_TRY(PutOne(writer, "Patient", "a", "one", {Token(1, 5)}));
        KQ_ASSIGN(const auto placement, writer.Find("Patient", "a"));
        EXPECT_EQ(placement->version, 1);
        EXPECT_EQ(writer.Current(placement->home, placement->key).value()->body, "one");
        EXPECT_EQ(Ask(writer, "SELECT key FROM token WHERE code = 5").size(), 1U);
        KQ_TRY(PutOne(writer, "Patient", "a", "two", {Token(1, 6)}));
        EXPECT_TRUE(Ask(writer, "SELECT key FROM token WHERE code = 5").empty());
        EXPECT_EQ(Ask(writer, "SELECT key FROM token WHERE code = 6").size(), 1U);
        EXPECT_EQ(writer.position(), 2);
        EXPECT_EQ(writer.now(), clock_.now);
        return {};
    });
    EXPECT_EQ(written.value(), 2);
    EXPECT_EQ(Body("Patient", "a"), "two");
    ExpectSound();
}

TEST_F(StoreTest, AFailedUnitLeavesNothing) {
    Put("Patient", "a", "one", {Token(1, 1)});
    const auto failed = store_->Write([&](Writer& writer) -> core::Status {
        KQ_TRY(PutOne(writer, "Patient", "a", "two", {Token(1, 2)}));
        KQ_TRY(PutOne(writer, "Device", "new", "d", {Token(1, 3)}));
        KQ_TRY(writer.Intern("only here"));
        KQ_TRY(writer.PutValue("s", "k", "v"));
        EXPECT_EQ(Ask(writer, "SELECT code FROM token").size(), 2U);
        return core::MakeError(core::ErrorCode::kNotFound, "what was asked");
    });
    EXPECT_EQ(failed.error().code, core::ErrorCode::kNotFound);
    EXPECT_EQ(store_->position(), 1);
    EXPECT_EQ(Body("Patient", "a"), "one");
    const auto reader = Read();
    EXPECT_FALSE(reader->Find("Device", "new").value().has_value());
    EXPECT_EQ(reader->Interned("only here").value(), 0);
    EXPECT_FALSE(reader->GetValue("s", "k").value().has_value());
    EXPECT_EQ(Ask(*reader, "SELECT code FROM token"), std::vector<std::string>{"1"});
    EXPECT_EQ(Put("Patient", "b", "next"), 2);
    ExpectSound();
}

TEST_F(StoreTest, AFailedPutSpoilsItsUnitEvenWhenOverlooked) {
    const auto written = store_->Write([&](Writer& writer) -> core::Status {
        KQ_TRY(PutOne(writer, "Patient", "a", "one"));
        EXPECT_FALSE(PutOne(writer, "Patient", "a", "", {}).ok());
        return {};
    });
    EXPECT_FALSE(written.ok());
    EXPECT_EQ(store_->position(), 0);
}

TEST_F(StoreTest, AReaderKeepsItsSnapshot) {
    Put("Patient", "a", "one", {Token(1, 1)});
    const auto before = Read();
    const Placement placement = before->Find("Patient", "a").value().value();
    Put("Patient", "a", "two", {Token(1, 2)});
    Put("Patient", "b", "new");
    EXPECT_EQ(before->position(), 1);
    EXPECT_EQ(before->Current(placement.home, placement.key).value()->body, "one");
    EXPECT_FALSE(before->Find("Patient", "b").value().has_value());
    EXPECT_EQ(before->Feed(0, 10).value().size(), 1U);
    EXPECT_EQ(Ask(*before, "SELECT code FROM token"), std::vector<std::string>{"1"});
    EXPECT_EQ(Read()->position(), 3);
    EXPECT_EQ(Body("Patient", "a"), "two");
}

TEST_F(StoreTest, QueryBindsReadsAndRefusesToWrite) {
    Put("Observation", "o", "1", {Token(1, 10), Token(2, 20)});
    const auto reader = Read();
    std::vector<std::int64_t> codes;
    const SqlValue binds[] = {std::int64_t{2}, std::string_view("t"), 1.5, std::monostate()};
    const core::Status done = reader->Query(
        "SELECT code, ?2, ?3, ?4, kq_id(v.id) FROM token t JOIN version v ON v.key = t.key"
        " WHERE t.param = ?1",
        binds,
        [&](std::span<const SqlValue> row) {
            codes.push_back(std::get<std::int64_t>(row[0]));
            EXPECT_EQ(std::get<std::string_view>(row[1]), "t");
            EXPECT_EQ(std::get<double>(row[2]), 1.5);
            EXPECT_TRUE(std::holds_alternative<std::monostate>(row[3]));
            EXPECT_EQ(std::get<std::string_view>(row[4]), "o");
            // A question inside a question is another statement.
            EXPECT_EQ(Ask(*reader, "SELECT code FROM token").size(), 2U);
            return false;
        }
    );
    ASSERT_TRUE(done.ok()) << done.error().Line();
    EXPECT_EQ(codes, std::vector<std::int64_t>{20});
    const auto none = [](std::span<const SqlValue>) {
        return true;
    };
    EXPECT_FALSE(reader->Query("DELETE FROM token", {}, none).ok());
    EXPECT_FALSE(reader->Query("SELECT no_such FROM token", {}, none).ok());
    EXPECT_FALSE(reader->Query("SELECT ?1", {}, none).ok());
    const auto written =
        store_->Write([&](Writer& writer) { return writer.Query("DELETE FROM token", {}, none); });
    EXPECT_FALSE(written.ok());
}

TEST_F(StoreTest, InternsTextsOnce) {
    std::int64_t first = 0;
    ASSERT_TRUE(store_
                    ->Write([&](Writer& writer) -> core::Status {
                        KQ_ASSIGN(first, writer.Intern("http://loinc.org"));
                        KQ_ASSIGN(const std::int64_t again, writer.Intern("http://loinc.org"));
                        EXPECT_EQ(first, again);
                        KQ_ASSIGN(const std::int64_t other, writer.Intern("高血压"));
                        EXPECT_NE(first, other);
                        EXPECT_EQ(writer.Interned("高血压").value(), other);
                        return {};
                    })
                    .ok());
    Reopen();
    EXPECT_EQ(Read()->Interned("http://loinc.org").value(), first);
}

TEST_F(StoreTest, ValuesAreKeptBySpaceAndKey) {
    ASSERT_TRUE(store_
                    ->Write([&](Writer& writer) -> core::Status {
                        KQ_TRY(writer.PutValue("user", "b", std::string_view("\0x", 2)));
                        KQ_TRY(writer.PutValue("user", "a", ""));
                        KQ_TRY(writer.PutValue("users", "c", "other space"));
                        KQ_TRY(writer.PutValue("user", "z", "gone"));
                        KQ_TRY(writer.RemoveValue("user", "z"));
                        KQ_TRY(writer.RemoveValue("user", "never"));
                        return {};
                    })
                    .ok());
    Reopen();
    const auto reader = Read();
    EXPECT_EQ(reader->GetValue("user", "b").value(), std::string("\0x", 2));
    EXPECT_EQ(reader->GetValue("user", "a").value(), "");
    EXPECT_FALSE(reader->GetValue("user", "z").value().has_value());
    std::string keys;
    ASSERT_TRUE(reader
                    ->ScanValues(
                        "user",
                        [&](std::string_view key, std::string_view) {
                            keys += key;
                            return true;
                        }
                    )
                    .ok());
    EXPECT_EQ(keys, "ab");
}

TEST_F(StoreTest, OneOwnerAFolder) {
    const auto second = Store::Open(TestOptions(folder_.path(), clock_));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, core::ErrorCode::kStoreLocked);
}

TEST_F(StoreTest, WaitsForChanges) {
    EXPECT_EQ(store_->WaitForChange(0, 0), 0);
    EXPECT_EQ(store_->WaitForChange(0, 1), 0);
    std::atomic<Position> seen{0};
    std::thread waiter([&] { seen = store_->WaitForChange(0, 60'000); });
    Put("Patient", "a", "1");
    waiter.join();
    EXPECT_EQ(seen, 1);
    EXPECT_EQ(store_->position(), 1);
}

TEST_F(StoreTest, CountsWhatItDid) {
    Put("Patient", "a", "1");
    Put("Patient", "b", "1");
    const StoreFigures figures = store_->figures();
    EXPECT_EQ(figures.commits, 2);
    EXPECT_EQ(figures.units, 2);
    EXPECT_GT(figures.flush_ms_median, 0);
    EXPECT_GE(figures.flush_ms_p99, figures.flush_ms_median);
}

}  // namespace
}  // namespace kangqu::store
