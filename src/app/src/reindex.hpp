#pragma once

#include "kangqu/app/platform.hpp"

namespace kangqu::app {

// Makes the search rows of every current record again. Beside running reads and writes; a search
// may miss records until it is done.
core::Status Reindex(Platform& platform);

// The same when the store was written by a program that described its search tables otherwise, so
// that some are not filled; true when it had to be done. Before anybody searches.
core::Result<bool> CompleteIndex(Platform& platform);

}  // namespace kangqu::app
