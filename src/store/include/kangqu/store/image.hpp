#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace kangqu::store {

// The content of a store without its form: every version in the order of the feed, with placements,
// times, index rows and history; reserved ids, interned texts, private rows of services. The same
// from and to every driver, so it is at once the backup file and the way from SQLite to PostgreSQL.

// What was copied. Two stores with the same content have the same figures.
struct ImageFigures {
    Position position = 0;
    std::int64_t versions = 0;
    std::int64_t records = 0;
    std::int64_t reserved = 0;
    std::int64_t texts = 0;
    std::int64_t values = 0;
    // Over all versions: their facts, bodies and places.
    std::uint64_t digest = 0;
    friend bool operator==(const ImageFigures&, const ImageFigures&) = default;
};

// Where a restore stops: behind change `upto`, or behind the last change made up to `at`; 0 for the
// end. Private rows are those of the backup; bookmarks behind the end are set back to it.
struct RestorePoint {
    Position upto = 0;
    core::InstantMs at = 0;
};

// Told now and then how many of how many versions are done.
using ImageProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// Writes what `store` held at the call into `file`, beside running reads and writes and without
// holding a snapshot for long. The file appears under its name when it is whole and flushed.
core::Result<ImageFigures>
Backup(Store& store, const std::string& file, const ImageProgress& progress = {});
// Fills an empty store; kStoreNotEmpty otherwise, kBackupInvalid for a file that is not whole.
core::Result<ImageFigures> Restore(
    const std::string& file,
    Store& store,
    const RestorePoint& point = {},
    const ImageProgress& progress = {}
);
// Fills an empty store from another one.
core::Result<ImageFigures> Copy(Store& from, Store& to, const ImageProgress& progress = {});
// Reads a backup through to its end, and a store up to its position: for comparing.
core::Result<ImageFigures> FiguresOfBackup(const std::string& file);
core::Result<ImageFigures> FiguresOf(Store& store);

}  // namespace kangqu::store
