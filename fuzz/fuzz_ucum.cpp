// Any text as a unit, and with a tab inside as value, unit and other unit: refused, or worked out
// to an end.
#include "kangqu/terminology/ucum.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kangqu::terminology;  // NOLINT(google-build-using-namespace)
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t first = text.find('\t');
    if (first == std::string_view::npos) {
        const auto unit = Unit::Parse(text);
        // What is canonical is a unit, and its own canonical form.
        if (unit.ok() && !(Unit::Parse(unit->canonical()).ok() &&
                           Unit::Parse(unit->canonical())->canonical() == unit->canonical())) {
            std::abort();
        }
        return 0;
    }
    const std::size_t second = text.find('\t', first + 1);
    const std::string_view value = text.substr(0, first);
    const std::string_view from = text.substr(first + 1, second - first - 1);
    const std::string_view to =
        second == std::string_view::npos ? std::string_view("1") : text.substr(second + 1);
    static_cast<void>(ConvertQuantityText(value, from, to).ok());
    static_cast<void>(MultiplyQuantities(value, from, value, to).ok());
    static_cast<void>(DivideQuantities(value, from, value, to).ok());
    static_cast<void>(Canonical(value, from).ok());
    return 0;
}
