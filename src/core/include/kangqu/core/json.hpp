#pragma once

#include "kangqu/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::core {

// Limits of one JSON text. Deeper than FHIR needs (its deepest published example nests 24).
constexpr std::size_t kJsonMaxDepth = 128;
// A node addresses its text by 32 bits.
constexpr std::size_t kJsonMaxBytes = std::size_t{1} << 30U;

enum class JsonKind : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

class JsonDocument;

// A handle on one value of a JsonDocument: two words, copied freely, dead when the document is.
// A default-made handle is "missing"; every question asked of it has an empty answer, so paths can
// be walked without tests between the steps: doc.root()["name"][0]["family"].text().
class JsonNode {
public:
    JsonNode() = default;

    bool missing() const noexcept { return document_ == nullptr; }
    explicit operator bool() const noexcept { return document_ != nullptr; }
    // kNull for a missing node too; ask missing() to tell them apart.
    JsonKind kind() const noexcept;
    bool is_object() const noexcept { return kind() == JsonKind::kObject; }
    bool is_array() const noexcept { return kind() == JsonKind::kArray; }
    bool is_string() const noexcept { return kind() == JsonKind::kString; }
    bool is_number() const noexcept { return kind() == JsonKind::kNumber; }
    bool is_boolean() const noexcept { return kind() == JsonKind::kBoolean; }

    // String: its unescaped text. Number: the sender's own digits ("1.00"). Boolean: "true" or
    // "false". Anything else: empty. Lives as long as the document.
    std::string_view text() const noexcept;
    bool boolean() const noexcept { return text() == "true"; }
    // The number as an integer, or nothing when it is not one or does not fit.
    std::optional<std::int64_t> integer() const noexcept;

    // Members of an object or elements of an array; 0 otherwise. O(1).
    std::size_t size() const noexcept;
    // Member by name; missing when there is none. O(members).
    JsonNode operator[](std::string_view key) const noexcept;
    // Element or member value by position; missing when out of range. O(index).
    JsonNode operator[](std::size_t index) const noexcept;

    // Walking: for (JsonNode v = n.first(); v; v = v.next()). key() is the member's name inside an
    // object, empty inside an array.
    JsonNode first() const noexcept;
    JsonNode next() const noexcept;
    std::string_view key() const noexcept;

    // The source text of this value as it was sent, white space inside included.
    std::string_view raw() const noexcept;

    // Position in the document's preorder; with the document it names the value.
    std::uint32_t index() const noexcept { return index_; }
    const JsonDocument* document() const noexcept { return document_; }
    friend bool operator==(const JsonNode&, const JsonNode&) = default;

private:
    friend class JsonDocument;
    JsonNode(const JsonDocument* document, std::uint32_t index)
        : document_(document), index_(index) {}
    const JsonDocument* document_ = nullptr;
    std::uint32_t index_ = 0;
};

// One parsed JSON text: the bytes and a flat preorder table of its values. Immutable once parsed,
// so any number of threads may read it. Moving keeps nodes valid only through the new address, so
// documents are handed about by unique_ptr or shared_ptr to const.
class JsonDocument {
public:
    // Refuses: syntax errors, duplicate keys, invalid UTF-8, depth over kJsonMaxDepth, size over
    // kJsonMaxBytes. Numbers keep their text. A BOM is accepted.
    static Result<std::unique_ptr<const JsonDocument>> Parse(std::string text);

    JsonDocument(const JsonDocument&) = delete;
    JsonDocument& operator=(const JsonDocument&) = delete;

    JsonNode root() const noexcept { return {this, 0}; }
    JsonNode node(std::uint32_t index) const noexcept { return {this, index}; }
    std::string_view source() const noexcept { return source_; }
    std::size_t node_count() const noexcept { return entries_.size(); }

private:
    friend class JsonNode;
    friend class JsonBuilder;
    struct Entry {
        std::uint32_t key_at;  // in source_ or, with kKeyUnescaped, in unescaped_
        std::uint32_t key_size;
        std::uint32_t text_at;
        std::uint32_t text_size;
        std::uint32_t raw_at;
        std::uint32_t raw_size;
        std::uint32_t end;    // index behind the last descendant
        std::uint32_t count;  // members or elements
        JsonKind kind;
        bool key_unescaped;
        bool text_unescaped;
        bool last;  // last child of its parent
    };
    JsonDocument() = default;
    std::string_view Text(const Entry& entry) const noexcept;
    std::string_view Key(const Entry& entry) const noexcept;

    std::string source_;
    std::string unescaped_;
    std::vector<Entry> entries_;
};

// Appends JSON to a string: commas and escapes are its business, order and completeness the
// caller's.
class JsonWriter {
public:
    // Appends to `out`, which must outlive the writer.
    explicit JsonWriter(std::string& out) : out_(out) {}

    JsonWriter& BeginObject() { return Open('{'); }
    JsonWriter& EndObject() { return Close('}'); }
    JsonWriter& BeginArray() { return Open('['); }
    JsonWriter& EndArray() { return Close(']'); }
    JsonWriter& Key(std::string_view key);
    JsonWriter& String(std::string_view value);
    JsonWriter& Int(std::int64_t value);
    // Shortest text that reads back as the same double; null for NaN and infinities.
    JsonWriter& Double(double value);
    JsonWriter& Bool(bool value);
    JsonWriter& Null();
    // Already JSON: a number's own text, a stored document.
    JsonWriter& Raw(std::string_view json);
    // A node as it stands, without insignificant white space.
    JsonWriter& Node(const JsonNode& node);

    // Key and value in one call.
    JsonWriter& Field(std::string_view key, std::string_view value) {
        return Key(key).String(value);
    }
    JsonWriter& Field(std::string_view key, const char* value) { return Key(key).String(value); }
    JsonWriter& Field(std::string_view key, std::int64_t value) { return Key(key).Int(value); }
    JsonWriter& Field(std::string_view key, bool value) { return Key(key).Bool(value); }

private:
    JsonWriter& Open(char bracket);
    JsonWriter& Close(char bracket);
    void Separate();

    std::string& out_;
    bool need_comma_ = false;
};

// `value` as a JSON string with its quotes.
void AppendJsonString(std::string_view value, std::string& out);
// `node` as JSON without insignificant white space; numbers keep their text.
std::string Minified(const JsonNode& node);

}  // namespace kangqu::core
