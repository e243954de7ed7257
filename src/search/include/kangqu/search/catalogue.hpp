#pragma once

#include "kangqu/search/knowledge.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <functional>
#include <memory>

namespace kangqu::search {

// Value sets and hierarchies of the catalogue as it is when a search is compiled.
class CatalogueKnowledge final : public Knowledge {
public:
    using Now = std::function<std::shared_ptr<const terminology::Catalogue>()>;
    explicit CatalogueKnowledge(Now now) : now_(std::move(now)) {}

    core::Result<std::vector<Coded>> CodesOf(std::string_view value_set, std::size_t limit)
        const override;
    core::Result<std::vector<Coded>> Below(const Coded& coded, std::size_t limit) const override;
    core::Result<std::vector<Coded>> Above(const Coded& coded, std::size_t limit) const override;

private:
    Now now_;
};

}  // namespace kangqu::search
