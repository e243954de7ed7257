#pragma once

#include <span>
#include <string_view>

namespace kangqu::synth {

struct TableSource {
    std::string_view name;
    std::string_view text;
};

// The tables compiled in, by file name without extension: tab-separated, lines that begin with #
// are comments.
std::span<const TableSource> CompiledTables() noexcept;
// The templates compiled in, by file name with extension.
std::span<const TableSource> CompiledTemplates() noexcept;

}  // namespace kangqu::synth
