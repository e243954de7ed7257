#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/place.hpp"
#include "kangqu/fhir/resource.hpp"

#include "primitives.hpp"
#include <bitset>

namespace kangqu::fhir {

namespace {

using core::ErrorCode;
using core::JsonKind;
using core::JsonNode;

// More than any type has rows (ElementDefinition has about 280).
constexpr std::size_t kMaxRows = 512;
// Longest part of a wrong value that is repeated to the sender, in code points.
constexpr std::size_t kQuotedCodePoints = 60;

std::string NameOf(JsonKind kind) {
    switch (kind) {
        case JsonKind::kNull:
            return "null";
        case JsonKind::kBoolean:
            return core::Words("布尔值（true 或 false）", "a boolean");
        case JsonKind::kNumber:
            return core::Words("数字", "a number");
        case JsonKind::kString:
            return core::Words("字符串", "a string");
        case JsonKind::kArray:
            return core::Words("数组", "an array");
        case JsonKind::kObject:
            return core::Words("对象", "an object");
    }
    return {};
}

class StructureCheck {
public:
    std::vector<core::Error> Run(JsonNode resource, std::string_view path) {
        const Place root{.name = path};
        Resource(resource, root);
        if (suppressed_ > 0) {
            errors_.push_back(
                core::MakeError(ErrorCode::kFhirMoreErrors, std::to_string(suppressed_))
            );
        }
        return std::move(errors_);
    }

private:
    template <class... Args>
    void Report(const Place& place, ErrorCode code, Args&&... args) {
        if (errors_.size() >= kMaxStructureErrors) {
            ++suppressed_;
            return;
        }
        std::string where;
        AppendPath(place, where);
        errors_.push_back(
            core::At(core::MakeError(code, std::forward<Args>(args)...), std::move(where))
        );
    }

    void
    WrongKind(const Place& place, std::string_view name, std::string expected, JsonNode found) {
        Report(
            place,
            ErrorCode::kFhirWrongKind,
            std::string(name),
            std::move(expected),
            NameOf(found.kind())
        );
    }

    void Resource(JsonNode node, const Place& place) {
        if (!node.is_object()) {
            WrongKind(
                place,
                place.element == nullptr ? "Resource" : place.element->name,
                NameOf(JsonKind::kObject),
                node
            );
            return;
        }
        const JsonNode name = node["resourceType"];
        if (!name.is_string()) {
            Report(place, ErrorCode::kFhirNotResource);
            return;
        }
        const TypeNumber type = FindResourceType(name.text());
        if (type == kNoType) {
            Report(place, ErrorCode::kFhirUnknownType, Quoted(name.text()));
            return;
        }
        if (place.parent == nullptr && place.name.empty()) {
            Object(node, type, Place{.name = TypeOf(type).name});
        } else {
            Object(node, type, place);
        }
    }

    // One object of a known type: its members against the rows, then what is missing.
    void Object(JsonNode node, TypeNumber type, const Place& place) {
        const TypeFacts& facts = TypeOf(type);
        KQ_CHECK(facts.elements.size() <= kMaxRows, "raise kMaxRows");
        const bool resource = facts.kind == TypeKind::kResource;
        if (!resource && node.size() == 0) {
            Report(place, ErrorCode::kFhirEmpty, std::string(LastName(place)));
        }
        std::bitset<kMaxRows> seen;
        for (JsonNode member = node.first(); member; member = member.next()) {
            const std::string_view key = member.key();
            const ElementFacts* const element = Row(type, key);
            if (element == nullptr) {
                if (!resource || key != "resourceType") {
                    Report(
                        Place{.parent = &place, .name = key},
                        ErrorCode::kFhirUnknownElement,
                        std::string(facts.name),
                        Quoted(key)
                    );
                }
                continue;
            }
            const auto row = static_cast<std::size_t>(element - facts.elements.data());
            if (element->choice && !seen.test(row)) {
                OneOfChoice(facts, row, seen, place);
            }
            seen.set(row);
            const Place at{.parent = &place, .element = element};
            if (key.front() == '_') {
                Sibling(member, *element, at);
            } else {
                Element(member, *element, node, at);
            }
        }
        Missing(facts, seen, place, node);
    }

    // The row of `key`, or of what stands behind the underscore when that is a primitive.
    static const ElementFacts* Row(TypeNumber type, std::string_view key) noexcept {
        if (!key.starts_with('_')) {
            return FindElement(type, key);
        }
        const ElementFacts* const element = FindElement(type, key.substr(1));
        return element != nullptr && TypeOf(element->type).kind == TypeKind::kPrimitive ? element
                                                                                        : nullptr;
    }

    void OneOfChoice(
        const TypeFacts& facts,
        std::size_t row,
        const std::bitset<kMaxRows>& seen,
        const Place& place
    ) {
        const std::string_view path_name = facts.elements[row].path_name;
        const auto same = [&](std::size_t at) {
            return facts.elements[at].choice && facts.elements[at].path_name == path_name;
        };
        std::size_t first = row;
        while (first > 0 && same(first - 1)) {
            --first;
        }
        for (std::size_t at = first; at < facts.elements.size() && same(at); ++at) {
            if (seen.test(at)) {
                Report(
                    Place{.parent = &place, .name = path_name},
                    ErrorCode::kFhirChoiceTwice,
                    std::string(facts.elements[at].name),
                    std::string(facts.elements[row].name)
                );
                return;
            }
        }
    }

