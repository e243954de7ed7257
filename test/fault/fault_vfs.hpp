#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace kangqu::fault {

// A disk that fails on demand, below SQLite: it runs out of space, refuses to flush, loses power.
// Files under `folder` go through it while it lives; one at a time.
class FaultyDisk {
public:
    explicit FaultyDisk(std::string folder);
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    // Bytes by which files may still grow.
    void LimitSpace(std::int64_t bytes);
    void FreeSpace();
    // The next `count` flushes fail.
    void FailFlushes(int count);
    // Writes what the disk would hold after losing power now into `target`: all that was flushed,
    // and of what was written since any part, torn at sectors.
    void LosePower(const std::string& target, std::mt19937& random);

    // For the file system below; not for tests.
    struct Write {
        std::int64_t offset = 0;  // -1: the file is cut to `size`
        std::string bytes;
        std::int64_t size = 0;
    };
    struct File {
        std::string durable;
        std::vector<Write> pending;
    };
    bool Owns(const std::string& path) const;
    bool MayGrow(std::int64_t bytes);
    void Wrote(const std::string& path, Write write);
    bool MayFlush();
    void Flushed(const std::string& path);
    void Deleted(const std::string& path);

private:
    const std::string folder_;
    std::mutex mutex_;
    std::int64_t space_ = -1;
    int failing_flushes_ = 0;
    std::map<std::string, File> files_;
};

}  // namespace kangqu::fault
