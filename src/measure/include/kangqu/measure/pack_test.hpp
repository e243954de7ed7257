#pragma once

#include "kangqu/measure/pack.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kangqu::measure {

struct PackTestOutcome {
    std::int64_t passed = 0;
    std::vector<std::string> failures;  // "file:line: what was expected and found"
};

// Runs test/*.test of a pack (format: packs/README.md). The error of the call is a file that cannot
// be read or understood. `catalogue` answers for value sets; without one none is known.
core::Result<PackTestOutcome> RunPackTests(
    const Pack& pack,
    const std::shared_ptr<const terminology::Catalogue>& catalogue = nullptr
);

}  // namespace kangqu::measure
