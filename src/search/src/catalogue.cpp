#include "kangqu/search/catalogue.hpp"

namespace kangqu::search {

namespace {

core::Result<std::vector<Coded>> Listed(core::Result<std::vector<terminology::SystemCode>> codes) {
    if (!codes.ok()) {
        return codes.error();
    }
    std::vector<Coded> out;
    out.reserve(codes->size());
    for (terminology::SystemCode& code : codes.value()) {
        out.push_back({std::move(code.system), std::move(code.code)});
    }
    return out;
}

}  // namespace

core::Result<std::vector<Coded>>
CatalogueKnowledge::CodesOf(std::string_view value_set, std::size_t limit) const {
    return Listed(now_()->ListMembers(value_set, limit));
}

core::Result<std::vector<Coded>> CatalogueKnowledge::Below(const Coded& coded, std::size_t limit)
    const {
    return Listed(now_()->ListBelow({coded.system, coded.code}, limit));
}

core::Result<std::vector<Coded>> CatalogueKnowledge::Above(const Coded& coded, std::size_t limit)
    const {
    return Listed(now_()->ListAbove({coded.system, coded.code}, limit));
}

}  // namespace kangqu::search
