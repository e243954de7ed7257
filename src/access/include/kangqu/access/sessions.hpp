#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::access {

struct SessionLimits {
    // Without a request: a screen left alone in a consulting room. A working day at most.
    core::InstantMs idle_ms = 30LL * 60 * 1000;
    core::InstantMs absolute_ms = 12LL * 60 * 60 * 1000;
    // Open at one time for one account; the oldest ends when one more begins.
    std::size_t per_account = 8;
};

struct Session {
    std::string account;
    std::string address;  // where it was opened from
    core::InstantMs opened = 0;
    core::InstantMs seen = 0;
};

// Who is signed in. A session is a token of 32 random bytes that only its holder knows: the data
// folder has the SHA-256. Sessions outlive a restart. Thread-safe.
class Sessions {
public:
    static core::Result<std::unique_ptr<Sessions>>
    Open(store::Store& store, const core::Clock& clock, SessionLimits limits = {});

    // The new token.
    core::Result<std::string> Begin(std::string_view account, std::string_view address);
    // The session of a token, now seen; nothing when there is none or a limit has passed.
    core::Result<std::optional<Session>> Find(std::string_view token);
    // Ends it; no error when there is none.
    core::Status End(std::string_view token);
    core::Status EndAll(std::string_view account);
    std::vector<Session> List(std::string_view account) const;  // newest first

private:
    struct Entry {
        Session session;
        core::InstantMs saved = 0;  // `seen` as the store has it
    };
    Sessions(store::Store& store, const core::Clock& clock, SessionLimits limits)
        : store_(store), clock_(clock), limits_(limits) {}
    core::Status Load();
    bool IsOver(const Session& session, core::InstantMs now) const noexcept;
    core::Status Remove(const std::vector<std::string>& keys);
    // Keys to end so that one more session of the account fits, and all that are over.
    std::vector<std::string> Surplus(std::string_view account, core::InstantMs now) const;

    store::Store& store_;
    const core::Clock& clock_;
    const SessionLimits limits_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;  // by SHA-256 of the token
};

}  // namespace kangqu::access
