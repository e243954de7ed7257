#include "kangqu/app/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

namespace kangqu::app {

namespace {

using core::ErrorCode;
using core::MakeError;

core::Error Unreadable(const std::string& path, std::string why) {
    return MakeError(ErrorCode::kFileUnreadable, path, std::move(why));
}

// zlib reads plain files as they are, so it serves both.
class GzipFile final : public InputFile {
public:
    GzipFile(std::string path, gzFile file) : path_(std::move(path)), file_(file) {}
    ~GzipFile() override { gzclose(file_); }
    GzipFile(const GzipFile&) = delete;
    GzipFile& operator=(const GzipFile&) = delete;

    core::Result<std::size_t> Read(char* buffer, std::size_t size) override {
        const int got =
            gzread(file_, buffer, static_cast<unsigned>(std::min<std::size_t>(size, 1U << 30U)));
        int code = Z_OK;
        const char* text = gzerror(file_, &code);
        if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
            return Unreadable(path_, text);
        }
        return static_cast<std::size_t>(got);
    }

private:
    std::string path_;
    gzFile file_;
};

class BzipFile final : public InputFile {
public:
    BzipFile(std::string path, BZFILE* file) : path_(std::move(path)), file_(file) {}
    ~BzipFile() override { BZ2_bzclose(file_); }
    BzipFile(const BzipFile&) = delete;
    BzipFile& operator=(const BzipFile&) = delete;

    core::Result<std::size_t> Read(char* buffer, std::size_t size) override {
        const int got =
            BZ2_bzread(file_, buffer, static_cast<int>(std::min<std::size_t>(size, 1U << 30U)));
        int code = BZ_OK;
        const char* text = BZ2_bzerror(file_, &code);
        if (got < 0 || code < 0) {
            return Unreadable(path_, text);
        }
        return static_cast<std::size_t>(got);
    }

private:
    std::string path_;
    BZFILE* file_;
};

class XzFile final : public InputFile {
public:
    XzFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {
        // Memory of the decoder; xz -9 needs 65 MiB.
        constexpr std::uint64_t kMemoryLimit = std::uint64_t{128} << 20U;
        ready_ = lzma_stream_decoder(&stream_, kMemoryLimit, LZMA_CONCATENATED) == LZMA_OK;
    }
    ~XzFile() override {
        lzma_end(&stream_);
        std::fclose(file_);
    }
    XzFile(const XzFile&) = delete;
    XzFile& operator=(const XzFile&) = delete;

    core::Result<std::size_t> Read(char* buffer, std::size_t size) override {
        if (!ready_) {
            return Unreadable(path_, "xz decoder");
        }
        stream_.next_out = reinterpret_cast<std::uint8_t*>(buffer);
        stream_.avail_out = size;
        while (stream_.avail_out == size && !done_) {
            if (stream_.avail_in == 0) {
                stream_.next_in = packed_.data();
                stream_.avail_in = std::fread(packed_.data(), 1, packed_.size(), file_);
            }
            const bool end = stream_.avail_in == 0;
            const lzma_ret code = lzma_code(&stream_, end ? LZMA_FINISH : LZMA_RUN);
            done_ = code == LZMA_STREAM_END;
            if (code != LZMA_OK && !done_) {
                return Unreadable(path_, "xz data is broken");
            }
        }
        return size - stream_.avail_out;
    }

private:
    std::string path_;
    std::FILE* file_;
    lzma_stream stream_ = LZMA_STREAM_INIT;
    std::array<std::uint8_t, 65'536> packed_{};
    bool ready_ = false;
    bool done_ = false;
};

bool IsData(const std::string& name) {
    // What `synth` writes beside its resources.
    if (name == "truth.json") {
        return false;
    }
    std::string_view rest = name;
    for (const std::string_view packed : {".gz", ".bz2", ".xz"}) {
        if (rest.ends_with(packed)) {
            rest.remove_suffix(packed.size());
            break;
        }
    }
    return rest.ends_with(".ndjson") || rest.ends_with(".json") || rest.ends_with(".xml");
}

}  // namespace

