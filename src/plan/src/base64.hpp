#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kangqu::plan {

// RFC 4648 section 4, with padding.
std::string EncodeBase64(std::string_view bytes);
// Nothing for text that is not exactly that; line breaks and spaces are skipped, as FHIR allows.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace kangqu::plan
