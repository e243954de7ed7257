// Any bytes as a query string ("type?name=value&name=value"): refused with an error of the search,
// or compiled.
#include "kangqu/search/query.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

std::string_view Take(std::string_view& text, char end) {
    const std::size_t at = text.find(end);
    const std::string_view taken = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    return taken;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kangqu;  // NOLINT(google-build-using-namespace)
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string_view type = Take(text, '?');
    std::vector<std::pair<std::string, std::string>> parameters;
    while (!text.empty()) {
        std::string_view pair = Take(text, '&');
        const std::string_view name = Take(pair, '=');
        parameters.emplace_back(name, pair);
    }
    const auto compiled = search::Compile(type, parameters, search::Restriction());
    if (!compiled.ok()) {
        const int status = core::FactsOf(compiled.error().code).http_status;
        if (status < 400 || status >= 500) {
            std::abort();
        }
    }
    return 0;
}
