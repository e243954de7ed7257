#pragma once

#include <span>
#include <string_view>

namespace kangqu::synth {

struct TableSource {
    std::string_view name;
    std::string_view text;  // tab-separated; lines that begin with # are comments
};

// The tables compiled in, by file name without extension.
std::span<const TableSource> CompiledTables() noexcept;

}  // namespace kangqu::synth
