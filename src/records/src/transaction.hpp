#pragma once

#include "kangqu/records/records.hpp"

#include <vector>

namespace kangqu::records {

// A bundle as one unit of work. `lenient`: batch and collection bundles of a bulk load too.
core::Result<std::vector<Receipt>> RunTransaction(
    store::Store& store,
    const search::Indexer& indexer,
    core::IdSource& ids,
    const search::Restriction& restriction,
    core::JsonNode bundle,
    bool lenient
);

}  // namespace kangqu::records
