#include "kangqu/fhir/resource.hpp"

namespace kangqu::fhir {

namespace {

// A FHIRPath begins with a type name; other places (a file and line) go to `diagnostics`.
bool IsPath(std::string_view where) noexcept {
    const auto number = FindType(where.substr(0, where.find_first_of(".[")));
    return number != kNoType && TypeOf(number).kind != TypeKind::kPrimitive;
}

void AppendIssue(const core::Error& error, core::Language language, core::JsonWriter& writer) {
    const core::ErrorFacts& facts = core::FactsOf(error.code);
    writer.BeginObject().Field("severity", "error").Field("code", facts.issue_type);
    writer.Key("details").BeginObject().Key("coding").BeginArray().BeginObject();
    writer.Field("system", "urn:kangqu:error").Field("code", facts.code);
    writer.EndObject().EndArray().Field("text", error.Text(language)).EndObject();
    if (IsPath(error.where)) {
        writer.Key("expression").BeginArray().String(error.where).EndArray();
    } else if (!error.where.empty()) {
        writer.Field("diagnostics", error.where);
    }
    writer.EndObject();
}

}  // namespace

std::string OperationOutcome(const std::vector<core::Error>& errors, core::Language language) {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject().Field("resourceType", "OperationOutcome").Key("issue").BeginArray();
    for (const core::Error& error : errors) {
        AppendIssue(error, language, writer);
    }
    if (errors.empty()) {
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

}  // namespace kangqu::fhir
