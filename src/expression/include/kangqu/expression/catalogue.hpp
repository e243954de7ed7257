#pragma once

#include "kangqu/expression/environment.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace kangqu::expression {

// The value sets of a terminology catalogue, for memberOf, `in` and retrieves. What the catalogue
// cannot tell counts as an unknown value set, so that it is said and not taken for "no". All of it
// is here, so that the evaluator itself needs no catalogue (forms run it in a browser).
class CatalogueValueSets final : public ValueSets {
public:
    explicit CatalogueValueSets(std::shared_ptr<const terminology::Catalogue> catalogue)
        : catalogue_(std::move(catalogue)) {}

    Answer Contains(
        std::string_view value_set,
        std::string_view version,
        std::string_view system,
        std::string_view code
    ) const override {
        switch (catalogue_->Contains(value_set, version, system, code)) {
            case terminology::Member::kNo:
                return Answer::kNo;
            case terminology::Member::kYes:
                return Answer::kYes;
            case terminology::Member::kUnknown:
                break;
        }
        return Answer::kUnknownValueSet;
    }

private:
    // Shared with whoever asks the same catalogue.
    std::shared_ptr<const terminology::Catalogue> catalogue_;
};

}  // namespace kangqu::expression
