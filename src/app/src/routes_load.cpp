#include "routes_load.hpp"

#include "kangqu/app/files.hpp"
#include "kangqu/app/load.hpp"

namespace kangqu::app {

void RegisterLoad(api::Registry& registry, records::Records& records) {
    api::Route route;
    route.method = api::Method::kPost;
    route.path = "/internal/load";
    route.id = "loadLines";
    route.summary = {
        "批量装入（仅供本机命令行）", "Bulk load, for the command line on this machine"};
    route.request = {{"application/octet-stream", api::Schema::String()}};
    route.answer = {{"application/json", api::Schema::Array(api::Schema::Any())}};
    route.needs = api::Needs::kSocketOnly;
    route.cost = api::Cost::kWrite;
    route.body_limit = kMaxFileBytes + (std::size_t{8} << 20U);
    route.deadline_ms = 600'000;
    route.handler = [&records](const api::Request& request) -> core::Result<api::Response> {
        KQ_ASSIGN(const auto lines, DecodeLines(request.body));
        KQ_ASSIGN(const auto answers, records.Load(search::Restriction::System(), lines));
        return api::Response::Json(EncodeAnswers(answers));
    };
    registry.Add(std::move(route));
}

}  // namespace kangqu::app
