#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <span>
#include <string_view>

namespace kangqu::store {

// The same checks for every driver.
core::Status CheckSize(std::size_t size, std::size_t limit);
// `last_key` is the last key given away.
core::Status CheckPut(
    const Placement& placement,
    RecordKey last_key,
    Method method,
    std::string_view body,
    std::span<const IndexRow> rows
);

}  // namespace kangqu::store
