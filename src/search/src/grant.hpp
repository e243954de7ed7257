#pragma once

#include "kangqu/search/restriction.hpp"

#include "sql.hpp"

namespace kangqu::search {

// True of `alias` (home and key) when it is a record of `type` that the grant's scope holds. The
// one place that says what a scope means, for searches as for single records.
core::Result<Sql>
GrantTest(store::Reader& reader, const Grant& grant, std::string_view type, std::string_view alias);

}  // namespace kangqu::search
