#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/fhir/definitions.hpp"

namespace kangqu::fhir {

// Formats of R4 primitives (http://hl7.org/fhir/R4/datatypes.html), one for each primitive type.
enum class PrimitiveFormat : std::uint8_t {
    kNone,  // not a primitive
    kBoolean,
    kInteger,
    kPositiveInt,
    kUnsignedInt,
    kDecimal,
    kString,
    kCode,
    kId,
    kUri,
    kOid,
    kUuid,
    kBase64Binary,
    kDate,
    kDateTime,
    kInstant,
    kTime,
    kXhtml
};
PrimitiveFormat FormatOf(TypeNumber type) noexcept;

// The JSON kind in which a format is written.
core::JsonKind KindOf(PrimitiveFormat format) noexcept;

// `text` of a node of the right kind has the format. Calendar dates must exist.
bool Matches(PrimitiveFormat format, std::string_view text) noexcept;

// Longest string or markdown that R4 allows.
constexpr std::size_t kMaxStringBytes = std::size_t{1} << 20U;

}  // namespace kangqu::fhir
