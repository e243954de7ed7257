#include "kangqu/validate/validator.hpp"

#include "kangqu/fhir/resource.hpp"

#include "profiles.hpp"
#include "rules.hpp"
#include "sink.hpp"
#include "walk.hpp"

namespace kangqu::validate {

class Validator::State {
public:
    State(std::unique_ptr<const Definitions> definitions, const Codes* codes)
        : definitions_(std::move(definitions)),
          base_(*definitions_),
          profiles_(*definitions_),
          codes_(codes) {}

    Shared shared() const { return {*definitions_, base_, profiles_, codes_}; }
    const BaseRules& base() const noexcept { return base_; }

private:
    std::unique_ptr<const Definitions> definitions_;
    BaseRules base_;
    Profiles profiles_;
    const Codes* codes_;
};

Validator::Validator(std::unique_ptr<const Definitions> definitions, const Codes* codes)
    : state_(std::make_unique<State>(std::move(definitions), codes)) {}

Validator::~Validator() = default;

std::vector<Issue> Validator::Validate(core::JsonNode resource, const Options& options) const {
    std::vector<Issue> issues;
    for (core::Error& error : fhir::CheckStructure(resource)) {
        issues.push_back({Severity::kError, std::move(error)});
    }
    if (!issues.empty()) {
        return issues;
    }
    const Shared shared = state_->shared();
    Sink sink(options.max_issues);
    Walk(shared, options, sink).Run(resource);
    return sink.Take();
}

std::vector<std::string> Validator::UncheckedInvariants() const {
    std::vector<std::string> out;
    const auto collect = [&out](const std::vector<Constraint>& constraints) {
        for (const Constraint& constraint : constraints) {
            if (!constraint.error.empty()) {
                out.push_back(std::string(constraint.key) + ": " + constraint.error);
            }
        }
    };
    for (fhir::TypeNumber type = 0; type < fhir::TypeCount(); ++type) {
        collect(state_->base().of(type).constraints);
        for (const RowRules& row : state_->base().of(type).rows) {
            collect(row.constraints);
        }
    }
    return out;
}

}  // namespace kangqu::validate
