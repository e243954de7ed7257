// Any text: refused, or compiled and evaluated over a small resource to an end.
#include "kangqu/expression/fhirpath.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kangqu;  // NOLINT(google-build-using-namespace)
    static const auto document = core::JsonDocument::Parse(
        R"({"resourceType":"Patient","id":"p","name":[{"given":["a","b"],"family":"c"}],)"
        R"("birthDate":"1980-05-06","multipleBirthInteger":2,"active":true})"
    );
    const fhir::TypeNumber type = fhir::FindType("Patient");
    const auto path = expression::FhirPath::Compile(
        std::string_view(reinterpret_cast<const char*>(data), size), type
    );
    if (!path.ok()) {
        return 0;
    }
    expression::Environment environment;
    environment.limits.steps = 20'000;
    environment.limits.list_items = 2'000;
    environment.limits.text_bytes = 100'000;
    expression::Arena arena;
    static_cast<void>(path->Evaluate(document.value()->root(), type, environment, arena).ok());
    return 0;
}
