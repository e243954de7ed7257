#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::store {

// Ids that are lower-case UUIDs are kept as their 16 bytes, all others as they are. The order of
// UUIDs of version 7 by time stays.
using PackedUuid = std::array<char, 16>;
std::optional<PackedUuid> PackUuid(std::string_view id) noexcept;
// The text of an id; `packed` says whether `bytes` came from PackUuid.
std::string UnpackId(std::string_view bytes, bool packed);

}  // namespace kangqu::store
