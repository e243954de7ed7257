// Any bytes: the structure check ends with a list of errors, and what it accepts has a stored form
// that renders to a resource it accepts again with the same stored form.
#include "kangqu/fhir/resource.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kangqu;  // NOLINT(google-build-using-namespace)
    const auto sent =
        core::JsonDocument::Parse(std::string(reinterpret_cast<const char*>(data), size));
    if (!sent.ok()) {
        return 0;
    }
    const core::JsonNode root = sent.value()->root();
    const auto errors = fhir::CheckStructure(root);
    if (!core::JsonDocument::Parse(fhir::OperationOutcome(errors, core::Language::kZh)).ok()) {
        std::abort();
    }
    for (const core::JsonNode reference : fhir::ReferencesOf(root)) {
        fhir::ParseReference(reference.text());
    }
    if (!errors.empty()) {
        return 0;
    }
    const std::string stored = fhir::StoredForm(root);
    const auto back = core::JsonDocument::Parse(fhir::Rendered(stored, "x", 1, 0));
    if (!back.ok() || !fhir::CheckStructure(back.value()->root()).empty() ||
        fhir::StoredForm(back.value()->root()) != stored) {
        std::abort();
    }
    return 0;
}
