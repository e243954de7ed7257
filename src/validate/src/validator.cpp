#include "kangqu/validate/validator.hpp"

#include "kangqu/fhir/resource.hpp"

#include "profiles.hpp"
#include "rules.hpp"
#include "sink.hpp"
#include "walk.hpp"

namespace kangqu::validate {

namespace {

// Codes as expressions ask for them.
class CodesOfExpressions : public expression::ValueSets {
public:
    explicit CodesOfExpressions(const Codes* codes) : codes_(codes) {}

    Answer Contains(
        std::string_view value_set,
        std::string_view /*version*/,
        std::string_view system,
        std::string_view code
    ) const override {
        switch (codes_ == nullptr ? Codes::Answer::kUnknown
                                  : codes_->Contains(value_set, system, code)) {
            case Codes::Answer::kYes:
                return Answer::kYes;
            case Codes::Answer::kNo:
                return Answer::kNo;
            case Codes::Answer::kUnknown:
                break;
        }
        return Answer::kUnknownValueSet;
    }

private:
    const Codes* codes_;
};

}  // namespace

class Validator::State {
public:
    State(std::unique_ptr<const Definitions> definitions, const Codes* codes)
        : definitions_(std::move(definitions)),
          base_(*definitions_),
          profiles_(*definitions_),
          codes_(codes),
          value_sets_(codes) {}

    Shared shared() const { return {*definitions_, base_, profiles_, codes_, &value_sets_}; }
    const BaseRules& base() const noexcept { return base_; }

private:
    std::unique_ptr<const Definitions> definitions_;
    BaseRules base_;
    Profiles profiles_;
    const Codes* codes_;
    CodesOfExpressions value_sets_;
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
    // Its first block is a large part of the work on a small resource.
    thread_local expression::Arena arena;
    Walk(shared, options, arena, sink).Run(resource);
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
