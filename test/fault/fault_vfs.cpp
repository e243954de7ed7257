#include "fault_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <utility>

#include <sqlite3.h>

namespace kangqu::fault {

namespace {

constexpr std::size_t kSector = 512;

// The disk that files opened from now on belong to.
FaultyDisk*& Disk() {
    static FaultyDisk* disk = nullptr;
    return disk;
}

// A file of the system's own VFS behind ours. SQLite gives the memory; the real file follows it.
struct HeldFile {
    sqlite3_file base;
    sqlite3_file* real;
    FaultyDisk* disk;  // null for files that are not ours
    std::string* path;
};

HeldFile& Held(sqlite3_file* file) {
    return *reinterpret_cast<HeldFile*>(file);
}

const sqlite3_io_methods& Real(sqlite3_file* file) {
    return *Held(file).real->pMethods;
}

int Close(sqlite3_file* file) {
    const int code = Real(file).xClose(Held(file).real);
    delete Held(file).path;
    Held(file).path = nullptr;
    return code;
}

int WriteBytes(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    HeldFile& held = Held(file);
    if (held.disk != nullptr) {
        sqlite3_int64 length = 0;
        Real(file).xFileSize(held.real, &length);
        if (!held.disk->MayGrow(std::max<sqlite3_int64>(offset + size - length, 0))) {
            return SQLITE_FULL;
        }
        FaultyDisk::Write write;
        write.offset = offset;
        write.bytes.assign(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
        held.disk->Wrote(*held.path, std::move(write));
    }
    return Real(file).xWrite(held.real, bytes, size, offset);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    HeldFile& held = Held(file);
    if (held.disk != nullptr) {
        FaultyDisk::Write write;
        write.offset = -1;
        write.size = size;
        held.disk->Wrote(*held.path, std::move(write));
    }
    return Real(file).xTruncate(held.real, size);
}

int Sync(sqlite3_file* file, int flags) {
    HeldFile& held = Held(file);
    if (held.disk != nullptr) {
        if (!held.disk->MayFlush()) {
            return SQLITE_IOERR_FSYNC;
        }
        held.disk->Flushed(*held.path);
    }
    return Real(file).xSync(held.real, flags);
}

const sqlite3_io_methods& Methods() {
    static const sqlite3_io_methods methods = [] {
        sqlite3_io_methods m{};
        m.iVersion = 2;
        m.xClose = Close;
        m.xWrite = WriteBytes;
        m.xTruncate = Truncate;
        m.xSync = Sync;
        m.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
            return Real(f).xRead(Held(f).real, to, size, at);
        };
        m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
            return Real(f).xFileSize(Held(f).real, size);
        };
        m.xLock = [](sqlite3_file* f, int kind) {
            return Real(f).xLock(Held(f).real, kind);
        };
        m.xUnlock = [](sqlite3_file* f, int kind) {
            return Real(f).xUnlock(Held(f).real, kind);
        };
        m.xCheckReservedLock = [](sqlite3_file* f, int* out) {
            return Real(f).xCheckReservedLock(Held(f).real, out);
        };
        m.xFileControl = [](sqlite3_file* f, int what, void* argument) {
            return Real(f).xFileControl(Held(f).real, what, argument);
        };
        m.xSectorSize = [](sqlite3_file* f) {
            return Real(f).xSectorSize(Held(f).real);
        };
        m.xDeviceCharacteristics = [](sqlite3_file* f) {
            return Real(f).xDeviceCharacteristics(Held(f).real);
        };
        m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
            return Real(f).xShmMap(Held(f).real, page, size, extend, out);
        };
        m.xShmLock = [](sqlite3_file* f, int offset, int count, int flags) {
            return Real(f).xShmLock(Held(f).real, offset, count, flags);
        };
        m.xShmBarrier = [](sqlite3_file* f) {
            Real(f).xShmBarrier(Held(f).real);
        };
        m.xShmUnmap = [](sqlite3_file* f, int remove) {
            return Real(f).xShmUnmap(Held(f).real, remove);
        };
        return m;
    }();
    return methods;
}

