#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace kangqu::records {

// Makes the new text of a resource from the one that stands. Called off the writer's thread, and
// again when somebody else wrote in between; any thread.
using Patcher = std::function<core::Result<std::string>(core::JsonNode current)>;

// One thing to be done to the records: an interaction of its own, or one entry of a bundle. Views
// into the documents the nodes belong to, which must outlive it.
struct Change {
    enum class Kind : std::uint8_t { kCreate, kUpdate, kPatch, kDelete } kind = Kind::kCreate;
    std::string type;
    // From the address; empty for a creation and where `criteria` say which record is meant.
    std::string id;
    // Query text as sent: If-None-Exist of a creation, the address of a conditional interaction.
    std::string criteria;
    // The version that must be current (If-Match).
    std::optional<std::int64_t> if_match;
    // There must be no such record yet (If-None-Match: *).
    bool must_be_new = false;
    core::JsonNode resource;  // of a creation or an update
    Patcher patch;            // of a patch
    // Begins the `where` of errors; empty: the type.
    std::string path;
};

// What became of a change.
struct Receipt {
    std::string type;
    std::string id;
    std::int64_t version = 0;
    core::InstantMs updated = 0;
    enum class Outcome : std::uint8_t {
        kCreated,
        kUpdated,
        kUnchanged,
        kDeleted,
        kNotAWrite,  // an entry of a bundle that reads: the caller answers it
    } outcome = Outcome::kCreated;
};

}  // namespace kangqu::records
