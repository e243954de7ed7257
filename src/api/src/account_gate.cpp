#include "kangqu/api/account_gate.hpp"

#include "kangqu/access/password.hpp"
#include "kangqu/api/server.hpp"
#include "kangqu/core/ids.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::MakeError;
using std::chrono::steady_clock;

constexpr std::size_t kMaxAuthorization = 1'024;

access::Principal BuiltIn(access::Principal::Kind kind) {
    access::Principal principal;
    principal.kind = kind;
    const bool local = kind == access::Principal::Kind::kLocal;
    principal.name = local ? "local" : "operator";
    principal.display_name = local ? "本机用户" : "本机运维";
    principal.role = principal.name;
    return principal;
}

// "host", "host:port", "[::1]:port" without the port.
std::string_view HostName(std::string_view authority) {
    if (!authority.empty() && authority.front() == '[') {
        return authority.substr(0, authority.find(']') + 1);
    }
    return authority.substr(0, authority.find(':'));
}

bool IsLoopbackName(std::string_view host) noexcept {
    // "127.example.org" is a name like any other; only digits and dots make an address.
    const bool numeric = host.find_first_not_of("0123456789.") == std::string_view::npos;
    return host == "localhost" || host == "[::1]" || (numeric && host.substr(0, 4) == "127.");
}

core::Error CrossSite() {
    return MakeError(ErrorCode::kCrossSite);
}

// A browser says where a request was made; programs say nothing.
bool FromAnotherSite(const Request& request) {
    const std::string_view origin = request.Header("origin");
    const std::string_view site = request.Header("sec-fetch-site");
    if (site == "cross-site" || site == "same-site") {
        return true;
    }
    if (origin.empty()) {
        return false;
    }
    const auto scheme = origin.find("://");
    return scheme == std::string_view::npos || origin.substr(scheme + 3) != request.Header("host");
}

std::optional<std::string> DecodeBase64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    while (!text.empty() && text.back() == '=') {
        text.remove_suffix(1);
    }
    for (const char c : text) {
        std::uint32_t value = 64;
        if (c >= 'A' && c <= 'Z') {
            value = static_cast<std::uint32_t>(c - 'A');
        } else if (c >= 'a' && c <= 'z') {
            value = static_cast<std::uint32_t>(c - 'a') + 26;
        } else if (c >= '0' && c <= '9') {
            value = static_cast<std::uint32_t>(c - '0') + 52;
        } else if (c == '+' || c == '/') {
            value = c == '+' ? 62 : 63;
        }
        if (value == 64) {
            return std::nullopt;
        }
        bits = (bits << 6U) | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
        }
    }
    return out;
}

// The credentials behind "Basic ", or empty.
std::string_view BasicOf(const Request& request) {
    const std::string_view header = request.Header("authorization");
    constexpr std::string_view kBasic = "basic ";
    const bool basic = header.size() > kBasic.size() &&
                       std::equal(kBasic.begin(), kBasic.end(), header.begin(), [](char a, char b) {
                           return a == (b >= 'A' && b <= 'Z' ? b + 32 : b);
                       });
    return basic ? header.substr(kBasic.size()) : std::string_view{};
}

std::string_view TokenOf(const Request& request) {
    return CookieValue(request.Header("cookie"), kSessionCookie);
}

}  // namespace

core::Status CheckLoopbackOnly(const std::vector<std::string>& listen) {
    for (const std::string& text : listen) {
        KQ_ASSIGN(const ListenAddress address, ParseListen(text));
        if (!address.loopback) {
            return MakeError(ErrorCode::kNotLoopback, text);
        }
    }
    return {};
}

AccountGate::AccountGate(const AccessServices& services)
    : services_(services),
      operator_(std::make_shared<access::Principal>(BuiltIn(access::Principal::Kind::kOperator))),
      local_(std::make_shared<access::Principal>(BuiltIn(access::Principal::Kind::kLocal))),
      secret_(core::RandomToken(32)) {}

