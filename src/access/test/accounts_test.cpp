#include "kangqu/access/accounts.hpp"

#include "kangqu/access/password.hpp"

#include "support.hpp"
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

namespace kangqu::access::testing {
namespace {

using core::ErrorCode;

Account Ada() {
    Account account;
    account.name = "Ada";
    account.display_name = "王医生";
    account.role = "family-doctor";
    account.organization = "org1";
    return account;
}

TEST(Password, RulesSayWhatIsMissing) {
    EXPECT_EQ(CheckPassword("Ab1!", "ada").error().code, ErrorCode::kPasswordShort);
    EXPECT_EQ(CheckPassword("abcdefghij1", "ada").error().code, ErrorCode::kPasswordSimple);
    EXPECT_EQ(CheckPassword("xxADAxx-12345", "ada").error().code, ErrorCode::kPasswordHasName);
    EXPECT_EQ(CheckPassword(std::string(129, 'a'), "ada").error().code, ErrorCode::kPasswordLong);
    EXPECT_EQ(
        CheckPassword(
            "abc\xFF"
            "defghijklmn",
            "ada"
        )
            .error()
            .code,
        ErrorCode::kNotUtf8
    );
    EXPECT_TRUE(CheckPassword("abcdEFGH12", "ada").ok());
    EXPECT_TRUE(CheckPassword("correct horse battery", "ada").ok());
    EXPECT_TRUE(CheckPassword("春眠不觉晓处处闻啼鸟夜来风雨声花", "ada").ok());
    EXPECT_TRUE(CheckPassword(std::string(64, 'p'), "ada").ok());
}

TEST(Password, GeneratedOnesAreGoodAndDifferent) {
    std::set<std::string> seen;
    for (int index = 0; index < 200; ++index) {
        const std::string password = GeneratePassword();
        EXPECT_TRUE(CheckPassword(password, "ada").ok()) << password;
        EXPECT_EQ(password.find_first_of("0Oo1Il"), std::string::npos) << password;
        EXPECT_TRUE(seen.insert(password).second);
    }
}

TEST(Password, HashIsArgon2idWithTheStatedCost) {
    const std::string hash = HashPassword("correct horse").value();
    EXPECT_EQ(hash.rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0), 0U) << hash;
    EXPECT_NE(hash, HashPassword("correct horse").value());
    EXPECT_TRUE(VerifyPassword(hash, "correct horse"));
    EXPECT_FALSE(VerifyPassword(hash, "correct horsf"));
    EXPECT_FALSE(VerifyPassword("nonsense", "correct horse"));
    EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Accounts, AreKeptAcrossARestartAndNeverAsPlainText) {
    TestStore store;
    const TestClock clock;
    std::string password;
    {
        const auto accounts = Accounts::Open(*store, clock).value();
        EXPECT_TRUE(accounts->List().empty());  // nobody is there by default
        password = accounts->Add(Ada()).value();
        EXPECT_EQ(accounts->Add(Ada()).error().code, ErrorCode::kDuplicateUser);
    }
    store.Reopen();
    const auto accounts = Accounts::Open(*store, clock).value();
    const Account found = accounts->Verify("ADA", password, "10.0.0.1").value();
    EXPECT_EQ(found.name, "ada");
    EXPECT_EQ(found.display_name, "王医生");
    EXPECT_EQ(found.organization, "org1");
    EXPECT_EQ(found.created, clock.Now());
    for (const auto& file : std::filesystem::recursive_directory_iterator(store.path())) {
        if (!file.is_regular_file()) {
            continue;
        }
        std::ifstream in(file.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        EXPECT_EQ(bytes.find(password), std::string::npos) << file.path();
    }
}

TEST(Accounts, RefusesWhatIsNoAccount) {
    TestStore store;
    const TestClock clock;
    const auto accounts = Accounts::Open(*store, clock).value();
    for (const char* name :
         {"", "a", "王医生", "a b", "a/b", "averyveryveryveryverylongname1234567"}) {
        Account account = Ada();
        account.name = name;
        EXPECT_EQ(accounts->Add(account).error().code, ErrorCode::kInvalidArgument) << name;
    }
    Account account = Ada();
    account.organization = "not an id";
    EXPECT_EQ(accounts->Add(account).error().code, ErrorCode::kInvalidArgument);
    account = Ada();
    account.role.clear();
    EXPECT_EQ(accounts->Add(account).error().code, ErrorCode::kUnknownRole);
    EXPECT_EQ(accounts->ResetPassword("nobody").error().code, ErrorCode::kNotFound);
}

TEST(Accounts, ChangesTakeEffectAtOnce) {
    TestStore store;
    const TestClock clock;
    const auto accounts = Accounts::Open(*store, clock).value();
    const std::string first = accounts->Add(Ada()).value();
    const auto generation = accounts->generation();
    const std::string second = accounts->ResetPassword("ada").value();
    EXPECT_GT(accounts->generation(), generation);
    EXPECT_EQ(accounts->Verify("ada", first, "a").error().code, ErrorCode::kBadCredentials);
    EXPECT_TRUE(accounts->Verify("ada", second, "a").ok());
    EXPECT_EQ(accounts->SetPassword("ada", "short").error().code, ErrorCode::kPasswordShort);
    ASSERT_TRUE(accounts->SetDisabled("ada", true).ok());
    EXPECT_EQ(accounts->Verify("ada", second, "a").error().code, ErrorCode::kBadCredentials);
    ASSERT_TRUE(accounts->SetDisabled("ada", false).ok());
    EXPECT_TRUE(accounts->Verify("ada", second, "a").ok());
}

TEST(Accounts, UnknownNamesCostAndAnswerTheSame) {
    TestStore store;
    const TestClock clock;
    ThrottleLimits limits;
    limits.pair_failures = 1000;
    limits.address_failures = 1000;
    const auto accounts = Accounts::Open(*store, clock, limits).value();
    ASSERT_TRUE(accounts->Add(Ada()).ok());
    // Both must hash: a tenth of the other's time would show a shortcut even on a busy machine.
    const auto shortest = [&](const char* name) {
        auto best = std::chrono::nanoseconds::max();
        for (int round = 0; round < 5; ++round) {
            const auto start = std::chrono::steady_clock::now();
            EXPECT_EQ(
                accounts->Verify(name, "Wrong-Password-1", "a").error().code,
                ErrorCode::kBadCredentials
            );
            best =
                std::min(best, std::chrono::nanoseconds(std::chrono::steady_clock::now() - start));
        }
        return best;
    };
    const auto known = shortest("ada");
    for (const char* name : {"nobody", "not a name!", ""}) {
        const auto unknown = shortest(name);
        EXPECT_GT(unknown * 10, known) << name;
        EXPECT_GT(known * 10, unknown) << name;
    }
}

TEST(Accounts, GuessingIsSlowedDownWithoutSayingWhoExists) {
    TestStore store;
    TestClock clock;
    const auto accounts = Accounts::Open(*store, clock).value();
    const std::string password = accounts->Add(Ada()).value();
    for (const char* name : {"ada", "nobody"}) {
        for (int attempt = 0; attempt < 5; ++attempt) {
            EXPECT_EQ(
                accounts->Verify(name, "guess", "10.0.0.9").error().code, ErrorCode::kBadCredentials
            );
        }
        const auto locked = accounts->Verify(name, "guess", "10.0.0.9");
        EXPECT_EQ(locked.error().code, ErrorCode::kLockedOut);
        EXPECT_EQ(locked.error().args[0], "30");
    }
    // The right password does not help from there, but does from elsewhere.
    EXPECT_EQ(accounts->Verify("ada", password, "10.0.0.9").error().code, ErrorCode::kLockedOut);
    EXPECT_TRUE(accounts->Verify("ada", password, "10.0.0.1").ok());
    clock.Advance(30'001);
    EXPECT_TRUE(accounts->Verify("ada", password, "10.0.0.9").ok());
}

TEST(Throttle, WaitsDoubleUpToTheLongest) {
    TestClock clock;
    Throttle throttle(clock);
    std::vector<int> waits;
    for (int attempt = 0; attempt < 14; ++attempt) {
        ASSERT_EQ(throttle.Begin("ada", "x"), 0);
        const int wait = throttle.Begin("ada", "x");
        if (wait > 0) {
            waits.push_back(wait);
            clock.Advance(wait * 1000LL);
        } else {
            ++attempt;
        }
    }
    ASSERT_GE(waits.size(), 7U);
    EXPECT_EQ(waits[0], 30);
    EXPECT_EQ(waits[1], 60);
    EXPECT_EQ(waits[2], 120);
    EXPECT_EQ(waits.back(), 900);
}

TEST(Throttle, SprayingManyNamesFromOneAddressIsBlocked) {
    TestClock clock;
    Throttle throttle(clock);
    int allowed = 0;
    for (int index = 0; index < 200; ++index) {
        allowed += throttle.Begin("user" + std::to_string(index), "bad") == 0 ? 1 : 0;
    }
    EXPECT_EQ(allowed, 50);
    EXPECT_EQ(throttle.Begin("user1", "good"), 0);
    clock.Advance(300'001);
    EXPECT_EQ(throttle.Begin("user999", "bad"), 0);
}

TEST(Throttle, OneNameFromManyAddressesIsBlockedForAWhile) {
    TestClock clock;
    Throttle throttle(clock);
    int allowed = 0;
    for (int index = 0; index < 300; ++index) {
        allowed += throttle.Begin("ada", "10.0.0." + std::to_string(index)) == 0 ? 1 : 0;
    }
    EXPECT_EQ(allowed, 100);
    EXPECT_EQ(throttle.Begin("eve", "10.0.0.1"), 0);
}

TEST(Throttle, SuccessForgetsAndCountersAreBounded) {
    TestClock clock;
    ThrottleLimits limits;
    limits.counters = 60;
    Throttle throttle(clock, limits);
    for (int round = 0; round < 50; ++round) {
        for (int attempt = 0; attempt < 4; ++attempt) {
            ASSERT_EQ(throttle.Begin("ada", "x"), 0) << round;
        }
        throttle.Succeeded("ada", "x");
        clock.Advance(60'000);
    }
    for (int index = 0; index < 1000; ++index) {
        clock.Advance(1);
        EXPECT_EQ(throttle.Begin("n" + std::to_string(index), "a" + std::to_string(index)), 0);
    }
}

}  // namespace
}  // namespace kangqu::access::testing
