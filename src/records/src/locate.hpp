#pragma once

#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"

#include <string_view>

namespace kangqu::records {

// The placement of a record the reader may see; kNotFound otherwise, whatever the cause.
core::Result<store::Placement> Locate(
    store::Reader& reader,
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view id
);

}  // namespace kangqu::records
