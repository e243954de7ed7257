#pragma once

#include "kangqu/store/store.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <array>
#include <memory>
#include <mutex>

namespace kangqu::api {

// Carries the code systems, value sets and concept maps of a store into a Terminology. Thread-safe.
class StoredTerminology {
public:
    // Both outlive this object.
    StoredTerminology(store::Store& store, terminology::Terminology& terminology)
        : store_(store), terminology_(terminology) {}

    // Brings the terminology up to the store's position. Costs nothing when nothing was written
    // since the last call.
    core::Status Follow();
    // The catalogue with all that is stored now.
    core::Result<std::shared_ptr<const terminology::Catalogue>> Now() {
        KQ_TRY(Follow());
        return terminology_.now();
    }

private:
    core::Status FollowType(store::Reader& reader, std::size_t type);

    store::Store& store_;
    terminology::Terminology& terminology_;
    std::mutex mutex_;
    store::Position seen_ = -1;
    std::array<store::Position, 3> seen_of_type_ = {};  // the newest change of each type
};

}  // namespace kangqu::api
