#include "kangqu/records/patch.hpp"

#include "kangqu/patch/patch.hpp"

#include <cstdint>
#include <memory>

namespace kangqu::records {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

namespace {

constexpr std::string_view kJsonPatch = "application/json-patch+json";
constexpr std::string_view kXmlPatch = "application/xml-patch+xml";

// The patch and the document its nodes live in, shared by the copies of a Patcher.
using Document = std::shared_ptr<const core::JsonDocument>;

core::Result<Patcher> JsonPatcher(std::string body) {
    KQ_ASSIGN(auto parsed, core::JsonDocument::Parse(std::move(body)));
    const Document document = std::move(parsed);
    if (!document->root().is_array()) {
        return MakeError(ErrorCode::kFhirWrongKind, "JSON Patch", "array", "object");
    }
    return Patcher([document](JsonNode current) {
        return patch::ApplyJsonPatch(current, document->root());
    });
}

core::Result<Patcher> FhirPathPatcher(std::string body) {
    KQ_ASSIGN(auto parsed, core::JsonDocument::Parse(std::move(body)));
    const Document document = std::move(parsed);
    if (document->root()["resourceType"].text() != "Parameters") {
        return MakeError(
            ErrorCode::kFhirBadValue,
            "resourceType",
            std::string(document->root()["resourceType"].text()),
            "Parameters"
        );
    }
    return Patcher([document](JsonNode current) {
        return patch::ApplyFhirPathPatch(current, document->root());
    });
}

Patcher XmlPatcher(std::string body) {
    return [body = std::move(body)](JsonNode current) {
        return patch::ApplyXmlPatch(current, body);
    };
}

// -1 for what is no digit of base64.
int Base64Digit(char c) noexcept {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t at = kDigits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// The structure check has seen to the alphabet; white space and padding are left out.
std::string DecodeBase64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const int digit = Base64Digit(c);
        if (digit < 0) {
            continue;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<char>((bits >> held) & 0xFFU));
        }
    }
    return out;
}

}  // namespace

core::Result<Patcher> PatcherOf(JsonNode resource) {
    if (resource["resourceType"].text() != "Binary") {
        return FhirPathPatcher(std::string(resource.raw()));
    }
    const std::string_view type = resource["contentType"].text();
    if (type != kJsonPatch && type != kXmlPatch) {
        return MakeError(ErrorCode::kUnsupportedMediaType, std::string(type));
    }
    return PatcherOf(type, DecodeBase64(resource["data"].text()));
}

core::Result<Patcher> PatcherOf(std::string_view media_type, std::string body) {
    if (media_type == kJsonPatch) {
        return JsonPatcher(std::move(body));
    }
    if (media_type == kXmlPatch) {
        return XmlPatcher(std::move(body));
    }
    if (media_type == "application/fhir+json" || media_type == "application/json") {
        return FhirPathPatcher(std::move(body));
    }
    return MakeError(ErrorCode::kUnsupportedMediaType, std::string(media_type));
}

}  // namespace kangqu::records
