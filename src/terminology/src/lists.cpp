// Codes as lists, for whoever turns them into conditions of its own.
#include "catalogue.hpp"

namespace kangqu::terminology {

using core::ErrorCode;
using core::MakeError;

namespace {

core::Error TooMany(std::string_view what, std::size_t limit) {
    return MakeError(
        ErrorCode::kExpansionTooCostly, std::string(what.substr(0, 300)), std::to_string(limit)
    );
}

// The concepts that `collect` marks from one concept on.
template <class Collect>
core::Result<std::vector<SystemCode>> ListFrom(
    const Catalogue::State& state,
    const SystemCode& code,
    std::size_t limit,
    const Collect& collect
) {
    const auto codes = state.FindSystem(code.system, {});
    if (!codes) {
        return MakeError(ErrorCode::kCodeSystemUnknown, code.system.substr(0, 300));
    }
    const ConceptNumber start = codes->Find(code.code);
    if (start == kNoConcept) {
        return MakeError(ErrorCode::kCodeUnknown, codes->head().url, code.code.substr(0, 100));
    }
    ConceptBits bits(codes->size());
    collect(*codes, start, bits);
    if (bits.Count() > limit) {
        return TooMany(code.code, limit);
    }
    std::vector<SystemCode> out;
    for (ConceptNumber number = 0; number < codes->size(); ++number) {
        if (bits.test(number)) {
            out.push_back({codes->head().url, std::string(codes->code(number))});
        }
    }
    return out;
}

}  // namespace

core::Result<std::vector<SystemCode>>
Catalogue::ListMembers(std::string_view value_set, std::size_t limit) const {
    KQ_ASSIGN(const auto set, state_->FindSet(value_set, 0));
    if (!set->open().empty()) {
        return MakeError(ErrorCode::kCodeSystemPartial, set->open().front().system, "$expand");
    }
    if (!set->unknown().empty()) {
        return set->unknown().front();
    }
    if (set->size() > limit) {
        return TooMany(value_set, limit);
    }
    std::vector<SystemCode> out;
    for (const SetPart& part : set->parts()) {
        for (const ConceptNumber number : part.members) {
            out.push_back({part.codes->head().url, std::string(part.codes->code(number))});
        }
    }
    return out;
}

core::Result<std::vector<SystemCode>>
Catalogue::ListBelow(const SystemCode& code, std::size_t limit) const {
    return ListFrom(*state_, code, limit, [](const auto& codes, ConceptNumber start, auto& bits) {
        codes.AddWithDescendants(start, bits);
    });
}

core::Result<std::vector<SystemCode>>
Catalogue::ListAbove(const SystemCode& code, std::size_t limit) const {
    return ListFrom(*state_, code, limit, [](const auto& codes, ConceptNumber start, auto& bits) {
        codes.AddWithAncestors(start, bits);
    });
}

}  // namespace kangqu::terminology
