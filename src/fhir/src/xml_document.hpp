#pragma once

#include "kangqu/core/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::fhir {

constexpr std::string_view kFhirNamespace = "http://hl7.org/fhir";
constexpr std::string_view kXhtmlNamespace = "http://www.w3.org/1999/xhtml";

struct XmlAttribute {
    std::string_view name;
    std::string_view raw;  // between the quotes, as it stands
};

struct XmlElement {
    std::string_view name;
    std::string_view source;  // from the start tag to the end tag
    std::uint32_t first_attribute = 0;
    std::uint32_t attribute_count = 0;
    std::uint32_t next = 0;  // index behind the last descendant
    bool has_text = false;   // something but white space directly inside
};

// One well-formed XML text as a flat table of its elements in document order; views into the text,
// which must outlive it. What stands inside a <div> is checked but not in the table: FHIR keeps it
// as source. DTDs, entities other than XML's own, more than one root are refused.
class XmlDocument {
public:
    static core::Result<XmlDocument> Parse(std::string_view text);

    std::span<const XmlElement> elements() const noexcept { return elements_; }
    std::span<const XmlAttribute> attributes(const XmlElement& element) const noexcept {
        return std::span(attributes_).subspan(element.first_attribute, element.attribute_count);
    }

private:
    friend class XmlScanner;
    std::vector<XmlElement> elements_;
    std::vector<XmlAttribute> attributes_;
};

// `raw` of an attribute with references resolved and white space normalised; in `buffer` when that
// differs from `raw`.
std::string_view Decoded(std::string_view raw, std::string& buffer);

// Appends `value` as the inside of a double-quoted attribute.
void AppendXmlAttribute(std::string_view value, std::string& out);

}  // namespace kangqu::fhir
