// WebAssembly: the regular expressions of the host. Patterns arrive in packs that the server has
// checked with RE2, so none of them has what makes a backtracking host slow on purpose.
#include "regular_expression.hpp"

#ifdef __EMSCRIPTEN__

#include <cstdlib>

// In wasm/host_regex.js.
extern "C" {
int kq_regex_check(const char* pattern);
int kq_regex_test(const char* pattern, const char* text, int whole);
char* kq_regex_replace(const char* pattern, const char* text, const char* replacement);
char* kq_regex_split(const char* pattern, const char* text);
}

namespace kangqu::expression {

namespace {

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
