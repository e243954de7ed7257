#include "write_limits.hpp"

#include <string>

namespace kangqu::store {

core::Status CheckSize(std::size_t size, std::size_t limit) {
    if (size > limit) {
        return core::MakeError(
            core::ErrorCode::kTooLarge, std::to_string(size), std::to_string(limit)
        );
    }
    return {};
}

core::Status CheckPut(
    const Placement& placement,
    RecordKey last_key,
    Method method,
    std::string_view body,
    std::span<const IndexRow> rows
) {
    if (placement.key <= 0 || placement.home == 0 || placement.key > last_key) {
        return core::MakeError(core::ErrorCode::kInternal, "Put needs a reserved placement");
    }
    const bool deletes = method == Method::kDelete;
    if (body.empty() != deletes || (deletes && !rows.empty())) {
        return core::MakeError(
            core::ErrorCode::kInternal,
            "a deletion has neither body nor index rows, anything else has a body"
        );
    }
    return {};
}

}  // namespace kangqu::store
