#pragma once

#include "kangqu/core/decimal.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/temporal.hpp"
#include "kangqu/fhir/definitions.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace kangqu::expression {

enum class Kind : std::uint8_t {
    kNull,
    kBoolean,
    kInteger,
    kLong,
    kDecimal,
    kString,
    kDate,
    kDateTime,
    kTime,
    kQuantity,
    kRatio,
    kCode,
    kConcept,
    kInterval,
    kList,
    kTuple,
    kVocabulary,  // a value set or code system by its address
    kNode,        // an element or resource of a FHIR document
};

class Value;

// Calendar words (year, month, ... millisecond, always singular) are kept apart from UCUM units.
struct Quantity {
    core::Decimal value;
    std::string_view unit;  // "1" when there is none
    bool calendar = false;
};
struct Ratio {
    Quantity numerator;
    Quantity denominator;
};
struct Code {
    std::string_view code;
    std::string_view system;
    std::string_view version;
    std::string_view display;
};
struct Concept {
    std::span<const Code> codes;
    std::string_view display;
};
struct Interval;
struct Tuple;
struct Vocabulary {
    std::string_view id;
    std::string_view version;
    std::string_view name;
    bool is_value_set = true;
};

// One value of an evaluation: three words, copied freely. What is longer (texts made by functions,
// quantities, lists) lives in the Arena of the evaluation, in the document or, for constants, in
// the compiled expression, so a value dies with the first of them. A FHIRPath collection is kNull
// when empty, the item itself when there is one, else kList; in CQL a list is always kList. Asking
// a value for what it is not is a bug.
class Value {
public:
    Value() = default;
    static Value Boolean(bool value);
    static Value Integer(std::int64_t value);
    static Value Long(std::int64_t value);
    static Value Decimal(const core::Decimal& value);
    static Value String(std::string_view text);
    // Kind follows value.kind.
    static Value Temporal(const core::Temporal& value);
    static Value Of(const Quantity* value);
    static Value Of(const Ratio* value);
    static Value Of(const Code* value);
    static Value Of(const Concept* value);
    static Value Of(const Interval* value);
    static Value Of(const Tuple* value);
    static Value Of(const Vocabulary* value);
    static Value List(std::span<const Value> items);
    // `node` may be missing when only the extension of a primitive was sent; `extension` is the
    // "_name" sibling of a primitive or missing.
    static Value
    Node(core::JsonNode node, fhir::TypeNumber type, core::JsonNode extension = core::JsonNode());

    Kind kind() const noexcept { return kind_; }
    bool is_null() const noexcept { return kind_ == Kind::kNull; }
    bool is(Kind kind) const noexcept { return kind_ == kind; }

    bool boolean() const noexcept { return detail_ != 0; }
    std::int64_t integer() const noexcept { return payload_.number; }  // kInteger, kLong
    core::Decimal decimal() const noexcept;
    std::string_view text() const noexcept;  // kString
    core::Temporal temporal() const noexcept;
    const Quantity& quantity() const noexcept { return *static_cast<const Quantity*>(data()); }
    const Ratio& ratio() const noexcept { return *static_cast<const Ratio*>(data()); }
    const Code& code() const noexcept { return *static_cast<const Code*>(data()); }
    const Concept& concept_value() const noexcept { return *static_cast<const Concept*>(data()); }
    const Interval& interval() const noexcept;
    const Tuple& tuple() const noexcept;
    const Vocabulary& vocabulary() const noexcept {
        return *static_cast<const Vocabulary*>(data());
    }
    std::span<const Value> items() const noexcept;  // kList

    // kNode: the JSON value (missing when a primitive has only extensions), its FHIR type, and the
    // object that holds id and extension of a primitive.
    core::JsonNode node() const noexcept;
    fhir::TypeNumber type() const noexcept { return type_; }
    core::JsonNode extension() const noexcept;

private:
    static constexpr std::uint32_t kNoNode = 0xFFFFFFFFU;
    struct Words {
        std::uint64_t low;
        std::int64_t high;
    };
    struct Text {
        const char* data;
        std::size_t size;
    };
    struct Items {
        const Value* data;
        std::size_t size;
    };
    struct Place {
        const core::JsonDocument* document;
        std::uint32_t index;
        std::uint32_t extension;
    };
    struct Moment {
        std::int64_t local_ms;
        std::int16_t offset;
        core::TemporalKind kind;
        core::Precision precision;
        bool has_offset;
    };
    union Payload {
        std::int64_t number;
        Words words;
        Text text;
        Items items;
        Place place;
        Moment moment;
        const void* data;
    };
    const void* data() const noexcept { return payload_.data; }
    static Value Boxed(Kind kind, const void* data);

    Kind kind_ = Kind::kNull;
    std::uint8_t detail_ = 0;
    fhir::TypeNumber type_ = fhir::kNoType;
    Payload payload_ = {};
};

// A null bound that is closed means the least (or greatest) of its type; open means not known.
struct Interval {
    Value low;
    Value high;
    bool low_closed = true;
    bool high_closed = true;
    // Stands for one number that is not known more exactly, not for a set.
    bool uncertain = false;
};

struct Tuple {
    std::span<const std::string_view> names;
    std::span<const Value> values;
};

// The items of a FHIRPath collection. The span may point at `value` itself.
inline std::span<const Value> ItemsOf(const Value& value) noexcept {
    if (value.is_null()) {
        return {};
    }
    return value.is(Kind::kList) ? value.items() : std::span<const Value>(&value, 1);
}

}  // namespace kangqu::expression