core::Status AccountGate::Precheck(const Request& request, const Route& route) const {
    if (request.peer == Peer::kUnix) {
        return {};
    }
    if (route.needs == Needs::kSocketOnly) {
        return MakeError(ErrorCode::kSocketOnly);
    }
    const bool unsafe = !IsSafe(request.method);
    if (unsafe && FromAnotherSite(request)) {
        return CrossSite();
    }
    if (!services_.auth_required) {
        // Another site's name may point at this machine; its pages then reach us as "same site".
        return IsLoopbackName(HostName(request.Header("host"))) ? core::Status{} : CrossSite();
    }
    const bool basic = route.programs && !BasicOf(request).empty();
    const bool cookie = !TokenOf(request).empty();
    if (route.needs == Needs::kSession && !basic && !cookie) {
        return MakeError(ErrorCode::kUnauthenticated);
    }
    // A form of another site can send our cookie but no header of its own.
    if (unsafe && (cookie || !basic) && request.Header("x-kangqu").empty()) {
        return CrossSite();
    }
    return {};
}

core::Result<AccountGate::Known> AccountGate::Admit(const Request& request, const Route& route) {
    if (request.peer == Peer::kUnix) {
        return operator_;
    }
    if (!services_.auth_required) {
        return local_;
    }
    if (!TokenOf(request).empty()) {
        KQ_ASSIGN(Known known, FromSession(request));
        if (known != nullptr) {
            return known;
        }
    }
    if (route.programs && !BasicOf(request).empty()) {
        return FromBasic(request);
    }
    return Known();
}

core::Result<AccountGate::Known> AccountGate::FromSession(const Request& request) const {
    KQ_ASSIGN(const auto session, services_.sessions.Find(TokenOf(request)));
    if (!session) {
        return Known();
    }
    const auto account = services_.accounts.Find(session->account);
    // A new password ends what was opened with the old one.
    if (!account || account->disabled || account->password_changed > session->opened) {
        return Known();
    }
    return PrincipalOf(*account);
}

std::string AccountGate::TrustKey(std::string_view credentials) const {
    return access::Sha256Hex(secret_ + std::string(credentials));
}

core::Result<AccountGate::Known> AccountGate::FromBasic(const Request& request) {
    const std::string_view encoded = BasicOf(request);
    const auto decoded = encoded.size() <= kMaxAuthorization ? DecodeBase64(encoded) : std::nullopt;
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) {
        return MakeError(ErrorCode::kBadCredentials);
    }
    const std::string key = TrustKey(*decoded);
    const auto now = steady_clock::now();
    const std::uint64_t generation = services_.accounts.generation();
    {
        const std::lock_guard lock(mutex_);
        const auto it = trusted_.find(key);
        if (it != trusted_.end() && it->second.until > now && it->second.generation == generation) {
            const auto account = services_.accounts.Find(it->second.account);
            return account ? PrincipalOf(*account) : Known();
        }
    }
    KQ_ASSIGN(
        const access::Account account,
        services_.accounts.Verify(
            std::string_view(*decoded).substr(0, colon),
            std::string_view(*decoded).substr(colon + 1),
            request.remote
        )
    );
    const std::lock_guard lock(mutex_);
    if (trusted_.size() >= kBasicTrusted) {
        trusted_.clear();
    }
    trusted_[key] = {now + std::chrono::milliseconds(kBasicTrustMs), generation, account.name};
    return PrincipalOf(account);
}

AccountGate::Known AccountGate::PrincipalOf(const access::Account& account) const {
    auto principal = std::make_shared<access::Principal>();
    principal->name = account.name;
    principal->display_name = account.display_name;
    principal->role = account.role;
    principal->organization = account.organization;
    principal->practitioner = account.practitioner;
    if (const access::Role* role = services_.roles.Find(account.role)) {
        principal->abilities = role->abilities;
    }
    return principal;
}

std::string AccountGate::Challenge(const Route& route) const {
    // A browser would open its own password window for Basic; pages have a sign-in page.
    return route.programs ? R"(Basic realm="kangqu", charset="UTF-8")"
                          : R"(Session realm="kangqu")";
}

}  // namespace kangqu::api
