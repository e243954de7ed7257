#include "xml_document.hpp"

#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/xml.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace kangqu::fhir {

namespace {

using core::ErrorCode;
using core::MakeError;
using core::Status;

enum CharClass : std::uint8_t { kSpace = 1, kNameStart = 2, kNameRest = 4, kBad = 8 };

constexpr std::array<std::uint8_t, 256> Classes() {
    std::array<std::uint8_t, 256> out{};
    for (std::size_t c = 0; c < 256; ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (space) {
            out[c] = kSpace;
        } else if (c < 0x20) {
            out[c] = kBad;
        } else if (letter || c == '_' || c == ':') {
            out[c] = kNameStart | kNameRest;
        } else if ((c >= '0' && c <= '9') || c == '-' || c == '.') {
            out[c] = kNameRest;
        }
    }
    return out;
}
constexpr std::array<std::uint8_t, 256> kClasses = Classes();

bool Is(char c, std::uint8_t wanted) noexcept {
    return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

bool IsXmlCharacter(std::uint32_t code) noexcept {
    if (code < 0x20) {
        return code == 0x9 || code == 0xA || code == 0xD;
    }
    return code < 0xD800 || (code > 0xDFFF && code < 0xFFFE) || (code > 0xFFFF && code <= 0x10FFFF);
}

// The character of the digits in &#10; or &#xA;.
std::optional<char32_t> Numbered(std::string_view digits) noexcept {
    const bool hex = digits.starts_with('x');
    digits.remove_prefix(hex ? 1 : 0);
    if (digits.empty() || digits.size() > 8) {
        return std::nullopt;
    }
    std::uint32_t code = 0;
    for (const char c : digits) {
        std::uint32_t digit = 16;
        if (c >= '0' && c <= '9') {
            digit = static_cast<std::uint32_t>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<std::uint32_t>(c - 'a' + 10);
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<std::uint32_t>(c - 'A' + 10);
        }
        if (digit >= (hex ? 16U : 10U)) {
            return std::nullopt;
        }
        code = code * (hex ? 16 : 10) + digit;
    }
    return IsXmlCharacter(code) ? std::optional<char32_t>(code) : std::nullopt;
}

// The character of a reference, between & and ;.
std::optional<char32_t> Referenced(std::string_view name) noexcept {
    if (name.starts_with('#')) {
        return Numbered(name.substr(1));
    }
    constexpr std::pair<std::string_view, char32_t> kNames[] = {
        {"lt", U'<'}, {"gt", U'>'}, {"amp", U'&'}, {"quot", U'"'}, {"apos", U'\''}};
    for (const auto& [known, character] : kNames) {
        if (name == known) {
            return character;
        }
    }
    return std::nullopt;
}

// Of one tag; FHIR has three, XHTML few more.
constexpr std::size_t kMaxAttributes = 100;
// No reference is longer (&#x10FFFF; with some zeros).
constexpr std::size_t kMaxReference = 12;

}  // namespace

class XmlScanner {
public:
    XmlScanner(std::string_view text, XmlDocument& document) : text_(text), document_(document) {}

    Status Run() {
        if (const auto invalid = core::FindInvalidUtf8(text_)) {
            return MakeError(ErrorCode::kNotUtf8, std::to_string(*invalid));
        }
        const auto bad =
            std::find_if(text_.begin(), text_.end(), [](char c) { return Is(c, kBad); });
        if (bad != text_.end()) {
            at_ = static_cast<std::size_t>(bad - text_.begin());
            return Fail(ErrorCode::kXmlSyntax);
        }
        KQ_TRY(Declaration());
        while (at_ < text_.size()) {
            KQ_TRY(text_[at_] == '<' ? Markup() : Text());
        }
        return seen_root_ && open_.empty() ? Status{} : Fail(ErrorCode::kXmlSyntax);
    }

private:
    struct Open {
        std::string_view name;
        std::size_t start;
        std::uint32_t index;
        bool recorded;
    };

    // With the place where the scan stands.
    core::Error Fail(ErrorCode code) const {
        const std::string_view before = text_.substr(0, std::min(at_, text_.size()));
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const std::size_t start = before.rfind('\n');
        const std::string_view row = before.substr(start == std::string_view::npos ? 0 : start + 1);
        return MakeError(
            code, std::to_string(line), std::to_string(core::CountCodePoints(row) + 1)
        );
    }

    bool Ahead(std::string_view wanted) const noexcept {
        return text_.substr(at_, wanted.size()) == wanted;
    }

