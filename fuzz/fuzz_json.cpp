// Any bytes: refused, or parsed to something whose minified form parses to the same again.
#include "kangqu/core/json.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using kangqu::core::JsonDocument;
    using kangqu::core::Minified;
    const auto first = JsonDocument::Parse(std::string(reinterpret_cast<const char*>(data), size));
    if (!first.ok()) {
        return 0;
    }
    const std::string once = Minified(first.value()->root());
    const auto second = JsonDocument::Parse(once);
    if (!second.ok() || Minified(second.value()->root()) != once) {
        std::abort();
    }
    return 0;
}
