#include "kangqu/api/client.hpp"

#include <algorithm>
#include <charconv>

namespace kangqu::api {

namespace {

core::Error Bad(std::string_view text) {
    return core::MakeError(
        core::ErrorCode::kInvalidArgument, std::string(text), "http(s)://host[:port]/path"
    );
}

}  // namespace

core::Result<Url> ParseUrl(std::string_view text) {
    Url url;
    std::string_view rest = text;
    if (rest.starts_with("https://")) {
        constexpr std::uint16_t kHttpsPort = 443;
        url.tls = true;
        url.port = kHttpsPort;
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return Bad(text);
    }
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
    });
    const std::size_t end = std::min(rest.find('/'), rest.find('?'));
    std::string_view authority = rest.substr(0, end);
    if (!plain || authority.empty() || authority.find('@') != std::string_view::npos) {
        return Bad(text);
    }
    if (end != std::string_view::npos) {
        url.target = (rest[end] == '/' ? "" : "/") + std::string(rest.substr(end));
        url.target.resize(std::min(url.target.size(), url.target.find('#')));
    }
    // "[::1]:8080", "host:8080"
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    if (has_port) {
        const std::string_view port = authority.substr(colon + 1);
        const auto [stop, error] =
            std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (error != std::errc{} || stop != port.data() + port.size() || url.port == 0) {
            return Bad(text);
        }
        authority = authority.substr(0, colon);
    }
    if (authority.size() > 2 && authority.front() == '[' && authority.back() == ']') {
        authority = authority.substr(1, authority.size() - 2);
    }
    if (authority.empty()) {
        return Bad(text);
    }
    url.host = std::string(authority);
    return url;
}

}  // namespace kangqu::api
