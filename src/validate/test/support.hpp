#pragma once

#include "kangqu/validate/validator.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::validate::test {

// Knows a few sets by a word: "set|system|code".
class FewCodes : public Codes {
public:
    explicit FewCodes(std::set<std::string> members, std::set<std::string> sets)
        : members_(std::move(members)), sets_(std::move(sets)) {}

    Answer Contains(std::string_view set, std::string_view system, std::string_view code)
        const override {
        const std::string name(set.substr(0, set.find('|')));
        if (!sets_.contains(name)) {
            return Answer::kUnknown;
        }
        const std::string key = name + "|" + std::string(system) + "|" + std::string(code);
        return members_.contains(key) ? Answer::kYes : Answer::kNo;
    }

private:
    std::set<std::string> members_;
    std::set<std::string> sets_;
};

// Each issue as "severity code @where".
inline std::vector<std::string> Lines(const std::vector<Issue>& issues) {
    std::vector<std::string> out;
    for (const Issue& issue : issues) {
        const char* const severity = issue.severity == Severity::kError     ? "error"
                                     : issue.severity == Severity::kWarning ? "warning"
                                                                            : "information";
        out.push_back(
            std::string(severity) + " " + std::string(core::FactsOf(issue.error.code).code) + " @" +
            issue.error.where
        );
    }
    return out;
}

inline const Validator& Base() {
    static const Validator validator(std::make_unique<Definitions>(), nullptr);
    return validator;
}

inline std::vector<std::string>
Check(const std::string& json, const Validator& validator = Base(), const Options& options = {}) {
    const auto document = core::JsonDocument::Parse(json);
    EXPECT_TRUE(document.ok()) << json;
    return Lines(validator.Validate((*document)->root(), options));
}

// R4 with more StructureDefinitions.
inline std::unique_ptr<Validator>
With(const std::vector<std::string>& structures, const Codes* codes = nullptr) {
    auto definitions = std::make_unique<Definitions>();
    for (const std::string& json : structures) {
        auto document = core::JsonDocument::Parse(json);
        EXPECT_TRUE(document.ok()) << json;
        definitions->Add(*std::move(document));
    }
    return std::make_unique<Validator>(std::move(definitions), codes);
}

using Found = std::vector<std::string>;

}  // namespace kangqu::validate::test
