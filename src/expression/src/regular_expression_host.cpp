// WebAssembly: the regular expressions of the host. Patterns arrive in packs that the server has
// checked with RE2, so none of them has what makes a backtracking host slow on purpose.
#include "regular_expression.hpp"

#ifdef __EMSCRIPTEN__

#include <cstdlib>

#include <emscripten.h>

namespace kangqu::expression {

namespace {

// clang-format off
EM_JS(int, kq_regex_check, (const char* pattern), {
    try { new RegExp(UTF8ToString(pattern), 'su'); return 1; } catch (e) { return 0; }
});
EM_JS(int, kq_regex_test, (const char* pattern, const char* text, int whole), {
    const source = UTF8ToString(pattern);
    return new RegExp(whole ? '^(?:' + source + ')$' : source, 'su').test(UTF8ToString(text)) ? 1 : 0;
});
// Texts are handed over with their end marked by a nul and taken back by free().
EM_JS(char*, kq_regex_replace, (const char* pattern, const char* text, const char* replacement), {
    let bad = false;
    const source = UTF8ToString(pattern);
    const expand = UTF8ToString(replacement);
    const out = UTF8ToString(text).replace(new RegExp(source, 'gsu'), (...found) => {
        const last = found[found.length - 1];
        const named = typeof last === 'object' ? last : undefined;
        const count = found.length - (named ? 3 : 2);
        return expand.replace(/\\(.)|\$\{([^}]*)\}|\$(\d+)|\$/gs, (all, escaped, name, number) => {
            if (escaped !== undefined) return escaped;
            let digits = number === undefined ? '' : number;
            let rest = '';
            while (digits.length > 1 && Number(digits) >= count) {
                rest = digits[digits.length - 1] + rest;
                digits = digits.slice(0, -1);
            }
            const known = name !== undefined ? named && name in named : digits !== '' && Number(digits) < count;
            if (!known) { bad = true; return ''; }
            const value = name !== undefined ? named[name] : found[Number(digits)];
            return (value === undefined ? '' : value) + rest;
        });
    });
    if (bad) return 0;
    const size = lengthBytesUTF8(out) + 1;
    const room = _malloc(size);
    stringToUTF8(out, room, size);
    return room;
});
// The parts between the matches, each behind its size in bytes and a colon.
EM_JS(char*, kq_regex_split, (const char* pattern, const char* text), {
    const whole = UTF8ToString(text);
    let from = 0;
    let out = "";
    const add = (part) => { out += lengthBytesUTF8(part) + ':' + part; };
    for (const found of whole.matchAll(new RegExp(UTF8ToString(pattern), 'gsu'))) {
        add(whole.slice(from, found.index));
        from = found.index + found[0].length;
    }
    add(whole.slice(from));
    const size = lengthBytesUTF8(out) + 1;
    const room = _malloc(size);
    stringToUTF8(out, room, size);
    return room;
});
// clang-format on

std::string Taken(char* text) {
    std::string out(text);
    std::free(text);
    return out;
}

class HostExpression final : public RegularExpression {
public:
    explicit HostExpression(std::string_view pattern) : pattern_(pattern) {}

    bool FoundIn(std::string_view text) const override {
        return kq_regex_test(pattern_.c_str(), std::string(text).c_str(), 0) != 0;
    }
    bool Matches(std::string_view text) const override {
        return kq_regex_test(pattern_.c_str(), std::string(text).c_str(), 1) != 0;
    }
    std::optional<std::string>
    Replace(std::string_view text, std::string_view replacement, std::size_t) const override {
        char* out = kq_regex_replace(
            pattern_.c_str(), std::string(text).c_str(), std::string(replacement).c_str()
        );
        return out == nullptr ? std::nullopt : std::optional(Taken(out));
    }
    std::vector<std::string> Split(std::string_view text) const override {
        const std::string parts =
            Taken(kq_regex_split(pattern_.c_str(), std::string(text).c_str()));
        std::vector<std::string> out;
        for (std::size_t at = 0; at < parts.size();) {
            const std::size_t colon = parts.find(':', at);
            const auto size = static_cast<std::size_t>(std::stoul(parts.substr(at, colon - at)));
            out.push_back(parts.substr(colon + 1, size));
            at = colon + 1 + size;
        }
        return out;
    }

private:
    std::string pattern_;
};

}  // namespace

std::unique_ptr<const RegularExpression>
RegularExpression::Compile(std::string_view pattern, std::string& why) {
    auto out = std::make_unique<HostExpression>(pattern);
    if (kq_regex_check(std::string(pattern).c_str()) == 0) {
        why = "the host does not take it";
        return nullptr;
    }
    return out;
}

}  // namespace kangqu::expression

#endif
