#include "kangqu/access/sessions.hpp"

#include "kangqu/access/password.hpp"

#include "support.hpp"
#include <set>

#include <gtest/gtest.h>

namespace kangqu::access::testing {
namespace {

constexpr core::InstantMs kMinute = 60'000;

TEST(Sessions, TokenFindsItsSessionUntilSignOut) {
    TestStore store;
    const TestClock clock;
    const auto sessions = Sessions::Open(*store, clock).value();
    const std::string token = sessions->Begin("ada", "10.0.0.1").value();
    EXPECT_GE(token.size(), 43U);  // 32 bytes in base64url
    EXPECT_EQ(sessions->Find(token).value()->account, "ada");
    EXPECT_FALSE(sessions->Find(token + "x").value());
    EXPECT_FALSE(sessions->Find("").value());
    EXPECT_FALSE(sessions->Find(std::string(100'000, 'a')).value());
    // What the store has is no token.
    EXPECT_FALSE(sessions->Find(Sha256Hex(token)).value());
    ASSERT_TRUE(sessions->End(token).ok());
    EXPECT_FALSE(sessions->Find(token).value());
    EXPECT_TRUE(sessions->End(token).ok());
}

TEST(Sessions, OnlyTheHashIsStored) {
    TestStore store;
    const TestClock clock;
    const auto sessions = Sessions::Open(*store, clock).value();
    const std::string token = sessions->Begin("ada", "x").value();
    std::set<std::string> keys;
    ASSERT_TRUE((*store)
                    .Read()
                    .value()
                    ->ScanValues(
                        "access.session",
                        [&](std::string_view key, std::string_view value) {
                            keys.emplace(key);
                            EXPECT_EQ(value.find(token), std::string_view::npos);
                            return true;
                        }
                    )
                    .ok());
    EXPECT_EQ(keys, std::set<std::string>{Sha256Hex(token)});
}

TEST(Sessions, IdleLimit) {
    TestStore store;
    TestClock clock;
    const auto sessions = Sessions::Open(*store, clock).value();
    const std::string token = sessions->Begin("ada", "x").value();
    for (int request = 0; request < 4; ++request) {
        clock.Advance(29 * kMinute);
        EXPECT_TRUE(sessions->Find(token).value()) << request;
    }
    clock.Advance(30 * kMinute + 1);
    EXPECT_FALSE(sessions->Find(token).value());
}

TEST(Sessions, AbsoluteLimitThoughBusy) {
    TestStore store;
    TestClock clock;
    const auto sessions = Sessions::Open(*store, clock).value();
    const std::string token = sessions->Begin("ada", "x").value();
    for (int request = 0; request < 12 * 6; ++request) {
        clock.Advance(10 * kMinute);
        EXPECT_TRUE(sessions->Find(token).value()) << request;
    }
    clock.Advance(kMinute);
    EXPECT_FALSE(sessions->Find(token).value());
}

TEST(Sessions, OutliveARestartWithTheirLimits) {
    TestStore store;
    TestClock clock;
    std::string token;
    {
        const auto sessions = Sessions::Open(*store, clock).value();
        token = sessions->Begin("ada", "x").value();
        clock.Advance(25 * kMinute);
        EXPECT_TRUE(sessions->Find(token).value());
    }
    store.Reopen();
    const auto sessions = Sessions::Open(*store, clock).value();
    clock.Advance(20 * kMinute);
    EXPECT_TRUE(sessions->Find(token).value());
    clock.Advance(31 * kMinute);
    EXPECT_FALSE(sessions->Find(token).value());
}

TEST(Sessions, TheOldestOfTooManyEnds) {
    TestStore store;
    TestClock clock;
    SessionLimits limits;
    limits.per_account = 3;
    const auto sessions = Sessions::Open(*store, clock, limits).value();
    std::vector<std::string> tokens;
    for (int index = 0; index < 4; ++index) {
        tokens.push_back(sessions->Begin("ada", std::to_string(index)).value());
        clock.Advance(1);
    }
    const std::string other = sessions->Begin("eve", "x").value();
    EXPECT_FALSE(sessions->Find(tokens[0]).value());
    EXPECT_TRUE(sessions->Find(tokens[1]).value());
    EXPECT_TRUE(sessions->Find(tokens[3]).value());
    EXPECT_EQ(sessions->List("ada").size(), 3U);
    EXPECT_EQ(sessions->List("ada").front().address, "3");
    ASSERT_TRUE(sessions->EndAll("ada").ok());
    EXPECT_TRUE(sessions->List("ada").empty());
    EXPECT_TRUE(sessions->Find(other).value());
}

}  // namespace
}  // namespace kangqu::access::testing
