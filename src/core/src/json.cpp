#include "kangqu/core/json.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace kangqu::core {

std::string_view JsonDocument::Text(const Entry& entry) const noexcept {
    const std::string& bytes = entry.text_unescaped ? unescaped_ : source_;
    return std::string_view(bytes).substr(entry.text_at, entry.text_size);
}

std::string_view JsonDocument::Key(const Entry& entry) const noexcept {
    const std::string& bytes = entry.key_unescaped ? unescaped_ : source_;
    return std::string_view(bytes).substr(entry.key_at, entry.key_size);
}

JsonKind JsonNode::kind() const noexcept {
    return missing() ? JsonKind::kNull : document_->entries_[index_].kind;
}

std::string_view JsonNode::text() const noexcept {
    if (missing()) {
        return {};
    }
    const auto& entry = document_->entries_[index_];
    return entry.kind == JsonKind::kObject || entry.kind == JsonKind::kArray
               ? std::string_view{}
               : document_->Text(entry);
}

std::optional<std::int64_t> JsonNode::integer() const noexcept {
    if (kind() != JsonKind::kNumber) {
        return std::nullopt;
    }
    const std::string_view digits = text();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return value;
}

std::size_t JsonNode::size() const noexcept {
    return missing() ? 0 : document_->entries_[index_].count;
}

JsonNode JsonNode::operator[](std::string_view key) const noexcept {
    if (!is_object()) {
        return {};
    }
    for (JsonNode child = first(); child; child = child.next()) {
        if (child.key() == key) {
            return child;
        }
    }
    return {};
}

JsonNode JsonNode::operator[](std::size_t index) const noexcept {
    if (index >= size()) {
        return {};
    }
    JsonNode child = first();
    for (; index > 0; --index) {
        child = child.next();
    }
    return child;
}

JsonNode JsonNode::first() const noexcept {
    return size() == 0 ? JsonNode{} : JsonNode{document_, index_ + 1};
}

JsonNode JsonNode::next() const noexcept {
    if (missing() || index_ == 0 || document_->entries_[index_].last) {
        return {};
    }
    return {document_, document_->entries_[index_].end};
}

std::string_view JsonNode::key() const noexcept {
    return missing() ? std::string_view{} : document_->Key(document_->entries_[index_]);
}

std::string_view JsonNode::raw() const noexcept {
    if (missing()) {
        return {};
    }
    const auto& entry = document_->entries_[index_];
    return std::string_view(document_->source_).substr(entry.raw_at, entry.raw_size);
}

namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;

// Whether one of eight bytes needs an escape: a quote, a backslash, or below 0x20. Bytes of
// multi-byte characters never do. (Bit tricks of S. E. Anderson's collection.)
bool NeedsEscape(std::uint64_t eight) noexcept {
    const std::uint64_t quote = eight ^ (kOnes * 0x22U);
    const std::uint64_t backslash = eight ^ (kOnes * 0x5CU);
    const std::uint64_t below = (eight - kOnes * 0x20U) & ~eight;
    const std::uint64_t quotes = (quote - kOnes) & ~quote;
    const std::uint64_t backslashes = (backslash - kOnes) & ~backslash;
    return ((below | quotes | backslashes) & kHighBits) != 0;
}

// Bytes from the start of `text` that are written as they are.
std::size_t CleanRun(std::string_view text) noexcept {
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if (NeedsEscape(eight)) {
            break;
        }
    }
    while (at < text.size() && text[at] != '"' && text[at] != '\\' &&
           static_cast<unsigned char>(text[at]) >= 0x20U) {
        ++at;
    }
    return at;
}

void AppendEscaped(char c, std::string& out) {
    static constexpr char kHex[] = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out.push_back(kHex[byte >> 4U]);
    out.push_back(kHex[byte & 0xFU]);
}

}  // namespace

void AppendJsonString(std::string_view value, std::string& out) {
    out.push_back('"');
    while (true) {
        const std::size_t clean = CleanRun(value);
        out.append(value.data(), clean);
        if (clean == value.size()) {
            break;
        }
        AppendEscaped(value[clean], out);
        value.remove_prefix(clean + 1);
    }
    out.push_back('"');
}

void JsonWriter::Separate() {
    if (need_comma_) {
        out_.push_back(',');
    }
    need_comma_ = true;
}

JsonWriter& JsonWriter::Open(char bracket) {
    Separate();
    out_.push_back(bracket);
    need_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
    out_.push_back(bracket);
    need_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
    Separate();
    AppendJsonString(key, out_);
    out_.push_back(':');
    need_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
    Separate();
    AppendJsonString(value, out_);
    return *this;
}

JsonWriter& JsonWriter::Int(std::int64_t value) {
    Separate();
    char buffer[24];
    out_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
    return *this;
}

JsonWriter& JsonWriter::Double(double value) {
    if (!std::isfinite(value)) {
        return Null();
    }
    Separate();
    char buffer[32];
#ifdef __EMSCRIPTEN__
    // Its library has no to_chars for doubles: the fewest digits that read back as the same.
    int size = 0;
    for (int digits = 1; digits <= 17; ++digits) {
        size = std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
        if (std::strtod(buffer, nullptr) == value) {
            break;
        }
    }
    out_.append(buffer, static_cast<std::size_t>(size));
#else
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out_.append(buffer, end);
#endif
    return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
    return Raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::Null() {
    return Raw("null");
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
    Separate();
    out_ += json;
    return *this;
}

JsonWriter& JsonWriter::Node(const JsonNode& node) {
    switch (node.kind()) {
        case JsonKind::kObject:
            BeginObject();
            for (JsonNode member = node.first(); member; member = member.next()) {
                Key(member.key()).Node(member);
            }
            return EndObject();
        case JsonKind::kArray:
            BeginArray();
            for (JsonNode element = node.first(); element; element = element.next()) {
                Node(element);
            }
            return EndArray();
        case JsonKind::kString:
            return Raw(node.raw());
        case JsonKind::kNumber:
        case JsonKind::kBoolean:
            return Raw(node.text());
        case JsonKind::kNull:
            break;
    }
    return Null();
}

std::string Minified(const JsonNode& node) {
    std::string out;
    out.reserve(node.raw().size());
    JsonWriter(out).Node(node);
    return out;
}

}  // namespace kangqu::core
