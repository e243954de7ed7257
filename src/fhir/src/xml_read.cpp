#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/place.hpp"
#include "kangqu/fhir/xml.hpp"

#include "primitives.hpp"
#include "xml_document.hpp"
#include <algorithm>

namespace kangqu::fhir {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;
using core::Status;

// Longest name or value repeated to the sender, in code points.
constexpr std::size_t kShown = 60;

std::string Shown(std::string_view text) {
    return std::string(core::PrefixCodePoints(text, kShown));
}

// RFC 8259's grammar of a number: what JSON can carry without quotes.
bool IsJsonNumber(std::string_view text) noexcept {
    const auto digits = [&text] {
        const auto end =
            std::find_if_not(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
        const auto count = static_cast<std::size_t>(end - text.begin());
        text.remove_prefix(count);
        return count;
    };
    if (text.starts_with('-')) {
        text.remove_prefix(1);
    }
    const bool zero = text.starts_with('0');
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) {
        return false;
    }
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (digits() == 0) {
            return false;
        }
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) {
            text.remove_prefix(1);
        }
        if (digits() == 0) {
            return false;
        }
    }
    return text.empty();
}

// Positions in the list of members: elements of one row.
struct Run {
    std::size_t first;
    std::size_t end;
};

class XmlReader {
public:
    XmlReader(const XmlDocument& document, XmlOrder order, std::string& out)
        : document_(document), order_(order), writer_(out) {}

    Status Read() {
        const XmlElement& root = document_.elements().front();
        FindNamespaces(root);
        Place place{.name = Local(root)};
        return Resource(root, place);
    }

private:
    const XmlElement* At(std::size_t index) const noexcept { return &document_.elements()[index]; }
    std::size_t IndexOf(const XmlElement& element) const noexcept {
        return static_cast<std::size_t>(&element - document_.elements().data());
    }
    // The elements directly inside are those between these two, each followed by its `next`.
    const XmlElement* FirstChild(const XmlElement& element) const noexcept {
        const std::size_t first = IndexOf(element) + 1;
        return first == element.next ? nullptr : At(first);
    }
    const XmlElement* NextSibling(const XmlElement& child, const XmlElement& parent)
        const noexcept {
        return child.next == parent.next ? nullptr : At(child.next);
    }

    static core::Error Fail(const Place& place, core::Error error) {
        std::string where;
        AppendPath(place, where);
        return core::At(std::move(error), std::move(where));
    }

    // FHIR's namespace is the default one or has a prefix, said at the root.
    void FindNamespaces(const XmlElement& root) {
        const std::size_t colon = root.name.find(':');
        const std::string_view prefix =
            colon == std::string_view::npos ? std::string_view{} : root.name.substr(0, colon);
        for (const XmlAttribute& attribute : document_.attributes(root)) {
            if (attribute.raw != kFhirNamespace) {
                continue;
            }
            if (attribute.name == "xmlns") {
                default_is_fhir_ = true;
            } else if (attribute.name.starts_with("xmlns:") && attribute.name.substr(6) == prefix) {
                prefix_ = root.name.substr(0, colon + 1);
            }
        }
    }

    // Without FHIR's prefix; empty for a name of another namespace.
    std::string_view Local(const XmlElement& element) const noexcept {
        if (!prefix_.empty() && element.name.starts_with(prefix_)) {
            return element.name.substr(prefix_.size());
        }
        const bool plain = default_is_fhir_ && element.name.find(':') == std::string_view::npos;
        return plain ? element.name : std::string_view{};
    }

    Status CheckNamespace(const XmlElement& element, const Place& place) const {
        bool good = !Local(element).empty();
        for (const XmlAttribute& attribute : document_.attributes(element)) {
            good = good && (attribute.name != "xmlns" || attribute.raw == kFhirNamespace);
        }
        return good ? Status{}
                    : Fail(
                          place,
                          MakeError(
                              ErrorCode::kXmlNamespace,
                              Shown(element.name),
                              std::string(kFhirNamespace)
                          )
                      );
    }

    Status Resource(const XmlElement& element, const Place& place) {
        KQ_TRY(CheckNamespace(element, place));
        const std::string_view name = Local(element);
        const TypeNumber type = FindResourceType(name);
        if (type == kNoType) {
            return Fail(place, MakeError(ErrorCode::kFhirUnknownType, Shown(name)));
        }
        writer_.BeginObject().Field("resourceType", name);
        KQ_TRY(Attributes(element, type, place));
        KQ_TRY(Members(element, type, place));
        writer_.EndObject();
        return {};
    }

