#include "body_codec.hpp"

#include <mutex>

#include <zdict.h>
#include <zstd.h>

namespace kangqu::store {

namespace {

constexpr int kLevel = 3;
constexpr std::size_t kDictionaryBytes = std::size_t{112} << 10U;
// Codecs. 1: one zstd frame with checksum, without magic number and dictionary id.
constexpr unsigned char kZstd = 1;

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
    void operator()(ZSTD_CDict* dictionary) const noexcept { ZSTD_freeCDict(dictionary); }
    void operator()(ZSTD_DDict* dictionary) const noexcept { ZSTD_freeDDict(dictionary); }
};

// Contexts are large; each thread keeps its own pair.
ZSTD_CCtx* Compressor() {
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    return context.get();
}

ZSTD_DCtx* Decompressor() {
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    return context.get();
}

void AppendNumber(std::uint64_t value, std::string& out) {
    while (value >= 0x80U) {
        out += static_cast<char>(static_cast<unsigned char>((value & 0x7FU) | 0x80U));
        value >>= 7U;
    }
    out += static_cast<char>(static_cast<unsigned char>(value));
}

bool TakeNumber(std::string_view& bytes, std::int64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 63 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(bytes.front()));
        bytes.remove_prefix(1);
        value |= static_cast<std::int64_t>((byte & 0x7FU) << shift);
        if (byte < 0x80U) {
            return true;
        }
    }
    return false;
}

core::Error Damaged(const std::string& what) {
    return core::MakeError(core::ErrorCode::kStoreCorrupt, "body: " + what);
}

}  // namespace

struct BodyCodec::Dictionary {
    std::unique_ptr<ZSTD_CDict, FreeContext> packing;
    std::unique_ptr<ZSTD_DDict, FreeContext> unpacking;
};

BodyCodec::BodyCodec() = default;
BodyCodec::~BodyCodec() = default;

core::Status BodyCodec::AddDictionary(std::int64_t number, std::string_view dictionary) {
    auto made = std::make_unique<Dictionary>();
    made->packing.reset(ZSTD_createCDict(dictionary.data(), dictionary.size(), kLevel));
    made->unpacking.reset(ZSTD_createDDict(dictionary.data(), dictionary.size()));
    if (!made->packing || !made->unpacking) {
        return Damaged("dictionary " + std::to_string(number));
    }
    const std::unique_lock lock(mutex_);
    dictionaries_[number] = std::move(made);
    return {};
}

std::int64_t BodyCodec::newest_dictionary() const {
    const std::shared_lock lock(mutex_);
    return dictionaries_.empty() ? 0 : dictionaries_.rbegin()->first;
}

// Dictionaries are never removed, so the pointer outlives the lock.
const BodyCodec::Dictionary* BodyCodec::Find(std::int64_t number) const {
    const std::shared_lock lock(mutex_);
    const auto found = dictionaries_.find(number);
    return found == dictionaries_.end() ? nullptr : found->second.get();
}

core::Status BodyCodec::Pack(std::string_view body, std::string& out) const {
    if (body.size() > kMaxBodyBytes) {
        return core::MakeError(
            core::ErrorCode::kTooLarge, std::to_string(body.size()), std::to_string(kMaxBodyBytes)
        );
    }
    const std::int64_t number = newest_dictionary();
    const Dictionary* dictionary = number == 0 ? nullptr : Find(number);
    ZSTD_CCtx* context = Compressor();
    ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_refCDict(context, dictionary == nullptr ? nullptr : dictionary->packing.get());
    out.clear();
    out += static_cast<char>(kZstd);
    AppendNumber(static_cast<std::uint64_t>(number), out);
    AppendNumber(0, out);
    const std::size_t header = out.size();
    out.resize(header + ZSTD_compressBound(body.size()));
    const std::size_t size =
        ZSTD_compress2(context, out.data() + header, out.size() - header, body.data(), body.size());
    if (ZSTD_isError(size) != 0) {
        return core::MakeError(core::ErrorCode::kInternal, ZSTD_getErrorName(size));
    }
    out.resize(header + size);
    return {};
}

core::Result<std::string> BodyCodec::Unpack(std::string_view packed) const {
    std::int64_t number = 0;
    std::int64_t key = 0;
    if (packed.empty() || static_cast<unsigned char>(packed.front()) != kZstd) {
        return Damaged("unknown codec");
    }
    packed.remove_prefix(1);
    if (!TakeNumber(packed, number) || !TakeNumber(packed, key)) {
        return Damaged("header");
    }
    if (key != 0) {
        return Damaged("key " + std::to_string(key) + " is not known");
    }
    const Dictionary* dictionary = number == 0 ? nullptr : Find(number);
    if (number != 0 && dictionary == nullptr) {
        return Damaged("dictionary " + std::to_string(number) + " is not known");
    }
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > kMaxBodyBytes) {
        return Damaged("length");
    }
    std::string body;
    body.resize(static_cast<std::size_t>(size));
    ZSTD_DCtx* context = Decompressor();
    const std::size_t got =
        dictionary == nullptr
            ? ZSTD_decompressDCtx(context, body.data(), body.size(), packed.data(), packed.size())
            : ZSTD_decompress_usingDDict(
                  context,
                  body.data(),
                  body.size(),
                  packed.data(),
                  packed.size(),
                  dictionary->unpacking.get()
              );
    if (ZSTD_isError(got) != 0 || got != body.size()) {
        return Damaged(ZSTD_isError(got) != 0 ? ZSTD_getErrorName(got) : "length");
    }
    return body;
}

std::string BodyCodec::Train(const std::vector<std::string>& samples) {
    std::string joined;
    std::vector<std::size_t> sizes;
    sizes.reserve(samples.size());
    for (const std::string& sample : samples) {
        joined += sample;
        sizes.push_back(sample.size());
    }
    std::string dictionary(kDictionaryBytes, '\0');
    const std::size_t size = ZDICT_trainFromBuffer(
        dictionary.data(),
        dictionary.size(),
        joined.data(),
        sizes.data(),
        static_cast<unsigned>(sizes.size())
    );
    dictionary.resize(ZDICT_isError(size) != 0 ? 0 : size);
    return dictionary;
}

}  // namespace kangqu::store
