#pragma once

#include "kangqu/api/message.hpp"

#include <string>

namespace kangqu::api {

// Largest file served from the web application's folder.
constexpr std::size_t kMaxStaticFile = std::size_t{32} << 20U;

// The files of the web application. Nothing outside the folder, no hidden file, no directory and no
// symbolic link is ever read. Any thread.
class StaticFiles {
public:
    // An empty folder name, or a folder without index.html, serves nothing.
    explicit StaticFiles(std::string folder);

    bool active() const noexcept { return active_; }
    // The file named by the path, or index.html for a page of the application (a path whose last
    // segment has no dot). kRouteUnknown otherwise. Uses FILE.gz beside FILE when the client takes
    // gzip. Files whose name carries a content hash ("app-3fK9d2Qx.js") never change and are cached
    // for good; others are asked for again each time (ETag).
    core::Result<Response> Serve(const Request& request) const;

private:
    core::Result<Response> ServeFile(const std::string& relative, const Request& request) const;
    std::string folder_;
    bool active_ = false;
};

}  // namespace kangqu::api
