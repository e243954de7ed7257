#include "kangqu/app/files.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/xml.hpp"

#include "commands.hpp"
#include "validation.hpp"
#include <cstdio>

namespace kangqu::app {

namespace {

// Answers for every resource of the files, one OperationOutcome a line.
class FileCheck {
public:
    FileCheck(const validate::Validator& validator, const Arguments& arguments)
        : validator_(validator) {
        if (!arguments.Get("profile").empty()) {
            options_.profiles.push_back(arguments.Get("profile"));
        }
        language_ = arguments.Get("language") == "en" ? core::Language::kEn : core::Language::kZh;
    }

    core::Status File(const std::string& path) {
        if (path.find(".ndjson") == std::string::npos) {
            KQ_ASSIGN(std::string text, ReadWhole(path));
            Text(std::move(text));
            return {};
        }
        KQ_ASSIGN(const auto file, InputFile::Open(path));
        return ForEachLine(*file, [this](std::int64_t, std::string text, bool) -> core::Status {
            Text(std::move(text));
            return {};
        });
    }

    bool all_valid() const noexcept { return all_valid_; }

private:
    void Text(std::string text) {
        const auto issues = IssuesOf(std::move(text));
        all_valid_ = all_valid_ && validate::IsValid(issues);
        std::puts(validate::OperationOutcome(issues, language_).c_str());
    }

    std::vector<validate::Issue> IssuesOf(std::string text) const {
        if (fhir::LooksLikeXml(text)) {
            auto json = fhir::JsonFromXml(text, fhir::XmlOrder::kDefined);
            if (!json.ok()) {
                return {{validate::Severity::kError, json.error()}};
            }
            text = *std::move(json);
        }
        const auto document = core::JsonDocument::Parse(std::move(text));
        if (!document.ok()) {
            return {{validate::Severity::kError, document.error()}};
        }
        return validator_.Validate((*document)->root(), options_);
    }

    const validate::Validator& validator_;
    validate::Options options_;
    core::Language language_;
    bool all_valid_ = true;
};

int RunValidate(const Arguments& arguments) {
    const core::SystemClock clock;
    const auto made = Validation::Make(clock, arguments.Get("definitions"));
    if (!made.ok()) {
        return Fail(made.error());
    }
    FileCheck check((*made)->validator(), arguments);
    const auto files = ExpandPaths(arguments.operands);
    if (!files.ok()) {
        return Fail(files.error());
    }
    for (const std::string& file : *files) {
        if (const auto done = check.File(file); !done.ok()) {
            return Fail(done.error());
        }
    }
    return check.all_valid() ? kDone : kAnswerIsNo;
}

}  // namespace

void AddValidateCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"validate",
         "FILE...",
         "check resources against R4 and profiles, one OperationOutcome a line",
         {{"profile", "URL", "", "also check against this profile"},
          {"definitions", "PATH", "", "StructureDefinitions and value sets, a file or a folder"},
          {"language", "zh|en", "zh", "of the messages"}},
         1,
         10'000,
         RunValidate}
    );
}

}  // namespace kangqu::app
