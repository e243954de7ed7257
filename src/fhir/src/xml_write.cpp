#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/place.hpp"
#include "kangqu/fhir/xml.hpp"

#include "primitives.hpp"
#include "xml_document.hpp"
#include <algorithm>
#include <vector>

namespace kangqu::fhir {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using core::Status;

constexpr std::string_view kXmlSpace = " \t\r\n";

class XmlWriter {
public:
    explicit XmlWriter(std::string& out) : out_(out) {}

    Status Write(JsonNode resource) {
        out_ += R"(<?xml version="1.0" encoding="UTF-8"?>)";
        return Resource(resource, Place{.name = resource["resourceType"].text()}, true);
    }

private:
    // A member of an object with its underscore sibling, either of which may be missing.
    struct Slot {
        const ElementFacts* row;
        JsonNode value;
        JsonNode more;
    };

    static core::Error Fail(const Place& place, core::Error error) {
        std::string where;
        AppendPath(place, where);
        return core::At(std::move(error), std::move(where));
    }
    static core::Error Unfit(const Place& place, std::string name) {
        return Fail(
            place,
            MakeError(
                ErrorCode::kFhirWrongKind,
                std::move(name),
                core::Words("符合元素定义的内容", "as its definition says"),
                core::Words("别的内容", "something else")
            )
        );
    }

    void Open(std::string_view name) {
        out_ += '<';
        out_ += name;
    }
    void Close(std::string_view name) {
        out_ += "</";
        out_ += name;
        out_ += '>';
    }

    Status Resource(JsonNode node, const Place& place, bool root) {
        const TypeNumber type = FindResourceType(node["resourceType"].text());
        if (type == kNoType) {
            return Fail(place, MakeError(ErrorCode::kFhirNotResource));
        }
        const std::string_view name = TypeOf(type).name;
        Open(name);
        if (root) {
            out_ += " xmlns=\"";
            out_ += kFhirNamespace;
            out_ += '"';
        }
        return Inside(node, type, name, place);
    }

    // Attributes and elements of `node`, whose start tag is open, and the end tag.
    Status Inside(JsonNode node, TypeNumber type, std::string_view name, const Place& place) {
        const std::size_t first = slots_.size();
        KQ_TRY(Collect(node, type, place));
        std::size_t at = first;
        while (at < slots_.size() && IsAttribute(*slots_[at].row, type)) {
            KQ_TRY(Attribute(slots_[at].row->name, slots_[at].value, place));
            ++at;
        }
        if (at == slots_.size()) {
            out_ += "/>";
        } else {
            out_ += '>';
            for (; at < slots_.size(); ++at) {
                const Slot slot = slots_[at];
                KQ_TRY(Member(slot, Place{.parent = &place, .element = slot.row}));
            }
            Close(name);
        }
        slots_.resize(first);
        return {};
    }

    static bool IsAttribute(const ElementFacts& row, TypeNumber type) noexcept {
        const TypeFacts& facts = TypeOf(type);
        return (row.name == "id" && facts.kind != TypeKind::kResource) ||
               (row.name == "url" && facts.name == "Extension");
    }

    // The order in XML: attributes, then elements as defined.
    static bool Before(const ElementFacts& a, const ElementFacts& b, TypeNumber type) noexcept {
        const bool a_first = IsAttribute(a, type);
        return a_first != IsAttribute(b, type) ? a_first : &a < &b;
    }

    // The members of `node` behind slots_, in the order of XML, a value and its sibling together.
    Status Collect(JsonNode node, TypeNumber type, const Place& place) {
        const std::size_t first = slots_.size();
        const bool resource = TypeOf(type).kind == TypeKind::kResource;
        bool sorted = true;
        for (JsonNode member = node.first(); member; member = member.next()) {
            const std::string_view key = member.key();
            if (resource && key == "resourceType") {
                continue;
            }
            const bool sibling = key.starts_with('_');
            const ElementFacts* const row = FindElement(type, sibling ? key.substr(1) : key);
            if (row == nullptr || (sibling && TypeOf(row->type).kind != TypeKind::kPrimitive)) {
                return Fail(
                    Place{.parent = &place, .name = key},
                    MakeError(
                        ErrorCode::kFhirUnknownElement,
                        std::string(TypeOf(type).name),
                        std::string(core::PrefixCodePoints(key, 60))
                    )
                );
            }
            sorted = sorted && (slots_.size() == first || Before(*slots_.back().row, *row, type));
            slots_.push_back({row, sibling ? JsonNode() : member, sibling ? member : JsonNode()});
        }
        if (!sorted) {
            Arrange(first, type);
        }
        return {};
    }

