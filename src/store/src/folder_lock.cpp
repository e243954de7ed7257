#include "folder_lock.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace kangqu::store {

namespace {

core::Error Unwritable(const std::string& path, int number) {
    if (number == ENOSPC || number == EDQUOT) {
        return core::MakeError(core::ErrorCode::kStoreFull);
    }
    return core::MakeError(
        core::ErrorCode::kFileUnwritable, path, std::generic_category().message(number)
    );
}

core::Status SyncOpened(const std::string& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) {
        return Unwritable(path, errno);
    }
    const int failed = ::fsync(descriptor) != 0 ? errno : 0;
    ::close(descriptor);
    if (failed != 0) {
        return Unwritable(path, failed);
    }
    return {};
}

}  // namespace

core::Result<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
        return Unwritable(folder, failed.value());
    }
    const std::string path = folder + "/lock";
    constexpr mode_t kOwnerOnly = 0600;
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
    if (descriptor < 0) {
        return Unwritable(path, errno);
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int number = errno;
        ::close(descriptor);
        if (number == EWOULDBLOCK) {
            return core::MakeError(core::ErrorCode::kStoreLocked, folder);
        }
        return Unwritable(path, number);
    }
    return std::unique_ptr<FolderLock>(new FolderLock(descriptor));
}

FolderLock::~FolderLock() {
    ::close(descriptor_);
}

core::Status SyncFolder(const std::string& folder) {
    return SyncOpened(folder, O_RDONLY | O_DIRECTORY);
}

core::Status SyncFile(const std::string& path) {
    return SyncOpened(path, O_RDWR);
}

}  // namespace kangqu::store
