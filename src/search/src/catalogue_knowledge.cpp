#include "kangqu/search/catalogue_knowledge.hpp"

namespace kangqu::search {

namespace {

using Codes = core::Result<std::vector<terminology::SystemCode>>;

core::Result<std::vector<Coded>> Taken(Codes found) {
    KQ_ASSIGN(auto codes, std::move(found));
    std::vector<Coded> out;
    out.reserve(codes.size());
    for (terminology::SystemCode& code : codes) {
        out.push_back({std::move(code.system), std::move(code.code)});
    }
    return out;
}

}  // namespace

core::Result<std::vector<Coded>>
CatalogueKnowledge::CodesOf(std::string_view value_set, std::size_t limit) const {
    return Taken(catalogue_->ListMembers(value_set, limit));
}

core::Result<std::vector<Coded>> CatalogueKnowledge::Below(const Coded& coded, std::size_t limit)
    const {
    return Taken(catalogue_->ListBelow({coded.system, coded.code}, limit));
}

core::Result<std::vector<Coded>> CatalogueKnowledge::Above(const Coded& coded, std::size_t limit)
    const {
    return Taken(catalogue_->ListAbove({coded.system, coded.code}, limit));
}

}  // namespace kangqu::search
