#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::search {

// Hits of a page when the client does not say, and the most it may ask for.
constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1'000;
// Most criteria of one search and most comma-separated values of one criterion.
constexpr std::size_t kMaxCriteria = 32;
constexpr std::size_t kMaxValues = 200;

struct SearchPage {
    std::vector<std::pair<store::Home, store::RecordKey>> hits;
    // Of all pages; only with _total=accurate or _count=0.
    std::optional<std::int64_t> total;
    // Value of _cursor for the next page; empty at the end.
    std::string next;
};

// A search of one type, checked, with the Restriction inside. Immutable; any thread.
class CompiledSearch {
public:
    // Finds what the reader sees and the Restriction admits.
    core::Result<SearchPage> Run(store::Reader& reader) const;

    struct Plan;
    explicit CompiledSearch(std::shared_ptr<const Plan> plan);

private:
    // Shared by the copies of this value.
    std::shared_ptr<const Plan> plan_;
};

// `parameters` are url-decoded pairs in the order of the query. Understood are _id, _lastUpdated
// and every R4 search parameter of `type` except composite and special ones, with
// - token: code, system|code, |code, system|; modifier :not
// - string: prefix, case and accents ignored; modifiers :exact, :contains
// - date: prefixes eq ne gt lt ge le sa eb; without a zone in China Standard Time
// - number and quantity: eq ne gt lt ge le; quantity as 5.4, 5.4|system|code or 5.4||code, where
// the
//   code or the written unit is compared and the system is not
// - reference: Type/id, id, URL; modifier :Type
// - uri: equality
//
// To control the answer: _count, _total=none|accurate, _cursor, and _sort by one of _lastUpdated,
// _id and the type's own date (`-` for descending). _format and _pretty are left to the caller.
// Anything else gives kSearchUnknownParameter.
core::Result<CompiledSearch> Compile(
    std::string_view type,
    const std::vector<std::pair<std::string, std::string>>& parameters,
    const Restriction& restriction
);

// Whether Compile understands a parameter; for the capability statement.
bool IsSearchable(std::string_view type, std::string_view code) noexcept;

}  // namespace kangqu::search
