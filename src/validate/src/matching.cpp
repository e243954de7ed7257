#include "kangqu/core/decimal.hpp"

#include "profiles.hpp"

namespace kangqu::validate {

using core::JsonNode;

namespace {

bool SameScalar(JsonNode a, JsonNode b) {
    if (a.kind() != b.kind()) {
        return false;
    }
    if (a.is_number() && a.text() != b.text()) {
        const auto x = core::Decimal::Parse(a.text());
        const auto y = core::Decimal::Parse(b.text());
        return x && y && *x == *y;
    }
    return a.text() == b.text();
}

}  // namespace

bool SameValue(JsonNode value, JsonNode fixed) {
    if (value.kind() != fixed.kind() || value.size() != fixed.size()) {
        return false;
    }
    if (fixed.is_array()) {
        JsonNode other = value.first();
        for (JsonNode one = fixed.first(); one; one = one.next(), other = other.next()) {
            if (!SameValue(other, one)) {
                return false;
            }
        }
        return true;
    }
    if (fixed.is_object()) {
        for (JsonNode member = fixed.first(); member; member = member.next()) {
            const JsonNode other = value[member.key()];
            if (!other || !SameValue(other, member)) {
                return false;
            }
        }
        return true;
    }
    return SameScalar(value, fixed);
}

bool HasPattern(JsonNode value, JsonNode pattern) {
    if (pattern.is_array()) {
        for (JsonNode one = pattern.first(); one; one = one.next()) {
            JsonNode found = value.first();
            while (found && !HasPattern(found, one)) {
                found = found.next();
            }
            if (!found) {
                return false;
            }
        }
        return value.is_array();
    }
    if (pattern.is_object()) {
        for (JsonNode member = pattern.first(); member; member = member.next()) {
            const JsonNode other = value[member.key()];
            if (!other || !HasPattern(other, member)) {
                return false;
            }
        }
        return value.is_object();
    }
    return SameScalar(value, pattern);
}

}  // namespace kangqu::validate
