#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kangqu::fhir {

// Limits of one XML text. JSON of what is nested deepest here stays below kJsonMaxDepth.
constexpr std::size_t kXmlMaxDepth = 128;
constexpr std::size_t kXmlMaxBytes = std::size_t{1} << 30U;

// The first character that is not white space (a BOM aside) opens a tag.
bool LooksLikeXml(std::string_view text) noexcept;

// Well-formed, in UTF-8, without DTD and within the limits: safe for any other reader of XML.
core::Status CheckXml(std::string_view xml);

// FHIR wants elements in the order of the definitions; senders differ.
enum class XmlOrder : std::uint8_t { kAny, kDefined };

// A FHIR resource in XML as the JSON of the same resource
// (http://hl7.org/fhir/R4/xml.html, json.html), minified. Loses comments, processing instructions
// and white space between elements, nothing else: decimals keep their digits, the narrative is the
// source text of its div. Refuses DTDs, entities other than XML's five, encodings other than UTF-8,
// unknown elements and attributes, text outside narratives, what is not well-formed and, with
// kDefined, elements out of order. `where` is the FHIRPath of the element (syntax errors carry line
// and column instead). Values are not judged beyond what JSON needs: CheckStructure does that.
core::Result<std::string> JsonFromXml(std::string_view xml, XmlOrder order = XmlOrder::kAny);

// The way back, one line with its XML declaration, elements in the order of the definitions.
// `resource` should have passed CheckStructure; what has no place in XML (unknown elements, control
// characters, a narrative that is not well-formed) is an error.
core::Result<std::string> XmlFromJson(core::JsonNode resource);

}  // namespace kangqu::fhir
