// _text and _content: the words of a record itself.
#include "kangqu/core/json.hpp"

#include "normal.hpp"
#include "page.hpp"
#include <algorithm>

namespace kangqu::search {

namespace {

using core::JsonNode;

// Narrative without its tags.
std::string WithoutTags(std::string_view html) {
    std::string out;
    bool inside = false;
    for (const char c : html) {
        inside = c == '<' || (inside && c != '>');
        if (c == '<') {
            out.push_back(' ');
        } else if (!inside && c != '>') {
            out.push_back(c);
        }
    }
    return out;
}

// All strings of a value that a person would read.
void Collect(JsonNode node, std::string& out) {
    if (node.is_string()) {
        out += node.key() == "div" ? WithoutTags(node.text()) : std::string(node.text());
        out.push_back(' ');
        return;
    }
    for (JsonNode child = node.first(); child; child = child.next()) {
        Collect(child, out);
    }
}

}  // namespace

core::Result<bool> HoldsTexts(
    store::Reader& reader,
    const std::vector<TextSearch>& texts,
    store::Home home,
    store::RecordKey key
) {
    KQ_ASSIGN(const auto version, reader.Current(home, key));
    if (!version || version->method == store::Method::kDelete) {
        return false;
    }
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(version->body));
    for (const TextSearch& text : texts) {
        std::string words;
        Collect(text.whole ? document->root() : document->root()["text"]["div"], words);
        const std::string normal = Normalised(words);
        const bool all = std::all_of(text.words.begin(), text.words.end(), [&](const auto& word) {
            return normal.find(word) != std::string::npos;
        });
        if (!all) {
            return false;
        }
    }
    return true;
}

}  // namespace kangqu::search
