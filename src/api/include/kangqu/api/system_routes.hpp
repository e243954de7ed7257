#pragma once

#include "kangqu/api/metrics.hpp"
#include "kangqu/api/route.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kangqu::api {

// Principals with this ability read /metrics.
constexpr std::string_view kOperationsAbility = "operations";

// Why the server cannot serve yet; `code` for programs.
struct NotReady {
    std::string code;
    BothLanguages text;
};

struct SystemHooks {
    // Called on an I/O thread: must answer from memory. Empty result: ready. Null: always ready.
    std::function<std::vector<NotReady>()> not_ready;
    // Adds the figures of the store and the engines to /metrics. May be null.
    std::function<void(MetricsText&)> figures;
};

// /healthz, /readyz, /metrics, /openapi.json. `registry` and `metrics` outlive the server.
void RegisterSystemRoutes(Registry& registry, const RequestMetrics& metrics, SystemHooks hooks);

}  // namespace kangqu::api
