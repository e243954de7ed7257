#pragma once

#include "kangqu/core/decimal.hpp"

#include "ucum/compiled.hpp"
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>

namespace kangqu::terminology::ucum {

// How values of one unit become values of another of its kind.
class Plan {
public:
    Plan(std::shared_ptr<const Compiled> from, std::shared_ptr<const Compiled> to);

    const Compiled& from() const { return *from_; }
    const Compiled& to() const { return *to_; }
    // In machine words, for linear units whose ratio fits them and results that end; nothing means
    // ask Exact.
    std::optional<core::Decimal> Quick(const core::Decimal& value) const;
    // Order of a value of `from` and one of `to`, in machine words; nothing as Quick.
    std::optional<std::strong_ordering> QuickOrder(const core::Decimal& a, const core::Decimal& b)
        const;
    // Nothing where a special unit's function is not defined.
    std::optional<Rational> Exact(const Rational& value) const;

private:
    // Shared with the Unit objects they came from.
    std::shared_ptr<const Compiled> from_;
    std::shared_ptr<const Compiled> to_;
    bool same_ = false;
    Rational ratio_;
    // ratio_ once more, when it fits.
    bool small_ = false;
    std::int64_t numerator_ = 1;
    std::int64_t denominator_ = 1;
    int exponent_ = 0;
};

}  // namespace kangqu::terminology::ucum
