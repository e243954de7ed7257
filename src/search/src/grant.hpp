#pragma once

#include "kangqu/search/restriction.hpp"

#include "sql.hpp"

namespace kangqu::search {

// How the test will be used: on the few rows of a page, or on all rows of a search, where the
// admitted residents are better gathered once.
enum class Extent : std::uint8_t { kFew, kAll };

// True of `alias` (home and key) when it is a record of `type` that the grant's scope holds. The
// one place that says what a scope means, for searches as for single records.
core::Result<Sql> GrantTest(
    store::Reader& reader,
    const Grant& grant,
    std::string_view type,
    std::string_view alias,
    Extent extent
);

// Rows (span, at, home, key) among which are all records of a type that the grant's scope holds,
// found through its residents; empty when it is not about residents. The test still has to be
// asked.
core::Result<Sql> GrantRows(store::Reader& reader, const Grant& grant, std::int64_t type);

}  // namespace kangqu::search
