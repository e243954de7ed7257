#include "kangqu/core/result.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace kangqu::core {

namespace {

constexpr ErrorFacts kFacts[] = {
#define KQ_ERROR(constant, code, http, issue, zh, en) {code, http, issue, zh, en},
#include "kangqu/core/error_table.inc"
#undef KQ_ERROR
};

constexpr ErrorCode kCodes[] = {
#define KQ_ERROR(constant, code, http, issue, zh, en) ErrorCode::constant,
#include "kangqu/core/error_table.inc"
#undef KQ_ERROR
};

// Stands between the two texts of Words(); no text of a user has it.
constexpr char kBetweenLanguages = '\x1f';

std::string_view InLanguage(std::string_view arg, Language language) noexcept {
    const std::size_t middle = arg.find(kBetweenLanguages);
    if (middle == std::string_view::npos) {
        return arg;
    }
    return language == Language::kZh ? arg.substr(0, middle) : arg.substr(middle + 1);
}

}  // namespace

std::string Words(std::string_view zh, std::string_view en) {
    return std::string(zh) + kBetweenLanguages + std::string(en);
}

void CheckFailed(const char* condition, const char* why, const char* file, int line) noexcept {
    std::fprintf(stderr, "%s:%d: check failed: %s (%s)\n", file, line, why, condition);
    std::abort();
}

const ErrorFacts& FactsOf(ErrorCode code) noexcept {
    return kFacts[static_cast<std::size_t>(code)];
}

std::optional<ErrorCode> FindErrorCode(std::string_view code) noexcept {
    for (const ErrorCode candidate : kCodes) {
        if (FactsOf(candidate).code == code) {
            return candidate;
        }
    }
    return std::nullopt;
}

std::string Error::Text(Language language) const {
    const ErrorFacts& facts = FactsOf(code);
    const std::string_view pattern = language == Language::kZh ? facts.zh : facts.en;
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool slot = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
        if (!slot) {
            text += pattern[i];
            continue;
        }
        const auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
        if (index < args.size()) {
            text += InLanguage(args[index], language);
        }
        i += 2;
    }
    return text;
}

std::string Error::Line(Language language) const {
    return where.empty() ? Text(language) : where + ": " + Text(language);
}

}  // namespace kangqu::core
