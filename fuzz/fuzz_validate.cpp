// Any bytes: validation of what parses ends with issues that make an OperationOutcome, the same
// each time, and never more than the limit and one line.
#include "kangqu/validate/validator.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kangqu;  // NOLINT(google-build-using-namespace)
    static const validate::Validator validator(
        std::make_unique<const validate::Definitions>(), nullptr
    );
    const auto document =
        core::JsonDocument::Parse(std::string(reinterpret_cast<const char*>(data), size));
    if (!document.ok()) {
        return 0;
    }
    validate::Options options;
    options.max_issues = 10;
    options.profiles = {"http://hl7.org/fhir/StructureDefinition/bodyweight"};
    const auto issues = validator.Validate((*document)->root(), options);
    const std::string outcome = validate::OperationOutcome(issues, core::Language::kZh);
    const auto again = validator.Validate((*document)->root(), options);
    if (!core::JsonDocument::Parse(outcome).ok() ||
        outcome != validate::OperationOutcome(again, core::Language::kZh)) {
        std::abort();
    }
    return 0;
}
