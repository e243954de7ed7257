#pragma once

#include "slots.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::core {
class JsonNode;
}  // namespace kangqu::core

namespace kangqu::synth {

// A text of the pack with open places, cut into pieces once and then only copied.
//
// In a string, `${slot}` stands for the slot's text as it is (pack texts and what the generator
// makes need no escape). A JSON string that is exactly "${#slot}" is written without its quotes: a
// number, or JSON already. A member whose name begins with "?slot:" is written only when the slot
// has a value; it may not be the first of its object.
class Template {
public:
    // A FHIR resource or a piece of one. `meta` is put behind the id of a resource.
    static Template OfJson(std::string_view text, std::string_view meta);
    static Template OfText(std::string_view text);

    // "Observation"; empty for a piece.
    const std::string& type() const noexcept { return type_; }
    void Append(const Fill& fill, std::string& out) const;

private:
    struct Piece {
        enum class Kind : std::uint8_t { kLiteral, kSlot, kIf } kind;
        Slot slot;
        std::uint32_t at;    // literal: in text_
        std::uint32_t size;  // literal: bytes; if: pieces to skip
    };
    void AddLiteral(std::string_view text);
    void AddText(std::string_view text);
    void AddNode(core::JsonNode node, std::string_view meta);
    void AddObject(core::JsonNode node, std::string_view meta);

    std::string type_;
    std::string text_;
    std::vector<Piece> pieces_;
};

// The templates compiled in, by file name: "observation.json".
class Templates {
public:
    explicit Templates(std::string_view meta);
    // A template that is not there is a bug.
    const Template& operator[](std::string_view name) const;

private:
    struct Named {
        std::string_view name;
        Template made;
    };
    std::vector<Named> all_;
};

}  // namespace kangqu::synth
