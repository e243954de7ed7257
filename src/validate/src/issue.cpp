#include "kangqu/validate/issue.hpp"

#include "kangqu/core/json.hpp"

#include <algorithm>

namespace kangqu::validate {

namespace {

std::string_view Word(Severity severity) noexcept {
    switch (severity) {
        case Severity::kError:
            return "error";
        case Severity::kWarning:
            return "warning";
        case Severity::kInformation:
            return "information";
    }
    return {};
}

void AppendIssue(const Issue& issue, core::Language language, core::JsonWriter& writer) {
    const core::ErrorFacts& facts = core::FactsOf(issue.error.code);
    writer.BeginObject().Field("severity", Word(issue.severity)).Field("code", facts.issue_type);
    writer.Key("details").BeginObject().Key("coding").BeginArray().BeginObject();
    writer.Field("system", "urn:kangqu:error").Field("code", facts.code);
    writer.EndObject().EndArray().Field("text", issue.error.Text(language)).EndObject();
    if (!issue.error.where.empty()) {
        writer.Key("expression").BeginArray().String(issue.error.where).EndArray();
    }
    writer.EndObject();
}

}  // namespace

bool IsValid(const std::vector<Issue>& issues) noexcept {
    return std::none_of(issues.begin(), issues.end(), [](const Issue& issue) {
        return issue.severity == Severity::kError;
    });
}

std::string OperationOutcome(const std::vector<Issue>& issues, core::Language language) {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject().Field("resourceType", "OperationOutcome").Key("issue").BeginArray();
    for (const Issue& issue : issues) {
        AppendIssue(issue, language, writer);
    }
    if (issues.empty()) {
        writer.BeginObject().Field("severity", "information").Field("code", "informational");
        writer.Key("details").BeginObject();
        writer.Field(
            "text", language == core::Language::kZh ? "没有发现错误。" : "No errors found."
        );
        writer.EndObject().EndObject();
    }
    writer.EndArray().EndObject();
    return out;
}

}  // namespace kangqu::validate
