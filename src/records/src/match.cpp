#include "kangqu/records/query_text.hpp"
#include "kangqu/search/query.hpp"

#include "planned.hpp"
#include <algorithm>
#include <array>

namespace kangqu::records {

using core::ErrorCode;
using core::MakeError;

core::Result<std::string> MatchOne(
    store::Reader& reader,
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view query
) {
    auto parameters = QueryPairs(query);
    // One that selects must be there; those that only shape a page say nothing of which record.
    const bool selects = std::any_of(parameters.begin(), parameters.end(), [](const auto& pair) {
        return !pair.second.empty();
    });
    if (!selects) {
        return MakeError(ErrorCode::kInvalidArgument, std::string(query), "criteria");
    }
    for (const auto& [name, value] : parameters) {
        constexpr std::array<std::string_view, 9> kShaping = {
            "_count",
            "_sort",
            "_total",
            "_cursor",
            "_summary",
            "_elements",
            "_include",
            "_revinclude",
            "_format"};
        const std::string_view plain = std::string_view(name).substr(0, name.find(':'));
        if (std::find(kShaping.begin(), kShaping.end(), plain) != kShaping.end()) {
            return MakeError(ErrorCode::kSearchUnknownParameter, std::string(type), name);
        }
    }
    parameters.emplace_back("_count", "2");
    KQ_ASSIGN(
        const search::CompiledSearch compiled, search::Compile(type, parameters, restriction)
    );
    KQ_ASSIGN(const search::SearchPage page, compiled.Run(reader));
    if (page.hits.empty()) {
        return std::string();
    }
    if (page.hits.size() > 1) {
        return MakeError(ErrorCode::kMultipleMatches, std::string(type) + "?" + std::string(query));
    }
    KQ_ASSIGN(const auto current, reader.Current(page.hits[0].first, page.hits[0].second));
    return current ? current->id : std::string();
}

}  // namespace kangqu::records
