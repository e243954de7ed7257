#pragma once

#include "kangqu/core/utf8.hpp"

#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression::test {

// Enough XML for the published suites, which are well-formed: elements, attributes, text, comments.
struct Xml {
    std::string name;
    std::map<std::string, std::string> attributes;
    std::string text;  // directly inside, entities resolved
    std::string source;
    std::vector<Xml> children;

    std::string attribute(const std::string& key) const {
        const auto found = attributes.find(key);
        return found == attributes.end() ? std::string() : found->second;
    }
    const Xml* child(std::string_view wanted) const {
        for (const Xml& one : children) {
            if (one.name == wanted) {
                return &one;
            }
        }
        return nullptr;
    }
};

class XmlReader {
public:
    explicit XmlReader(std::string_view text) : text_(text) {}
    Xml Read() {
        SkipProlog();
        return Element();
    }

private:
    void SkipSpace() {
        while (at_ < text_.size() &&
               std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
            ++at_;
        }
    }
    bool SkipMarkup() {
        if (text_.substr(at_, 4) == "<!--") {
            at_ = text_.find("-->", at_) + 3;
            return true;
        }
        if (text_.substr(at_, 2) == "<?" || text_.substr(at_, 2) == "<!") {
            at_ = text_.find('>', at_) + 1;
            return true;
        }
        return false;
    }
    void SkipProlog() {
        at_ = text_.find('<');
        do {
            SkipSpace();
        } while (SkipMarkup());
        at_ = text_.find('<', at_);
    }
    static std::string Decoded(std::string_view raw) {
        static const std::map<std::string, std::string> kNames = {
            {"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}};
        std::string out;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const std::size_t end = raw[i] == '&' ? raw.find(';', i) : std::string_view::npos;
            if (end == std::string_view::npos) {
                out += raw[i];
                continue;
            }
            const std::string name(raw.substr(i + 1, end - i - 1));
            if (name[0] == '#') {
                const bool hex = name[1] == 'x';
                core::AppendUtf8(
                    static_cast<char32_t>(
                        std::strtoul(name.c_str() + (hex ? 2 : 1), nullptr, hex ? 16 : 10)
                    ),
                    out
                );
            } else {
                const auto found = kNames.find(name);
                out += found == kNames.end() ? "" : found->second;
            }
            i = end;
        }
        return out;
    }
    std::string Name() {
        const std::size_t start = at_;
        at_ = text_.find_first_of(" \t\r\n=/>", at_);
        std::string name(text_.substr(start, at_ - start));
        return name.substr(name.find(':') + 1);
    }
    Xml Element() {
        Xml out;
        const std::size_t start = at_++;
        out.name = Name();
        for (SkipSpace(); text_[at_] != '>' && text_[at_] != '/'; SkipSpace()) {
            const std::string key = Name();
            SkipSpace();
            ++at_;
            SkipSpace();
            const char quote = text_[at_++];
            const std::size_t end = text_.find(quote, at_);
            out.attributes[key] = Decoded(text_.substr(at_, end - at_));
            at_ = end + 1;
        }
        if (text_[at_] == '/') {
            at_ += 2;
        } else {
            ++at_;
            Inside(out);
        }
        out.source = text_.substr(start, at_ - start);
        return out;
    }
    void Inside(Xml& out) {
        for (;;) {
            const std::size_t tag = text_.find('<', at_);
            out.text += Decoded(text_.substr(at_, tag - at_));
            at_ = tag;
            if (text_.substr(at_, 2) == "</") {
                at_ = text_.find('>', at_) + 1;
                return;
            }
            if (!SkipMarkup()) {
                out.children.push_back(Element());
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace kangqu::expression::test
