#pragma once

#include "kangqu/core/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kangqu::validate {

enum class Severity : std::uint8_t { kError, kWarning, kInformation };

// One finding. `error.where` is the FHIRPath of the element with indexes.
struct Issue {
    Severity severity = Severity::kError;
    core::Error error;
};

// No issue is an error.
bool IsValid(const std::vector<Issue>& issues) noexcept;

// An OperationOutcome in one line; without issues it says so in one of severity information.
std::string OperationOutcome(const std::vector<Issue>& issues, core::Language language);

}  // namespace kangqu::validate
