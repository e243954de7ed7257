#pragma once

#include "kangqu/core/result.hpp"

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace kangqu::bulk {

// A file of lines being written under a temporary name. Close flushes it to the disk and gives it
// its own name: a file that has its name is whole.
class NdjsonFile {
public:
    static core::Result<NdjsonFile> Open(std::string path);
    NdjsonFile(NdjsonFile&& other) noexcept;
    NdjsonFile& operator=(NdjsonFile&& other) noexcept;
    NdjsonFile(const NdjsonFile&) = delete;
    NdjsonFile& operator=(const NdjsonFile&) = delete;
    // Takes an unfinished file away.
    ~NdjsonFile();

    core::Status Append(std::string_view line);
    core::Status Close();
    std::int64_t lines() const noexcept { return lines_; }
    std::size_t bytes() const noexcept { return bytes_; }

private:
    NdjsonFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
    std::string Unfinished() const { return path_ + ".part"; }
    core::Error Failed() const;

    std::string path_;
    std::FILE* file_ = nullptr;
    std::int64_t lines_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace kangqu::bulk