sqlite3_vfs* System() {
    static sqlite3_vfs* vfs = sqlite3_vfs_find("unix");
    return vfs;
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    HeldFile& held = Held(file);
    held.base.pMethods = nullptr;
    held.real = reinterpret_cast<sqlite3_file*>(&held + 1);
    const int code = System()->xOpen(System(), name, held.real, flags, out_flags);
    if (code != SQLITE_OK) {
        return code;
    }
    held.path = new std::string(name == nullptr ? "" : name);
    held.disk = Disk() != nullptr && Disk()->Owns(*held.path) ? Disk() : nullptr;
    held.base.pMethods = &Methods();
    return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* name, int sync) {
    if (Disk() != nullptr && Disk()->Owns(name)) {
        Disk()->Deleted(name);
    }
    return System()->xDelete(System(), name, sync);
}

sqlite3_vfs& Vfs() {
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs made = *System();
        made.zName = "faulty";
        made.pNext = nullptr;
        made.szOsFile = static_cast<int>(sizeof(HeldFile)) + System()->szOsFile;
        made.xOpen = Open;
        made.xDelete = Delete;
        return made;
    }();
    return vfs;
}

void Put(std::string& content, const FaultyDisk::Write& write, std::size_t from, std::size_t to) {
    const auto offset = static_cast<std::size_t>(write.offset);
    if (content.size() < offset + to) {
        content.resize(offset + to, '\0');
    }
    content.replace(offset + from, to - from, write.bytes, from, to - from);
}

void Apply(std::string& content, const FaultyDisk::Write& write) {
    if (write.offset < 0) {
        content.resize(static_cast<std::size_t>(write.size), '\0');
    } else {
        Put(content, write, 0, write.bytes.size());
    }
}

}  // namespace

FaultyDisk::FaultyDisk(std::string folder) : folder_(std::move(folder)) {
    Disk() = this;
    sqlite3_vfs_register(&Vfs(), 1);
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_register(System(), 1);
    Disk() = nullptr;
}

void FaultyDisk::LimitSpace(std::int64_t bytes) {
    const std::lock_guard lock(mutex_);
    space_ = bytes;
}

void FaultyDisk::FreeSpace() {
    LimitSpace(-1);
}

void FaultyDisk::FailFlushes(int count) {
    const std::lock_guard lock(mutex_);
    failing_flushes_ = count;
}

bool FaultyDisk::Owns(const std::string& path) const {
    return path.starts_with(folder_ + "/");
}

bool FaultyDisk::MayGrow(std::int64_t bytes) {
    const std::lock_guard lock(mutex_);
    if (space_ < 0 || bytes == 0) {
        return true;
    }
    if (bytes > space_) {
        return false;
    }
    space_ -= bytes;
    return true;
}

void FaultyDisk::Wrote(const std::string& path, Write write) {
    const std::lock_guard lock(mutex_);
    files_[path].pending.push_back(std::move(write));
}

bool FaultyDisk::MayFlush() {
    const std::lock_guard lock(mutex_);
    if (failing_flushes_ == 0) {
        return true;
    }
    --failing_flushes_;
    return false;
}

void FaultyDisk::Flushed(const std::string& path) {
    const std::lock_guard lock(mutex_);
    File& file = files_[path];
    for (const Write& write : file.pending) {
        Apply(file.durable, write);
    }
    file.pending.clear();
}

void FaultyDisk::Deleted(const std::string& path) {
    const std::lock_guard lock(mutex_);
    files_.erase(path);
}

void FaultyDisk::LosePower(const std::string& target, std::mt19937& random) {
    const std::lock_guard lock(mutex_);
    std::filesystem::create_directories(target);
    for (const auto& [path, file] : files_) {
        std::string content = file.durable;
        // Most of what was not flushed is lost, some of it arrives in any order of sectors.
        const unsigned luck = static_cast<unsigned>(random() % 5U);
        for (const Write& write : file.pending) {
            if (write.offset < 0) {
                if (random() % 4U < luck) {
                    Apply(content, write);
                }
                continue;
            }
            for (std::size_t from = 0; from < write.bytes.size(); from += kSector) {
                if (random() % 4U < luck) {
                    Put(content, write, from, std::min(from + kSector, write.bytes.size()));
                }
            }
        }
        std::ofstream out(
            target + "/" + std::filesystem::path(path).filename().string(), std::ios::binary
        );
        out << content;
    }
}

}  // namespace kangqu::fault