    Status Object(const XmlElement& element, TypeNumber type, const Place& place) {
        writer_.BeginObject();
        KQ_TRY(Attributes(element, type, place));
        KQ_TRY(Members(element, type, place));
        writer_.EndObject();
        return {};
    }

    // `id` of elements and `url` of extensions are attributes; `value` is the caller's.
    Status Attributes(const XmlElement& element, TypeNumber type, const Place& place) {
        const TypeFacts& facts = TypeOf(type);
        for (const XmlAttribute& attribute : document_.attributes(element)) {
            const std::string_view name = attribute.name;
            const bool id = name == "id" && facts.kind != TypeKind::kResource;
            const bool url = name == "url" && facts.name == "Extension";
            const bool value = name == "value" && facts.kind == TypeKind::kPrimitive;
            if (id || url) {
                writer_.Field(name, Decoded(attribute.raw, buffer_));
            } else if (!value && name != "xmlns" && !name.starts_with("xmlns:") && !name.starts_with("xsi:")) {
                return Fail(
                    place,
                    MakeError(ErrorCode::kXmlUnknownAttribute, Shown(element.name), Shown(name))
                );
            }
        }
        return {};
    }

    Status Members(const XmlElement& element, TypeNumber type, const Place& place) {
        if (element.has_text) {
            return Fail(place, MakeError(ErrorCode::kXmlStrayText, Shown(element.name)));
        }
        const std::size_t first = members_.size();
        KQ_TRY(Collect(element, type, place));
        for (std::size_t at = first; at < members_.size();) {
            const ElementFacts* const row = members_[at].row;
            std::size_t end = at + 1;
            while (end < members_.size() && members_[end].row == row) {
                ++end;
            }
            KQ_TRY(Member(Run{at, end}, *row, Place{.parent = &place, .element = row}));
            at = end;
        }
        members_.resize(first);
        return {};
    }

    // The elements directly inside behind members_, in the order of the definitions.
    Status Collect(const XmlElement& element, TypeNumber type, const Place& place) {
        const std::size_t first = members_.size();
        bool sorted = true;
        for (const XmlElement* child = FirstChild(element); child != nullptr;
             child = NextSibling(*child, element)) {
            const Place unknown{.parent = &place, .name = child->name};
            const bool div = child->name == "div";
            if (!div) {
                KQ_TRY(CheckNamespace(*child, unknown));
            }
            const ElementFacts* const row = FindElement(type, div ? child->name : Local(*child));
            if (row == nullptr || IsAttribute(*row, type)) {
                return Fail(
                    unknown,
                    MakeError(
                        ErrorCode::kFhirUnknownElement,
                        std::string(TypeOf(type).name),
                        Shown(child->name)
                    )
                );
            }
            if (members_.size() > first && row < members_.back().row) {
                sorted = false;
                if (order_ == XmlOrder::kDefined) {
                    return Fail(
                        unknown,
                        MakeError(
                            ErrorCode::kXmlOrder,
                            std::string(row->name),
                            std::string(members_.back().row->name)
                        )
                    );
                }
            }
            members_.push_back({row, child});
        }
        if (!sorted) {
            std::stable_sort(
                members_.begin() + static_cast<std::ptrdiff_t>(first),
                members_.end(),
                [](const Child& a, const Child& b) { return a.row < b.row; }
            );
        }
        return {};
    }

    // Element.id and Extension.url; Resource.id is an element.
    static bool IsAttribute(const ElementFacts& row, TypeNumber type) noexcept {
        const TypeFacts& facts = TypeOf(type);
        return (row.name == "id" && facts.kind != TypeKind::kResource) ||
               (row.name == "url" && facts.name == "Extension");
    }

    Status Member(const Run& run, const ElementFacts& row, Place place) {
        if (!row.many && run.end - run.first > 1) {
            return Fail(place, MakeError(ErrorCode::kXmlRepeated, std::string(row.name)));
        }
        if (TypeOf(row.type).kind == TypeKind::kPrimitive) {
            return Primitives(run, row, place);
        }
        writer_.Key(row.name);
        return Each(run, row, place, [this, &row](const XmlElement& element, const Place& at) {
            return TypeOf(row.type).kind == TypeKind::kResource ? Contained(element, at)
                                                                : Object(element, row.type, at);
        });
    }

    // Calls `write` for each element of the run, as an array where the element repeats.
    template <class Write>
    Status Each(const Run& run, const ElementFacts& row, Place place, Write write) {
        place.indexed = row.many;
        if (row.many) {
            writer_.BeginArray();
        }
        for (std::size_t at = run.first; at < run.end; ++at, ++place.index) {
            KQ_TRY(write(*members_[at].element, place));
        }
        if (row.many) {
            writer_.EndArray();
        }
        return {};
    }