    // Text that nothing can answer needs no link: published R4 questionnaires leave it out.
    static bool MayBeAbsent(const TypeFacts& facts, const ElementFacts& row, JsonNode owner) {
        return row.name == "linkId" && facts.name == "Questionnaire.item" &&
               owner["type"].text() == "display";
    }

    void Missing(
        const TypeFacts& facts,
        const std::bitset<kMaxRows>& seen,
        const Place& place,
        JsonNode owner
    ) {
        const auto elements = facts.elements;
        for (std::size_t row = 0; row < elements.size();) {
            std::size_t end = row + 1;
            while (elements[row].choice && end < elements.size() &&
                   elements[end].path_name == elements[row].path_name) {
                ++end;
            }
            bool found = elements[row].min == 0;
            for (std::size_t at = row; at < end && !found; ++at) {
                found = seen.test(at);
            }
            if (!found && !MayBeAbsent(facts, elements[row], owner)) {
                Report(
                    Place{.parent = &place, .name = elements[row].path_name},
                    ErrorCode::kFhirMissingElement,
                    std::string(elements[row].path_name) + (elements[row].choice ? "[x]" : "")
                );
            }
            row = end;
        }
    }

    // `owner` is the object that has the element: a null in an array needs its partner there.
    void Element(JsonNode value, const ElementFacts& element, JsonNode owner, const Place& at) {
        if (!element.many) {
            Value(value, element, at);
            return;
        }
        if (!value.is_array()) {
            WrongKind(at, element.name, NameOf(JsonKind::kArray), value);
            return;
        }
        if (value.size() == 0) {
            Report(at, ErrorCode::kFhirEmpty, std::string(element.name));
        }
        Place item = at;
        item.indexed = true;
        for (JsonNode entry = value.first(); entry; entry = entry.next(), ++item.index) {
            if (entry.kind() != JsonKind::kNull) {
                Value(entry, element, item);
                continue;
            }
            const bool primitive = TypeOf(element.type).kind == TypeKind::kPrimitive;
            if (!primitive || !owner["_" + std::string(element.name)][item.index].is_object()) {
                Report(item, ErrorCode::kFhirEmpty, std::string(element.name));
            }
        }
    }

    void Value(JsonNode value, const ElementFacts& element, const Place& at) {
        const PrimitiveFormat format = FormatOf(element.type);
        if (format != PrimitiveFormat::kNone) {
            Primitive(value, element, format, at);
        } else if (TypeOf(element.type).kind == TypeKind::kResource) {
            NestedResource(value, element, at);
        } else if (value.is_object()) {
            Object(value, element.type, at);
        } else {
            WrongKind(at, element.name, NameOf(JsonKind::kObject), value);
        }
    }

    // An element typed with one resource type (Bundle.entry.response.outcome) holds that one.
    void NestedResource(JsonNode value, const ElementFacts& element, const Place& at) {
        if (!TypeOf(element.type).abstract && value.is_object() &&
            value["resourceType"].text() != TypeOf(element.type).name) {
            WrongKind(at, element.name, std::string(TypeOf(element.type).name), value);
            return;
        }
        Resource(value, at);
    }

    void Primitive(
        JsonNode value,
        const ElementFacts& element,
        PrimitiveFormat format,
        const Place& at
    ) {
        if (value.kind() != KindOf(format)) {
            WrongKind(at, element.name, NameOf(KindOf(format)), value);
        } else if (value.is_string() && value.text().empty()) {
            Report(at, ErrorCode::kFhirEmpty, std::string(element.name));
        } else if (!Matches(format, value.text())) {
            Report(
                at,
                ErrorCode::kFhirBadValue,
                std::string(element.name),
                Quoted(value.text()),
                std::string(TypeOf(element.type).name)
            );
        }
    }

    // `_birthDate` and `_given`: id and extensions of primitives.
    void Sibling(JsonNode value, const ElementFacts& element, const Place& at) {
        if (!element.many) {
            SiblingObject(value, element, at);
            return;
        }
        if (!value.is_array()) {
            WrongKind(at, "_" + std::string(element.name), NameOf(JsonKind::kArray), value);
            return;
        }
        Place item = at;
        item.indexed = true;
        bool any = false;
        for (JsonNode entry = value.first(); entry; entry = entry.next(), ++item.index) {
            if (entry.kind() != JsonKind::kNull) {
                any = true;
                SiblingObject(entry, element, item);
            }
        }
        if (!any) {
            Report(at, ErrorCode::kFhirEmpty, "_" + std::string(element.name));
        }
    }

    void SiblingObject(JsonNode value, const ElementFacts& element, const Place& at) {
        if (value.is_object()) {
            Object(value, element.type, at);
        } else {
            WrongKind(at, "_" + std::string(element.name), NameOf(JsonKind::kObject), value);
        }
    }

    static std::string_view LastName(const Place& place) noexcept {
        return place.element == nullptr ? place.name : place.element->name;
    }

    static std::string Quoted(std::string_view text) {
        const std::string_view shown = core::PrefixCodePoints(text, kQuotedCodePoints);
        return std::string(shown) + (shown.size() < text.size() ? "…" : "");
    }

    std::vector<core::Error> errors_;
    std::size_t suppressed_ = 0;
};

}  // namespace

std::vector<core::Error> CheckStructure(core::JsonNode resource, std::string path) {
    return StructureCheck().Run(resource, path);
}

}  // namespace kangqu::fhir
