#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace kangqu::terminology {

// One resource that R4 publishes, in the text built into the program.
struct PublishedRow {
    std::string_view type;
    std::string_view id;
    std::string_view url;
    std::string_view version;
    std::uint32_t offset;
    std::uint32_t size;
};
// Generated from the published definitions.
std::span<const PublishedRow> PublishedRows();
std::string_view PublishedText();

}  // namespace kangqu::terminology
