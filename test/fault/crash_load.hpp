#pragma once

#include "kangqu/store/store.hpp"

#include "store_fixture.hpp"
#include <string>

namespace kangqu::fault {

// The writes of the crash tests. Record n of writer w holds a body that can be told from its name;
// every third unit also updates a record that all writers share.
inline std::string CrashId(int writer, int number) {
    return "w" + std::to_string(writer) + "-" + std::to_string(number);
}

inline std::string CrashBody(int writer, int number) {
    std::string body = "{\"writer\":" + std::to_string(writer) +
                       ",\"number\":" + std::to_string(number) + ",\"filling\":\"";
    auto state = static_cast<unsigned>(writer * 1'000'003 + number);
    for (int i = 0; i < 1500; ++i) {
        state = state * 1'103'515'245U + 12'345U;
        body += static_cast<char>('a' + (state >> 16U) % 26U);
    }
    return body + "\"}";
}

inline core::Status CrashUnit(store::Writer& writer, int name, int number) {
    const std::vector<store::IndexRow> rows = {
        store::Token(name, number), store::Name(CrashId(name, number))};
    KQ_TRY(
        store::PutOne(writer, "Observation", CrashId(name, number), CrashBody(name, number), rows)
    );
    if (number % 3 == 0) {
        KQ_TRY(store::PutOne(
            writer, "Basic", "shared", CrashBody(name, number), {store::Token(-1, number)}
        ));
    }
    return {};
}

// What must hold after any crash: everything acknowledged is there, the file is sound, index rows
// and records agree.
inline void ExpectAllThere(store::Store& store, const std::vector<int>& acknowledged) {
    const auto faults = store.Check().value();
    for (const std::string& fault : faults) {
        ADD_FAILURE() << fault;
    }
    const auto reader = std::move(store.Read()).value();
    for (std::size_t name = 0; name < acknowledged.size(); ++name) {
        for (int number = 0; number < acknowledged[name]; ++number) {
            const int writer = static_cast<int>(name);
            const auto place = reader->Find("Observation", CrashId(writer, number)).value();
            ASSERT_TRUE(place && place->version > 0) << CrashId(writer, number) << " is lost";
            EXPECT_EQ(
                reader->Current(place->home, place->key).value()->body, CrashBody(writer, number)
            );
        }
    }
    std::int64_t records = -1;
    std::int64_t rows = -2;
    const core::Status asked = reader->Query(
        "SELECT (SELECT count(*) FROM current), (SELECT count(*) FROM token)",
        {},
        [&](std::span<const store::SqlValue> row) {
            records = std::get<std::int64_t>(row[0]);
            rows = std::get<std::int64_t>(row[1]);
            return false;
        }
    );
    EXPECT_TRUE(asked.ok());
    EXPECT_EQ(records, rows);
}

}  // namespace kangqu::fault
