#pragma once

#include "kangqu/expression/environment.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace kangqu::expression {

// The value sets of a terminology catalogue, for memberOf, `in` and retrieves. What the catalogue
// cannot tell counts as an unknown value set, so that it is said and not taken for "no".
class CatalogueValueSets final : public ValueSets {
public:
    explicit CatalogueValueSets(std::shared_ptr<const terminology::Catalogue> catalogue)
        : catalogue_(std::move(catalogue)) {}

    Answer Contains(
        std::string_view value_set,
        std::string_view version,
        std::string_view system,
        std::string_view code
    ) const override;

private:
    // Shared with whoever asks the same catalogue.
    std::shared_ptr<const terminology::Catalogue> catalogue_;
};

}  // namespace kangqu::expression