    // Only at the very beginning; an encoding other than UTF-8 is refused.
    Status Declaration() {
        if (!Ahead("<?xml") || text_.size() < 6 || !Is(text_[5], kSpace)) {
            return {};
        }
        const std::size_t end = text_.find("?>");
        if (end == std::string_view::npos) {
            return Fail(ErrorCode::kXmlSyntax);
        }
        const std::string_view inside = text_.substr(0, end);
        if (const std::size_t name = inside.find("encoding"); name != std::string_view::npos) {
            const std::size_t open = inside.find_first_of("\"'", name);
            const std::size_t close =
                open == std::string_view::npos ? open : inside.find(inside[open], open + 1);
            if (close == std::string_view::npos) {
                return Fail(ErrorCode::kXmlSyntax);
            }
            std::string encoding(inside.substr(open + 1, close - open - 1));
            std::transform(encoding.begin(), encoding.end(), encoding.begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            });
            if (encoding != "utf-8" && encoding != "utf8" && encoding != "us-ascii") {
                return MakeError(
                    ErrorCode::kXmlEncoding, std::string(core::PrefixCodePoints(encoding, 40))
                );
            }
        }
        at_ = end + 2;
        return {};
    }

    Status Text() {
        const std::size_t end = std::min(text_.find('<', at_), text_.size());
        bool text = false;
        for (; at_ < end; ++at_) {
            const char c = text_[at_];
            if (c == '&') {
                KQ_TRY(Reference(end));
                text = true;
            } else if (!Is(c, kSpace)) {
                text = true;
            }
        }
        return text ? FoundText() : Status{};
    }

    Status FoundText() {
        if (open_.empty()) {
            return Fail(ErrorCode::kXmlSyntax);
        }
        if (open_.back().recorded) {
            document_.elements_[open_.back().index].has_text = true;
        }
        return {};
    }

    // Leaves the scan on the semicolon.
    Status Reference(std::size_t end) {
        const std::string_view rest = text_.substr(at_ + 1, std::min(kMaxReference, end - at_ - 1));
        const std::size_t close = rest.find(';');
        if (close == std::string_view::npos || !Referenced(rest.substr(0, close))) {
            return Fail(ErrorCode::kXmlEntity);
        }
        at_ += close + 1;
        return {};
    }

    Status SkipTo(std::string_view end, std::size_t opening) {
        const std::size_t found = text_.find(end, at_ + opening);
        if (found == std::string_view::npos) {
            return Fail(ErrorCode::kXmlSyntax);
        }
        at_ = found + end.size();
        return {};
    }

    Status Markup() {
        if (Ahead("</")) {
            return EndTag();
        }
        if (Ahead("<!--")) {
            return SkipTo("-->", 4);
        }
        if (Ahead("<![CDATA[")) {
            KQ_TRY(FoundText());
            return SkipTo("]]>", 9);
        }
        if (Ahead("<!")) {
            return Fail(ErrorCode::kXmlDoctype);
        }
        return Ahead("<?") ? SkipTo("?>", 2) : StartTag();
    }

    std::string_view Name() noexcept {
        const std::size_t start = at_;
        if (at_ < text_.size() && Is(text_[at_], kNameStart)) {
            while (at_ < text_.size() && Is(text_[at_], kNameRest)) {
                ++at_;
            }
        }
        return text_.substr(start, at_ - start);
    }

    // True when there was some.
    bool SkipSpace() noexcept {
        const std::size_t start = at_;
        while (at_ < text_.size() && Is(text_[at_], kSpace)) {
            ++at_;
        }
        return at_ > start;
    }

    Status StartTag() {
        if (open_.empty() && seen_root_) {
            return Fail(ErrorCode::kXmlSyntax);
        }
        if (open_.size() >= kXmlMaxDepth) {
            return MakeError(ErrorCode::kXmlTooDeep, std::to_string(kXmlMaxDepth));
        }
        seen_root_ = true;
        Open open{.name = {}, .start = at_, .index = 0, .recorded = div_depth_ == 0};
        ++at_;
        open.name = Name();
        if (open.name.empty()) {
            return Fail(ErrorCode::kXmlSyntax);
        }
        const std::size_t first = document_.attributes_.size();
        KQ_TRY(Attributes(first));
        if (open.recorded) {
            open.index = static_cast<std::uint32_t>(document_.elements_.size());
            document_.elements_.push_back(
                {.name = open.name,
                 .source = {},
                 .first_attribute = static_cast<std::uint32_t>(first),
                 .attribute_count =
                     static_cast<std::uint32_t>(document_.attributes_.size() - first)}
            );
        } else {
            document_.attributes_.resize(first);
        }
        const bool closed = text_[at_] == '/';
        at_ += closed ? 2 : 1;
        if (closed) {
            Finish(open);
            return {};
        }
        if (div_depth_ > 0 || open.name == "div") {
            ++div_depth_;
        }
        open_.push_back(open);
        return {};
    }

