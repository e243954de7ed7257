#include "kangqu/access/password.hpp"

#include "kangqu/core/ids.hpp"
#include "kangqu/core/utf8.hpp"

#include <algorithm>
#include <array>

#include <argon2.h>
#include <openssl/evp.h>

namespace kangqu::access {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr int kClassesAsked = 3;
// Without 0 O o 1 I l: passwords are read aloud and copied from paper.
constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
constexpr std::size_t kGroups = 4;
constexpr std::size_t kGroupSize = 4;

int ClassesOf(std::string_view password) {
    bool small = false;
    bool capital = false;
    bool digit = false;
    bool other = false;
    for (const char c : password) {
        small = small || (c >= 'a' && c <= 'z');
        capital = capital || (c >= 'A' && c <= 'Z');
        digit = digit || (c >= '0' && c <= '9');
        other =
            other || !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }
    return int{small} + int{capital} + int{digit} + int{other};
}

std::string LowerCase(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

// A character of the alphabet, each equally likely.
char RandomCharacter() {
    constexpr std::size_t kFair = 256 / kAlphabet.size() * kAlphabet.size();
    unsigned char byte = 0;
    do {
        core::FillRandom(&byte, 1);
    } while (byte >= kFair);
    return kAlphabet[byte % kAlphabet.size()];
}

}  // namespace

core::Status CheckPassword(std::string_view password, std::string_view account) {
    using core::ErrorCode;
    if (const auto at = core::FindInvalidUtf8(password)) {
        return core::MakeError(ErrorCode::kNotUtf8, std::to_string(*at));
    }
    const std::size_t length = core::CountCodePoints(password);
    if (length < kMinPassword) {
        return core::MakeError(ErrorCode::kPasswordShort, std::to_string(kMinPassword));
    }
    if (length > kMaxPassword) {
        return core::MakeError(ErrorCode::kPasswordLong, std::to_string(kMaxPassword));
    }
    if (!account.empty() && LowerCase(password).find(LowerCase(account)) != std::string::npos) {
        return core::MakeError(ErrorCode::kPasswordHasName);
    }
    if (length < kPhrasePassword && ClassesOf(password) < kClassesAsked) {
        return core::MakeError(ErrorCode::kPasswordSimple, std::to_string(kPhrasePassword));
    }
    return {};
}

std::string GeneratePassword() {
    std::string password;
    for (std::size_t at = 0; at < kGroups * kGroupSize; ++at) {
        if (at != 0 && at % kGroupSize == 0) {
            password += '-';
        }
        password += RandomCharacter();
    }
    return password;
}

core::Result<std::string> HashPassword(std::string_view password) {
    std::array<unsigned char, kSaltBytes> salt{};
    core::FillRandom(salt.data(), salt.size());
    std::array<char, 160> encoded{};
    const int failed = argon2id_hash_encoded(
        kArgonPasses,
        kArgonMemoryKib,
        kArgonLanes,
        password.data(),
        password.size(),
        salt.data(),
        salt.size(),
        kHashBytes,
        encoded.data(),
        encoded.size()
    );
    if (failed != ARGON2_OK) {
        return core::MakeError(core::ErrorCode::kInternal, argon2_error_message(failed));
    }
    return std::string(encoded.data());
}

bool VerifyPassword(const std::string& encoded, std::string_view password) {
    return argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
}

std::string Sha256Hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    KQ_CHECK(done == 1, "SHA-256 is always there");
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (unsigned at = 0; at < size; ++at) {
        hex += kDigits[digest[at] >> 4U];
        hex += kDigits[digest[at] & 15U];
    }
    return hex;
}

}  // namespace kangqu::access
