#include "texts.hpp"
#include "walk.hpp"
#include <algorithm>
#include <set>
#include <vector>

namespace kangqu::validate {

namespace {

using core::Words;

bool IsSpace(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool IsNameCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == ':';
}

// The basic formatting elements of HTML 4 (chapters 7 to 11, 15), a, img and b.
bool IsAllowedElement(std::string_view name) {
    static const std::set<std::string_view> kNames = {
        "a",       "abbr",  "acronym", "b",        "big", "blockquote", "br",    "caption",
        "cite",    "code",  "col",     "colgroup", "dd",  "dfn",        "div",   "dl",
        "dt",      "em",    "h1",      "h2",       "h3",  "h4",         "h5",    "h6",
        "hr",      "i",     "img",     "li",       "ol",  "p",          "pre",   "q",
        "samp",    "small", "span",    "strong",   "sub", "sup",        "table", "tbody",
        "td",      "tfoot", "th",      "thead",    "tr",  "tt",         "ul",    "var",
        "address", "bdo",   "del",     "ins",      "kbd", "map",        "area"};
    return kNames.contains(name);
}

bool IsAllowedAttribute(std::string_view element, std::string_view name) {
    static const std::set<std::string_view> kNames = {
        "abbr",       "accesskey",   "align",       "alt",        "axis",   "bgcolor", "border",
        "cellhalign", "cellpadding", "cellspacing", "cellvalign", "char",   "charoff", "charset",
        "cite",       "class",       "colspan",     "compact",    "coords", "dir",     "frame",
        "headers",    "height",      "href",        "hreflang",   "hspace", "id",      "lang",
        "longdesc",   "name",        "nowrap",      "rel",        "rev",    "rowspan", "rules",
        "scope",      "shape",       "span",        "src",        "start",  "style",   "summary",
        "tabindex",   "title",       "type",        "usemap",     "valign", "value",   "vspace",
        "width",      "xml:lang",    "xml:space",   "xmlns"};
    return kNames.contains(name) && !(element == "div" && name == "href");
}

// Reads a div and says what is wrong with it first; nothing when it is as it should be.
class NarrativeReader {
public:
    explicit NarrativeReader(std::string_view text) : text_(text) {}

    std::string Problem() {
        while (at_ < text_.size() && problem_.empty()) {
            if (text_[at_] == '<') {
                Markup();
            } else {
                visible_ = visible_ || !IsSpace(text_[at_]);
                ++at_;
            }
        }
        if (problem_.empty() && !open_.empty()) {
            NotWellFormed();
        } else if (problem_.empty() && !visible_) {
            problem_ = Words("没有可显示的内容", "it has no content to show");
        }
        return problem_;
    }

private:
    void NotWellFormed() { problem_ = Words("标签没有成对", "its tags do not match"); }

    bool Ahead(std::string_view wanted) const { return text_.substr(at_, wanted.size()) == wanted; }

    std::string_view Name() {
        const std::size_t start = at_;
        while (at_ < text_.size() && IsNameCharacter(text_[at_])) {
            ++at_;
        }
        return text_.substr(start, at_ - start);
    }

    void SkipSpace() {
        while (at_ < text_.size() && IsSpace(text_[at_])) {
            ++at_;
        }
    }

    void Markup() {
        if (Ahead("<!--")) {
            at_ = std::min(text_.find("-->", at_), text_.size() - 3) + 3;
        } else if (Ahead("<!") || Ahead("<?")) {
            problem_ = Words("含有不允许的标记", "it holds markup that is not allowed");
        } else if (Ahead("</")) {
            at_ += 2;
            const std::string_view name = Name();
            SkipSpace();
            if (open_.empty() || open_.back() != name || !Ahead(">")) {
                NotWellFormed();
            } else {
                open_.pop_back();
                ++at_;
            }
        } else {
            StartTag();
        }
    }

    void StartTag() {
        ++at_;
        const std::string_view name = Name();
        if (open_.empty() && (name != "div" || seen_)) {
            problem_ = Words("应为一个 div 元素", "it must be one div element");
            return;
        }
        seen_ = true;
        if (!IsAllowedElement(name)) {
            const std::string shown = Shown(name);
            problem_ = Words("不允许元素 " + shown, "element " + shown + " is not allowed");
            return;
        }
        visible_ = visible_ || name == "img";
        for (SkipSpace(); problem_.empty() && !Ahead(">") && !Ahead("/>"); SkipSpace()) {
            Attribute(name);
        }
        if (Ahead("/>")) {
            at_ += 2;
        } else {
            ++at_;
            open_.push_back(name);
        }
    }

    void Attribute(std::string_view element) {
        const std::string_view name = Name();
        SkipSpace();
        const bool equals = Ahead("=");
        at_ += equals ? 1 : 0;
        SkipSpace();
        const std::size_t end = equals && (Ahead("\"") || Ahead("'"))
                                    ? text_.find(text_[at_], at_ + 1)
                                    : std::string_view::npos;
        if (name.empty() || end == std::string_view::npos) {
            NotWellFormed();
            return;
        }
        const std::string_view value = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        const bool script = value.find("javascript:") != std::string_view::npos;
        if (script || (!IsAllowedAttribute(element, name) && !name.starts_with("xmlns:"))) {
            const std::string shown = Shown(name);
            problem_ = Words("不允许属性 " + shown, "attribute " + shown + " is not allowed");
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<std::string_view> open_;
    bool seen_ = false;
    bool visible_ = false;
    std::string problem_;
};

}  // namespace

void CheckNarrative(std::string_view div, const fhir::Place& place, Sink& sink) {
    std::string problem = NarrativeReader(div).Problem();
    if (!problem.empty()) {
        sink.Add(
            Severity::kError,
            place,
            core::MakeError(core::ErrorCode::kNarrativeInvalid, std::move(problem))
        );
    }
}

}  // namespace kangqu::validate