    // Up to the end of the tag: leaves the scan on ">" or "/>".
    Status Attributes(std::size_t first) {
        for (;;) {
            const bool space = SkipSpace();
            if (Ahead(">") || Ahead("/>")) {
                return {};
            }
            const std::string_view name = Name();
            const auto taken = std::span(document_.attributes_).subspan(first);
            if (taken.size() >= kMaxAttributes) {
                return MakeError(
                    ErrorCode::kTooLarge,
                    core::Words("一个标签的属性过多", "too many attributes in one tag"),
                    std::to_string(kMaxAttributes)
                );
            }
            const bool twice = std::any_of(taken.begin(), taken.end(), [&](const auto& other) {
                return other.name == name;
            });
            if (!space || name.empty() || twice) {
                return Fail(ErrorCode::kXmlSyntax);
            }
            SkipSpace();
            if (!Ahead("=")) {
                return Fail(ErrorCode::kXmlSyntax);
            }
            ++at_;
            SkipSpace();
            if (!Ahead("\"") && !Ahead("'")) {
                return Fail(ErrorCode::kXmlSyntax);
            }
            KQ_TRY(AttributeValue(name));
        }
    }

    Status AttributeValue(std::string_view name) {
        const std::size_t start = at_ + 1;
        const std::size_t end = text_.find(text_[at_], start);
        if (end == std::string_view::npos) {
            return Fail(ErrorCode::kXmlSyntax);
        }
        for (at_ = start; at_ < end; ++at_) {
            if (text_[at_] == '&') {
                KQ_TRY(Reference(end));
            } else if (text_[at_] == '<') {
                return Fail(ErrorCode::kXmlSyntax);
            }
        }
        at_ = end + 1;
        document_.attributes_.push_back({name, text_.substr(start, end - start)});
        return {};
    }

    Status EndTag() {
        const std::size_t start = at_;
        at_ += 2;
        const std::string_view name = Name();
        SkipSpace();
        if (open_.empty() || open_.back().name != name || !Ahead(">")) {
            at_ = start;
            return Fail(ErrorCode::kXmlSyntax);
        }
        ++at_;
        div_depth_ -= div_depth_ > 0 ? 1 : 0;
        Finish(open_.back());
        open_.pop_back();
        return {};
    }

    void Finish(const Open& open) {
        if (open.recorded) {
            XmlElement& element = document_.elements_[open.index];
            element.source = text_.substr(open.start, at_ - open.start);
            element.next = static_cast<std::uint32_t>(document_.elements_.size());
        }
    }

    std::string_view text_;
    XmlDocument& document_;
    std::size_t at_ = 0;
    std::size_t div_depth_ = 0;  // open elements from the outermost div on
    bool seen_root_ = false;
    std::vector<Open> open_;
};

core::Result<XmlDocument> XmlDocument::Parse(std::string_view text) {
    if (text.size() > kXmlMaxBytes) {
        return MakeError(
            ErrorCode::kTooLarge,
            std::to_string(text.size()) + " B",
            std::to_string(kXmlMaxBytes) + " B"
        );
    }
    XmlDocument document;
    document.elements_.reserve(text.size() / 48 + 8);
    document.attributes_.reserve(text.size() / 48 + 8);
    KQ_TRY(XmlScanner(core::WithoutBom(text), document).Run());
    return document;
}

std::string_view Decoded(std::string_view raw, std::string& buffer) {
    if (raw.find_first_of("&\t\n\r") == std::string_view::npos) {
        return raw;
    }
    buffer.clear();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '&') {
            const std::size_t end = std::min(raw.find(';', i), raw.size());
            if (const auto character = Referenced(raw.substr(i + 1, end - i - 1))) {
                core::AppendUtf8(*character, buffer);
            }
            i = end;
        } else if (raw[i] == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n') {
            // A line end is one character to XML.
        } else {
            buffer.push_back(Is(raw[i], kSpace) ? ' ' : raw[i]);
        }
    }
    return buffer;
}

void AppendXmlAttribute(std::string_view value, std::string& out) {
    constexpr std::string_view kSpecial = "&<>\"\t\n\r";
    std::size_t from = 0;
    for (std::size_t at = value.find_first_of(kSpecial); at != std::string_view::npos;
         at = value.find_first_of(kSpecial, from)) {
        out += value.substr(from, at - from);
        switch (value[at]) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\t':
                out += "&#9;";
                break;
            case '\n':
                out += "&#10;";
                break;
            default:
                out += "&#13;";
        }
        from = at + 1;
    }
    out += value.substr(from);
}

}  // namespace kangqu::fhir
