#include "kangqu/search/knowledge.hpp"

#include "kangqu/terminology/ucum.hpp"

namespace kangqu::search {

namespace {

core::Error Unknown(std::string_view what) {
    return core::MakeError(core::ErrorCode::kNotSupported, std::string(what));
}

}  // namespace

std::optional<CanonicalAmount>
Knowledge::Canonical(std::string_view value, std::string_view ucum_code) const {
    auto canonical = terminology::Canonical(value, ucum_code);
    if (!canonical.ok()) {
        return std::nullopt;
    }
    return CanonicalAmount{canonical->number, std::move(canonical->unit)};
}

core::Result<std::vector<Coded>> Knowledge::CodesOf(std::string_view value_set, std::size_t) const {
    return Unknown(":in " + std::string(value_set));
}

core::Result<std::vector<Coded>> Knowledge::Below(const Coded& coded, std::size_t) const {
    return Unknown(":below " + coded.code);
}

core::Result<std::vector<Coded>> Knowledge::Above(const Coded& coded, std::size_t) const {
    return Unknown(":above " + coded.code);
}

const Knowledge& UnitKnowledge() noexcept {
    static const Knowledge units;
    return units;
}

}  // namespace kangqu::search
