// Reading JSON byte by byte, where simdjson is not to be had. Same table, same refusals.
#ifdef __EMSCRIPTEN__

#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"

#include <string>
#include <vector>

namespace kangqu::core {

class JsonBuilder {
public:
    explicit JsonBuilder(JsonDocument& document) : document_(document), source_(document.source_) {}

    Status Run() {
        if (const auto at = FindInvalidUtf8(source_)) {
            return MakeError(ErrorCode::kNotUtf8, std::to_string(*at));
        }
        SkipSpace();
        if (Peek() != '{' && Peek() != '[') {
            return MakeError(
                ErrorCode::kJsonSyntax, "the outermost value must be an object or array", "0"
            );
        }
        KQ_TRY(Value(0));
        SkipSpace();
        return at_ == source_.size() ? Status() : Wrong("text behind the end");
    }

private:
    using Entry = JsonDocument::Entry;

    char Peek() const { return at_ < source_.size() ? source_[at_] : '\0'; }
    bool Accept(char c) { return Peek() == c && at_ < source_.size() && (++at_, true); }
    void SkipSpace() {
        while (at_ < source_.size() && (source_[at_] == ' ' || source_[at_] == '\n' ||
                                        source_[at_] == '\r' || source_[at_] == '\t')) {
            ++at_;
        }
    }
    Error Wrong(std::string what) const {
        return MakeError(ErrorCode::kJsonSyntax, std::move(what), std::to_string(at_));
    }
    Entry& At(std::uint32_t index) { return document_.entries_[index]; }
    std::uint32_t Size() const { return static_cast<std::uint32_t>(document_.entries_.size()); }

    Status Value(std::size_t depth) {
        if (depth > kJsonMaxDepth) {
            return MakeError(ErrorCode::kJsonTooDeep, std::to_string(kJsonMaxDepth));
        }
        const std::uint32_t index = Size();
        document_.entries_.emplace_back();
        const std::size_t start = at_;
        At(index).raw_at = static_cast<std::uint32_t>(start);
        if (Peek() == '{' || Peek() == '[') {
            KQ_TRY(Container(index, depth));
        } else if (Peek() == '"') {
            At(index).kind = JsonKind::kString;
            std::string_view text;
            KQ_TRY(String(text));
            Keep(text, At(index).text_at, At(index).text_size, At(index).text_unescaped);
        } else {
            KQ_TRY(Scalar(index));
        }
        At(index).raw_size = static_cast<std::uint32_t>(at_ - start);
        At(index).end = Size();
        return {};
    }

    Status Container(std::uint32_t index, std::size_t depth) {
        const bool object = source_[at_++] == '{';
        const char close = object ? '}' : ']';
        At(index).kind = object ? JsonKind::kObject : JsonKind::kArray;
        std::uint32_t last = 0;
        SkipSpace();
        if (Accept(close)) {
            return {};
        }
        do {
            SkipSpace();
            std::string_view key;
            if (object) {
                KQ_TRY(Key(index, key));
            }
            const bool copied = !key.empty() && (key.data() < source_.data() ||
                                                 key.data() >= source_.data() + source_.size());
            const std::string kept(copied ? key : std::string_view());
            last = Size();
            KQ_TRY(Value(depth + 1));
            Keep(
                copied ? std::string_view(kept) : key,
                At(last).key_at,
                At(last).key_size,
                At(last).key_unescaped
            );
            ++At(index).count;
            SkipSpace();
        } while (Accept(','));
        At(last).last = true;
        return Accept(close) ? Status() : Status(Wrong(std::string("expected ") + close));
    }

    Status Key(std::uint32_t object, std::string_view& key) {
        if (Peek() != '"') {
            return Wrong("expected a name");
        }
        KQ_TRY(String(key));
        for (std::size_t child = object + 1; child < Size();
             child = document_.entries_[child].end) {
            if (document_.Key(document_.entries_[child]) == key) {
                return MakeError(ErrorCode::kJsonDuplicateKey, std::string(key));
            }
        }
        SkipSpace();
        if (!Accept(':')) {
            return Wrong("expected :");
        }
        SkipSpace();
        return {};
    }

