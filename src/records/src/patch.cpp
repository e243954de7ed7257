#include "kangqu/records/patch.hpp"

namespace kangqu::records {

using core::ErrorCode;
using core::MakeError;

core::Result<Patcher> PatcherOf(core::JsonNode resource) {
    return MakeError(
        ErrorCode::kNotSupported, "PATCH " + std::string(resource["resourceType"].text())
    );
}

core::Result<Patcher> PatcherOf(std::string_view media_type, std::string) {
    return MakeError(ErrorCode::kUnsupportedMediaType, std::string(media_type));
}

}  // namespace kangqu::records
