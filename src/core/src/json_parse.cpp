// Reading JSON with simdjson. WebAssembly, for which there is none, has json_parse_plain.cpp.
#ifndef __EMSCRIPTEN__

#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <simdjson.h>

namespace kangqu::core {

namespace {

namespace od = simdjson::ondemand;

bool IsDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

std::size_t SkipDigits(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && IsDigit(text[at])) {
        ++at;
    }
    return at;
}

// RFC 8259 section 6. The parser leaves number tokens unread, so their grammar is checked here.
bool IsNumber(std::string_view text) noexcept {
    std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
    if (at >= text.size() || !IsDigit(text[at])) {
        return false;
    }
    at = text[at] == '0' ? at + 1 : SkipDigits(text, at);
    if (at < text.size() && text[at] == '.') {
        const std::size_t digits = at + 1;
        at = SkipDigits(text, digits);
        if (at == digits) {
            return false;
        }
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
            ++at;
        }
        const std::size_t digits = at;
        at = SkipDigits(text, digits);
        if (at == digits) {
            return false;
        }
    }
    return at == text.size();
}

// From behind the opening quote to the closing one, which stage one of the parser has found.
std::string_view EscapedKey(const char* raw) noexcept {
    const char* end = raw;
    while (*end != '"') {
        end += *end == '\\' ? 2 : 1;
    }
    return {raw, static_cast<std::size_t>(end - raw)};
}

std::string_view TrimRight(std::string_view text) noexcept {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' ||
                             text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

}  // namespace

// Fills a JsonDocument's table in one walk over the on-demand parser.
class JsonBuilder {
public:
    explicit JsonBuilder(JsonDocument& document) : document_(document) {}

    Status Run() {
        std::string& source = document_.source_;
        const std::size_t size = source.size();
        source.reserve(size + simdjson::SIMDJSON_PADDING);
        od::document parsed;
        if (const auto error =
                parser_.iterate(source.data(), size, source.capacity()).get(parsed)) {
            return Syntax(error);
        }
        parsed_ = &parsed;
        // A scalar root has no value view in the on-demand interface; FHIR never sends one.
        od::json_type type{};
        if (const auto error = parsed.type().get(type)) {
            return Syntax(error);
        }
        if (type != od::json_type::object && type != od::json_type::array) {
            return MakeError(
                ErrorCode::kJsonSyntax, "the outermost value must be an object or array", "0"
            );
        }
        od::value root;
        if (const auto error = parsed.get_value().get(root)) {
            return Syntax(error);
        }
        KQ_TRY(Value(root, 0));
        const char* rest = nullptr;
        if (parsed.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
            return MakeError(ErrorCode::kJsonSyntax, "text behind the end", Where());
        }
        return {};
    }

private:
    using Entry = JsonDocument::Entry;

    std::uint32_t Offset(const char* at) const noexcept {
        return static_cast<std::uint32_t>(at - document_.source_.data());
    }

    std::string Where() {
        const char* at = nullptr;
        if (parsed_ == nullptr || parsed_->current_location().get(at)) {
            return std::to_string(document_.source_.size());
        }
        return std::to_string(Offset(at));
    }

    Status Syntax(simdjson::error_code error) {
        if (error == simdjson::UTF8_ERROR) {
            const auto at = FindInvalidUtf8(document_.source_);
            return MakeError(ErrorCode::kNotUtf8, std::to_string(at.value_or(0)));
        }
        return MakeError(ErrorCode::kJsonSyntax, simdjson::error_message(error), Where());
    }

    Status Value(od::value value, std::size_t depth) {
        if (depth > kJsonMaxDepth) {
            return MakeError(ErrorCode::kJsonTooDeep, std::to_string(kJsonMaxDepth));
        }
        const auto index = static_cast<std::uint32_t>(document_.entries_.size());
        document_.entries_.emplace_back();
        const std::string_view token = TrimRight(value.raw_json_token());
        Set(index, &Entry::raw_at, Offset(token.data()));
        Set(index, &Entry::raw_size, static_cast<std::uint32_t>(token.size()));
        od::json_type type{};
        if (const auto error = value.type().get(type)) {
            return Syntax(error);
        }
        switch (type) {
            case od::json_type::object:
                KQ_TRY(Object(value, index, depth));
                break;
            case od::json_type::array:
                KQ_TRY(Array(value, index, depth));
                break;
            case od::json_type::string:
                KQ_TRY(String(value, index));
                break;
            case od::json_type::number:
                if (!IsNumber(token)) {
                    return MakeError(ErrorCode::kJsonSyntax, "not a number", Where());
                }
                Scalar(index, JsonKind::kNumber, token);
                break;
            case od::json_type::boolean: {
                bool flag = false;
                if (const auto error = value.get_bool().get(flag)) {
                    return Syntax(error);
                }
                Scalar(index, JsonKind::kBoolean, token);
                break;
            }
            case od::json_type::null: {
                bool is_null = false;
                if (const auto error = value.is_null().get(is_null); error || !is_null) {
                    return MakeError(ErrorCode::kJsonSyntax, "not a value", Where());
                }
                Scalar(index, JsonKind::kNull, {});
                break;
            }
        }
        Set(index, &Entry::end, static_cast<std::uint32_t>(document_.entries_.size()));
        return {};
    }

