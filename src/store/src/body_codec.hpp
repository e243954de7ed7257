#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store {

// Packs bodies. A packed body begins with the number of its codec, of its dictionary and of its
// key, so that neither a new dictionary nor encryption rewrites old ones; it ends with a checksum.
// Any thread.
class BodyCodec {
public:
    BodyCodec();
    ~BodyCodec();
    BodyCodec(const BodyCodec&) = delete;
    BodyCodec& operator=(const BodyCodec&) = delete;

    // Makes `dictionary` known under `number` (from 1). Bodies are packed with the highest one.
    core::Status AddDictionary(std::int64_t number, std::string_view dictionary);
    // The highest number known, 0 for none.
    std::int64_t newest_dictionary() const;

    core::Status Pack(std::string_view body, std::string& out) const;
    core::Result<std::string> Unpack(std::string_view packed) const;

    // A dictionary learnt from samples, or nothing ("") when they are too few or too unlike.
    static std::string Train(const std::vector<std::string>& samples);

private:
    struct Dictionary;
    const Dictionary* Find(std::int64_t number) const;

    mutable std::shared_mutex mutex_;
    std::map<std::int64_t, std::unique_ptr<Dictionary>> dictionaries_;
};

}  // namespace kangqu::store
