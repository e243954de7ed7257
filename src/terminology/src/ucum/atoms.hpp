#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kangqu::terminology::ucum {

enum class AtomKind : std::uint8_t { kBase, kUnit, kArbitrary, kSpecial };
// What a special unit does with the ratio of a quantity and its own measure.
enum class Function : std::uint8_t {
    kNone,
    kCel,
    kDegf,
    kDegre,
    kTan100,
    kHpx,
    kHpc,
    kHpm,
    kHpq,
    kPh,
    kLn,
    kLg,
    kLg2,
    kLd,
    kSqrt,
};

struct PrefixRow {
    std::string_view code;
    std::string_view value;
    std::string_view name_en;
    std::string_view name_zh;
};
struct AtomRow {
    std::string_view code;
    AtomKind kind;
    bool metric;
    Function function;
    std::string_view value;
    std::string_view unit;
    std::string_view name_en;
    std::string_view name_zh;
};
// Generated from tables/ucum-units.tsv.
std::span<const PrefixRow> PrefixRows();
std::span<const AtomRow> AtomRows();

// Positions in the tables; kNone for no prefix.
constexpr std::int16_t kNone = -1;
struct Symbol {
    std::int16_t prefix = kNone;
    std::int16_t atom = kNone;
    friend bool operator==(const Symbol&, const Symbol&) = default;
};
// What a symbol names. Every code is one atom or a prefix with a metric one; the whole atom comes
// first ("cd", "Pa").
std::optional<Symbol> FindSymbol(std::string_view code);
// An atom that would be named if prefixes were allowed for it, for an error text.
bool NamesPrefixedAtom(std::string_view code);
// The code that differs from `code` only in case or brackets ("mmHg" is "mm[Hg]"), or nothing.
std::optional<std::string> NearestCode(std::string_view code);

}  // namespace kangqu::terminology::ucum
