#include "representation.hpp"

#include "kangqu/api/dispatcher.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/xml.hpp"

#include <algorithm>
#include <array>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

constexpr std::string_view kFhirXmlType = "application/fhir+xml";

enum class Format : std::uint8_t { kJson, kXml, kNeither };

struct NamedFormat {
    std::string_view name;
    Format format;
};
// Media types of Accept and Content-Type, and the short names _format takes besides.
constexpr std::array<NamedFormat, 6> kMediaTypes = {
    {{"application/fhir+json", Format::kJson},
     {"application/json", Format::kJson},
     {"text/json", Format::kJson},
     {kFhirXmlType, Format::kXml},
     {"application/xml", Format::kXml},
     {"text/xml", Format::kXml}}};

std::optional<Format> FindFormat(std::string_view name) {
    for (const NamedFormat& known : kMediaTypes) {
        if (known.name == name) {
            return known.format;
        }
    }
    return std::nullopt;
}

// "json", "application/fhir+json"; a plus sign may have come as a space.
Format FormatNamed(std::string_view text) {
    std::string name(text.substr(0, text.find(';')));
    std::replace(name.begin(), name.end(), ' ', '+');
    if (name == "json" || name == "xml") {
        return name == "json" ? Format::kJson : Format::kXml;
    }
    return FindFormat(name).value_or(Format::kNeither);
}

// _format wins over Accept. Between formats liked equally the one named first wins; a client that
// names none gets JSON.
Format WantedFormat(const Request& request) {
    if (const auto asked = request.Query("_format")) {
        return FormatNamed(*asked);
    }
    const std::string_view accept = request.Header("accept");
    if (accept.empty()) {
        return Format::kJson;
    }
    Format best = Format::kNeither;
    int best_quality = 0;
    VisitQualities(accept, [&](std::string_view type, int quality) {
        std::string name(type);
        std::transform(name.begin(), name.end(), name.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
        const bool any = name == "*/*" || name == "application/*";
        const auto format = any ? std::optional(Format::kJson) : FindFormat(name);
        if (format && quality > best_quality) {
            best = *format;
            best_quality = quality;
        }
    });
    return best;
}

bool IsFhirJson(std::string_view content_type) {
    return content_type.starts_with("application/fhir+json");
}

void WritePretty(JsonNode node, std::size_t depth, std::string& out) {
    constexpr std::size_t kIndent = 2;
    if (node.size() == 0) {
        out += node.raw();
        return;
    }
    const bool object = node.is_object();
    out += object ? '{' : '[';
    bool first = true;
    for (JsonNode child = node.first(); child; child = child.next()) {
        out += first ? "\n" : ",\n";
        first = false;
        out.append((depth + 1) * kIndent, ' ');
        if (object) {
            core::AppendJsonString(child.key(), out);
            out += ": ";
        }
        WritePretty(child, depth + 1, out);
    }
    out += '\n';
    out.append(depth * kIndent, ' ');
    out += object ? '}' : ']';
}

}  // namespace

core::Status UnpackBody(Request& request, std::size_t limit) {
    const std::string_view coding = request.Header("content-encoding");
    if (coding.empty() || coding == "identity") {
        return {};
    }
    if (coding != "gzip" && coding != "x-gzip") {
        return MakeError(
            ErrorCode::kUnsupportedMediaType, "Content-Encoding: " + std::string(coding)
        );
    }
    KQ_ASSIGN(request.body, Gunzip(request.body, limit));
    return {};
}

core::Status ReceiveFhir(Request& request, const Route& route) {
    const auto answers = [&](std::string_view type) {
        return std::any_of(route.answer.begin(), route.answer.end(), [&](const Payload& payload) {
            return payload.content_type == type;
        });
    };
    if (answers("application/fhir+json") && WantedFormat(request) == Format::kNeither) {
        const auto asked = request.Query("_format");
        return MakeError(
            ErrorCode::kNotAcceptable, std::string(asked ? *asked : request.Header("accept"))
        );
    }
    const std::string type = request.ContentType();
    if (request.body.empty() || FindFormat(type) != Format::kXml) {
        return {};
    }
    const bool takes_resources =
        std::any_of(route.request.begin(), route.request.end(), [](const Payload& payload) {
            return payload.content_type == "application/fhir+json";
        });
    if (!takes_resources) {
        return {};
    }
    KQ_ASSIGN(request.body, fhir::JsonFromXml(request.body));
    for (Pair& header : request.headers) {
        if (header.name == "content-type") {
            header.value = "application/fhir+json";
        }
    }
    return {};
}

void PresentFhir(const Request& request, Response& response) {
    const std::string* const type = response.Find("Content-Type");
    if (response.body.empty() || type == nullptr || !IsFhirJson(*type)) {
        return;
    }
    const bool xml = WantedFormat(request) == Format::kXml;
    const bool pretty = request.Query("_pretty") == "true";
    if (!xml && !pretty) {
        return;
    }
    const auto document = core::JsonDocument::Parse(response.body);
    if (!document.ok()) {
        return;
    }
    const JsonNode root = document.value()->root();
    if (xml) {
        auto text = fhir::XmlFromJson(root);
        if (text.ok()) {
            response.body = std::move(text).value();
            response.Set("Content-Type", std::string(kFhirXmlType) + "; charset=utf-8");
        }
        return;
    }
    std::string text;
    WritePretty(root, 0, text);
    response.body = std::move(text);
}

}  // namespace kangqu::api
