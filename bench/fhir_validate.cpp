// Validation against the base definitions of R4: bench_fhir_validate RESOURCES.ndjson TYPE
#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/validate/terminology_codes.hpp"
#include "kangqu/validate/validator.hpp"

#include "figure.hpp"
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace kangqu;  // NOLINT(google-build-using-namespace)

constexpr double kSeconds = 1.0;
constexpr std::size_t kMostResources = 5'000;

// Resources of one type, alone or in Bundles.
std::vector<std::unique_ptr<const core::JsonDocument>>
Read(const std::string& path, const std::string& type) {
    std::vector<std::unique_ptr<const core::JsonDocument>> out;
    const auto keep = [&](core::JsonNode resource) {
        if (resource["resourceType"].text() == type && out.size() < kMostResources) {
            out.push_back(*core::JsonDocument::Parse(core::Minified(resource)));
        }
    };
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        const auto document = core::JsonDocument::Parse(line);
        if (!document.ok()) {
            continue;
        }
        keep((*document)->root());
        const core::JsonNode entries = (*document)->root()["entry"];
        for (core::JsonNode entry = entries.first(); entry; entry = entry.next()) {
            keep(entry["resource"]);
        }
    }
    return out;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::fprintf(stderr, "usage: bench_fhir_validate RESOURCES.ndjson TYPE\n");
        return EXIT_FAILURE;
    }
    const std::string type = arguments[2];
    const auto documents = Read(arguments[1], type);
    const core::SystemClock clock;
    const terminology::Terminology terminology(clock);
    const validate::TerminologyCodes codes(terminology.now());
    const auto before = bench::SteadyClock::now();
    const validate::Validator validator(std::make_unique<validate::Definitions>(), &codes);
    bench::Print(
        "validate_start",
        bench::SecondsSince(before) * 1e3,
        "ms",
        "reading and compiling the base definitions of R4",
        0
    );
    std::size_t checked = 0;
    std::size_t invalid = 0;
    // Time of this processor core, whatever else runs on the machine.
    const auto spent = [start = std::clock()] {
        return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    };
    while (!documents.empty() && spent() < kSeconds) {
        for (const auto& document : documents) {
            invalid += validate::IsValid(validator.Validate(document->root())) ? 0U : 1U;
            ++checked;
        }
    }
    bench::Print(
        "validate_base",
        static_cast<double>(checked) / spent(),
        "resources/s",
        type + " of one NDJSON file, parsed before, one core, " + std::to_string(invalid) +
            " findings of error",
        0
    );
    return documents.empty() ? EXIT_FAILURE : EXIT_SUCCESS;
}
