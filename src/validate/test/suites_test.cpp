#include "../../fhir/test/suites.hpp"

#include "kangqu/validate/validator.hpp"

#include <chrono>
#include <cstdlib>

#include <gtest/gtest.h>

namespace kangqu::validate {
namespace {

TEST(R4Examples, AreValid) {
    const auto examples = fhir::R4Examples();
    if (examples.empty()) {
        GTEST_SKIP() << "the published R4 examples are not at " << fhir::Suite("r4-examples");
    }
    const Validator validator(std::make_unique<Definitions>(), nullptr);
    int invalid = 0;
    for (const auto& [name, text] : examples) {
        const auto document = core::JsonDocument::Parse(text);
        ASSERT_TRUE(document.ok()) << name;
        const auto issues = validator.Validate(document.value()->root());
        invalid += IsValid(issues) ? 0 : 1;
        for (const Issue& issue : issues) {
            if (issue.severity == Severity::kError) {
                std::printf("%s: %s\n", name.c_str(), issue.error.Line().c_str());
            }
        }
    }
    EXPECT_EQ(invalid, 0);
}

TEST(Invariants, OfTheBaseDefinitionsAllCompile) {
    const Validator validator(std::make_unique<Definitions>(), nullptr);
    EXPECT_EQ(validator.UncheckedInvariants(), std::vector<std::string>{});
}

}  // namespace
}  // namespace kangqu::validate
