// Any bytes: the XML reader ends with an error or with JSON that parses or nests too deep; what the
// structure check accepts of it goes back to XML and comes again as the same JSON.
#include "kangqu/fhir/resource.hpp"
#include "kangqu/fhir/xml.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kangqu;  // NOLINT(google-build-using-namespace)
    const auto json = fhir::JsonFromXml({reinterpret_cast<const char*>(data), size});
    if (!json.ok()) {
        return 0;
    }
    const auto document = core::JsonDocument::Parse(*json);
    if (!document.ok()) {
        if (document.error().code != core::ErrorCode::kJsonTooDeep) {
            std::abort();
        }
        return 0;
    }
    if (!fhir::CheckStructure(document.value()->root()).empty()) {
        return 0;
    }
    const auto xml = fhir::XmlFromJson(document.value()->root());
    if (!xml.ok()) {
        std::abort();
    }
    const auto again = fhir::JsonFromXml(*xml, fhir::XmlOrder::kDefined);
    if (!again.ok() || *again != *json) {
        std::abort();
    }
    return 0;
}
