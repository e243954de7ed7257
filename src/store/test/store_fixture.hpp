#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/store/store.hpp"
#include "kangqu/store/testing.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace kangqu::store {

// A clock that tests turn, also backwards.
class TurnableClock final : public core::Clock {
public:
    core::InstantMs Now() const override { return now; }
    core::InstantMs now = 1'700'000'000'000;
};

inline std::vector<IndexTable> TestTables() {
    using Type = IndexColumn::Type;
    return {
        {"token", {{"param", Type::kInteger}, {"code", Type::kInteger}}, {{"code"}}},
        {"quantity", {{"param", Type::kInteger}, {"amount", Type::kReal}}, {}},
        {"name", {{"text", Type::kText}}, {}},
    };
}

// A folder that is gone when the test is.
class TestFolder {
public:
    TestFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "kangqu-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TestFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    const std::string& path() const { return path_; }
    std::string database() const { return path_ + "/kangqu.db"; }

private:
    std::string path_;
};

inline StoreOptions
TestOptions(const std::string& folder, const core::Clock& clock, const std::string& database = "") {
    StoreOptions options;
    options.database = database;
    options.folder = folder;
    options.index_tables = TestTables();
    options.clock = &clock;
    return options;
}

// Writes one version of (type, id): creates it, or updates it when it is there.
inline core::Result<std::int64_t> PutOne(
    Writer& writer,
    std::string_view type,
    std::string_view id,
    std::string_view body,
    const std::vector<IndexRow>& rows = {},
    Home home = 0
) {
    KQ_ASSIGN(const Placement placement, writer.Reserve(type, id, home));
    const Method method = placement.version == 0 ? Method::kCreate : Method::kUpdate;
    return writer.Put(placement, method, type, id, body, rows);
}

inline core::Status Remove(Writer& writer, std::string_view type, std::string_view id) {
    KQ_ASSIGN(const Placement placement, writer.Reserve(type, id, 0));
    KQ_TRY(writer.Put(placement, Method::kDelete, type, id, "", {}));
    return {};
}

inline IndexRow Token(std::int64_t param, std::int64_t code) {
    return {0, {param, code}};
}
inline IndexRow Quantity(std::int64_t param, double amount) {
    return {1, {param, amount}};
}
inline IndexRow Name(std::string text) {
    return {2, {std::move(text)}};
}

class StoreTest : public ::testing::Test {
protected:
    void SetUp() override { Reopen(); }

    void Reopen() {
        store_.reset();
        auto opened = Store::Open(TestOptions(folder_.path(), clock_, database_));
        ASSERT_TRUE(opened.ok()) << opened.error().Line();
        store_ = std::move(opened).value();
    }
    // One unit that writes one version; the position it was written at.
    Position Put(
        std::string_view type,
        std::string_view id,
        std::string_view body,
        const std::vector<IndexRow>& rows = {},
        Home home = 0
    ) {
        const auto written = store_->Write([&](Writer& writer) -> core::Status {
            KQ_TRY(PutOne(writer, type, id, body, rows, home));
            return {};
        });
        EXPECT_TRUE(written.ok()) << written.error().Line();
        return written.ok() ? written.value() : 0;
    }
    Position Delete(std::string_view type, std::string_view id) {
        const auto written =
            store_->Write([&](Writer& writer) { return Remove(writer, type, id); });
        EXPECT_TRUE(written.ok()) << written.error().Line();
        return written.ok() ? written.value() : 0;
    }
    std::unique_ptr<Reader> Read() {
        auto reader = store_->Read();
        EXPECT_TRUE(reader.ok()) << reader.error().Line();
        return std::move(reader).value();
    }
    Placement Place(std::string_view type, std::string_view id) {
        return Read()->Find(type, id).value().value();
    }
    // The current body of (type, id); "(none)" when there is none.
    std::string Body(std::string_view type, std::string_view id) {
        const auto reader = Read();
        const auto placement = reader->Find(type, id).value();
        if (!placement || placement->version == 0) {
            return "(none)";
        }
        return reader->Current(placement->home, placement->key).value()->body;
    }
    // First columns of a query, as text.
    std::vector<std::string> Ask(Reader& reader, std::string_view sql) {
        std::vector<std::string> rows;
        const core::Status done = reader.Query(sql, {}, [&](std::span<const SqlValue> row) {
            if (const auto* text = std::get_if<std::string_view>(&row[0]); text != nullptr) {
                rows.emplace_back(*text);
            } else if (const auto* number = std::get_if<std::int64_t>(&row[0])) {
                rows.push_back(std::to_string(*number));
            }
            return true;
        });
        EXPECT_TRUE(done.ok()) << done.error().Line();
        return rows;
    }
    void ExpectSound() {
        const auto faults = store_->Check();
        ASSERT_TRUE(faults.ok()) << faults.error().Line();
        for (const std::string& fault : faults.value()) {
            ADD_FAILURE() << fault;
        }
    }

    TestFolder folder_;
    std::string database_ = FreshTestDatabase();
    TurnableClock clock_;
    std::unique_ptr<Store> store_;
};

}  // namespace kangqu::store
