// Any bytes on a connection: answered or refused, never a crash, and every answer a known status.
#include "kangqu/api/server.hpp"
#include "kangqu/api/system_routes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace kangqu;

class OpenGate final : public api::Gate {
public:
    core::Status Precheck(const api::Request&, const api::Route&) const override { return {}; }
    core::Result<std::shared_ptr<const access::Principal>>
    Admit(const api::Request&, const api::Route&) override {
        return std::shared_ptr<const access::Principal>();
    }
    std::string Challenge(const api::Route&) const override { return "Fuzz"; }
};

// Reads every part of a request that a handler may read.
core::Result<api::Response> Touch(const api::Request& request) {
    std::string text = request.ContentType();
    for (const api::Pair& pair : request.query) {
        text += pair.name + pair.value;
    }
    text += request.Param("id");
    text += request.Query("q").value_or("");
    text += api::CookieValue(request.Header("cookie"), "kangqu_session");
    KQ_ASSIGN(const std::int64_t limit, request.QueryInt("limit", 1, 0, 500));
    return api::Response::Text(text + std::to_string(limit), "text/plain");
}

struct Machine {
    Machine() {
        api::RegisterSystemRoutes(registry, metrics, {});
        Add(api::Method::kGet, "/api/things/{id}");
        Add(api::Method::kPost, "/api/things");
        Add(api::Method::kPut, "/fhir/{type}/{id}");
        dispatcher =
            std::make_unique<api::Dispatcher>(registry, gate, metrics, api::DispatcherOptions{});
    }
    void Add(api::Method method, std::string path) {
        api::Route route;
        route.method = method;
        route.id = path + std::string(api::NameOf(method));
        route.path = std::move(path);
        route.summary = {"试", "try"};
        route.needs = api::Needs::kNothing;
        route.handler = Touch;
        if (method != api::Method::kGet) {
            route.request = {{"*/*", api::Schema::Any()}};
        }
        registry.Add(std::move(route));
    }
    api::Registry registry;
    api::RequestMetrics metrics;
    OpenGate gate;
    std::unique_ptr<api::Dispatcher> dispatcher;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Machine machine;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string answers = api::ExchangeBytes(*machine.dispatcher, api::Limits{}, input);
    if (size != 0 && (answers.size() < 4 || answers[0] < '1' || answers[0] > '5')) {
        std::abort();
    }
    return 0;
}
