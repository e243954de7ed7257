#include "template.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/json.hpp"

#include "table_source.hpp"
#include <algorithm>
#include <cstdio>

namespace kangqu::synth {

Template Template::OfJson(std::string_view text, std::string_view meta) {
    auto document = core::JsonDocument::Parse(std::string(text));
    KQ_CHECK(document.ok(), "a template of the synthetic district is no JSON");
    const core::JsonNode root = (*document)->root();
    Template made;
    made.type_ = root["resourceType"].text();
    made.AddNode(root, made.type_.empty() ? std::string_view() : meta);
    return made;
}

Template Template::OfText(std::string_view text) {
    Template made;
    made.AddText(text);
    return made;
}

void Template::AddLiteral(std::string_view text) {
    if (text.empty()) {
        return;
    }
    // Pieces behind an `if` are counted, so a literal may not grow over its end; AddNode starts a
    // new piece there by clearing nothing: literals are merged only with the very last piece.
    if (!pieces_.empty() && pieces_.back().kind == Piece::Kind::kLiteral &&
        pieces_.back().at + pieces_.back().size == text_.size()) {
        pieces_.back().size += static_cast<std::uint32_t>(text.size());
    } else {
        pieces_.push_back(
            {Piece::Kind::kLiteral,
             Slot::kCount,
             static_cast<std::uint32_t>(text_.size()),
             static_cast<std::uint32_t>(text.size())}
        );
    }
    text_ += text;
}

void Template::AddText(std::string_view text) {
    while (!text.empty()) {
        const std::size_t open = text.find("${");
        AddLiteral(text.substr(0, open));
        if (open == std::string_view::npos) {
            return;
        }
        const std::size_t close = text.find('}', open);
        KQ_CHECK(close != std::string_view::npos, "a slot of a template is not closed");
        const Slot slot = SlotOf(text.substr(open + 2, close - open - 2));
        pieces_.push_back({Piece::Kind::kSlot, slot, 0, 0});
        text.remove_prefix(close + 1);
    }
}

void Template::AddObject(core::JsonNode node, std::string_view meta) {
    AddLiteral("{");
    bool first = true;
    for (core::JsonNode member = node.first(); member; member = member.next()) {
        std::string_view key = member.key();
        std::size_t condition = 0;
        if (key[0] == '?') {
            KQ_CHECK(!first, "the first member of an object cannot be left out");
            const std::size_t colon = key.find(':');
            condition = pieces_.size() + 1;
            pieces_.push_back({Piece::Kind::kIf, SlotOf(key.substr(1, colon - 1)), 0, 0});
            key.remove_prefix(colon + 1);
            // What follows must not be merged into a literal in front of the `if`.
        }
        AddLiteral(first ? "\"" : ",\"");
        AddLiteral(key);
        AddLiteral("\":");
        AddNode(member, {});
        if (condition > 0) {
            pieces_[condition - 1].size = static_cast<std::uint32_t>(pieces_.size() - condition);
            // An empty gap in the text keeps later literals from growing the skipped one.
            text_ += '\n';
        }
        if (first == false && key == "id" && !meta.empty()) {
            AddLiteral(",\"meta\":");
            AddLiteral(meta);
        }
        first = false;
    }
    AddLiteral("}");
}

void Template::AddNode(core::JsonNode node, std::string_view meta) {
    if (node.is_object()) {
        AddObject(node, meta);
    } else if (node.is_array()) {
        AddLiteral("[");
        for (core::JsonNode element = node.first(); element; element = element.next()) {
            AddNode(element, {});
            if (element.next()) {
                AddLiteral(",");
            }
        }
        AddLiteral("]");
    } else if (node.is_string()) {
        const std::string_view text = node.text();
        const bool bare = text.substr(0, 3) == "${#" && text.find('}') == text.size() - 1;
        if (bare) {
            pieces_.push_back({Piece::Kind::kSlot, SlotOf(text.substr(3, text.size() - 4)), 0, 0});
        } else {
            const std::string_view raw = node.raw();
            AddText(raw);
        }
    } else {
        AddLiteral(node.raw());
    }
}

void Template::Append(const Fill& fill, std::string& out) const {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const Piece& piece = pieces_[i];
        if (piece.kind == Piece::Kind::kLiteral) {
            out.append(text_, piece.at, piece.size);
        } else if (piece.kind == Piece::Kind::kSlot) {
            out += fill[piece.slot];
        } else if (fill[piece.slot].empty()) {
            i += piece.size;
        }
    }
}

Templates::Templates(std::string_view meta) {
    for (const TableSource& source : CompiledTemplates()) {
        const bool json =
            source.name.size() > 5 && source.name.substr(source.name.size() - 5) == ".json";
        all_.push_back(
            {source.name,
             json ? Template::OfJson(source.text, meta) : Template::OfText(source.text)}
        );
    }
    std::sort(all_.begin(), all_.end(), [](const Named& a, const Named& b) {
        return a.name < b.name;
    });
}

const Template& Templates::operator[](std::string_view name) const {
    const auto found =
        std::lower_bound(all_.begin(), all_.end(), name, [](const Named& a, std::string_view n) {
            return a.name < n;
        });
    if (found == all_.end() || found->name != name) {
        std::fprintf(
            stderr, "synth: no template named %.*s\n", static_cast<int>(name.size()), name.data()
        );
    }
    KQ_CHECK(found != all_.end() && found->name == name, "a template is not compiled in");
    return found->made;
}

}  // namespace kangqu::synth
