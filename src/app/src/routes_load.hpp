#pragma once

#include "kangqu/api/route.hpp"
#include "kangqu/records/records.hpp"

namespace kangqu::app {

// POST /internal/load over the data folder's socket: lines of `kangqu load` while a server runs.
void RegisterLoad(api::Registry& registry, records::Records& records);

}  // namespace kangqu::app
