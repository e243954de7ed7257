#include "kangqu/api/static_files.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kangqu::api {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".pdf", "application/pdf"},
}};

std::string_view TypeOf(std::string_view name) noexcept {
    for (const auto& [ending, type] : kTypes) {
        if (name.size() >= ending.size() && name.substr(name.size() - ending.size()) == ending) {
            return type;
        }
    }
    return "application/octet-stream";
}

// "name-XXXXXXXX.ext" with at least 8 characters of base64url behind the dash, a digit or capital
// among them: what the bundler writes.
bool HasContentHash(std::string_view name) noexcept {
    const auto dot = name.find('.');
    if (dot == std::string_view::npos || dot < 10) {
        return false;
    }
    const std::string_view hash = name.substr(dot - 8, 8);
    const auto is_word = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    };
    const auto is_mark = [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0 ||
               std::isupper(static_cast<unsigned char>(c)) != 0;
    };
    return std::all_of(hash.begin(), hash.end(), is_word) &&
           std::any_of(hash.begin(), hash.end(), is_mark) && name[dot - 9] == '-';
}

// Segments that may name a file of the application.
bool IsPlain(const std::string& segment) noexcept {
    return !segment.empty() && segment.front() != '.' &&
           segment.find_first_of("/\\") == std::string::npos;
}

class File {
public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

struct Content {
    std::string bytes;
    std::string tag;
};

// Opens folder/relative segment by segment, so that no symbolic link is followed on the way.
std::optional<Content> ReadBelow(const std::string& folder, const std::string& relative) {
    File directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::size_t at = 0;
    for (auto slash = relative.find('/'); directory.get() >= 0 && slash != std::string::npos;
         slash = relative.find('/', at)) {
        const std::string name = relative.substr(at, slash - at);
        directory = File(
            ::openat(directory.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        );
        at = slash + 1;
    }
    if (directory.get() < 0) {
        return std::nullopt;
    }
    const File file(::openat(
        directory.get(), relative.c_str() + at, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    ));
    struct stat facts {};
    if (file.get() < 0 || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
        static_cast<std::size_t>(facts.st_size) > kMaxStaticFile) {
        return std::nullopt;
    }
    Content content;
    content.bytes.resize(static_cast<std::size_t>(facts.st_size));
    std::size_t filled = 0;
    while (filled < content.bytes.size()) {
        const ssize_t got =
            ::read(file.get(), content.bytes.data() + filled, content.bytes.size() - filled);
        if (got <= 0) {
            return std::nullopt;
        }
        filled += static_cast<std::size_t>(got);
    }
    std::array<char, 64> tag{};
    std::snprintf(
        tag.data(),
        tag.size(),
        "\"%llx-%llx\"",
        static_cast<unsigned long long>(facts.st_size),
        static_cast<unsigned long long>(facts.st_mtim.tv_sec) * 1'000'000'000ULL +
            static_cast<unsigned long long>(facts.st_mtim.tv_nsec)
    );
    content.tag = tag.data();
    return content;
}

}  // namespace

StaticFiles::StaticFiles(std::string folder) : folder_(std::move(folder)) {
    active_ = !folder_.empty() && ReadBelow(folder_, "index.html").has_value();
}

core::Result<Response> StaticFiles::Serve(const Request& request) const {
    const auto unknown = [&] {
        return core::MakeError(core::ErrorCode::kRouteUnknown, request.path);
    };
    if (!active_) {
        return unknown();
    }
    std::string relative;
    for (const std::string& segment : request.segments) {
        if (!IsPlain(segment)) {
            return unknown();
        }
        relative += (relative.empty() ? "" : "/") + segment;
    }
    if (!relative.empty()) {
        auto file = ServeFile(relative, request);
        if (file.ok() || request.segments.back().find('.') != std::string::npos) {
            return file;
        }
    }
    return ServeFile("index.html", request);
}

core::Result<Response> StaticFiles::ServeFile(const std::string& relative, const Request& request)
    const {
    std::optional<Content> content;
    Response response;
    if (Accepts(request.Header("accept-encoding"), "gzip")) {
        content = ReadBelow(folder_, relative + ".gz");
        if (content) {
            response.Set("Content-Encoding", "gzip");
            content->tag.insert(content->tag.size() - 1, "-gz");
        }
    }
    if (!content) {
        content = ReadBelow(folder_, relative);
    }
    if (!content) {
        return core::MakeError(core::ErrorCode::kRouteUnknown, request.path);
    }
    const auto slash = relative.rfind('/');
    const std::string_view name =
        std::string_view(relative).substr(slash == std::string::npos ? 0 : slash + 1);
    response.Set("Content-Type", std::string(TypeOf(relative)));
    response.Set("ETag", content->tag);
    response.Set("Vary", "Accept-Encoding");
    response.Set(
        "Cache-Control", HasContentHash(name) ? "public, max-age=31536000, immutable" : "no-cache"
    );
    if (request.Header("if-none-match") == content->tag) {
        response.status = 304;
        return response;
    }
    response.body = std::move(content->bytes);
    return response;
}

}  // namespace kangqu::api