    // <contained><Patient>...</Patient></contained>
    Status Contained(const XmlElement& element, const Place& place) {
        const XmlElement* const child = FirstChild(element);
        if (child == nullptr || NextSibling(*child, element) != nullptr || element.has_text) {
            return Fail(place, MakeError(ErrorCode::kXmlOneResource, Shown(element.name)));
        }
        return Resource(*child, place);
    }

    const XmlAttribute* ValueOf(const XmlElement& element) const noexcept {
        for (const XmlAttribute& attribute : document_.attributes(element)) {
            if (attribute.name == "value") {
                return &attribute;
            }
        }
        return nullptr;
    }

    bool HasMore(const XmlElement& element) const noexcept {
        const auto attributes = document_.attributes(element);
        return FirstChild(element) != nullptr || element.has_text ||
               std::any_of(attributes.begin(), attributes.end(), [](const auto& attribute) {
                   return attribute.name != "value" && !attribute.name.starts_with("xmlns");
               });
    }

    // Values in one member, ids and extensions in its sibling with an underscore.
    Status Primitives(const Run& run, const ElementFacts& row, const Place& place) {
        if (FormatOf(row.type) == PrimitiveFormat::kXhtml) {
            return Narrative(*members_[run.first].element, row, place);
        }
        bool values = false;
        bool more = false;
        for (std::size_t at = run.first; at < run.end; ++at) {
            values = values || ValueOf(*members_[at].element) != nullptr;
            more = more || HasMore(*members_[at].element);
        }
        if (!values && !more) {
            return Fail(place, MakeError(ErrorCode::kFhirEmpty, std::string(row.name)));
        }
        if (values) {
            writer_.Key(row.name);
            KQ_TRY(Each(run, row, place, [this, &row](const XmlElement& one, const Place& at) {
                return Value(one, row, at);
            }));
        }
        if (!more) {
            return {};
        }
        writer_.Key("_" + std::string(row.name));
        return Each(run, row, place, [this, &row](const XmlElement& one, const Place& at) {
            if (HasMore(one)) {
                return Object(one, row.type, at);
            }
            writer_.Null();
            return Status{};
        });
    }

    Status Value(const XmlElement& element, const ElementFacts& row, const Place& place) {
        const XmlAttribute* const attribute = ValueOf(element);
        if (attribute == nullptr) {
            writer_.Null();
            return {};
        }
        const std::string_view value = Decoded(attribute->raw, buffer_);
        const core::JsonKind kind = KindOf(FormatOf(row.type));
        if (kind == core::JsonKind::kString) {
            writer_.String(value);
            return {};
        }
        const bool good = kind == core::JsonKind::kBoolean ? value == "true" || value == "false"
                                                           : IsJsonNumber(value);
        if (!good) {
            return Fail(
                place,
                MakeError(
                    ErrorCode::kFhirBadValue,
                    std::string(row.name),
                    Shown(value),
                    std::string(TypeOf(row.type).name)
                )
            );
        }
        writer_.Raw(value);
        return {};
    }

    // The div as it stands in the source.
    Status Narrative(const XmlElement& element, const ElementFacts& row, const Place& place) {
        const auto attributes = document_.attributes(element);
        const bool good = std::any_of(attributes.begin(), attributes.end(), [](const auto& one) {
            return one.name == "xmlns" && one.raw == kXhtmlNamespace;
        });
        if (!good) {
            return Fail(
                place, MakeError(ErrorCode::kXmlNamespace, "div", std::string(kXhtmlNamespace))
            );
        }
        writer_.Key(row.name).String(element.source);
        return {};
    }

    struct Child {
        const ElementFacts* row;
        const XmlElement* element;
    };

    const XmlDocument& document_;
    XmlOrder order_;
    JsonWriter writer_;
    std::vector<Child> members_;  // of the open elements, innermost last
    std::string_view prefix_;     // "f:" or empty
    bool default_is_fhir_ = false;
    std::string buffer_;
};

}  // namespace

bool LooksLikeXml(std::string_view text) noexcept {
    text = core::WithoutBom(text);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '<';
}

core::Status CheckXml(std::string_view xml) {
    KQ_TRY(XmlDocument::Parse(xml));
    return {};
}

core::Result<std::string> JsonFromXml(std::string_view xml, XmlOrder order) {
    KQ_ASSIGN(const XmlDocument document, XmlDocument::Parse(xml));
    std::string out;
    out.reserve(xml.size());
    KQ_TRY(XmlReader(document, order, out).Read());
    return out;
}

}  // namespace kangqu::fhir