    // The text of a string: a piece of the source, or of scratch_ when it has escapes.
    Status String(std::string_view& out) {
        const std::size_t start = ++at_;
        scratch_.clear();
        bool escaped = false;
        while (at_ < source_.size() && source_[at_] != '"') {
            const char c = source_[at_];
            if (static_cast<unsigned char>(c) < 0x20) {
                return Wrong("a control character in a text");
            }
            if (c != '\\') {
                scratch_ += c;
                ++at_;
                continue;
            }
            escaped = true;
            KQ_TRY(Escape());
        }
        if (at_ >= source_.size()) {
            return Wrong("this text has no end");
        }
        out = escaped ? std::string_view(scratch_)
                      : std::string_view(source_).substr(start, at_ - start);
        ++at_;
        return {};
    }

    Status Escape() {
        constexpr std::string_view kFrom = "\"\\/bfnrt";
        constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
        const char c = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
        at_ += 2;
        if (const std::size_t found = kFrom.find(c); found != std::string_view::npos) {
            scratch_ += kTo[found];
            return {};
        }
        std::uint32_t code = 0;
        if (c != 'u' || !Hex(code)) {
            return Wrong("there is no such escape");
        }
        if (code >= 0xD800 && code < 0xDC00 && Peek() == '\\') {
            std::uint32_t low = 0;
            at_ += 2;
            if (source_[at_ - 1] != 'u' || !Hex(low) || low < 0xDC00 || low > 0xDFFF) {
                return Wrong("half of a surrogate pair");
            }
            code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        } else if (code >= 0xD800 && code < 0xE000) {
            return Wrong("half of a surrogate pair");
        }
        AppendUtf8(static_cast<char32_t>(code), scratch_);
        return {};
    }

    bool Hex(std::uint32_t& code) {
        for (int i = 0; i < 4; ++i) {
            const char c = Peek();
            const char lower = static_cast<char>(c | 0x20);
            if (c >= '0' && c <= '9') {
                code = code * 16 + static_cast<std::uint32_t>(c - '0');
            } else if (lower >= 'a' && lower <= 'f') {
                code = code * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
            } else {
                return false;
            }
            ++at_;
        }
        return true;
    }

    Status Scalar(std::uint32_t index) {
        const std::string_view rest = std::string_view(source_).substr(at_);
        for (const std::string_view word : {"true", "false", "null"}) {
            if (rest.starts_with(word)) {
                At(index).kind = word == "null" ? JsonKind::kNull : JsonKind::kBoolean;
                Text(index, word == "null" ? 0 : word.size());
                at_ += word.size();
                return {};
            }
        }
        const std::size_t size = NumberSize(rest);
        if (size == 0) {
            return Wrong("not a value");
        }
        At(index).kind = JsonKind::kNumber;
        Text(index, size);
        at_ += size;
        return {};
    }

    void Text(std::uint32_t index, std::size_t size) {
        At(index).text_at = static_cast<std::uint32_t>(size == 0 ? 0 : at_);
        At(index).text_size = static_cast<std::uint32_t>(size);
    }

    // RFC 8259 section 6; 0 for no number.
    static std::size_t NumberSize(std::string_view text) {
        const auto digits = [&](std::size_t at) {
            while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
                ++at;
            }
            return at;
        };
        const std::size_t start = !text.empty() && text[0] == '-' ? 1 : 0;
        std::size_t at = digits(start);
        if (at == start || (text[start] == '0' && at > start + 1)) {
            return 0;
        }
        if (at < text.size() && text[at] == '.') {
            const std::size_t end = digits(at + 1);
            if (end == at + 1) {
                return 0;
            }
            at = end;
        }
        if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
            const bool sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
            const std::size_t from = at + (sign ? 2 : 1);
            const std::size_t end = digits(from);
            at = end == from ? 0 : end;
        }
        return at;
    }

    // Where a text stands: in the source, else among the unescaped ones.
    void Keep(std::string_view text, std::uint32_t& at, std::uint32_t& size, bool& unescaped) {
        size = static_cast<std::uint32_t>(text.size());
        unescaped = !text.empty() && (text.data() < source_.data() ||
                                      text.data() >= source_.data() + source_.size());
        if (unescaped) {
            at = static_cast<std::uint32_t>(document_.unescaped_.size());
            document_.unescaped_.append(text);
        } else {
            at = static_cast<std::uint32_t>(text.empty() ? 0 : text.data() - source_.data());
        }
    }

    JsonDocument& document_;
    const std::string& source_;
    std::string scratch_;
    std::size_t at_ = 0;
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
    document->entries_.reserve(document->source_.size() / 16 + 8);
    KQ_TRY(JsonBuilder(*document).Run());
    return std::unique_ptr<const JsonDocument>(std::move(document));
}

}  // namespace kangqu::core

#endif
