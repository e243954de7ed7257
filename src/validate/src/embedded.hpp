#pragma once

#include <cstddef>
#include <span>

namespace kangqu::validate {

// Defined by the generated file: gzip of a JSON text of kEmbeddedSize bytes (gen/definitions.mjs
// says what is in it).
extern const std::span<const unsigned char> kEmbedded;
extern const std::size_t kEmbeddedSize;

}  // namespace kangqu::validate
