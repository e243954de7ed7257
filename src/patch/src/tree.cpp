#include "tree.hpp"

#include "kangqu/core/decimal.hpp"

#include <algorithm>

namespace kangqu::patch {

Tree Tree::Of(core::JsonNode node) {
    Tree tree;
    tree.kind = node.kind();
    for (core::JsonNode child = node.first(); child; child = child.next()) {
        if (tree.is_object()) {
            tree.keys.emplace_back(child.key());
        }
        tree.children.push_back(Of(child));
    }
    if (!tree.is_object() && !tree.is_array()) {
        tree.raw = node.is_string() ? node.raw() : node.text();
    }
    return tree;
}

Tree* Tree::Find(std::string_view key) noexcept {
    const auto found = std::find(keys.begin(), keys.end(), key);
    return found == keys.end() ? nullptr
                               : &children[static_cast<std::size_t>(found - keys.begin())];
}

Tree& Tree::Member(std::string_view key) {
    if (Tree* const found = Find(key)) {
        return *found;
    }
    keys.emplace_back(key);
    return children.emplace_back();
}

void Tree::Erase(std::string_view key) {
    const auto found = std::find(keys.begin(), keys.end(), key);
    if (found != keys.end()) {
        children.erase(children.begin() + (found - keys.begin()));
        keys.erase(found);
    }
}

void Write(const Tree& tree, core::JsonWriter& writer) {
    if (tree.is_object()) {
        writer.BeginObject();
        for (std::size_t i = 0; i < tree.children.size(); ++i) {
            writer.Key(tree.keys[i]);
            Write(tree.children[i], writer);
        }
        writer.EndObject();
    } else if (tree.is_array()) {
        writer.BeginArray();
        for (const Tree& child : tree.children) {
            Write(child, writer);
        }
        writer.EndArray();
    } else if (tree.kind == core::JsonKind::kNull) {
        writer.Null();
    } else {
        writer.Raw(tree.raw);
    }
}

std::string TextOf(const Tree& tree) {
    std::string out;
    core::JsonWriter writer(out);
    Write(tree, writer);
    return out;
}

Extent ExtentOf(const Tree& tree) {
    Extent extent{.bytes = tree.raw.size() + sizeof(Tree), .depth = 0};
    for (const std::string& key : tree.keys) {
        extent.bytes += key.size() + sizeof(std::string);
    }
    for (const Tree& child : tree.children) {
        const Extent inner = ExtentOf(child);
        extent.bytes += inner.bytes;
        extent.depth = std::max(extent.depth, inner.depth + 1);
    }
    return extent;
}

namespace {

// Without escapes, so that "\u0061" equals "a".
std::string Unescaped(const std::string& raw) {
    if (raw.find('\\') == std::string::npos) {
        return raw;
    }
    const auto document = core::JsonDocument::Parse("[" + raw + "]");
    return document.ok() ? '"' + std::string((*document)->root()[0].text()) + '"' : raw;
}

bool SameNumber(const std::string& a, const std::string& b) {
    const auto x = core::Decimal::Parse(a);
    const auto y = core::Decimal::Parse(b);
    return x && y ? *x == *y : a == b;
}

}  // namespace

bool Equal(const Tree& a, const Tree& b) {
    if (a.kind != b.kind || a.children.size() != b.children.size()) {
        return false;
    }
    if (a.kind == core::JsonKind::kNumber) {
        return SameNumber(a.raw, b.raw);
    }
    if (a.kind == core::JsonKind::kString) {
        return Unescaped(a.raw) == Unescaped(b.raw);
    }
    for (std::size_t i = 0; i < a.children.size(); ++i) {
        const Tree* other = &b.children[i];
        if (a.is_object()) {
            const auto found = std::find(b.keys.begin(), b.keys.end(), a.keys[i]);
            if (found == b.keys.end()) {
                return false;
            }
            other = &b.children[static_cast<std::size_t>(found - b.keys.begin())];
        }
        if (!Equal(a.children[i], *other)) {
            return false;
        }
    }
    return a.raw == b.raw;
}

}  // namespace kangqu::patch
