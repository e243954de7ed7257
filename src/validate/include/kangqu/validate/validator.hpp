#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/validate/codes.hpp"
#include "kangqu/validate/definitions.hpp"
#include "kangqu/validate/issue.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace kangqu::validate {

// Most issues told of one resource; what is beyond is counted in one line, and the check ends soon
// after, so that a hostile resource costs no more than a bad one.
constexpr std::size_t kMaxIssues = 200;

struct Options {
    std::vector<std::string> profiles;  // checked besides those that meta.profile names
    bool meta_profiles = true;
    std::size_t max_issues = kMaxIssues;
};

// Checks resources against the base definitions of R4 and against profiles: structure, formats,
// cardinality, fixed values and patterns, slicing, bindings, invariants, references, extensions,
// contained resources, bundles, narratives, answers of questionnaires. Works things out once and
// remembers them; any thread.
class Validator {
public:
    // `codes` answers for value sets and outlives this object; without it bindings are not checked.
    Validator(std::unique_ptr<const Definitions> definitions, const Codes* codes);
    ~Validator();
    Validator(const Validator&) = delete;
    Validator& operator=(const Validator&) = delete;

    // In the order of the document; structure first: when that is wrong, the rest is not judged.
    std::vector<Issue> Validate(core::JsonNode resource, const Options& options = {}) const;

    // Why invariants of the base definitions could not be compiled: "key: reason". Empty.
    std::vector<std::string> UncheckedInvariants() const;

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace kangqu::validate
