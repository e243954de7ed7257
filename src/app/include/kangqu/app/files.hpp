#pragma once

#include "kangqu/core/result.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::app {

// Longest line of an NDJSON file and largest single JSON file, unpacked.
constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20U;
constexpr std::size_t kMaxFileBytes = std::size_t{512} << 20U;

// A byte stream over a plain, .gz, .bz2 or .xz file, unpacked on the way.
class InputFile {
public:
    virtual ~InputFile() = default;
    // Fills up to `size` bytes; 0 at the end. kFileUnreadable for broken packing.
    virtual core::Result<std::size_t> Read(char* buffer, std::size_t size) = 0;
    static core::Result<std::unique_ptr<InputFile>> Open(const std::string& path);
};

// The whole file, unpacked; kTooLarge beyond `limit`.
core::Result<std::string> ReadWhole(const std::string& path, std::size_t limit = kMaxFileBytes);
core::Status WriteWhole(const std::string& path, std::string_view text);

// Calls `line` for every line that is not blank, numbered from 1, without its end. A line over
// kMaxLineBytes is given as its first 200 bytes with `too_long` set.
core::Status ForEachLine(
    InputFile& file,
    const std::function<core::Status(std::int64_t number, std::string text, bool too_long)>& line
);

// Files named by the operands: a folder gives the files in it (recursively, by name) whose names
// end in .ndjson, .json or .xml, with or without .gz, .bz2, .xz.
core::Result<std::vector<std::string>> ExpandPaths(const std::vector<std::string>& paths);

}  // namespace kangqu::app
