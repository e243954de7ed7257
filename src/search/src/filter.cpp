#include "compiler.hpp"
#include "values.hpp"
#include <array>
#include <functional>

namespace kangqu::search {

namespace {

using fhir::SearchKind;

// Brackets in one expression; deeper ones are refused.
constexpr int kMaxFilterDepth = 16;

class FilterParser {
public:
    FilterParser(
        const QueryPair& pair,
        const std::function<core::Result<Node>(const QueryPair&)>& leaf,
        const std::function<SearchKind(std::string_view)>& kind_of
    )
        : pair_(pair), rest_(pair.second), leaf_(leaf), kind_of_(kind_of) {}

    core::Result<Node> Run() {
        KQ_ASSIGN(Node node, Or(0));
        SkipSpaces();
        if (!rest_.empty()) {
            return Wrong(rest_);
        }
        return node;
    }

private:
    core::Error Wrong(std::string_view where) const {
        return BadValue(
            pair_, "name eq \"x\" and (a gt 1 or not (b pr true)) @ " + std::string(where)
        );
    }

    void SkipSpaces() {
        while (rest_.starts_with(' ')) {
            rest_.remove_prefix(1);
        }
    }

    // A word up to a space or a closing bracket.
    std::string_view Word() {
        SkipSpaces();
        const std::string_view word = rest_.substr(0, rest_.find_first_of(" ()"));
        rest_.remove_prefix(word.size());
        return word;
    }

    bool TakeWord(std::string_view wanted) {
        const std::string_view before = rest_;
        if (Word() == wanted) {
            return true;
        }
        rest_ = before;
        return false;
    }

    bool TakeSign(char sign) {
        SkipSpaces();
        if (!rest_.starts_with(sign)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    core::Result<Node> Or(int depth) {
        return Joined(depth, Node::Kind::kAny, "or", &FilterParser::And);
    }
    core::Result<Node> And(int depth) {
        return Joined(depth, Node::Kind::kAll, "and", &FilterParser::One);
    }

    core::Result<Node> Joined(
        int depth,
        Node::Kind kind,
        std::string_view word,
        core::Result<Node> (FilterParser::*part)(int)
    ) {
        Node all;
        all.kind = kind;
        do {
            KQ_ASSIGN(Node one, (this->*part)(depth));
            all.nodes.push_back(std::move(one));
        } while (TakeWord(word));
        return all.nodes.size() == 1 ? std::move(all.nodes.front()) : all;
    }

    core::Result<Node> One(int depth) {
        if (depth > kMaxFilterDepth) {
            return Wrong(rest_);
        }
        if (TakeWord("not")) {
            Node negated;
            negated.kind = Node::Kind::kNot;
            KQ_ASSIGN(Node inner, One(depth + 1));
            negated.nodes.push_back(std::move(inner));
            return negated;
        }
        if (TakeSign('(')) {
            KQ_ASSIGN(Node inner, Or(depth + 1));
            if (!TakeSign(')')) {
                return Wrong(rest_);
            }
            return inner;
        }
        return Comparison();
    }

    // "text" with \" and \\, or a bare word; commas lose their meaning.
    core::Result<std::string> Operand() {
        std::string out;
        const auto add = [&](char c) {
            if (c == ',' || c == '\\') {
                out.push_back('\\');
            }
            out.push_back(c);
        };
        if (!TakeSign('"')) {
            for (const char c : Word()) {
                add(c);
            }
            return out;
        }
        for (std::size_t at = 0; at < rest_.size(); ++at) {
            if (rest_[at] == '\\' && at + 1 < rest_.size()) {
                add(rest_[++at]);
            } else if (rest_[at] == '"') {
                rest_.remove_prefix(at + 1);
                return out;
            } else {
                add(rest_[at]);
            }
        }
        return Wrong("\"");
    }

    core::Result<Node> Comparison() {
        const std::string name(Word());
        const std::string_view op = Word();
        KQ_ASSIGN(const std::string value, Operand());
        if (name.empty() || value.empty()) {
            return Wrong(rest_);
        }
        const SearchKind kind = kind_of_(name);
        if (op == "eq" || op == "re") {
            return leaf_({name + (kind == SearchKind::kString ? ":exact" : ""), value});
        }
        if (op == "ne") {
            Node negated;
            negated.kind = Node::Kind::kNot;
            KQ_ASSIGN(
                Node inner, leaf_({name + (kind == SearchKind::kString ? ":exact" : ""), value})
            );
            negated.nodes.push_back(std::move(inner));
            return negated;
        }
        if (op == "pr") {
            return leaf_({name + ":missing", value == "true" ? "false" : "true"});
        }
        constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kModifiers = {
            {{"co", ":contains"},
             {"sw", ""},
             {"ss", ":below"},
             {"sb", ":above"},
             {"in", ":in"},
             {"ni", ":not-in"}}};
        for (const auto& [text, modifier] : kModifiers) {
            if (op == text) {
                return leaf_({name + std::string(modifier), value});
            }
        }
        for (const std::string_view prefix : {"gt", "lt", "ge", "le", "ap", "sa", "eb"}) {
            const bool ordered = kind == SearchKind::kNumber || kind == SearchKind::kDate ||
                                 kind == SearchKind::kQuantity || name == "_lastUpdated";
            if (op == prefix && ordered) {
                return leaf_({name, std::string(prefix) + value});
            }
        }
        return Wrong(op);
    }

    const QueryPair& pair_;
    std::string_view rest_;
    const std::function<core::Result<Node>(const QueryPair&)>& leaf_;
    const std::function<SearchKind(std::string_view)>& kind_of_;
};

}  // namespace

core::Result<Node> ParseFilter(
    const QueryPair& pair,
    const std::function<core::Result<Node>(const QueryPair&)>& leaf,
    const std::function<SearchKind(std::string_view)>& kind_of
) {
    return FilterParser(pair, leaf, kind_of).Run();
}

}  // namespace kangqu::search
