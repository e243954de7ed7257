#pragma once

#include "kangqu/fhir/place.hpp"
#include "kangqu/validate/issue.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kangqu::validate {

// Takes issues up to a limit and counts the rest.
class Sink {
public:
    explicit Sink(std::size_t limit) : limit_(limit) {}

    // Only finds out whether there is an error.
    static Sink Quiet() {
        Sink sink(0);
        sink.quiet_ = true;
        return sink;
    }

    void Add(Severity severity, const fhir::Place& place, core::Error error) {
        if (quiet_ && severity != Severity::kError) {
            return;
        }
        failed_ = failed_ || severity == Severity::kError;
        if (issues_.size() >= limit_) {
            ++suppressed_;
            return;
        }
        fhir::AppendPath(place, error.where);
        issues_.push_back({severity, std::move(error)});
    }

    // Nothing more is told: looking further is wasted.
    bool full() const noexcept { return suppressed_ > 0; }
    bool failed() const noexcept { return failed_; }
    std::vector<Issue> Take() {
        if (suppressed_ > 0) {
            issues_.push_back(
                {Severity::kInformation,
                 core::MakeError(
                     core::ErrorCode::kFhirMoreErrors,
                     // The walk ended there.
                     core::Words(
                         "至少 " + std::to_string(suppressed_),
                         "At least " + std::to_string(suppressed_)
                     )
                 )}
            );
        }
        return std::move(issues_);
    }

private:
    std::size_t limit_;
    std::size_t suppressed_ = 0;
    bool failed_ = false;
    bool quiet_ = false;
    std::vector<Issue> issues_;
};

}  // namespace kangqu::validate
