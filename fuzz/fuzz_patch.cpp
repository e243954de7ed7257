// Two JSON texts, one a line, or two XML texts with an empty line between them: a patch ends with
// an error or with a document that parses.
#include "kangqu/fhir/xml.hpp"
#include "kangqu/patch/patch.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace kangqu;  // NOLINT(google-build-using-namespace)

void Json(std::string_view target, std::string_view patch) {
    const auto document = core::JsonDocument::Parse(std::string(target));
    const auto operations = core::JsonDocument::Parse(std::string(patch));
    if (!document.ok() || !operations.ok()) {
        return;
    }
    for (const auto& changed :
         {patch::ApplyJsonPatch((*document)->root(), (*operations)->root()),
          patch::ApplyFhirPathPatch((*document)->root(), (*operations)->root())}) {
        const auto parsed = changed.ok() ? core::JsonDocument::Parse(*changed) : changed.error();
        // A patch may leave a scalar or nest too deep, which a document may not.
        if (changed.ok() && !parsed.ok() &&
            parsed.error().code == core::ErrorCode::kJsonDuplicateKey) {
            std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (fhir::LooksLikeXml(text)) {
        const std::size_t middle = text.find("\n\n");
        if (middle != std::string_view::npos) {
            const auto changed =
                patch::ApplyXmlPatch(text.substr(0, middle), text.substr(middle + 2));
            if (changed.ok() && !fhir::CheckXml(*changed).ok()) {
                std::abort();
            }
        }
    } else if (const std::size_t middle = text.find('\n'); middle != std::string_view::npos) {
        Json(text.substr(0, middle), text.substr(middle + 1));
    }
    return 0;
}
