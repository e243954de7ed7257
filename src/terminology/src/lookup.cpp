// CodeSystem $lookup and $subsumes.
#include "request.hpp"
#include <algorithm>

namespace kangqu::terminology {

using core::ErrorCode;
using core::MakeError;

namespace {

struct Place {
    std::shared_ptr<const CodeSystem> codes;
    ConceptNumber number = kNoConcept;
};

core::Result<std::shared_ptr<const CodeSystem>>
SystemFor(const Request& request, const Operation& operation, const CodingText& coding) {
    if (!operation.id.empty()) {
        KQ_ASSIGN(const std::size_t index, request.Resource("system", "version"));
        return request.state().SystemOf(index);
    }
    if (coding.system.empty()) {
        return request.Missing("system");
    }
    KQ_ASSIGN(const core::CivilDate day, request.Day());
    auto codes = request.state().SystemOn(coding.system, coding.version, day);
    if (!codes) {
        return MakeError(ErrorCode::kCodeSystemUnknown, coding.system);
    }
    return codes;
}

core::Result<Place>
PlaceOf(const Request& request, const Operation& operation, const CodingText& coding) {
    Place place;
    KQ_ASSIGN(place.codes, SystemFor(request, operation, coding));
    place.number = place.codes->Find(coding.code);
    if (place.number == kNoConcept) {
        return MakeError(
            ErrorCode::kCodeUnknown, place.codes->head().url, coding.code.substr(0, 100)
        );
    }
    return place;
}

void WriteProperty(
    ParametersWriter& out,
    std::string_view name,
    const char* type,
    std::string_view value,
    std::string_view description = {}
) {
    out.Begin("property");
    out.Add("code", "valueCode", name);
    if (type == std::string_view("valueBoolean")) {
        out.AddFlag("value", value == "true");
    } else {
        out.Add("value", type, value);
    }
    out.Add("description", "valueString", description);
    out.End();
}

// Numbers stay numbers.
const char* TypeOf(const ConceptProperty& property) {
    constexpr const char* kTypes[] = {"valueCode", "valueBoolean", "valueDateTime", "valueString"};
    for (const char* type : kTypes) {
        if (property.kind == type) {
            return type;
        }
    }
    return property.kind == "valueCoding" ? "valueCode" : "valueString";
}

void WriteProperties(
    const Request& request,
    const Place& place,
    core::CivilDate day,
    ParametersWriter& out
) {
    const auto asked = request.All("property");
    const auto wanted = [&asked](std::string_view name) {
        return asked.empty() || std::find(asked.begin(), asked.end(), name) != asked.end() ||
               std::find(asked.begin(), asked.end(), "*") != asked.end();
    };
    const CodeSystem& codes = *place.codes;
    if (wanted("inactive")) {
        WriteProperty(
            out, "inactive", "valueBoolean", codes.inactive(place.number, day) ? "true" : "false"
        );
    }
    const std::string language = request.Language();
    for (const bool up : {true, false}) {
        const char* name = up ? "parent" : "child";
        if (wanted(name)) {
            for (const ConceptNumber one :
                 up ? codes.parents(place.number) : codes.children(place.number)) {
                WriteProperty(
                    out, name, "valueCode", codes.code(one), codes.display(one, language)
                );
            }
        }
    }
    for (const ConceptProperty& one : codes.properties(place.number)) {
        const std::string& name = codes.property_names()[one.property];
        if (wanted(name) && name != "parent" && name != "child" && name != "inactive") {
            WriteProperty(out, name, TypeOf(one), one.value);
        }
    }
}

}  // namespace

core::Result<std::string> Lookup(const Catalogue::State& state, const Operation& operation) {
    const Request request(state, operation);
    KQ_ASSIGN(const auto codings, request.Codings());
    KQ_ASSIGN(const core::CivilDate day, request.Day());
    KQ_ASSIGN(const Place place, PlaceOf(request, operation, codings.front()));
    const CodeSystem& codes = *place.codes;
    const ResourceHead& head = codes.head();
    ParametersWriter out;
    out.Add(
        "name",
        "valueString",
        !head.title.empty() ? head.title
        : head.name.empty() ? head.url
                            : head.name
    );
    out.Add("version", "valueString", head.version);
    out.Add("display", "valueString", codes.display(place.number, request.Language()));
    out.Add("definition", "valueString", codes.definition(place.number));
    const auto designation = [&out](std::string_view language, std::string_view value) {
        out.Begin("designation");
        out.Add("language", "valueCode", language);
        out.Add("value", "valueString", value);
        out.End();
    };
    if (!head.language.empty()) {
        designation(head.language, codes.display(place.number));
    }
    for (const Designation& one : codes.designations(place.number)) {
        designation(one.language, one.value);
    }
    WriteProperties(request, place, day, out);
    return std::move(out).Finish();
}

core::Result<std::string> Subsumes(const Catalogue::State& state, const Operation& operation) {
    const Request request(state, operation);
    const auto coding = [&](const char* code, const char* whole) -> CodingText {
        if (const core::JsonNode node = request.Node(whole); node) {
            return Request::ReadCoding(node);
        }
        return {
            std::string(request.Text("system")),
            std::string(request.Text("version")),
            std::string(request.Text(code)),
            {}};
    };
    const CodingText a = coding("codeA", "codingA");
    const CodingText b = coding("codeB", "codingB");
    if (a.code.empty() || b.code.empty()) {
        return request.Missing(a.code.empty() ? "codeA" : "codeB");
    }
    if (a.system != b.system) {
        return request.Missing("system");
    }
    KQ_ASSIGN(const Place left, PlaceOf(request, operation, a));
    KQ_ASSIGN(const Place right, PlaceOf(request, operation, b));
    const CodeSystem& codes = *left.codes;
    const char* outcome = left.number == right.number                 ? "equivalent"
                          : codes.Subsumes(left.number, right.number) ? "subsumes"
                          : codes.Subsumes(right.number, left.number) ? "subsumed-by"
                                                                      : "not-subsumed";
    ParametersWriter out;
    out.Add("outcome", "valueCode", outcome);
    return std::move(out).Finish();
}

}  // namespace kangqu::terminology
