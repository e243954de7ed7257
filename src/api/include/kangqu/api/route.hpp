#pragma once

#include "kangqu/api/message.hpp"
#include "kangqu/api/schema.hpp"

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::api {

// Which worker pool runs a handler. Slow work never takes the threads of quick work.
enum class Cost : std::uint8_t {
    kRead,
    kWrite,
    kHeavy,
    kSignIn,
    kInline,  // on the I/O thread: answers at once, waits for nothing, needs no session
};
constexpr std::size_t kCostClasses = 4;  // those with a pool
// Time a request of each class may take from its last byte to its answer.
constexpr std::array<int, kCostClasses + 1> kDeadlineMs = {10'000, 30'000, 120'000, 10'000, 10'000};
std::string_view NameOf(Cost cost) noexcept;

// What the caller must show.
enum class Needs : std::uint8_t {
    kNothing,
    kSession,     // a session, or an account's credentials where the route takes programs
    kSocketOnly,  // the Unix socket in the data folder
};

struct BothLanguages {
    std::string zh;
    std::string en;
    const std::string& In(core::Language language) const {
        return language == core::Language::kZh ? zh : en;
    }
};

// Largest body of a route that says nothing else: with and without a declared request body.
constexpr std::size_t kDefaultBodyLimit = std::size_t{64} << 20U;
constexpr std::size_t kNoBodyLimit = std::size_t{64} << 10U;

struct Parameter {
    enum class In : std::uint8_t { kPath, kQuery, kHeader };
    std::string name;
    In in = In::kQuery;
    Schema schema = Schema::String();
    BothLanguages text;
    bool required = false;
};

struct Payload {
    std::string content_type = "application/json";
    Schema schema = Schema::Any();
};

// One operation: the description from which /openapi.json is made, and the code that runs.
struct Route {
    using Handler = std::function<core::Result<Response>(const Request&)>;

    Method method = Method::kGet;
    std::string path;  // "/api/plans/{id}": literals and {names}, no trailing slash
    std::string id;    // operationId, unique: "readPlan"
    BothLanguages summary;
    std::vector<Parameter> parameters;  // path parameters not listed are described as strings
    std::vector<Payload> request;       // empty: no body is expected
    std::vector<Payload> answer;        // empty: no content
    int answer_status = 200;
    Cost cost = Cost::kRead;
    Needs needs = Needs::kSession;
    // An ability the principal must have besides (access::Principal::abilities); empty for none.
    std::string ability;
    // Takes HTTP Basic too; the registry sets it for everything under /fhir.
    bool programs = false;
    std::size_t body_limit = 0;  // 0: one of the two defaults above
    int deadline_ms = 0;         // 0: by cost class
    Handler handler;
};

// A path under the FHIR base: errors are OperationOutcomes there.
bool IsFhirPath(std::string_view path) noexcept;

// All operations. Filled at start, then only read, from any thread.
class Registry {
public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    // Aborts on a template that is malformed, a path and method or an id given twice, or a missing
    // handler or summary: these are bugs.
    void Add(Route route);

    struct Match {
        const Route* route = nullptr;
        std::size_t index = 0;  // position in routes()
        std::vector<Pair> params;
        // Methods the path takes, as an Allow header; empty when there is no such path.
        std::string allow;
    };
    // Literals go before names, segment by segment; a name never matches an empty segment. HEAD
    // finds GET.
    Match Find(const std::vector<std::string>& segments, Method method) const;

    // Stable addresses, in the order of Add.
    const std::deque<Route>& routes() const noexcept { return routes_; }

private:
    struct Node;
    std::deque<Route> routes_;
    std::unique_ptr<Node> root_;
};

// The OpenAPI 3.1 document of all routes, texts in `language`.
std::string OpenApi(const Registry& registry, core::Language language);

}  // namespace kangqu::api
