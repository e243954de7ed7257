#include "operators/same_json.hpp"

#include "kangqu/core/decimal.hpp"

namespace kangqu::expression {

using core::JsonNode;

bool SameJson(JsonNode a, JsonNode b) {
    if (a.kind() != b.kind() || a.size() != b.size()) {
        return false;
    }
    if (a.is_number()) {
        const auto x = core::Decimal::Parse(a.text());
        const auto y = core::Decimal::Parse(b.text());
        return x && y ? *x == *y : a.text() == b.text();
    }
    if (!a.is_object() && !a.is_array()) {
        return a.text() == b.text();
    }
    JsonNode other = b.first();
    for (JsonNode mine = a.first(); mine; mine = mine.next()) {
        if (!SameJson(mine, a.is_object() ? b[mine.key()] : other)) {
            return false;
        }
        other = other.next();
    }
    return true;
}

}  // namespace kangqu::expression
