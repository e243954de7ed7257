#include "kangqu/search/knowledge.hpp"

namespace kangqu::search {

namespace {

core::Error Unknown(std::string_view what) {
    return core::MakeError(core::ErrorCode::kNotSupported, std::string(what));
}

}  // namespace

std::optional<CanonicalAmount> Knowledge::Canonical(double, std::string_view) const {
    return std::nullopt;
}

core::Result<std::vector<Coded>>
Knowledge::CodesOf(std::string_view value_set, std::size_t) const {
    return Unknown(":in " + std::string(value_set));
}

core::Result<std::vector<Coded>> Knowledge::Below(const Coded& coded, std::size_t) const {
    return Unknown(":below " + coded.code);
}

core::Result<std::vector<Coded>> Knowledge::Above(const Coded& coded, std::size_t) const {
    return Unknown(":above " + coded.code);
}

const Knowledge& NoKnowledge() noexcept {
    static const Knowledge none;
    return none;
}

}  // namespace kangqu::search
