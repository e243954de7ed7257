#include "regular_expression.hpp"

#ifndef __EMSCRIPTEN__

#include <algorithm>

#include <re2/re2.h>

namespace kangqu::expression {

namespace {

// Memory of one compiled pattern: enough for any that is written by hand.
constexpr std::int64_t kMaxPatternMemory = std::int64_t{4} << 20U;
constexpr int kMaxGroups = 64;

// (?<name>...) as RE2 writes it.
std::string Translated(std::string_view pattern) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) {
            out += pattern[i];
            out += pattern[++i];
            continue;
        }
        const bool named = pattern.substr(i).starts_with("(?<") && i + 3 < pattern.size() &&
                           pattern[i + 3] != '=' && pattern[i + 3] != '!';
        out += named ? "(?P<" : std::string(1, pattern[i]);
        i += named ? 2 : 0;
    }
    return out;
}

class Re2Expression final : public RegularExpression {
public:
    explicit Re2Expression(std::string_view pattern) : re_(Translated(pattern), Options()) {}
    const re2::RE2& re() const { return re_; }

    bool FoundIn(std::string_view text) const override {
        return re2::RE2::PartialMatch(Piece(text), re_);
    }
    bool Matches(std::string_view text) const override {
        return re2::RE2::FullMatch(Piece(text), re_);
    }

    std::optional<std::string>
    Replace(std::string_view text, std::string_view replacement, std::size_t limit) const override {
        std::string out;
        std::size_t from = 0;
        bool good = true;
        Walk(text, [&](const re2::StringPiece* groups, std::size_t at) {
            out.append(text.substr(from, at - from));
            good = good && Expand(groups, replacement, out);
            from = at + groups[0].size();
            return good && out.size() <= limit;
        });
        out.append(text.substr(from));
        return good ? std::optional(std::move(out)) : std::nullopt;
    }

    std::vector<std::string> Split(std::string_view text) const override {
        std::vector<std::string> out;
        std::size_t from = 0;
        Walk(text, [&](const re2::StringPiece* groups, std::size_t at) {
            out.emplace_back(text.substr(from, at - from));
            from = at + groups[0].size();
            return true;
        });
        out.emplace_back(text.substr(from));
        return out;
    }

private:
    static re2::RE2::Options Options() {
        re2::RE2::Options options;
        options.set_dot_nl(true);
        options.set_log_errors(false);
        options.set_max_mem(kMaxPatternMemory);
        return options;
    }
    static re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }
    static std::size_t Next(std::string_view text, std::size_t at) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
            ++at;
        }
        return at;
    }

    // Calls `visit` for each match from left to right, with its groups and its place, while it
    // answers yes.
    template <class Visit>
    void Walk(std::string_view text, const Visit& visit) const {
        const int count = std::min(re_.NumberOfCapturingGroups() + 1, kMaxGroups);
        std::vector<re2::StringPiece> groups(static_cast<std::size_t>(count));
        for (std::size_t at = 0; at <= text.size();) {
            if (!re_.Match(
                    Piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(), count
                )) {
                return;
            }
            const auto start = static_cast<std::size_t>(groups[0].data() - text.data());
            if (!visit(groups.data(), start)) {
                return;
            }
            at = start + groups[0].size();
            at = groups[0].empty() ? Next(text, at) : at;
        }
    }

    // The number of the group a replacement names at `at`, moved behind the name; -1 for none.
    int GroupAt(std::string_view replacement, std::size_t& at) const {
        if (at < replacement.size() && replacement[at] == '{') {
            const std::size_t end = replacement.find('}', at);
            if (end == std::string_view::npos) {
                return -1;
            }
            const std::string name(replacement.substr(at + 1, end - at - 1));
            at = end + 1;
            const auto& names = re_.NamedCapturingGroups();
            const auto found = names.find(name);
            return found == names.end() ? -1 : found->second;
        }
        int number = -1;
        while (at < replacement.size() && replacement[at] >= '0' && replacement[at] <= '9') {
            const int longer = std::max(number, 0) * 10 + (replacement[at] - '0');
            if (number >= 0 && longer > re_.NumberOfCapturingGroups()) {
                break;
            }
            number = longer;
            ++at;
        }
        return number > re_.NumberOfCapturingGroups() ? -1 : number;
    }

    bool Expand(const re2::StringPiece* groups, std::string_view replacement, std::string& out)
        const {
        for (std::size_t at = 0; at < replacement.size();) {
            const char c = replacement[at++];
            if (c == '\\' && at < replacement.size()) {
                out += replacement[at++];
            } else if (c == '$') {
                const int group = GroupAt(replacement, at);
                if (group < 0 || group >= kMaxGroups) {
                    return false;
                }
                out.append(groups[group].data(), groups[group].size());
            } else {
                out += c;
            }
        }
        return true;
    }

    re2::RE2 re_;
};

}  // namespace

std::unique_ptr<const RegularExpression>
RegularExpression::Compile(std::string_view pattern, std::string& why) {
    auto out = std::make_unique<Re2Expression>(pattern);
    if (!out->re().ok()) {
        why = out->re().error();
        return nullptr;
    }
    return out;
}

}  // namespace kangqu::expression

#endif
