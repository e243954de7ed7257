#include "ndjson_file.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <unistd.h>

namespace kangqu::bulk {

core::Result<NdjsonFile> NdjsonFile::Open(std::string path) {
    const std::string name = path + ".part";
    std::FILE* const file = std::fopen(name.c_str(), "wb");
    if (file == nullptr) {
        return core::MakeError(core::ErrorCode::kFileUnwritable, name, std::strerror(errno));
    }
    return NdjsonFile(std::move(path), file);
}

NdjsonFile::NdjsonFile(NdjsonFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, nullptr)),
      lines_(other.lines_),
      bytes_(other.bytes_) {}

NdjsonFile& NdjsonFile::operator=(NdjsonFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    std::swap(lines_, other.lines_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

NdjsonFile::~NdjsonFile() {
    if (file_ != nullptr) {
        std::fclose(file_);
        ::unlink(Unfinished().c_str());
    }
}

core::Error NdjsonFile::Failed() const {
    const int reason = errno;
    if (reason == ENOSPC) {
        return core::MakeError(core::ErrorCode::kStoreFull);
    }
    return core::MakeError(core::ErrorCode::kFileUnwritable, path_, std::strerror(reason));
}

core::Status NdjsonFile::Append(std::string_view line) {
    const bool written = std::fwrite(line.data(), 1, line.size(), file_) == line.size() &&
                         std::fputc('\n', file_) != EOF;
    if (!written) {
        return Failed();
    }
    ++lines_;
    bytes_ += line.size() + 1;
    return {};
}

core::Status NdjsonFile::Close() {
    const bool flushed = std::fflush(file_) == 0 && ::fsync(::fileno(file_)) == 0;
    if (!flushed) {
        return Failed();
    }
    const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
    if (!closed || std::rename(Unfinished().c_str(), path_.c_str()) != 0) {
        return Failed();
    }
    return {};
}

}  // namespace kangqu::bulk
