#pragma once

#include "kangqu/api/route.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/store/image.hpp"

#include <string>
#include <vector>

namespace kangqu::app {

// What `backup` and `check` do, here or for the command line through the socket.
core::Result<store::ImageFigures> BackupHere(Platform& platform, const std::string& file);
// Faults found; with `repair` the search rows are made anew from the records first.
core::Result<std::vector<std::string>> CheckHere(Platform& platform, bool repair);

void WriteImageFigures(core::JsonWriter& out, const store::ImageFigures& figures);

void RegisterStore(api::Registry& registry, Platform& platform);

}  // namespace kangqu::app
