// Web pages, however untidy: what a reader of the page sees, one line a block.
#include "kangqu/core/utf8.hpp"

#include "source_parts.hpp"
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace kangqu::plan {

namespace {

constexpr std::size_t kMaxTagName = 16;
constexpr std::size_t kMaxEntity = 12;

constexpr std::array<std::string_view, 24> kBlocks = {
    "p",      "div",        "br",    "li",    "ul",     "ol", "h1",      "h2",
    "h3",     "h4",         "h5",    "h6",    "tr",     "hr", "section", "article",
    "header", "blockquote", "table", "title", "footer", "dd", "dt",      "pre"};
// Elements whose content is not shown.
constexpr std::array<std::string_view, 6> kHidden =
    {"script", "style", "noscript", "template", "svg", "head"};

struct Entity {
    std::string_view name;
    char32_t letter;
};
constexpr Entity kEntities[] = {
    {"nbsp", U' '},  {"lt", U'<'},     {"gt", U'>'},     {"amp", U'&'},    {"quot", U'"'},
    {"apos", U'\''}, {"ldquo", U'“'},  {"rdquo", U'”'},  {"lsquo", U'‘'},  {"rsquo", U'’'},
    {"mdash", U'—'}, {"ndash", U'–'},  {"hellip", U'…'}, {"middot", U'·'}, {"permil", U'‰'},
    {"ge", U'≥'},    {"le", U'≤'},     {"emsp", U' '},   {"ensp", U' '},   {"times", U'×'},
    {"deg", U'°'},   {"plusmn", U'±'}, {"sup2", U'²'},   {"micro", U'μ'},  {"copy", U'©'},
    {"bull", U'•'},  {"laquo", U'«'},  {"raquo", U'»'},  {"hearts", U'♥'}, {"yen", U'¥'}};

std::string LowerName(std::string_view html, std::size_t at) {
    std::string name;
    while (at < html.size() && name.size() < kMaxTagName &&
           std::isalnum(static_cast<unsigned char>(html[at])) != 0) {
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(html[at++])));
    }
    return name;
}

class Stripper {
public:
    explicit Stripper(std::string_view html) : html_(html) {}

    std::string Run() {
        while (at_ < html_.size() && out_.size() < kSourceMaxText) {
            if (html_[at_] == '<' && BeginsTag()) {
                Tag();
            } else if (html_[at_] == '&') {
                Reference();
            } else {
                Letter(html_[at_++]);
            }
        }
        return std::move(out_);
    }

private:
    bool BeginsTag() const {
        const char next = at_ + 1 < html_.size() ? html_[at_ + 1] : ' ';
        return next == '/' || next == '!' || next == '?' ||
               std::isalpha(static_cast<unsigned char>(next)) != 0;
    }

    // Spaces and line ends of the source are one space.
    void Letter(char c) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\0') {
            space_ = !out_.empty() && out_.back() != '\n' && out_.back() != '\t';
            return;
        }
        Append(std::string_view(&c, 1));
    }

    void Append(std::string_view letters) {
        // The source breaks its lines between Han characters too, where no space belongs.
        const bool han = !out_.empty() && (static_cast<unsigned char>(out_.back()) & 0x80U) != 0 &&
                         (static_cast<unsigned char>(letters.front()) & 0x80U) != 0;
        if (space_ && !han) {
            out_ += ' ';
        }
        space_ = false;
        out_ += letters;
    }

    void Break(char mark) {
        space_ = false;
        while (mark == '\n' && !out_.empty() && out_.back() == '\t') {
            out_.pop_back();
        }
        if (mark == '\t' || (!out_.empty() && out_.back() != '\n')) {
            out_ += mark;
        }
    }

    void Tag() {
        if (html_.substr(at_, 4) == "<!--") {
            const std::size_t end = html_.find("-->", at_);
            at_ = end == std::string_view::npos ? html_.size() : end + 3;
            return;
        }
        const bool closes = html_[at_ + 1] == '/';
        const std::string name = LowerName(html_, at_ + (closes ? 2 : 1));
        at_ = TagEnd();
        if (!closes && std::find(kHidden.begin(), kHidden.end(), name) != kHidden.end()) {
            SkipTo("</" + name);
            return;
        }
        if (name == "td" || name == "th") {
            if (closes) {
                Break('\t');
            }
            in_cell_ = !closes;
        } else if (name == "tr") {
            in_cell_ = false;
            Break('\n');
        } else if (!in_cell_ && std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end()) {
            Break('\n');
        }
    }

    // A '>' inside quotation marks does not end the tag.
    std::size_t TagEnd() const {
        char quote = '\0';
        for (std::size_t i = at_ + 1; i < html_.size(); ++i) {
            const char c = html_[i];
            if (quote != '\0') {
                quote = c == quote ? '\0' : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                return i + 1;
            }
        }
        // An unclosed quotation mark: the next '>' has to do.
        const std::size_t end = html_.find('>', at_);
        return end == std::string_view::npos ? html_.size() : end + 1;
    }

    void SkipTo(const std::string& closing) {
        for (std::size_t i = at_; i + closing.size() <= html_.size(); ++i) {
            bool same = true;
            for (std::size_t k = 0; k < closing.size() && same; ++k) {
                same = std::tolower(static_cast<unsigned char>(html_[i + k])) == closing[k];
            }
            if (same) {
                const std::size_t end = html_.find('>', i);
                at_ = end == std::string_view::npos ? html_.size() : end + 1;
                return;
            }
        }
        at_ = html_.size();
    }

    void Reference() {
        const std::size_t end = html_.substr(at_, kMaxEntity).find(';');
        if (end == std::string_view::npos || end < 2) {
            Letter(html_[at_++]);
            return;
        }
        const std::string_view name = html_.substr(at_ + 1, end - 1);
        char32_t letter = 0;
        if (name.front() == '#') {
            const bool hex = name.size() > 2 && (name[1] == 'x' || name[1] == 'X');
            const std::string_view digits = name.substr(hex ? 2 : 1);
            std::uint32_t code = 0;
            const auto [stop, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
            const bool whole = error == std::errc() && stop == digits.data() + digits.size();
            const bool valid = code >= 0x20 && code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
            letter = whole && valid ? static_cast<char32_t>(code) : U'\0';
        } else {
            for (const Entity& entity : kEntities) {
                letter = entity.name == name ? entity.letter : letter;
            }
        }
        if (letter == 0) {
            Letter(html_[at_++]);
            return;
        }
        at_ += end + 1;
        if (letter == U' ' || letter == 0xA0) {
            space_ = !out_.empty() && out_.back() != '\n';
        } else {
            Append(core::EncodeUtf8(std::u32string(1, letter)));
        }
    }

    std::string_view html_;
    std::size_t at_ = 0;
    std::string out_;
    bool space_ = false;
    bool in_cell_ = false;
};

}  // namespace

std::string TextOfHtml(std::string_view html) {
    return Stripper(html).Run();
}

}  // namespace kangqu::plan
