// The store against a simple model of it in memory: random units, failed ones and restarts among
// them, must leave both telling the same.

#include "store_fixture.hpp"
#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include <rapidcheck.h>

namespace kangqu::store {
namespace {

struct ModelVersion {
    std::int64_t version = 0;
    Method method = Method::kCreate;
    std::string body;
    Position change = 0;
};

struct Model {
    std::map<std::string, std::vector<ModelVersion>> records;
    std::map<std::string, std::set<std::int64_t>> codes;
    std::map<std::string, std::string> values;
    Position position = 0;
};

struct Step {
    int kind = 0;
    int record = 0;
    int text = 0;
    std::vector<int> codes;
};

std::string IdOf(int record) {
    return "r" + std::to_string(record);
}

constexpr const char* kTypes[] = {"Patient", "Observation"};

const char* TypeOf(int record) {
    return kTypes[record % 2];
}

core::Status Apply(Writer& writer, Model& model, const Step& step) {
    const std::string id = IdOf(step.record);
    const char* type = TypeOf(step.record);
    if (step.kind == 3) {
        model.values[id] = std::to_string(step.text);
        return writer.PutValue("space", id, std::to_string(step.text));
    }
    if (step.kind == 4) {
        model.values.erase(id);
        return writer.RemoveValue("space", id);
    }
    KQ_ASSIGN(const Placement placement, writer.Reserve(type, id, 0));
    std::vector<ModelVersion>& versions = model.records[id];
    if (step.kind == 2) {
        return {};
    }
    const bool deletes = step.kind == 1 && !versions.empty();
    ModelVersion next;
    next.version = static_cast<std::int64_t>(versions.size()) + 1;
    next.method = deletes ? Method::kDelete : versions.empty() ? Method::kCreate : Method::kUpdate;
    next.body = deletes ? "" : "{\"text\":" + std::to_string(step.text) + "}";
    next.change = ++model.position;
    std::vector<IndexRow> rows;
    model.codes[id].clear();
    for (const int code : deletes ? std::vector<int>() : step.codes) {
        rows.push_back(Token(step.record, code));
        model.codes[id].insert(code);
    }
    KQ_ASSIGN(
        const std::int64_t version, writer.Put(placement, next.method, type, id, next.body, rows)
    );
    RC_ASSERT(version == next.version);
    versions.push_back(next);
    return {};
}

void CompareRecord(Reader& reader, const std::string& id, int record, const Model& model) {
    const auto placement = reader.Find(TypeOf(record), id).value();
    const auto known = model.records.find(id);
    RC_ASSERT(placement.has_value() == (known != model.records.end()));
    if (!placement) {
        return;
    }
    const std::vector<ModelVersion>& versions = known->second;
    RC_ASSERT(placement->version == static_cast<std::int64_t>(versions.size()));
    const auto history = reader.History(placement->home, placement->key, 0, 1000).value();
    RC_ASSERT(history.size() == versions.size());
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const Version& found = history[versions.size() - 1 - i];
        const auto direct =
            reader.AtVersion(placement->home, placement->key, versions[i].version).value();
        RC_ASSERT(direct.has_value());
        for (const Version* version : {&found, &*direct}) {
            RC_ASSERT(version->version == versions[i].version);
            RC_ASSERT(version->method == versions[i].method);
            RC_ASSERT(version->body == versions[i].body);
            RC_ASSERT(version->change == versions[i].change);
            RC_ASSERT(version->id == id);
            RC_ASSERT(version->type == TypeOf(record));
        }
    }
}

void Compare(Store& store, const Model& model) {
    const auto reader = std::move(store.Read()).value();
    RC_ASSERT(reader->position() == model.position);
    for (int record = 0; record < 6; ++record) {
        CompareRecord(*reader, IdOf(record), record, model);
    }
    std::multiset<std::pair<std::int64_t, std::int64_t>> expected;
    for (const auto& [id, codes] : model.codes) {
        for (const std::int64_t code : codes) {
            expected.emplace(std::stoi(id.substr(1)), code);
        }
    }
    std::multiset<std::pair<std::int64_t, std::int64_t>> found;
    const core::Status asked =
        reader->Query("SELECT param, code FROM token", {}, [&](std::span<const SqlValue> row) {
            found.emplace(std::get<std::int64_t>(row[0]), std::get<std::int64_t>(row[1]));
            return true;
        });
    RC_ASSERT(asked.ok());
    RC_ASSERT(found == expected);
    std::map<std::string, std::string> values;
    RC_ASSERT(reader
                  ->ScanValues(
                      "space",
                      [&](std::string_view key, std::string_view value) {
                          values.emplace(key, value);
                          return true;
                      }
                  )
                  .ok());
    RC_ASSERT(values == model.values);
    const auto feed = reader->Feed(0, 10'000).value();
    RC_ASSERT(feed.size() == static_cast<std::size_t>(model.position));
}

rc::Gen<Step> AnyStep() {
    return rc::gen::build<Step>(
        rc::gen::set(&Step::kind, rc::gen::element(0, 0, 0, 0, 1, 2, 3, 4)),
        rc::gen::set(&Step::record, rc::gen::inRange(0, 6)),
        rc::gen::set(&Step::text, rc::gen::inRange(0, 1000)),
        rc::gen::set(
            &Step::codes,
            rc::gen::resize(6, rc::gen::container<std::vector<int>>(rc::gen::inRange(-3, 300)))
        )
    );
}

TEST(Oracle, TellsTheSameAsAModelInMemory) {
    const TurnableClock clock;
    const bool held = rc::check([&] {
        const TestFolder folder;
        const std::string database = FreshTestDatabase();
        auto store = std::move(Store::Open(TestOptions(folder.path(), clock, database))).value();
        Model model;
        const auto units = *rc::gen::resize(
            12,
            rc::gen::container<std::vector<std::vector<Step>>>(
                rc::gen::resize(8, rc::gen::container<std::vector<Step>>(AnyStep()))
            )
        );
        int number = 0;
        for (const std::vector<Step>& unit : units) {
            ++number;
            const bool fails = number % 4 == 0;
            Model changed = model;
            const auto written = store->Write([&](Writer& writer) -> core::Status {
                for (const Step& step : unit) {
                    KQ_TRY(Apply(writer, changed, step));
                }
                if (fails) {
                    return core::MakeError(core::ErrorCode::kNotFound, "taken back");
                }
                return {};
            });
            RC_ASSERT(written.ok() != fails);
            model = fails ? model : changed;
            if (number % 5 == 0) {
                store.reset();
                store = std::move(Store::Open(TestOptions(folder.path(), clock, database))).value();
            }
            Compare(*store, model);
        }
        RC_ASSERT(store->Check().value().empty());
    });
    EXPECT_TRUE(held);
}

class RaceTest : public StoreTest {
protected:
    static constexpr int kWriters = 32;
    template <class Each>
    void Race(Each each) {
        std::vector<std::thread> threads;
        for (int i = 0; i < kWriters; ++i) {
            threads.emplace_back([&each, i] { each(i); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
    }
};

TEST_F(RaceTest, AConditionalCreateMakesOneRecord) {
    std::atomic<int> created{0};
    Race([&](int writer_number) {
        for (int round = 0; round < 10; ++round) {
            const auto written = store_->Write([&](Writer& writer) -> core::Status {
                bool exists = false;
                const SqlValue binds[] = {std::int64_t{round}};
                KQ_TRY(writer.Query(
                    "SELECT 1 FROM token WHERE param = 7 AND code = ?1",
                    binds,
                    [&](std::span<const SqlValue>) {
                        exists = true;
                        return false;
                    }
                ));
                if (exists) {
                    return {};
                }
                const std::string id = std::to_string(round) + "-" + std::to_string(writer_number);
                KQ_TRY(PutOne(writer, "Patient", id, "{}", {Token(7, round)}));
                ++created;
                return {};
            });
            EXPECT_TRUE(written.ok());
        }
    });
    EXPECT_EQ(created, 10);
    EXPECT_EQ(store_->position(), 10);
    ExpectSound();
}

TEST_F(RaceTest, NoUpdateIsLost) {
    constexpr int kRounds = 20;
    Race([&](int) {
        for (int round = 0; round < kRounds; ++round) {
            const auto written = store_->Write([&](Writer& writer) -> core::Status {
                KQ_ASSIGN(const Placement place, writer.Reserve("Basic", "counter", 0));
                KQ_ASSIGN(const auto now, writer.Current(place.home, place.key));
                const int count = now ? std::stoi(now->body) : 0;
                return PutOne(writer, "Basic", "counter", std::to_string(count + 1)).ok()
                           ? core::Status()
                           : core::MakeError(core::ErrorCode::kInternal, "put");
            });
            EXPECT_TRUE(written.ok());
        }
    });
    EXPECT_EQ(Body("Basic", "counter"), std::to_string(kWriters * kRounds));
    EXPECT_EQ(Place("Basic", "counter").version, kWriters * kRounds);
    ExpectSound();
}

// Readers come and go while writers write; every snapshot is whole: as many records as its position
// says, and each with its index row.
TEST_F(RaceTest, SnapshotsAreWhole) {
    std::atomic<bool> done{false};
    std::thread reading([&] {
        while (!done) {
            const auto reader = Read();
            const auto rows = Ask(*reader, "SELECT count(*) FROM token");
            EXPECT_EQ(rows.at(0), std::to_string(reader->position()));
            EXPECT_EQ(
                reader->Feed(0, 100'000).value().size(),
                static_cast<std::size_t>(reader->position())
            );
        }
    });
    Race([&](int writer_number) {
        for (int round = 0; round < 20; ++round) {
            Put("Patient",
                std::to_string(writer_number) + "-" + std::to_string(round),
                "{}",
                {Token(writer_number, round)});
        }
    });
    done = true;
    reading.join();
    EXPECT_EQ(store_->position(), kWriters * 20);
}

}  // namespace
}  // namespace kangqu::store
