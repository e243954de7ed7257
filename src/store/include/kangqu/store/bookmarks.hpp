#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::store {

// How far a consumer of the feed has come. A consumer that writes what it derives moves its
// bookmark in the same unit, so that both are there or neither; one that dies in between sees
// changes again.

// The last change `consumer` has dealt with; 0 when it never began.
core::Result<Position> BookmarkOf(Reader& reader, std::string_view consumer);
// Bookmarks may go back too: a consumer that starts again.
core::Status SetBookmark(Writer& writer, std::string_view consumer, Position position);
core::Status RemoveBookmark(Writer& writer, std::string_view consumer);
// All of them, by name.
core::Result<std::vector<std::pair<std::string, Position>>> Bookmarks(Reader& reader);

}  // namespace kangqu::store
