#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/terminology/terminology.hpp"
#include "kangqu/validate/terminology_codes.hpp"
#include "kangqu/validate/validator.hpp"

#include <memory>
#include <string>

namespace kangqu::app {

// A validator with the terminology it asks. `clock` outlives it.
class Validation {
public:
    // `path`: StructureDefinitions, ValueSets and CodeSystems to know besides those of R4, a file
    // or a folder of JSON, XML or bundles; empty for none.
    static core::Result<std::unique_ptr<Validation>>
    Make(const core::Clock& clock, const std::string& path);

    const validate::Validator& validator() const noexcept { return *validator_; }

private:
    explicit Validation(const core::Clock& clock) : terminology_(clock) {}
    core::Status Add(const std::string& path, validate::Definitions& definitions);

    terminology::Terminology terminology_;
    std::unique_ptr<const validate::TerminologyCodes> codes_;
    std::unique_ptr<const validate::Validator> validator_;
};

}  // namespace kangqu::app