    Status Object(od::value value, std::uint32_t index, std::size_t depth) {
        Set(index, &Entry::kind, JsonKind::kObject);
        od::object object;
        if (const auto error = value.get_object().get(object)) {
            return Syntax(error);
        }
        std::uint32_t count = 0;
        std::uint32_t last = 0;
        for (auto field_result : object) {
            od::field field;
            if (const auto error = std::move(field_result).get(field)) {
                return Syntax(error);
            }
            const std::string_view escaped = EscapedKey(field.key().raw());
            std::string_view key = escaped;
            if (escaped.find('\\') != std::string_view::npos) {
                if (const auto error = field.unescaped_key().get(key)) {
                    return Syntax(error);
                }
            }
            last = static_cast<std::uint32_t>(document_.entries_.size());
            if (HasKey(index, key)) {
                return MakeError(ErrorCode::kJsonDuplicateKey, std::string(key));
            }
            const bool unescaped = key.data() != escaped.data();
            const std::uint32_t at = unescaped ? Keep(key) : Offset(key.data());
            const auto size = static_cast<std::uint32_t>(key.size());
            KQ_TRY(Value(field.value(), depth + 1));
            Set(last, &Entry::key_at, at);
            Set(last, &Entry::key_size, size);
            Set(last, &Entry::key_unescaped, unescaped);
            ++count;
        }
        Close(index, count, last, '}');
        return {};
    }

    Status Array(od::value value, std::uint32_t index, std::size_t depth) {
        Set(index, &Entry::kind, JsonKind::kArray);
        od::array array;
        if (const auto error = value.get_array().get(array)) {
            return Syntax(error);
        }
        std::uint32_t count = 0;
        std::uint32_t last = 0;
        for (auto element_result : array) {
            od::value element;
            if (const auto error = std::move(element_result).get(element)) {
                return Syntax(error);
            }
            last = static_cast<std::uint32_t>(document_.entries_.size());
            KQ_TRY(Value(element, depth + 1));
            ++count;
        }
        Close(index, count, last, ']');
        return {};
    }

    Status String(od::value value, std::uint32_t index) {
        const Entry& entry = document_.entries_[index];
        const std::uint32_t token_at = entry.raw_at;
        std::string_view text;
        if (const auto error = value.get_string().get(text)) {
            return Syntax(error);
        }
        // Without escapes the text stands in the source between its quotes.
        const std::string_view token{document_.source_.data() + token_at, entry.raw_size};
        if (token.size() == text.size() + 2) {
            Scalar(index, JsonKind::kString, token.substr(1, text.size()));
            return {};
        }
        Set(index, &Entry::kind, JsonKind::kString);
        Set(index, &Entry::text_unescaped, true);
        Set(index, &Entry::text_size, static_cast<std::uint32_t>(text.size()));
        Set(index, &Entry::text_at, Keep(text));
        return {};
    }

    void Scalar(std::uint32_t index, JsonKind kind, std::string_view text) {
        Set(index, &Entry::kind, kind);
        Set(index, &Entry::text_at, text.empty() ? 0 : Offset(text.data()));
        Set(index, &Entry::text_size, static_cast<std::uint32_t>(text.size()));
    }

    // The closing bracket stands right before the next token, white space and one comma aside.
    void Close(std::uint32_t index, std::uint32_t count, std::uint32_t last, char bracket) {
        Set(index, &Entry::count, count);
        if (count > 0) {
            Set(last, &Entry::last, true);
        }
        const char* next = nullptr;
        const std::string& source = document_.source_;
        std::size_t end = source.size();
        if (!parsed_->current_location().get(next)) {
            end = Offset(next);
        }
        const std::size_t close = source.rfind(bracket, end == 0 ? 0 : end - 1);
        const std::uint32_t start = document_.entries_[index].raw_at;
        if (close != std::string::npos && close >= start) {
            Set(index, &Entry::raw_size, static_cast<std::uint32_t>(close + 1 - start));
        }
    }

    bool HasKey(std::uint32_t object, std::string_view key) const noexcept {
        const auto size = document_.entries_.size();
        for (std::size_t child = object + 1; child < size; child = document_.entries_[child].end) {
            if (document_.Key(document_.entries_[child]) == key) {
                return true;
            }
        }
        return false;
    }

    std::uint32_t Keep(std::string_view text) {
        const auto at = static_cast<std::uint32_t>(document_.unescaped_.size());
        document_.unescaped_.append(text);
        return at;
    }

    template <class T>
    void Set(std::uint32_t index, T Entry::*member, T value) {
        document_.entries_[index].*member = value;
    }

    JsonDocument& document_;
    od::parser parser_;
    od::document* parsed_ = nullptr;
};

Result<std::unique_ptr<const JsonDocument>> JsonDocument::Parse(std::string text) {
    if (text.size() > kJsonMaxBytes) {
        return MakeError(
            ErrorCode::kTooLarge,
            std::to_string(text.size()) + " B",
            std::to_string(kJsonMaxBytes) + " B"
        );
    }
    if (WithoutBom(text).size() != text.size()) {
        text.erase(0, 3);
    }
    std::unique_ptr<JsonDocument> document(new JsonDocument());
    document->source_ = std::move(text);
    // FHIR JSON spends about 16 bytes a value; one growth at most for denser texts.
    document->entries_.reserve(document->source_.size() / 16 + 8);
    KQ_TRY(JsonBuilder(*document).Run());
    return std::unique_ptr<const JsonDocument>(std::move(document));
}

}  // namespace kangqu::core

#endif
