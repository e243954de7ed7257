#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/change.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::records {

// The change an entry of a Bundle asks for; nothing for an entry that reads. `where` names the
// entry
// ("Bundle.entry[3]"); `lenient` takes an entry without a request as an update by id. A patch still
// has its document in `resource` (see PatcherOf).
core::Result<std::optional<Change>>
ReadEntry(core::JsonNode entry, const std::string& where, bool lenient);

// The version an entity tag names (W/"3" or "3"), or nothing.
std::optional<std::int64_t> VersionOfEtag(std::string_view text) noexcept;

}  // namespace kangqu::records
