#pragma once

#include "plan.hpp"
#include "query_text.hpp"

namespace kangqu::search {

// One comma-separated piece of a criterion's value. `pair` is named in errors; `type` limits a
// reference (":Patient"); `now` is what `ap` of a date measures from.
core::Result<Value> ParseValue(
    const QueryPair& pair,
    const Criterion& criterion,
    std::string_view type,
    core::InstantMs now,
    std::string_view piece
);

// latitude|longitude[|distance[|unit]] into a kNear node.
core::Result<Node> ParseNear(const QueryPair& pair, std::string_view piece);

}  // namespace kangqu::search
