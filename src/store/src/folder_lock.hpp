#pragma once

#include "kangqu/core/result.hpp"

#include <memory>
#include <string>

namespace kangqu::store {

// Owns a data folder while alive: an advisory lock on its file `lock`, which the system gives back
// however the program ends.
class FolderLock {
public:
    // Makes the folder when it is missing. kStoreLocked when another owner has it.
    static core::Result<std::unique_ptr<FolderLock>> Take(const std::string& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

// Makes the names in a folder durable.
core::Status SyncFolder(const std::string& folder);
// Makes a file's bytes durable.
core::Status SyncFile(const std::string& path);

}  // namespace kangqu::store
