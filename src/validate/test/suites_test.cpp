#include "../../fhir/test/suites.hpp"

#include "kangqu/core/clock.hpp"
#include "kangqu/validate/terminology_codes.hpp"
#include "kangqu/validate/validator.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::validate {
namespace {

// Published examples that break the rules they were published with.
const std::map<std::string, std::string>& Faulty() {
    static const std::map<std::string, std::string> all = {
        // a div without anything in it (txt-2)
        {"ActivityDefinition-blood-tubes-supply.json", "narrative-invalid"},
        {"ActivityDefinition-heart-valve-replacement.json", "narrative-invalid"},
        {"EventDefinition-example.json", "narrative-invalid"},
        {"Questionnaire-zika-virus-exposure-assessment.json", "narrative-invalid"},
        // modifier extensions of example.org, which nobody can know
        {"Basic-referral.json", "modifier-extension-unknown"},
        // the fullUrls end in other ids than the resources have
        {"Bundle-10bb101f-a121-4264-a920-67be9cb82c74.json", "full-url-mismatch"},
        {"Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe.json", "full-url-mismatch"},
        {"Bundle-lri-example.json", "full-url-mismatch"},
        // refers to a type that the element does not allow
        {"DeviceMetric-example.json", "reference-target"},
        {"DeviceUseStatement-example.json", "reference-target"},
        {"MedicationRequest-medrx0301.json", "reference-target"},
        {"Observation-clinical-gender.json", "reference-target"},
        // "uri" for the part that the extension calls "url"
        {"Bundle-hla-1.json", "extension-unknown"},
        // a placeholder for an OID; a UUID in capitals
        {"Library-zika-virus-intervention-logic.json", "fhir-bad-value"},
        {"TerminologyCapabilities-example.json", "fhir-bad-value"},
        // "xml" and "json" are no media types
        {"TestScript-testscript-example.json", "code-not-in-value-set"},
        {"TestScript-testscript-example-history.json", "code-not-in-value-set"},
        {"TestScript-testscript-example-multisystem.json", "code-not-in-value-set"},
        {"TestScript-testscript-example-readtest.json", "code-not-in-value-set"},
        {"TestScript-testscript-example-search.json", "code-not-in-value-set"},
        {"TestScript-testscript-example-update.json", "code-not-in-value-set"},
    };
    return all;
}

TEST(R4Examples, AreValidButForFaultsOfTheirOwn) {
    const auto examples = fhir::R4Examples();
    if (examples.empty()) {
        GTEST_SKIP() << "the published R4 examples are not at " << fhir::Suite("r4-examples");
    }
    const core::SystemClock clock;
    const terminology::Terminology terminology(clock);
    const TerminologyCodes codes(terminology.now());
    const Validator validator(std::make_unique<Definitions>(), &codes);
    std::size_t faulty = 0;
    for (const auto& [name, text] : examples) {
        const auto document = core::JsonDocument::Parse(text);
        ASSERT_TRUE(document.ok()) << name;
        const auto issues = validator.Validate(document.value()->root());
        const auto known = Faulty().find(name);
        faulty += known != Faulty().end() ? 1U : 0U;
        EXPECT_TRUE(known == Faulty().end() || !IsValid(issues)) << name << " has no fault";
        for (const Issue& issue : issues) {
            const std::string code(core::FactsOf(issue.error.code).code);
            if (issue.severity == Severity::kError &&
                (known == Faulty().end() || known->second != code)) {
                ADD_FAILURE() << name << ": " << issue.error.Line();
            }
        }
    }
    EXPECT_EQ(examples.size(), 711U);
    EXPECT_EQ(faulty, Faulty().size());
}

TEST(Invariants, OfTheBaseDefinitionsAllCompile) {
    const Validator validator(std::make_unique<Definitions>(), nullptr);
    EXPECT_EQ(validator.UncheckedInvariants(), std::vector<std::string>{});
}

}  // namespace
}  // namespace kangqu::validate