    void Arrange(std::size_t first, TypeNumber type) {
        const auto begin = slots_.begin() + static_cast<std::ptrdiff_t>(first);
        std::stable_sort(begin, slots_.end(), [type](const Slot& a, const Slot& b) {
            return Before(*a.row, *b.row, type);
        });
        std::size_t kept = first;
        for (std::size_t at = first + 1; at < slots_.size(); ++at) {
            Slot& before = slots_[kept];
            if (before.row == slots_[at].row) {
                before.value = before.value ? before.value : slots_[at].value;
                before.more = before.more ? before.more : slots_[at].more;
            } else {
                slots_[++kept] = slots_[at];
            }
        }
        slots_.resize(std::min(slots_.size(), kept + 1));
    }

    Status Attribute(std::string_view name, JsonNode value, const Place& place) {
        if (value.text().empty()) {
            return Unfit(place, std::string(name));
        }
        out_ += ' ';
        out_ += name;
        out_ += "=\"";
        KQ_TRY(Text(value, place));
        out_ += '"';
        return {};
    }

    // Control characters have no form in XML 1.0, not even a reference.
    Status Text(JsonNode value, const Place& place) {
        const std::string_view text = value.text();
        if (std::any_of(text.begin(), text.end(), [](char c) {
                return static_cast<unsigned char>(c) < 0x20U && c != '\t' && c != '\n' && c != '\r';
            })) {
            return Fail(place, MakeError(ErrorCode::kXmlUnwritable, LastName(place)));
        }
        AppendXmlAttribute(text, out_);
        return {};
    }

    static std::string LastName(const Place& place) {
        return std::string(place.element == nullptr ? place.name : place.element->name);
    }

    Status Member(const Slot& slot, Place place) {
        const ElementFacts& row = *slot.row;
        if (!row.many) {
            return Item(row, slot.value, slot.more, place);
        }
        if ((slot.value && !slot.value.is_array()) || (slot.more && !slot.more.is_array())) {
            return Unfit(place, LastName(place));
        }
        place.indexed = true;
        JsonNode value = slot.value.first();
        JsonNode more = slot.more.first();
        while (value || more) {
            KQ_TRY(Item(row, value, more, place));
            value = value.next();
            more = more.next();
            ++place.index;
        }
        return {};
    }

    Status Item(const ElementFacts& row, JsonNode value, JsonNode more, const Place& place) {
        const TypeKind kind = TypeOf(row.type).kind;
        if (kind == TypeKind::kPrimitive) {
            return FormatOf(row.type) == PrimitiveFormat::kXhtml
                       ? Narrative(value, place)
                       : Primitive(row, value, more, place);
        }
        if (!value.is_object()) {
            return Unfit(place, LastName(place));
        }
        Open(row.name);
        if (kind == TypeKind::kResource) {
            out_ += '>';
            KQ_TRY(Resource(value, place, false));
            Close(row.name);
            return {};
        }
        return Inside(value, row.type, row.name, place);
    }

    Status Primitive(const ElementFacts& row, JsonNode value, JsonNode more, const Place& place) {
        if (value.is_object() || value.is_array()) {
            return Unfit(place, LastName(place));
        }
        Open(row.name);
        if (value.kind() != core::JsonKind::kNull) {
            out_ += " value=\"";
            KQ_TRY(Text(value, place));
            out_ += '"';
        }
        if (!more.is_object()) {
            out_ += "/>";
            return {};
        }
        return Inside(more, row.type, row.name, place);
    }

    // Only a well-formed div may stand in the document as it is.
    Status Narrative(JsonNode value, const Place& place) {
        std::string_view text = value.text();
        text.remove_prefix(std::min(text.find_first_not_of(kXmlSpace), text.size()));
        text = text.substr(0, text.find_last_not_of(kXmlSpace) + 1);
        const auto parsed = XmlDocument::Parse(text);
        const bool good = parsed.ok() && parsed->elements().front().name == "div" &&
                          parsed->elements().front().source.size() == text.size();
        if (!good) {
            return Fail(place, MakeError(ErrorCode::kXmlNarrative, LastName(place)));
        }
        const auto attributes = parsed->attributes(parsed->elements().front());
        const bool named = std::any_of(attributes.begin(), attributes.end(), [](const auto& one) {
            return one.name == "xmlns";
        });
        constexpr std::string_view kStart = "<div";
        out_ += kStart;
        if (!named) {
            out_ += " xmlns=\"";
            out_ += kXhtmlNamespace;
            out_ += '"';
        }
        out_ += text.substr(kStart.size());
        return {};
    }

    std::string& out_;
    std::vector<Slot> slots_;
};

}  // namespace

core::Result<std::string> XmlFromJson(core::JsonNode resource) {
    std::string out;
    out.reserve(resource.raw().size() * 2);
    KQ_TRY(XmlWriter(out).Write(resource));
    return out;
}

}  // namespace kangqu::fhir
