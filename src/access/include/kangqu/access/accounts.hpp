#pragma once

#include "kangqu/access/throttle.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::access {

struct Account {
    std::string name;  // 2 to 32 of a-z 0-9 . _ -; what is typed to sign in, in any case
    std::string display_name;
    std::string role;
    std::string organization;  // id of the Organization, or empty
    std::string practitioner;  // id of the Practitioner, or empty
    bool disabled = false;
    core::InstantMs created = 0;
    core::InstantMs password_changed = 0;
};

// The accounts of the data folder. No account exists before one is added, and none has a password
// that somebody else chose for all installations. Thread-safe.
class Accounts {
public:
    // Reads all accounts. The references outlive this object.
    static core::Result<std::unique_ptr<Accounts>>
    Open(store::Store& store, const core::Clock& clock, ThrottleLimits limits = {});

    // Durable when they return. The generated password is returned this once and kept only as its
    // Argon2id hash. kDuplicateUser, kInvalidArgument.
    core::Result<std::string> Add(Account account);
    core::Result<std::string> ResetPassword(std::string_view name);
    // kWeakPassword kinds; see CheckPassword.
    core::Status SetPassword(std::string_view name, std::string_view password);
    core::Status SetDisabled(std::string_view name, bool disabled);

    std::optional<Account> Find(std::string_view name) const;
    std::vector<Account> List() const;  // by name

    // The account when name and password fit and it is not disabled. kBadCredentials otherwise,
    // after the same work for unknown names; kLockedOut (seconds) without any work; kBusy when too
    // many attempts wait already.
    core::Result<Account>
    Verify(std::string_view name, std::string_view password, std::string_view address);

    // Rises whenever an account changes: what was derived from accounts is then stale.
    std::uint64_t generation() const noexcept { return generation_.load(); }

private:
    struct Row {
        Account account;
        std::string hash;
    };
    Accounts(store::Store& store, const core::Clock& clock, ThrottleLimits limits)
        : store_(store), clock_(clock), throttle_(clock, limits) {}
    core::Status Load();
    core::Status Save(const Row& row, bool is_new);
    core::Result<Row> RowOf(std::string_view name) const;
    bool Matches(const std::string& hash, std::string_view password, bool& busy);

    store::Store& store_;
    const core::Clock& clock_;
    Throttle throttle_;
    mutable std::shared_mutex mutex_;
    std::map<std::string, Row, std::less<>> rows_;
    std::atomic<std::uint64_t> generation_{1};
    std::string nobody_;  // hash of a password nobody knows, for names that do not exist
    // Hashing takes memory, so few at a time and a short queue.
    std::mutex hashing_mutex_;
    std::condition_variable hashing_free_;
    int hashing_ = 0;
    int hashing_waiting_ = 0;
};

// Lower case, when it is a possible account name.
std::optional<std::string> AccountName(std::string_view text);

}  // namespace kangqu::access
