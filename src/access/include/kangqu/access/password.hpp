#pragma once

#include "kangqu/core/result.hpp"

#include <string>
#include <string_view>

namespace kangqu::access {

// Argon2id with the first set of the OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
constexpr unsigned kArgonMemoryKib = 19'456;
constexpr unsigned kArgonPasses = 2;
constexpr unsigned kArgonLanes = 1;

// Length in code points. OWASP ASVS 5.0 6.2.1 asks for 8 and 6.2.9 for 64 to be possible; GB/T
// 22239 level 3 asks for complexity, which a long phrase has by its length.
constexpr std::size_t kMinPassword = 10;
constexpr std::size_t kMaxPassword = 128;
constexpr std::size_t kPhrasePassword = 16;

// kPasswordShort, kPasswordLong, kPasswordSimple, kPasswordHasName, kNotUtf8, or good.
core::Status CheckPassword(std::string_view password, std::string_view account);
// Sixteen characters in groups of four without look-alikes: about 93 bits.
std::string GeneratePassword();

// The encoded form "$argon2id$v=19$m=...". About 20 ms of one core and 19 MiB.
core::Result<std::string> HashPassword(std::string_view password);
// Same cost whether right or wrong.
bool VerifyPassword(const std::string& encoded, std::string_view password);

// SHA-256 of `bytes`, in hexadecimal.
std::string Sha256Hex(std::string_view bytes);

}  // namespace kangqu::access
