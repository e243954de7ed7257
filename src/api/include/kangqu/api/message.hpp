#pragma once

#include "kangqu/access/principal.hpp"
#include "kangqu/core/result.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::api {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
std::string_view NameOf(Method method) noexcept;
// Case-sensitive as RFC 9110 says; kOther for what we do not know.
Method FindMethod(std::string_view name) noexcept;
// GET, HEAD and OPTIONS change nothing.
bool IsSafe(Method method) noexcept;

// How the client is connected. The Unix socket lies in the data folder with mode 0600: whoever can
// open it owns the data.
enum class Peer : std::uint8_t { kTcp, kUnix };

struct Pair {
    std::string name;
    std::string value;
    friend bool operator==(const Pair&, const Pair&) = default;
};

// Limits of a request's address.
constexpr std::size_t kMaxSegments = 32;
constexpr std::size_t kMaxQueryPairs = 500;

// One request, complete when a handler sees it. Text is valid UTF-8 without NUL except for the body
// and header values, which are as sent.
struct Request {
    Method method = Method::kGet;
    std::string target;                 // as sent
    std::string path;                   // as sent, without the query
    std::vector<std::string> segments;  // of the path, percent-decoded
    std::string query_text;             // as sent, without the question mark
    std::vector<Pair> query;            // decoded, in order, repeated names kept
    std::vector<Pair> headers;          // names in lower case
    std::vector<Pair> params;           // what the route's {names} stand for
    std::string body;
    Peer peer = Peer::kTcp;
    std::string remote;  // the client's address without port; empty for the Unix socket
    core::Language language = core::Language::kZh;
    // Who asks. Set for every route that needs a session; null for others unless the client signed
    // in. Shared by the request and the gate's table of sessions.
    std::shared_ptr<const access::Principal> principal;
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    int deadline_ms = 0;  // the same as a duration, for messages
    std::chrono::steady_clock::time_point received;
    // Set by the server when it stops for good.
    const std::atomic<bool>* stopping = nullptr;

    // Path parameter; empty when the route has none of that name.
    std::string_view Param(std::string_view name) const noexcept;
    // First query parameter of that name.
    std::optional<std::string_view> Query(std::string_view name) const noexcept;
    // Integer query parameter within [low, high]; `fallback` when absent, kInvalidArgument when it
    // is not such a number.
    core::Result<std::int64_t> QueryInt(
        std::string_view name,
        std::int64_t fallback,
        std::int64_t low,
        std::int64_t high
    ) const;
    // First header of that name (lower case); empty when absent.
    std::string_view Header(std::string_view name) const noexcept;
    // Media type of the body without parameters, in lower case.
    std::string ContentType() const;
    // Long work asks this now and then and gives up with kTimeout or kCancelled.
    core::Status CheckTime() const;
};

struct Response {
    int status = 200;
    std::vector<Pair> headers;
    std::string body;

    // Replaces a header; returns *this.
    Response& Set(std::string name, std::string value);
    const std::string* Find(std::string_view name) const noexcept;

    static Response Json(std::string body, int status = 200);
    static Response Text(std::string body, std::string content_type);
    static Response NoContent();
};

// Splits and decodes a request target (origin-form, or absolute-form for http) into the fields of
// `request`. kBadRequest for anything else, broken percent encoding, NUL, control characters or
// text that is not UTF-8; kTooLarge beyond the limits above.
core::Status ParseTarget(std::string_view target, Request& request);
// The better liked of zh and en; zh when neither is named.
core::Language PreferredLanguage(std::string_view accept_language) noexcept;
// The value of a cookie, or empty.
std::string_view CookieValue(std::string_view cookie_header, std::string_view name) noexcept;
// Whether a header such as Accept-Encoding lists `token` with a quality above 0.
bool Accepts(std::string_view header, std::string_view token) noexcept;
// Calls visit(item, quality in thousandths) for each element of a list header.
void VisitQualities(
    std::string_view header,
    const std::function<void(std::string_view item, int quality)>& visit
);
// Percent-decodes; nothing for a broken escape. `plus` makes "+" a space.
std::optional<std::string> PercentDecode(std::string_view text, bool plus);

}  // namespace kangqu::api
