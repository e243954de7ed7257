#pragma once

#include "kangqu/core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::search {

struct Coded {
    std::string system;
    std::string code;
};

// A quantity in the units that all quantities of its dimension share.
struct CanonicalAmount {
    double value = 0;
    std::string unit;
};

// What search asks of terminology. The base class knows nothing: quantities are compared in the
// units they are written in, and searches by value set or subsumption are refused. Any thread.
class Knowledge {
public:
    virtual ~Knowledge() = default;

    // `value` in `ucum_code` brought to canonical units; nothing when the code is no UCUM unit or
    // not on a ratio scale.
    virtual std::optional<CanonicalAmount>
    Canonical(double value, std::string_view ucum_code) const;
    // All codes of a value set, at most `limit` (kSearchTooComplex beyond).
    virtual core::Result<std::vector<Coded>>
    CodesOf(std::string_view value_set, std::size_t limit) const;
    // A code with all that it subsumes (Below) or all that subsume it (Above).
    virtual core::Result<std::vector<Coded>> Below(const Coded& coded, std::size_t limit) const;
    virtual core::Result<std::vector<Coded>> Above(const Coded& coded, std::size_t limit) const;
};

// The one that knows nothing.
const Knowledge& NoKnowledge() noexcept;

}  // namespace kangqu::search
