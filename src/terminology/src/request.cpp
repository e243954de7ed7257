#include "request.hpp"

#include <charconv>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

std::string_view Request::Text(std::string_view name) const {
    for (const OperationParameter& one : operation_.parameters) {
        if (one.name == name) {
            return one.value;
        }
    }
    return {};
}

JsonNode Request::Node(std::string_view name) const {
    for (const OperationParameter& one : operation_.parameters) {
        if (one.name == name) {
            return one.node;
        }
    }
    return {};
}

std::vector<std::string_view> Request::All(std::string_view name) const {
    std::vector<std::string_view> out;
    for (const OperationParameter& one : operation_.parameters) {
        if (one.name == name) {
            out.emplace_back(one.value);
        }
    }
    return out;
}

core::Error Request::Missing(std::string_view parameter) const {
    return MakeError(ErrorCode::kOperationParameter, "$" + operation_.name, std::string(parameter));
}

core::Result<std::int64_t>
Request::Number(std::string_view name, std::int64_t fallback, std::int64_t most) const {
    const std::string_view text = Text(name);
    if (text.empty()) {
        return fallback;
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > most) {
        return Missing(name);
    }
    return value;
}

core::Result<core::CivilDate> Request::Day() const {
    const std::string_view text = Text("date");
    if (text.empty()) {
        return state_.today;
    }
    // A date that is known to the year or month means its first day.
    constexpr std::string_view kFirst = "0001-01-01";
    const std::string day = std::string(text.substr(0, 10)) +
                            std::string(kFirst.substr(std::min(text.size(), kFirst.size())));
    const auto date = core::ParseDate(day);
    return date ? core::Result<core::CivilDate>(*date)
                : core::Result<core::CivilDate>(Missing("date"));
}

std::string Request::Language() const {
    const std::string_view asked = Text("displayLanguage");
    return !asked.empty()                               ? std::string(asked)
           : operation_.language == core::Language::kZh ? "zh"
                                                        : "en";
}

CodingText Request::ReadCoding(JsonNode node) {
    return {
        std::string(node["system"].text()),
        std::string(node["version"].text()),
        std::string(node["code"].text()),
        std::string(node["display"].text())};
}

core::Result<std::vector<CodingText>> Request::Codings(std::string_view coding) const {
    std::vector<CodingText> out;
    if (const JsonNode node = Node(coding); node) {
        out.push_back(ReadCoding(node));
    } else if (const JsonNode concept_node = Node("codeableConcept"); concept_node) {
        const JsonNode list = concept_node["coding"];
        for (JsonNode one = list.first(); one; one = one.next()) {
            out.push_back(ReadCoding(one));
        }
    } else if (!Text("code").empty()) {
        std::string_view version = Text("systemVersion");
        // On a value set "version" is that of the value set.
        if (version.empty() && operation_.type != "ValueSet") {
            version = Text("version");
        }
        const std::string_view system = operation_.type == "CodeSystem" && Text("system").empty()
                                            ? Text("url")
                                            : Text("system");
        out.push_back(
            {std::string(system),
             std::string(version),
             std::string(Text("code")),
             std::string(Text("display"))}
        );
    }
    std::erase_if(out, [](const CodingText& one) { return one.code.empty(); });
    return out.empty() ? core::Result<std::vector<CodingText>>(Missing("code"))
                       : core::Result<std::vector<CodingText>>(std::move(out));
}

core::Result<std::size_t>
Request::Resource(std::string_view url_parameter, std::string_view version_parameter) const {
    const auto unknown = [&](std::string name) {
        const ErrorCode code = operation_.type == "ValueSet"     ? ErrorCode::kValueSetUnknown
                               : operation_.type == "ConceptMap" ? ErrorCode::kConceptMapUnknown
                                                                 : ErrorCode::kCodeSystemUnknown;
        return MakeError(code, std::move(name));
    };
    if (!operation_.id.empty()) {
        const std::size_t index = state_.FindById(operation_.type, operation_.id);
        return index == Catalogue::State::kNowhere
                   ? core::Result<std::size_t>(unknown(operation_.id))
                   : core::Result<std::size_t>(index);
    }
    const std::string_view url = Text(url_parameter);
    if (url.empty()) {
        return Missing(url_parameter);
    }
    KQ_ASSIGN(const core::CivilDate day, Day());
    const std::size_t index = state_.Find(operation_.type, url, Text(version_parameter), day);
    return index == Catalogue::State::kNowhere
               ? core::Result<std::size_t>(unknown(std::string(url.substr(0, 300))))
               : core::Result<std::size_t>(index);
}

void ParametersWriter::Add(std::string_view name, const char* type, std::string_view value) {
    if (!value.empty()) {
        writer_.BeginObject().Field("name", name).Field(type, value).EndObject();
    }
}
void ParametersWriter::AddFlag(std::string_view name, bool value) {
    writer_.BeginObject().Field("name", name).Field("valueBoolean", value).EndObject();
}
void ParametersWriter::Begin(std::string_view name) {
    writer_.BeginObject().Field("name", name).Key("part").BeginArray();
}
void ParametersWriter::End() {
    writer_.EndArray().EndObject();
}
void ParametersWriter::AddCoding(std::string_view name, const CodingText& coding) {
    writer_.BeginObject().Field("name", name).Key("valueCoding").BeginObject();
    for (const auto& [key, value] :
         {std::pair("system", &coding.system),
          std::pair("version", &coding.version),
          std::pair("code", &coding.code),
          std::pair("display", &coding.display)}) {
        if (!value->empty()) {
            writer_.Field(key, *value);
        }
    }
    writer_.EndObject().EndObject();
}
std::string ParametersWriter::Finish() && {
    writer_.EndArray().EndObject();
    return std::move(text_);
}

}  // namespace kangqu::terminology
