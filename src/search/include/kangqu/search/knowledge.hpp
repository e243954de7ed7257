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

// What search asks of terminology. The base class knows UCUM; searches by value set or subsumption
// are refused. Any thread.
class Knowledge {
public:
    virtual ~Knowledge() = default;

    // `value` in `ucum_code` brought to canonical units; nothing when the code is no UCUM unit.
    virtual std::optional<CanonicalAmount>
    Canonical(std::string_view value, std::string_view ucum_code) const;
    // All codes of a value set, at most `limit` (kSearchTooComplex beyond).
    virtual core::Result<std::vector<Coded>> CodesOf(std::string_view value_set, std::size_t limit)
        const;
    // A code with all that it subsumes (Below) or all that subsume it (Above).
    virtual core::Result<std::vector<Coded>> Below(const Coded& coded, std::size_t limit) const;
    virtual core::Result<std::vector<Coded>> Above(const Coded& coded, std::size_t limit) const;
};

// The one that knows UCUM only.
const Knowledge& UnitKnowledge() noexcept;

}  // namespace kangqu::search
