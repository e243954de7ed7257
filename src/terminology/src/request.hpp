#pragma once

#include "kangqu/core/json.hpp"

#include "catalogue.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::terminology {

// A code as a request names it.
struct CodingText {
    std::string system;
    std::string version;
    std::string code;
    std::string display;
};

// The parameters of one call, read by name.
class Request {
public:
    Request(const Catalogue::State& state, const Operation& operation)
        : state_(state), operation_(operation) {}

    const Catalogue::State& state() const noexcept { return state_; }
    // Empty when it was not given.
    std::string_view Text(std::string_view name) const;
    bool Flag(std::string_view name) const { return Text(name) == "true"; }
    core::JsonNode Node(std::string_view name) const;
    std::vector<std::string_view> All(std::string_view name) const;
    // A number within [0, most]; kOperationParameter otherwise.
    core::Result<std::int64_t>
    Number(std::string_view name, std::int64_t fallback, std::int64_t most) const;
    // "date": its day, today when it is not given; kOperationParameter when it is not a date.
    core::Result<core::CivilDate> Day() const;
    // The language of displays: "displayLanguage" or that of the request.
    std::string Language() const;
    core::Error Missing(std::string_view parameter) const;

    // `code` with `system`, or the `coding` of that name, or the codes of `codeableConcept`.
    core::Result<std::vector<CodingText>> Codings(std::string_view coding = "coding") const;
    static CodingText ReadCoding(core::JsonNode node);

    // The resource called on: by id, or by the parameter `url` with `version`.
    core::Result<std::size_t>
    Resource(std::string_view url_parameter, std::string_view version_parameter) const;

private:
    const Catalogue::State& state_;
    const Operation& operation_;
};

// Writes a Parameters resource.
class ParametersWriter {
public:
    ParametersWriter() {
        writer_.BeginObject().Field("resourceType", "Parameters").Key("parameter").BeginArray();
    }
    // Left out when `value` is empty.
    void Add(std::string_view name, const char* type, std::string_view value);
    void AddFlag(std::string_view name, bool value);
    // A parameter made of parts: Begin, Add..., End.
    void Begin(std::string_view name);
    void End();
    void AddCoding(std::string_view name, const CodingText& coding);
    core::JsonWriter& writer() noexcept { return writer_; }
    std::string Finish() &&;

private:
    std::string text_;
    core::JsonWriter writer_{text_};
};

}  // namespace kangqu::terminology
