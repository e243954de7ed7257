#pragma once

#include <cstdint>
#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kangqu::store {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>{}(text);
    }
};

// Committed interned texts, which never change, shared by the readers of a driver that pays a round
// trip for each. Any thread.
class TextCache {
public:
    // 0 when not known here.
    std::int64_t NumberOf(std::string_view text) const;
    // Empty when not known here.
    std::string TextOf(std::int64_t number) const;
    void Add(std::int64_t number, std::string_view text);
    void Clear();

private:
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> numbers_;
    std::unordered_map<std::int64_t, std::string> texts_;
};

}  // namespace kangqu::store
