#include "kangqu/core/json.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cmath>

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

void AppendJsonString(std::string_view value, std::string& out) {
    static constexpr char kHex[] = "0123456789abcdef";
    out.push_back('"');
    for (const char c : value) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (const auto byte = static_cast<unsigned char>(c); byte < 0x20U) {
                    out += "\\u00";
                    out.push_back(kHex[byte >> 4U]);
                    out.push_back(kHex[byte & 0xFU]);
                } else {
                    out.push_back(c);
                }
        }
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
    out_ += std::to_string(value);
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
