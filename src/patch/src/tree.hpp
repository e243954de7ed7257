#pragma once

#include "kangqu/core/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kangqu::patch {

// A JSON value that can be changed. Scalars keep their source text.
struct Tree {
    core::JsonKind kind = core::JsonKind::kNull;
    std::string raw;                // a scalar as it stands in JSON, a string with its quotes
    std::vector<std::string> keys;  // of an object, one a child
    std::vector<Tree> children;

    static Tree Object() { return {core::JsonKind::kObject, {}, {}, {}}; }
    static Tree Array() { return {core::JsonKind::kArray, {}, {}, {}}; }
    static Tree Of(core::JsonNode node);

    bool is_object() const noexcept { return kind == core::JsonKind::kObject; }
    bool is_array() const noexcept { return kind == core::JsonKind::kArray; }

    // Member by name; null when there is none.
    Tree* Find(std::string_view key) noexcept;
    // Member by name, made (as null, at the end) when it is not there.
    Tree& Member(std::string_view key);
    void Erase(std::string_view key);
};

void Write(const Tree& tree, core::JsonWriter& writer);
std::string TextOf(const Tree& tree);

// Bytes held in memory, roughly, and the depth of nesting.
struct Extent {
    std::size_t bytes = 0;
    std::size_t depth = 0;
};
Extent ExtentOf(const Tree& tree);

// Equal as RFC 6902 says: members in any order, numbers by their value, strings by their text.
bool Equal(const Tree& a, const Tree& b);

}  // namespace kangqu::patch