core::Result<std::unique_ptr<InputFile>> InputFile::Open(const std::string& path) {
    if (std::filesystem::is_directory(path)) {
        return Unreadable(path, "a folder");
    }
    if (path.ends_with(".bz2")) {
        BZFILE* const file = BZ2_bzopen(path.c_str(), "rb");
        if (file == nullptr) {
            return Unreadable(path, std::generic_category().message(errno));
        }
        return std::unique_ptr<InputFile>(std::make_unique<BzipFile>(path, file));
    }
    if (path.ends_with(".xz")) {
        std::FILE* const file = std::fopen(path.c_str(), "rbe");
        if (file == nullptr) {
            return Unreadable(path, std::generic_category().message(errno));
        }
        return std::unique_ptr<InputFile>(std::make_unique<XzFile>(path, file));
    }
    const gzFile file = gzopen(path.c_str(), "rbe");
    if (file == nullptr) {
        return Unreadable(path, std::generic_category().message(errno));
    }
    gzbuffer(file, 1U << 17U);
    return std::unique_ptr<InputFile>(std::make_unique<GzipFile>(path, file));
}

core::Result<std::string> ReadWhole(const std::string& path, std::size_t limit) {
    KQ_ASSIGN(const auto file, InputFile::Open(path));
    std::string text;
    std::vector<char> buffer(std::size_t{1} << 16U);
    while (true) {
        KQ_ASSIGN(const std::size_t got, file->Read(buffer.data(), buffer.size()));
        if (got == 0) {
            return text;
        }
        if (text.size() + got > limit) {
            return core::At(
                MakeError(
                    ErrorCode::kTooLarge,
                    "> " + std::to_string(limit) + " B",
                    std::to_string(limit) + " B"
                ),
                path
            );
        }
        text.append(buffer.data(), got);
    }
}

core::Status WriteWhole(const std::string& path, std::string_view text) {
    std::FILE* const file = std::fopen(path.c_str(), "wbe");
    if (file == nullptr) {
        return MakeError(ErrorCode::kFileUnwritable, path, std::generic_category().message(errno));
    }
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const bool closed = std::fclose(file) == 0;
    if (!written || !closed) {
        return MakeError(ErrorCode::kFileUnwritable, path, std::generic_category().message(errno));
    }
    return {};
}

core::Status ForEachLine(
    InputFile& file,
    const std::function<core::Status(std::int64_t number, std::string text, bool too_long)>& line
) {
    constexpr std::size_t kShown = 200;
    std::vector<char> buffer(std::size_t{1} << 18U);
    std::string pending;
    std::int64_t number = 1;
    bool too_long = false;
    const auto give = [&]() -> core::Status {
        if (!pending.empty() && pending.back() == '\r') {
            pending.pop_back();
        }
        const bool blank = pending.find_first_not_of(" \t") == std::string::npos;
        core::Status status;
        if (!blank) {
            status = line(number, std::move(pending), too_long);
        }
        pending.clear();
        too_long = false;
        ++number;
        return status;
    };
    while (true) {
        KQ_ASSIGN(const std::size_t got, file.Read(buffer.data(), buffer.size()));
        if (got == 0) {
            return pending.empty() ? core::Status{} : give();
        }
        std::string_view rest(buffer.data(), got);
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            if (!too_long) {
                pending.append(rest.substr(0, end));
            }
            if (pending.size() > kMaxLineBytes) {
                too_long = true;
                pending.resize(kShown);
            }
            if (end == std::string_view::npos) {
                break;
            }
            rest.remove_prefix(end + 1);
            KQ_TRY(give());
        }
    }
}

core::Result<std::vector<std::string>> ExpandPaths(const std::vector<std::string>& paths) {
    namespace fs = std::filesystem;
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::exists(path, error)) {
            return Unreadable(path, "no such file or folder");
        }
        if (!fs::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        std::vector<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
            if (entry.is_regular_file() && IsData(entry.path().filename().string())) {
                found.push_back(entry.path().string());
            }
        }
        if (error) {
            return Unreadable(path, error.message());
        }
        std::sort(found.begin(), found.end());
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

}  // namespace kangqu::app
