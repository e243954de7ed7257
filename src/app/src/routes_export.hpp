#pragma once

#include "kangqu/api/route.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/bulk/export.hpp"

#include <string>

namespace kangqu::app {

// Everything in the store into a folder, up to now.
core::Result<bulk::ExportState>
ExportHere(Platform& platform, bulk::ExportPlan plan, const std::string& folder);

// The same for the command line beside a running server: POST /internal/export on the socket, with
// this body.
void RegisterExport(api::Registry& registry, Platform& platform);
std::string EncodeExport(const bulk::ExportPlan& plan, const std::string& folder);

}  // namespace kangqu::app
