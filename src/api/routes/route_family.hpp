#pragma once

#include "kangqu/api/route.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kangqu::api {

Parameter QueryText(std::string name, BothLanguages text);
Parameter QueryNumber(std::string name, BothLanguages text);
// Parameters that lists and numbers share.
Parameter UnitParameter();
Parameter PeriodParameter();

// Adds the routes of one family, whose handlers work on the same services. The services are shared
// by the handlers in the registry.
template <class Services>
class RouteFamily {
public:
    using Handler = core::Result<Response> (*)(const Services&, const Request&);

    RouteFamily(Registry& registry, Services services)
        : registry_(registry), services_(std::make_shared<const Services>(std::move(services))) {}

    void Add(Route route, Schema answer, Handler handler) {
        route.answer = {{"application/json", std::move(answer)}};
        Add(std::move(route), handler);
    }
    // With the answer the route describes.
    void Add(Route route, Handler handler) {
        route.handler = [services = services_, handler](const Request& request) {
            return handler(*services, request);
        };
        registry_.Add(std::move(route));
    }
    void Get(
        std::string path,
        std::string id,
        BothLanguages summary,
        std::vector<Parameter> parameters,
        std::pair<Schema, Handler> answer
    ) {
        Route route;
        route.path = std::move(path);
        route.id = std::move(id);
        route.summary = std::move(summary);
        route.parameters = std::move(parameters);
        Add(std::move(route), std::move(answer.first), answer.second);
    }

private:
    Registry& registry_;
    std::shared_ptr<const Services> services_;
};

}  // namespace kangqu::api
