#pragma once

#include "kangqu/search/knowledge.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <memory>
#include <utility>

namespace kangqu::search {

// Searches by value set and by hierarchy (:in, :not-in, :below, :above) over a catalogue, which it
// keeps for as long as it lives.
class CatalogueKnowledge final : public Knowledge {
public:
    explicit CatalogueKnowledge(std::shared_ptr<const terminology::Catalogue> catalogue)
        : catalogue_(std::move(catalogue)) {}

    core::Result<std::vector<Coded>> CodesOf(std::string_view value_set, std::size_t limit)
        const override;
    core::Result<std::vector<Coded>> Below(const Coded& coded, std::size_t limit) const override;
    core::Result<std::vector<Coded>> Above(const Coded& coded, std::size_t limit) const override;

private:
    // Shared with whoever asks the same catalogue.
    std::shared_ptr<const terminology::Catalogue> catalogue_;
};

}  // namespace kangqu::search
