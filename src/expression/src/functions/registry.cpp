#include "registry.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace kangqu::expression {

namespace {

std::array<std::span<const Method>, 14> Families() {
    return {
        ExistenceMethods(),
        FilteringMethods(),
        SubsetMethods(),
        CombiningMethods(),
        StringMethods(),
        MatchingMethods(),
        EncodingMethods(),
        MathMethods(),
        ConversionMethods(),
        BoundaryMethods(),
        UtilityMethods(),
        ResourceMethods(),
        ComponentMethods(),
        AggregateMethods(),
    };
}

std::size_t Distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t corner = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t swap = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
            corner = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, swap});
        }
    }
    return row[b.size()];
}

}  // namespace

bool IsNear(std::string_view a, std::string_view b) {
    constexpr std::size_t kLongest = 100;
    if (a.size() > kLongest || b.size() > kLongest) {
        return false;
    }
    return Distance(a, b) * 5 <= std::max(a.size(), b.size()) * 2;
}

const Method* FindMethod(std::string_view name) {
    for (const auto& family : Families()) {
        for (const Method& method : family) {
            if (method.name == name) {
                return &method;
            }
        }
    }
    return nullptr;
}

std::string_view NearestMethod(std::string_view name) {
    for (const auto& family : Families()) {
        for (const Method& method : family) {
            if (IsNear(method.name, name)) {
                return method.name;
            }
        }
    }
    return {};
}

}  // namespace kangqu::expression
