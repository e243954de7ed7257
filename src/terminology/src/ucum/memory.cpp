// Functions by unit texts, with a memory of the texts met last.
#include "kangqu/terminology/ucum.hpp"

#include <array>
#include <functional>

namespace kangqu::terminology {

namespace {

// The results of a pure function for the keys met last; a new key takes the place of an old one, so
// hostile texts cost no more than their own parsing.
template <class Content>
class RecentKeys {
public:
    template <class Make>
    core::Result<const Content*> Get(std::string_view a, std::string_view b, const Make& make) {
        Slot& slot = slots_.at(
            (std::hash<std::string_view>()(a) * 31 + std::hash<std::string_view>()(b)) % kSlots
        );
        if (slot.content && slot.a == a && slot.b == b) {
            return &*slot.content;
        }
        KQ_ASSIGN(Content content, make());
        slot.a = a;
        slot.b = b;
        slot.content.emplace(std::move(content));
        return &*slot.content;
    }

private:
    static constexpr std::size_t kSlots = 512;
    struct Slot {
        std::string a;
        std::string b;
        std::optional<Content> content;
    };
    std::array<Slot, kSlots> slots_;
};

core::Result<const UnitConversion*> FindConversion(std::string_view from, std::string_view to) {
    thread_local RecentKeys<UnitConversion> recent;
    return recent.Get(from, to, [&]() -> core::Result<UnitConversion> {
        KQ_ASSIGN(const Unit source, FindUnit(from));
        KQ_ASSIGN(const Unit target, FindUnit(to));
        return UnitConversion::Between(source, target);
    });
}

}  // namespace

core::Result<Unit> FindUnit(std::string_view text) {
    thread_local RecentKeys<Unit> recent;
    KQ_ASSIGN(const Unit* unit, recent.Get(text, {}, [&] { return Unit::Parse(text); }));
    return *unit;
}

core::Result<core::Decimal>
ConvertQuantity(const core::Decimal& value, std::string_view from, std::string_view to) {
    KQ_ASSIGN(const UnitConversion* conversion, FindConversion(from, to));
    return conversion->Convert(value);
}

core::Result<QuantityOrder> CompareQuantities(
    const core::Decimal& a,
    std::string_view unit_a,
    const core::Decimal& b,
    std::string_view unit_b
) {
    if (unit_a == unit_b) {
        return QuantityOrder(a <=> b);
    }
    const auto conversion = FindConversion(unit_a, unit_b);
    if (!conversion.ok()) {
        return conversion.error().code == core::ErrorCode::kUnitNotComparable
                   ? core::Result<QuantityOrder>(QuantityOrder())
                   : core::Result<QuantityOrder>(conversion.error());
    }
    KQ_ASSIGN(const std::strong_ordering order, (*conversion)->Compare(a, b));
    return QuantityOrder(order);
}

core::Result<std::string>
ConvertQuantityText(std::string_view value, std::string_view from, std::string_view to) {
    KQ_ASSIGN(const UnitConversion* conversion, FindConversion(from, to));
    return conversion->ConvertText(value);
}

}  // namespace kangqu::terminology
