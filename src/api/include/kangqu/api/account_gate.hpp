#pragma once

#include "kangqu/access/accounts.hpp"
#include "kangqu/access/roles.hpp"
#include "kangqu/access/sessions.hpp"
#include "kangqu/api/gate.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::api {

constexpr std::string_view kSessionCookie = "kangqu_session";
// How long a program's checked credentials are taken on trust, so that each of its requests need
// not hash again. A changed account ends that at once.
constexpr int kBasicTrustMs = 60'000;
constexpr std::size_t kBasicTrusted = 1'000;

// kNotLoopback when any of the listen addresses can be reached from another machine.
core::Status CheckLoopbackOnly(const std::vector<std::string>& listen);

// What the gate and the session routes work on. Everything outlives both.
struct AccessServices {
    access::Accounts& accounts;
    access::Sessions& sessions;
    const access::Roles& roles;
    bool auth_required = true;  // false: --auth off, after CheckLoopbackOnly
    bool tls = false;           // cookies only over TLS
    // Display name of an organisation; its id when null.
    std::function<std::string(std::string_view id)> organization_name;
};

// Lets in who has a session, who comes through the data folder's socket, programs with an account's
// name and password where the route takes them, and everybody on a loopback server that runs
// without sign-in. Refuses requests another web site makes a browser send.
class AccountGate final : public Gate {
public:
    explicit AccountGate(const AccessServices& services);
    core::Status Precheck(const Request& request, const Route& route) const override;
    core::Result<std::shared_ptr<const access::Principal>>
    Admit(const Request& request, const Route& route) override;
    std::string Challenge(const Route& route) const override;

private:
    using Known = std::shared_ptr<const access::Principal>;
    core::Result<Known> FromSession(const Request& request) const;
    core::Result<Known> FromBasic(const Request& request);
    Known PrincipalOf(const access::Account& account) const;
    std::string TrustKey(std::string_view credentials) const;

    struct Trusted {
        std::chrono::steady_clock::time_point until;
        std::uint64_t generation = 0;
        std::string account;
    };
    AccessServices services_;
    const Known operator_;
    const Known local_;
    const std::string secret_;  // of this process: what lies in trusted_ opens nothing elsewhere
    std::mutex mutex_;
    std::unordered_map<std::string, Trusted> trusted_;
};

// GET, POST and DELETE /api/session, POST /api/session/password, and for the operator's socket
// /api/accounts.
void RegisterSession(Registry& registry, AccessServices services);
void RegisterAccounts(Registry& registry, AccessServices services);

}  // namespace kangqu::api
