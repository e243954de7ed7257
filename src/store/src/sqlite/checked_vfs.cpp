#include "sqlite/checked_vfs.hpp"

#include "page_check.hpp"
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace kangqu::store::sqlite {

namespace {

// Of the header of a database file: where the page size and the reserved bytes stand.
constexpr int kHeaderBytes = 100;
constexpr int kPageSizeAt = 16;
constexpr int kReservedAt = 20;
constexpr int kSmallestPage = 512;

// A file of the layer below behind ours. SQLite gives the memory; the other file follows it.
struct CheckedFile {
    sqlite3_file base;
    sqlite3_file* below;
    int page_size;  // 0: not known yet or not checked, -1: never
};

CheckedFile& Ours(sqlite3_file* file) {
    return *reinterpret_cast<CheckedFile*>(file);
}
sqlite3_file* Below(sqlite3_file* file) {
    return Ours(file).below;
}
const sqlite3_io_methods& Methods(sqlite3_file* file) {
    return *Below(file)->pMethods;
}

// What the header in `bytes` says of the file.
void LookAtHeader(CheckedFile& file, const void* bytes) {
    const auto* const header = static_cast<const unsigned char*>(bytes);
    if (file.page_size < 0 || std::memcmp(header, "SQLite format 3", 16) != 0 ||
        header[kReservedAt] != kPageCheckBytes) {
        return;
    }
    const int size = header[kPageSizeAt] * 256 + header[kPageSizeAt + 1];
    file.page_size = size == 1 ? 65'536 : size;
}

bool IsPage(const CheckedFile& file, int size, sqlite3_int64 offset) {
    return file.page_size >= kSmallestPage && size == file.page_size && offset % size == 0;
}

int Close(sqlite3_file* file) {
    return Methods(file).xClose(Below(file));
}

int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
    const int code = Methods(file).xRead(Below(file), bytes, size, offset);
    if (code != SQLITE_OK) {
        return code;
    }
    if (offset == 0 && size >= kHeaderBytes) {
        LookAtHeader(Ours(file), bytes);
    }
    if (IsPage(Ours(file), size, offset) &&
        !IsSealed(static_cast<const char*>(bytes), static_cast<std::size_t>(size), offset)) {
        return SQLITE_IOERR_DATA;
    }
    return SQLITE_OK;
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    if (offset == 0 && size >= kHeaderBytes) {
        LookAtHeader(Ours(file), bytes);
    }
    if (!IsPage(Ours(file), size, offset)) {
        return Methods(file).xWrite(Below(file), bytes, size, offset);
    }
    thread_local std::vector<char> page;
    page.assign(static_cast<const char*>(bytes), static_cast<const char*>(bytes) + size);
    SealPage(page.data(), page.size(), offset);
    return Methods(file).xWrite(Below(file), page.data(), size, offset);
}

const sqlite3_io_methods& OurMethods() {
    static const sqlite3_io_methods methods = [] {
        sqlite3_io_methods made{};
        // Version 2: shared memory of the log, but no mapping of pages past Read.
        made.iVersion = 2;
        made.xClose = Close;
        made.xRead = Read;
        made.xWrite = Write;
        made.xTruncate = [](sqlite3_file* file, sqlite3_int64 size) {
            return Methods(file).xTruncate(Below(file), size);
        };
        made.xSync = [](sqlite3_file* file, int flags) {
            return Methods(file).xSync(Below(file), flags);
        };
        made.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
            return Methods(file).xFileSize(Below(file), size);
        };
        made.xLock = [](sqlite3_file* file, int level) {
            return Methods(file).xLock(Below(file), level);
        };
        made.xUnlock = [](sqlite3_file* file, int level) {
            return Methods(file).xUnlock(Below(file), level);
        };
        made.xCheckReservedLock = [](sqlite3_file* file, int* out) {
            return Methods(file).xCheckReservedLock(Below(file), out);
        };
        made.xFileControl = [](sqlite3_file* file, int what, void* argument) {
            return Methods(file).xFileControl(Below(file), what, argument);
        };
        made.xSectorSize = [](sqlite3_file* file) {
            return Methods(file).xSectorSize(Below(file));
        };
        made.xDeviceCharacteristics = [](sqlite3_file* file) {
            return Methods(file).xDeviceCharacteristics(Below(file));
        };
        made.xShmMap = [](sqlite3_file* file, int page, int size, int extend, void volatile** out) {
            return Methods(file).xShmMap(Below(file), page, size, extend, out);
        };
        made.xShmLock = [](sqlite3_file* file, int offset, int count, int flags) {
            return Methods(file).xShmLock(Below(file), offset, count, flags);
        };
        made.xShmBarrier = [](sqlite3_file* file) {
            Methods(file).xShmBarrier(Below(file));
        };
        made.xShmUnmap = [](sqlite3_file* file, int remove) {
            return Methods(file).xShmUnmap(Below(file), remove);
        };
        return made;
    }();
    return methods;
}

sqlite3_vfs* VfsBelow(sqlite3_vfs* vfs) {
    return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    CheckedFile& ours = Ours(file);
    ours.base.pMethods = nullptr;
    ours.below = reinterpret_cast<sqlite3_file*>(&ours + 1);
    ours.page_size = 0;
    sqlite3_vfs* const below = VfsBelow(vfs);
    const int code = below->xOpen(below, name, ours.below, flags, out_flags);
    if (ours.below->pMethods == nullptr) {
        return code;
    }
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0) {
        // Not ours to look at, so it is handed through under our methods with page_size 0 for good.
        ours.page_size = -1;
    }
    ours.base.pMethods = &OurMethods();
    return code;
}

// One layer for each default there ever was: tests put theirs below the store.
struct Layer {
    sqlite3_vfs vfs{};
    std::string name;
};

}  // namespace

const char* CheckedVfs() {
    static std::mutex mutex;
    static std::map<sqlite3_vfs*, std::unique_ptr<Layer>> layers;
    const std::lock_guard lock(mutex);
    sqlite3_vfs* const below = sqlite3_vfs_find(nullptr);
    std::unique_ptr<Layer>& layer = layers[below];
    if (!layer) {
        layer = std::make_unique<Layer>();
        layer->name = "kangqu-checked-" + std::string(below->zName);
        layer->vfs = *below;
        layer->vfs.pNext = nullptr;
        layer->vfs.zName = layer->name.c_str();
        layer->vfs.pAppData = below;
        layer->vfs.szOsFile = static_cast<int>(sizeof(CheckedFile)) + below->szOsFile;
        layer->vfs.xOpen = Open;
        layer->vfs.xDelete = [](sqlite3_vfs* vfs, const char* name, int sync) {
            return VfsBelow(vfs)->xDelete(VfsBelow(vfs), name, sync);
        };
        layer->vfs.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* out) {
            return VfsBelow(vfs)->xAccess(VfsBelow(vfs), name, flags, out);
        };
        layer->vfs.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* out) {
            return VfsBelow(vfs)->xFullPathname(VfsBelow(vfs), name, size, out);
        };
        sqlite3_vfs_register(&layer->vfs, 0);
    }
    return layer->name.c_str();
}

}  // namespace kangqu::store::sqlite
